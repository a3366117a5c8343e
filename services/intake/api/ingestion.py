"""What is done with a group of requests, in one transaction: claimed, recorded, answered."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg

from services.intake.api.store import requests
from services.intake.api.store.requests import AnsweredRequest, HttpAnswer, RequestKey
from services.intake.applicants.domain.outcomes import Outcome
from services.intake.applicants.handlers import Recorder
from services.intake.metrics import IntakeMetrics
from services.intake.vacancies.store import vacancies
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.topics import APPLICATIONS, VACANCIES
from shared.runtime import outbox
from shared.runtime.clock import Clock
from shared.runtime.inbox import fresh
from shared.runtime.postgres import Database, will_pass

TRIES = 3

Result = Unreadable | Outcome | None
"""What is wrong with an event, or what an event about an application did to the record."""

Apply = Callable[[asyncpg.Connection, Sequence[Event]], Awaitable[list[Result]]]
"""Gives events their effect, and says of each what came of it."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The events of one request, and how it is answered once each of them is judged."""

    events: Sequence[Event]
    answer: Callable[[Sequence[Result]], HttpAnswer]
    key: RequestKey | None = None
    """Its Idempotency-Key."""
    request_hash: bytes = b""

    @property
    def size(self) -> int:
        return len(self.events)

    @property
    def apart(self) -> RequestKey | None:
        return self.key


class Ingestion:
    """Gives deliveries their effect; each event counts once, and a bad one costs only itself."""

    def __init__(
        self, database: Database, recorder: Recorder, clock: Clock, metrics: IntakeMetrics
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._clock = clock
        self._metrics = metrics

    async def receive(self, deliveries: Sequence[Submission]) -> list[HttpAnswer | None]:
        """Commits deliveries together; None answers one whose key came with another request."""
        self._metrics.group_events.observe(sum(delivery.size for delivery in deliveries))
        try:
            return await self._tried(deliveries, self._all_at_once)
        except Exception as error:
            if will_pass(error):
                raise
        return await self._tried(deliveries, self._one_by_one)

    async def _tried(
        self, deliveries: Sequence[Submission], judge: Apply
    ) -> list[HttpAnswer | None]:
        """Commits deliveries; a tie with another transaction that was lost is tried again."""
        for _ in range(TRIES - 1):
            try:
                return await self._commit(deliveries, judge)
            except asyncpg.TransactionRollbackError:
                continue
        return await self._commit(deliveries, judge)

    async def _commit(
        self, deliveries: Sequence[Submission], judge: Apply
    ) -> list[HttpAnswer | None]:
        async with self._database.transaction() as conn:
            keyed = {each.key: each.request_hash for each in deliveries if each.key}
            before = await requests.claim(conn, keyed, self._clock.now())
            new = [each for each in deliveries if each.key is None or each.key not in before]
            verdicts = iter(await judge(conn, [event for each in new for event in each.events]))
            answers = {id(each): each.answer([next(verdicts) for _ in each.events]) for each in new}
            await requests.answer(conn, {each.key: answers[id(each)] for each in new if each.key})
        return [
            answers[id(each)] if id(each) in answers else _repeated(each, before)
            for each in deliveries
        ]

    async def _one_by_one(self, conn: asyncpg.Connection, events: Sequence[Event]) -> list[Result]:
        return [await self._verdict(conn, event) for event in events]

    async def _verdict(self, conn: asyncpg.Connection, event: Event) -> Result:
        try:
            async with conn.transaction():
                [result] = await self._all_at_once(conn, [event])
        except Unreadable as fault:
            return fault
        except Exception as error:
            if will_pass(error):
                raise
            return Unreadable("refused", "the record cannot keep a value in it")
        return result

    async def _all_at_once(self, conn: asyncpg.Connection, events: Sequence[Event]) -> list[Result]:
        posted = [event for event in events if event.type in VACANCIES.event_types]
        if posted:
            await vacancies.keep(conn, posted)
            await outbox.put(conn, VACANCIES, posted)
        heard = [event for event in events if event.type in APPLICATIONS.event_types]
        unheard = await fresh(conn, heard) if heard else []
        done: dict[int, Result] = dict.fromkeys(map(id, heard), Outcome.KNOWN)
        if unheard:
            found = await self._recorder.record(conn, unheard, self._clock.now())
            done |= zip(map(id, unheard), found, strict=True)
        return [done.get(id(event)) for event in events]


def _repeated(delivery: Submission, before: dict[RequestKey, AnsweredRequest]) -> HttpAnswer | None:
    """Gives the answer from before, if it was the same request."""
    known = before[delivery.key] if delivery.key else None
    return known.answer if known and known.request_hash == delivery.request_hash else None
