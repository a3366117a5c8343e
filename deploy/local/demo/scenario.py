"""The acts of the evidence, in their order; each lets time pass through the real services."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from dateutil.relativedelta import relativedelta

from deploy.local.demo.personas import (
    CARDIOLOGY_NURSE,
    NURSE,
    OPENINGS,
    SENIOR_ENGINEER,
    Application,
    Attitude,
    Opening,
    Person,
    applications,
)
from deploy.local.demo.recipients import SinkClient, answer_consent_question, decide, link_in, press
from deploy.local.demo.simulated_time import SimulatedTime
from deploy.local.demo.upstream import Upstream

FIRST_MORNING = datetime(2025, 3, 3, 7, tzinfo=UTC)
END = FIRST_MORNING + relativedelta(years=2)

Tell = Callable[[datetime, str], None]


@dataclass
class Scenario:
    """Everybody who takes part, and what they have done so far."""

    upstream: Upstream
    simulated_time: SimulatedTime
    sink: SinkClient
    http: httpx.AsyncClient
    tell: Tell
    applications: list[Application] = field(default_factory=applications)
    done: Counter[str] = field(default_factory=Counter)
    asked: set[Person] = field(default_factory=set)
    taken_back: Person = field(init=False)
    erased: Person = field(init=False)
    erased_at: datetime = FIRST_MORNING

    def __post_init__(self) -> None:
        runners_up = [
            application for application in self.applications if application.kind == "runner_up"
        ]
        self.taken_back = runners_up[-1].person
        self.erased = next(
            application.person
            for application in self.applications
            if application.kind == "not_yet" and application.person.attitude is Attitude.EAGER
        )

    async def run(self) -> None:
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
        await self.simulated_time.wait_until_idle()
        await self.upstream.reject(self.applications, self.simulated_time.now())
        self._say(f"{len(self.applications)} people hear no for {len(OPENINGS)} vacancies: not yet")
        await self._until(FIRST_MORNING + timedelta(hours=3))
        application = next(
            application
            for application in self.applications
            if application.person is self.taken_back
        )
        await self.upstream.take_back(application, self.simulated_time.now())
        self._say("one rejection is taken back before its letter has left")
        for opening in OPENINGS:
            await self.upstream.close(opening, self.simulated_time.now())

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
        self.erased_at = self.simulated_time.now()
        self._say("one asks to be erased, on the page behind their letter's link")

    async def _one_has_it_now(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=5))
        early = next(
            application.person
            for application in self.applications
            if application.kind == "not_yet" and application.person.attitude is Attitude.WHEN_READY
        )
        letter = next(m for m in await self.sink.everything() if m["to"] == early.email)
        if await press(self.http, link_in(letter, "c") or "", "has_it_now"):
            self._say("one who was early says: I have it now")

    async def _a_similar_place_opens(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=7))
        await self._open(SENIOR_ENGINEER)
        await self._until(self.simulated_time.now() + timedelta(days=10))

    async def _the_hire_leaves(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=11))
        await self.upstream.reopen(NURSE, self.simulated_time.now())
        self._say(
            f"the hire leaves: “{NURSE.title}” is open again, the finishing order comes first"
        )
        await self._until(self.simulated_time.now() + timedelta(days=10))
        await self.upstream.close(NURSE, self.simulated_time.now())

    async def _those_who_were_early_are_ready(self) -> None:
        await self._until(FIRST_MORNING + relativedelta(months=19))
        await self._open(CARDIOLOGY_NURSE)
        await self._until(self.simulated_time.now() + timedelta(days=10))

    async def _open(self, opening: Opening) -> None:
        await self.upstream.open(opening)
        self._say(f"a vacancy opens: “{opening.title}”")

    async def _until(self, moment: datetime) -> None:
        """Advances the time; people read and answer their mail whenever some has come."""
        async for _ in self.simulated_time.steps_to(moment):
            await self._answer_mail()

    async def _answer_mail(self) -> None:
        people = {application.person.email: application.person for application in self.applications}
        people |= {
            application.person.phone: application.person
            for application in self.applications
            if application.person.phone
        }
        new = await self.sink.new()
        for message in new:
            self.done["messages"] += 1
            if shortlist := link_in(message, "s"):
                await self._recruiter_decides(shortlist, message["subject"])
            elif interest := link_in(message, "i"):
                await self._recruiter_answers(interest, message["subject"])
            elif message["to"] in people:
                await self._candidate_answers(people[message["to"]], message)
        if new:
            await self.simulated_time.wait_until_idle()

    async def _recruiter_decides(self, url: str, subject: str) -> None:
        approved, declined = await decide(self.http, url, approve=3)
        self.done["shortlists"] += 1
        self.done["approved"] += approved
        self._say(f"the recruiter reads “{subject}”, approves {approved}, declines {declined}")

    async def _recruiter_answers(self, url: str, subject: str) -> None:
        if await press(self.http, url, "talking"):
            self._say(f"the recruiter reads “{subject}”, and gets in touch")

    async def _candidate_answers(self, person: Person, message: dict[str, str]) -> None:
        url = link_in(message, "c")
        if url is None:
            return
        if person not in self.asked and await answer_consent_question(self.http, url, person):
            self.done["hat"] += 1
        self.asked.add(person)
        if person.attitude is Attitude.EAGER and await press(self.http, url, "interested"):
            self.done["interested"] += 1

    def _say(self, news: str) -> None:
        self.tell(self.simulated_time.now(), news)
