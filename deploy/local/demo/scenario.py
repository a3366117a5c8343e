"""The acts of the evidence, in their order; each lets time pass through the real services."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from dateutil.relativedelta import relativedelta

from deploy.local.demo.album import Album
from deploy.local.demo.audience import Audience, Message
from deploy.local.demo.personas import (
    CARDIOLOGY_NURSE,
    ENGINEER,
    NURSE,
    OPENINGS,
    SENIOR_ENGINEER,
    Application,
    Attitude,
    Opening,
    Person,
)
from deploy.local.demo.recipients import SinkClient, link_in, press
from deploy.local.demo.simulated_time import SimulatedTime
from deploy.local.demo.upstream import Upstream

FIRST_MORNING = datetime(2025, 3, 3, 7, tzinfo=UTC)
END = FIRST_MORNING + relativedelta(years=2)

Tell = Callable[[datetime, str], None]


@dataclass
class Scenario:
    """What the employer decides, and what a few of those do who were turned down."""

    upstream: Upstream
    simulated_time: SimulatedTime
    sink: SinkClient
    http: httpx.AsyncClient
    album: Album
    tell: Tell
    applications: list[Application]
    audience: Audience = field(init=False)
    taken_back: Person = field(init=False)
    erased: Person = field(init=False)
    erased_at: datetime = FIRST_MORNING

    def __post_init__(self) -> None:
        self.audience = Audience(self.http, self.album, self.applications, self._say)
        self.taken_back = [one.person for one in self.applications if one.kind == "runner_up"][-1]
        self.erased = self._first_not_yet(Attitude.EAGER, NURSE)

    async def run(self) -> None:
        """Plays the two years from the first morning to the end."""
        await self._people_are_turned_down()
        await self._letters_arrive()
        await self._one_asks_what_is_held()
        await self._one_asks_to_be_forgotten()
        await self._one_has_it_now()
        await self._a_similar_role_opens()
        await self._the_hire_leaves()
        await self._those_who_were_early_are_ready()
        await self._until(END)

    async def _people_are_turned_down(self) -> None:
        for opening in OPENINGS:
            await self.upstream.open(opening)
        await self.simulated_time.wait_until_idle()
        await self.upstream.reject(self.applications, self.simulated_time.now())
        self._say(f"{len(self.applications)} people hear no for {len(OPENINGS)} vacancies: not yet")
        await self._until(FIRST_MORNING + timedelta(hours=3))
        application = next(one for one in self.applications if one.person is self.taken_back)
        await self.upstream.take_back(application, self.simulated_time.now())
        self._say("one rejection is taken back before its letter has left")
        for opening in OPENINGS:
            await self.upstream.close(opening, self.simulated_time.now())

    async def _letters_arrive(self) -> None:
        await self._until(FIRST_MORNING + timedelta(days=6))
        done = self.audience.done
        answers = done["hat_yes"] + done["hat_no"]
        self._say(
            f"{done['messages']} of them have heard from us, in business hours; "
            f"{answers} answered whether their name may stay in the hat"
        )

    async def _one_asks_what_is_held(self) -> None:
        await self._until(FIRST_MORNING + timedelta(days=30))
        letter = await self._letter_to(self._first_not_yet(Attitude.EAGER, ENGINEER))
        await press(self.http, link_in(letter, "c") or "", "record")
        self._say("one asks to see what is held about them: a link to it is on its way")

    async def _one_asks_to_be_forgotten(self) -> None:
        await self._until(FIRST_MORNING + timedelta(days=40))
        letter = await self._letter_to(self.erased)
        await press(self.http, link_in(letter, "c") or "", "erase", confirm="yes")
        self.erased_at = self.simulated_time.now()
        self._say("one asks to be erased, on the page behind their letter's link")

    async def _one_has_it_now(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=5))
        letter = await self._letter_to(self._first_not_yet(Attitude.WHEN_READY, NURSE))
        if await press(self.http, link_in(letter, "c") or "", "has_it_now"):
            self._say("one who was early says: I have it now")

    async def _a_similar_role_opens(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=7))
        await self._open(SENIOR_ENGINEER)
        await self._until(self.simulated_time.now() + timedelta(days=14))
        await self._hire(SENIOR_ENGINEER)

    async def _the_hire_leaves(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=11))
        await self.upstream.reopen(NURSE, self.simulated_time.now())
        self._say(
            f"the hire leaves: “{NURSE.title}” is open again, the finishing order comes first"
        )
        await self._until(self.simulated_time.now() + timedelta(days=10))
        await self._hire(NURSE)

    async def _those_who_were_early_are_ready(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=19))
        await self._open(CARDIOLOGY_NURSE)
        await self._until(self.simulated_time.now() + timedelta(days=14))
        await self._hire(CARDIOLOGY_NURSE)

    async def _open(self, opening: Opening) -> None:
        await self.upstream.open(opening)
        self._say(f"a vacancy opens: “{opening.title}”")

    async def _hire(self, opening: Opening) -> None:
        """Ends a vacancy well, for the one with whom a recruiter is talking; others are told."""
        person, now = await self.audience.hire(opening), self.simulated_time.now()
        await self.upstream.hire(person, opening, now)
        await self.upstream.close(opening, now)
        self._say(f"{person.name}, once turned down, is hired: “{opening.title}” is filled")

    async def _until(self, moment: datetime) -> None:
        """Advances the time; people read and answer their mail whenever some has come."""
        async for _ in self.simulated_time.steps_to(moment):
            new = await self.sink.new()
            for message in new:
                await self.audience.read(message)
            if new:
                await self.simulated_time.wait_until_idle()

    async def _letter_to(self, person: Person) -> Message:
        """Finds the first message to somebody, and has them take it in hand again."""
        letter = next(one for one in await self.sink.everything() if one["to"] == person.email)
        self.album.read(letter)
        return letter

    def _first_not_yet(self, attitude: Attitude, opening: Opening) -> Person:
        return next(
            one.person
            for one in self.applications
            if (one.kind, one.opening) == ("not_yet", opening) and one.person.attitude is attitude
        )

    def _say(self, news: str) -> None:
        self.tell(self.simulated_time.now(), news)
