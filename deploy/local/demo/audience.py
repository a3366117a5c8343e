"""Candidates and recruiters: they read what arrives, and answer what its words ask of them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final

import httpx

from deploy.local.demo.album import Album
from deploy.local.demo.personas import Application, Attitude, Opening, Person
from deploy.local.demo.promised import promised
from deploy.local.demo.recipients import (
    agreement,
    decide,
    link_in,
    open_page,
    press,
    press_one_of,
)

Message = dict[str, Any]

WISHES: Final = {
    Attitude.EAGER: ("hat_yes", "interested", "has_it_now"),
    Attitude.WHEN_READY: ("hat_yes", "has_it_now"),
    Attitude.DECLINES: ("hat_no",),
    Attitude.SILENT: (),
}
"""What each temper says, the first of it that a message asks for."""
NEWS: Final = ("news", "still_looking", None)
"""What the eager say to a check-in: one of these, each for themselves."""

_RENEWAL = re.compile(r"take your name out of the hat|may keep in touch until")
_LAST = re.compile(r"last reminder|last time that we ask|will not ask again")
_TALK = "would like to talk"
_REMINDER = "till waiting: "
"""Of a recruiter: the beginning of the subject, or in the text of an SMS."""


@dataclass(frozen=True)
class Talk:
    """Somebody with whom a recruiter is talking, and the message that led to it."""

    person: Person
    message: Message


@dataclass
class Audience:
    """Everybody who reads, and what they have done so far."""

    http: httpx.AsyncClient
    album: Album
    applications: list[Application]
    say: Callable[[str], None]
    done: Counter[str] = field(default_factory=Counter)
    talks: dict[str, Talk] = field(default_factory=dict)
    """By the title of the vacancy, the first for each."""
    _outcomes: Iterator[str | None] = field(
        default_factory=lambda: cycle(("not_this_time", "talking", None))
    )
    """What comes of other interests: of every third nothing, for nobody says anything."""

    def __post_init__(self) -> None:
        people = [application.person for application in self.applications]
        self._people = {
            address: one for one in people for address in (one.email, one.phone) if address
        }

    async def read(self, message: Message) -> None:
        """Lets whoever a message is for read it, open its link, and answer as they would."""
        self.album.read(message)
        self.done["messages"] += 1
        if shortlist := link_in(message, "s"):
            await self._decide(shortlist, message)
        elif interest := link_in(message, "i"):
            await self._hear(interest, message)
        elif record := link_in(message, "d"):
            await press(self.http, record, "show")
        elif (person := self._people.get(message["to"])) and (page := link_in(message, "c")):
            await self._answer(person, page, message["text"])

    async def hire(self, opening: Opening) -> Person:
        """Says, as the recruiter, that they hire whoever they talk with; returns who that is."""
        talk = self.talks[opening.title]
        self.album.read(talk.message)
        await press(self.http, link_in(talk.message, "i") or "", "hired")
        self.done["hired"] += 1
        return talk.person

    async def _decide(self, url: str, message: Message) -> None:
        approved, declined = await decide(self.http, url, approve=3)
        self.done["shortlists"] += 1
        self.done["approved"] += approved
        self.say(
            f"the recruiter reads “{message['subject']}”, approves {approved}, declines {declined}"
        )

    async def _hear(self, url: str, message: Message) -> None:
        """Gets in touch, as a recruiter, with whoever says yes to a role first."""
        forms, subject = await open_page(self.http, url), message["subject"]
        person = next(one for one in self._people.values() if one.name in subject)
        title = subject.partition("(")[2].partition(")")[0]
        self.done["heard"] += 1
        if _REMINDER in subject:
            return
        is_first = _TALK in subject and title not in self.talks
        if is_first:
            self.talks[title] = Talk(person, message)
        came_of_it = "talking" if is_first else next(self._outcomes)
        if came_of_it and await press_one_of(self.http, forms, came_of_it):
            self.say(f"the recruiter reads “{subject}”: {came_of_it.replace('_', ' ')}")

    async def _answer(self, person: Person, url: str, words: str) -> None:
        forms = await open_page(self.http, url)
        answer = _wish(person, words)
        fields = agreement(person) if answer == "hat_yes" else {}
        if answer == "news":
            fields = {"skill": "Team leadership"}
        if answer and await press_one_of(self.http, forms, answer, **fields):
            self.done["renewed" if _RENEWAL.search(words) else answer] += 1


def _wish(person: Person, words: str) -> str | None:
    asked = promised(words)
    if _RENEWAL.search(words) and not _renews(person, words):
        return None
    if person.attitude is Attitude.EAGER and "news" in asked:
        return NEWS[person.number % len(NEWS)]
    return next((wish for wish in WISHES[person.attitude] if wish in asked), None)


def _renews(person: Person, words: str) -> bool:
    """Tells whether they answer now: half wait for the last reminder, and every fifth never do."""
    if person.number % 5 == 0:
        return False
    return bool(person.number % 2) or _LAST.search(words) is not None
