"""The acts of the story, in their order; each lets time pass through the real services."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from dateutil.relativedelta import relativedelta

from deploy.local.demo.audience import Sink, answer_hat, decide, link_in, press
from deploy.local.demo.cast import (
    CARDIOLOGY_NURSE,
    NURSE,
    OPENINGS,
    SENIOR_ENGINEER,
    Opening,
    Part,
    Person,
    Temper,
    parts,
)
from deploy.local.demo.passage import Passage
from deploy.local.demo.upstream import Upstream

FIRST_MORNING = datetime(2025, 3, 3, 7, tzinfo=UTC)
END = FIRST_MORNING + relativedelta(years=2)

Tell = Callable[[datetime, str], None]


@dataclass
class Play:
    """Everybody on the stage, and what they have done so far."""

    upstream: Upstream
    passage: Passage
    sink: Sink
    http: httpx.AsyncClient
    tell: Tell
    parts: list[Part] = field(default_factory=parts)
    done: Counter[str] = field(default_factory=Counter)
    asked: set[Person] = field(default_factory=set)
    taken_back: Person = field(init=False)
    erased: Person = field(init=False)
    erased_at: datetime = FIRST_MORNING

    def __post_init__(self) -> None:
        runners_up = [part for part in self.parts if part.kind == "runner_up"]
        self.taken_back = runners_up[-1].person
        self.erased = next(
            part.person
            for part in self.parts
            if part.kind == "not_yet" and part.person.temper is Temper.EAGER
        )

    async def perform(self) -> None:
        """Plays the two years from the first morning to the end."""
        await self._people_are_turned_down()
        await self._letters_arrive()
        await self._one_asks_to_be_forgotten()
        await self._one_has_it_now()
        await self._a_similar_place_opens()
        await self._the_hire_leaves()
        await self._those_who_were_early_are_ready()
        await self._until(END)

    async def _people_are_turned_down(self) -> None:
        for opening in OPENINGS:
            await self.upstream.open(opening)
        await self.passage.quiet()
        await self.upstream.reject(self.parts, self.passage.now())
        self._say(f"{len(self.parts)} people hear no for {len(OPENINGS)} vacancies: not yet")
        await self._until(FIRST_MORNING + timedelta(hours=3))
        part = next(part for part in self.parts if part.person is self.taken_back)
        await self.upstream.take_back(part, self.passage.now())
        self._say("one rejection is taken back before its letter has left")
        for opening in OPENINGS:
            await self.upstream.close(opening, self.passage.now())

    async def _letters_arrive(self) -> None:
        await self._until(FIRST_MORNING + timedelta(days=6))
        self._say(
            f"{self.done['messages']} letters have arrived, in business hours; "
            f"{self.done['hat']} answered whether their name may stay in the hat"
        )

    async def _one_asks_to_be_forgotten(self) -> None:
        await self._until(FIRST_MORNING + timedelta(days=40))
        letter = next(m for m in await self.sink.everything() if m["to"] == self.erased.email)
        url = link_in(letter, "c") or ""
        await press(self.http, url, "erase", confirm="yes")
        self.erased_at = self.passage.now()
        self._say("one asks to be erased, on the page behind their letter's link")

    async def _one_has_it_now(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=5))
        early = next(
            part.person
            for part in self.parts
            if part.kind == "not_yet" and part.person.temper is Temper.WHEN_READY
        )
        letter = next(m for m in await self.sink.everything() if m["to"] == early.email)
        if await press(self.http, link_in(letter, "c") or "", "has_it_now"):
            self._say("one who was early says: I have it now")

    async def _a_similar_place_opens(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=7))
        await self._open(SENIOR_ENGINEER)
        await self._until(self.passage.now() + timedelta(days=10))

    async def _the_hire_leaves(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=11))
        await self.upstream.reopen(NURSE, self.passage.now())
        self._say(
            f"the hire leaves: “{NURSE.title}” is open again, the finishing order comes first"
        )
        await self._until(self.passage.now() + timedelta(days=10))
        await self.upstream.close(NURSE, self.passage.now())

    async def _those_who_were_early_are_ready(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=19))
        await self._open(CARDIOLOGY_NURSE)
        await self._until(self.passage.now() + timedelta(days=10))

    async def _open(self, opening: Opening) -> None:
        await self.upstream.open(opening)
        self._say(f"a vacancy opens: “{opening.title}”")

    async def _until(self, moment: datetime) -> None:
        """Lets time pass; people read and answer their mail whenever some has come."""
        async for _ in self.passage.stops(moment):
            await self._answer_mail()

    async def _answer_mail(self) -> None:
        people = {part.person.email: part.person for part in self.parts}
        people |= {part.person.phone: part.person for part in self.parts if part.person.phone}
        new = await self.sink.new()
        for message in new:
            self.done["messages"] += 1
            if shortlist := link_in(message, "s"):
                await self._recruiter_decides(shortlist, message["subject"])
            elif message["to"] in people:
                await self._candidate_answers(people[message["to"]], message)
        if new:
            await self.passage.quiet()

    async def _recruiter_decides(self, url: str, subject: str) -> None:
        approved, declined = await decide(self.http, url, approve=3)
        self.done["shortlists"] += 1
        self.done["approved"] += approved
        self._say(f"the recruiter reads “{subject}”, approves {approved}, declines {declined}")

    async def _candidate_answers(self, person: Person, message: dict[str, str]) -> None:
        url = link_in(message, "c")
        if url is None:
            return
        if person not in self.asked and await answer_hat(self.http, url, person):
            self.done["hat"] += 1
        self.asked.add(person)
        if person.temper is Temper.EAGER and await press(self.http, url, "interested"):
            self.done["interested"] += 1

    def _say(self, news: str) -> None:
        self.tell(self.passage.now(), news)
