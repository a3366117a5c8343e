"""Whoever is refused on a page reads in a page what to do; a program reads a problem document."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import httpx
import pytest

from services.intake.consent import leaving
from services.intake.pages.rendering import HEADERS
from services.intake.pages.wording import LANGUAGES, texts
from services.intake.web.problems import MEDIA_TYPE, Problem, too_many
from shared.runtime.clock import ManualClock
from shared.runtime.links import LinkPurpose
from tests.databases import Databases
from tests.services.intake.front import Front, opened, settings

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock) as door:
        yield door


@pytest.fixture
async def browser(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who came by a link and hears of errors as a browser does."""
    assert front.service._public
    transport = httpx.ASGITransport(front.service._public[0], raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://intake", headers=BROWSER
    ) as client:
        yield client


def link(databases: Databases, clock: ManualClock, **claims: str) -> str:
    """The link that unsubscribes somebody."""
    given = {"candidate": "ada", "message": "m-1", "wording": "letter.en.1", "purpose": "letter"}
    until = clock.now() + timedelta(days=9)
    return settings(databases).links().url(LinkPurpose.UNSUBSCRIBE, given | claims, until)


def is_page(answer: httpx.Response, status: int, notice: str, language: str = "en") -> bool:
    """Tells whether an answer is a whole page, as closed as all, that says what to do."""
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "text/html; charset=utf-8",
    )
    assert answer.headers["content-language"] == language
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    said = [str(texts(language).say(notice, part)) for part in ("title", "lead", "help")]
    return all(words in answer.text for words in said)


async def test_a_form_that_is_too_large_or_unreadable_is_refused_in_a_page_that_repeats_nothing(
    databases: Databases, clock: ManualClock, browser: httpx.AsyncClient
) -> None:
    url = link(databases, clock)
    large = await browser.post(url, content=b"do=" + b"ADA" * 40_000, headers=FORM)
    assert is_page(large, 413, "refused.413")
    unreadable = await browser.post(url, content=b"do=ADA%ff", headers=FORM)
    assert is_page(unreadable, 400, "refused.400")
    assert "ADA" not in large.text + unreadable.text


async def test_a_page_whose_database_is_away_says_when_to_come_again(
    databases: Databases, clock: ManualClock, front: Front, browser: httpx.AsyncClient
) -> None:
    await front.service.database.stop()
    away = await browser.post(link(databases, clock), data=ONE_CLICK)
    assert is_page(away, 503, "refused.503")
    assert away.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("error", "status", "notice", "waits"),
    [
        (too_many(7, "ADA"), 429, "refused.429", "7"),
        (RuntimeError("ADA"), 500, "refused.500", None),
        (asyncpg.TooManyConnectionsError("ADA"), 503, "refused.503", "5"),
        (Problem(409, "ADA"), 409, "refused.other", None),
    ],
)
async def test_whatever_goes_wrong_on_a_page_is_told_in_words_of_its_own(
    databases: Databases,
    clock: ManualClock,
    browser: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    notice: str,
    waits: str | None,
) -> None:
    async def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(leaving, "unsubscribe", fail)
    answer = await browser.post(link(databases, clock), data=ONE_CLICK)
    assert is_page(answer, status, notice)
    assert answer.headers.get("retry-after") == waits
    assert "ADA" not in answer.text
    mail_program = await browser.post(
        link(databases, clock), data=ONE_CLICK, headers={"accept": ""}
    )
    assert is_page(mail_program, status, notice), "one-click goes to a page too"


async def test_an_address_where_nothing_is_leads_a_browser_to_what_it_can_do(
    browser: httpx.AsyncClient,
) -> None:
    nowhere = await browser.get("/c/half/a<b>link")
    assert is_page(nowhere, 404, "nothing_here")
    assert "/lost-link" in nowhere.text
    assert "a<b>link" not in nowhere.text
    assert is_page(await browser.post("/"), 405, "refused.other")


@pytest.mark.parametrize(
    ("claims", "asked", "spoken"),
    [({"language": "de"}, "en", "de"), ({"language": "en"}, "de", "en")],
)
async def test_a_refusal_speaks_as_the_message_did_that_led_to_the_page(
    databases: Databases,
    clock: ManualClock,
    browser: httpx.AsyncClient,
    german: None,
    claims: dict[str, str],
    asked: str,
    spoken: str,
) -> None:
    url, headers = link(databases, clock, **claims), {"accept-language": asked}
    large = await browser.post(url, content=b"x" * 70_000, headers=headers | FORM)
    assert is_page(large, 413, "refused.413", spoken)
    assert is_page(await browser.get("/nowhere", headers=headers), 404, "nothing_here", asked)
    lost = await browser.post("/lost-link", content=b"x" * 70_000, headers=headers | FORM)
    assert is_page(lost, 413, "refused.413", asked)


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        *(("/v1/nothing", accept, 404) for accept in ("*/*", BROWSER["accept"])),
        ("/v1/rejections", BROWSER["accept"], 401),
        ("/rejections", "*/*", 404),
        ("/rejections", "application/json", 404),
        ("/rejections", "", 404),
        ("/lost-link", "application/json", 413),
        ("/lost-link", MEDIA_TYPE, 413),
    ],
)
async def test_a_program_goes_on_reading_problem_documents(
    browser: httpx.AsyncClient, path: str, accept: str, status: int
) -> None:
    answer = await browser.post(path, content=b"x" * 70_000, headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    assert json.loads(answer.content).keys() == {"type", "title", "status", "detail"}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_refusal_of_a_page_says_what_happened_and_what_to_do(language: str) -> None:
    for status in ("400", "413", "429", "500", "503", "other"):
        for part in ("title", "lead", "help"):
            assert texts(language).say("refused", status, part)
