"""The people who receive: they open the real links in their mail and answer on the real pages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

from deploy.local.demo.personas import Attitude, Person

LINK = re.compile(r"https?://[^\s\"'<>]+/([cdirstuv])/[A-Za-z0-9_.~-]+")

CONSENTS = {
    Attitude.EAGER: ["similar_opening", "when_qualified", "now_and_then"],
    Attitude.WHEN_READY: ["similar_opening", "when_qualified"],
}


def link_in(message: dict[str, Any], kind: str) -> str | None:
    """Finds the link of a kind: `c` a candidate's page, `s` a shortlist, `i` an interest.

    `d` leads to what is held about them, and `v` asks whether an address is theirs.
    One in a text message is short, `t`; a candidate's is taken to be.
    """
    paths = ("c", "t") if kind == "c" else (kind,)
    return next((found[0] for found in LINK.finditer(message["text"]) if found[1] in paths), None)


class SinkClient:
    """The messages that really left, as their receivers see them."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._url = f"{url}/api/messages"
        self._http = http
        self._seen = 0

    async def everything(self) -> list[dict[str, Any]]:
        return await self._after(0)

    async def new(self) -> list[dict[str, Any]]:
        """Returns what has come since it was last asked."""
        new = await self._after(self._seen)
        self._seen += len(new)
        return new

    async def _after(self, number: int) -> list[dict[str, Any]]:
        answer = await self._http.get(self._url, params={"after": number})
        messages: list[dict[str, Any]] = answer.raise_for_status().json()
        return messages


@dataclass
class Form:
    """One form of a page: what it would send as it stands, where to, and by which buttons."""

    url: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    """What is written on each."""
    choices: dict[str, list[str]] = field(default_factory=dict)
    """What can be ticked, by the name it is sent under."""

    def sent(self, name: str, value: str | list[str]) -> str | list[str]:
        """Returns what is entered of several values: those that can be ticked here."""
        choices = self.choices.get(name)
        if choices is None or isinstance(value, str):
            return value
        return [one for one in value if one in choices]


class _Forms(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._button: str | None = None
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append(Form(self._url))
        elif self.forms and tag == "button" and attributes.get("name") == "do":
            self._button = attributes.get("value") or ""
            self.forms[-1].buttons[self._button] = ""
        elif self.forms and tag == "input":
            name, value = attributes.get("name") or "", attributes.get("value") or ""
            form, kind = self.forms[-1], attributes.get("type")
            if kind == "hidden":
                form.fields.setdefault(name, []).append(value)
            elif kind == "checkbox":
                form.choices.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self.forms[-1].buttons[self._button] += data


def forms_of(html: str, url: str = "") -> list[Form]:
    """Returns the forms of a page that was opened at that address."""
    parser = _Forms(url)
    parser.feed(html)
    return parser.forms


async def open_page(http: httpx.AsyncClient, url: str) -> list[Form]:
    """Opens a page as a browser does, and returns its forms."""
    page = (await http.get(url, follow_redirects=True)).raise_for_status()
    return forms_of(page.text, str(page.url))


async def press(http: httpx.AsyncClient, url: str, button: str, **fields: str | list[str]) -> bool:
    """Opens a page and presses a button of it; False if the page does not offer that button."""
    return await press_one_of(http, await open_page(http, url), button, **fields)


async def press_one_of(
    http: httpx.AsyncClient, forms: Iterable[Form], button: str, **fields: str | list[str]
) -> bool:
    """Presses a button of a page that is open; False if no form of it has that button."""
    for form in forms:
        if button in form.buttons:
            entered = {name: form.sent(name, value) for name, value in fields.items()}
            data = {**form.fields, **entered, "do": button}
            (await http.post(form.url, data=data)).raise_for_status()
            return True
    return False


async def answer_consent_question(http: httpx.AsyncClient, url: str, person: Person) -> bool:
    """Answers whether the name may stay in the hat, as that person would."""
    if person.attitude is Attitude.SILENT:
        return False
    if person.attitude is Attitude.DECLINES:
        return await press(http, url, "hat_no")
    return await press(http, url, "hat_yes", **agreement(person))


def agreement(person: Person) -> dict[str, str | list[str]]:
    """Returns what somebody enters who says yes to staying in touch."""
    return {
        "purpose": CONSENTS[person.attitude],
        "channel": "sms" if person.by_sms else "email",
        "months": str(person.months),
    }


async def decide(http: httpx.AsyncClient, url: str, approve: int) -> tuple[int, int]:
    """Approves the first few of a shortlist and declines the rest; returns how many of each."""
    approved = declined = 0
    while True:
        forms = [form for form in await open_page(http, url) if "candidate" in form.fields]
        choice = "approve" if approved < approve else "decline"
        form = next((form for form in forms if choice in form.buttons), None)
        if form is None:
            return approved, declined
        data = {**form.fields, "do": choice}
        if choice == "decline":
            data["because"] = ["other"]
        (await http.post(form.url, data=data)).raise_for_status()
        approved += choice == "approve"
        declined += choice == "decline"
