"""What is done with a group of requests, in one transaction: claimed, recorded, answered."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import asyncpg
import structlog

from services.intake.applicants.domain.outcomes import EventOutcome
from services.intake.applicants.handlers import Recorder
from services.intake.ingestion import store
from services.intake.ingestion.store import AnsweredRequest, HttpAnswer, RequestKey
from services.intake.metrics import IntakeMetrics
from services.intake.vacancies.domain import VacancyKey
from services.intake.vacancies.handlers import VacancyRecorder
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.topics import APPLICATIONS, VACANCIES
from shared.runtime import audit, inbox
from shared.runtime.batcher import Batcher, Unavailable
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database, is_at_fault, will_pass

TRIES = 3

MOST_AT_ONCE = 1000
MOST_WAITING = 5000
"""Both in events."""
SECONDS = 10.0
"""How long a group of requests may take."""

NEWER = Unreadable(
    "older_version", "the stream has told a higher version of this vacancy: send the change there"
)

FAILED = Unreadable(
    "failed",
    "nothing is wrong with it, but it failed here: tell the operators when that was, and send it "
    "again once they have mended it",
)

_log = structlog.get_logger()

Result = Unreadable | EventOutcome | None
"""What is wrong with an event, or what an event about an application did to the record."""


class Applied(NamedTuple):
    """What came of an event, and whom it was about, if they are or were in the record."""

    result: Result
    candidate_id: str | None = None


Apply = Callable[[asyncpg.Connection, Sequence[Event]], Awaitable[list[Applied]]]
"""Applies events, and returns what came of each."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The events of one request, and how it is answered once each of them is applied."""

    events: Sequence[Event]
    answer: Callable[[Sequence[Result]], HttpAnswer]
    key: RequestKey | None = None
    """Its Idempotency-Key."""
    request_hash: bytes = b""
    key_id: str | None = None
    """The API key that it was posted with."""

    @property
    def size(self) -> int:
        return len(self.events)


class Ingestion:
    """Applies submissions; each event counts once, and a bad one costs only itself."""

    def __init__(
        self,
        database: Database,
        recorder: Recorder,
        vacancies: VacancyRecorder,
        clock: Clock,
        metrics: IntakeMetrics,
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._vacancies = vacancies
        self._clock = clock
        self._metrics = metrics

    async def receive(self, submissions: Sequence[Submission]) -> list[HttpAnswer | None]:
        """Commits submissions together; None answers one whose key came with another request.

        Raises Unavailable, with nothing committed, if the database is away or at fault itself.
        """
        self._metrics.group_events.observe(sum(submission.size for submission in submissions))
        try:
            return await self._receive(submissions)
        except Exception as error:
            if will_pass(error):
                raise Unavailable from error
            raise

    async def _receive(self, submissions: Sequence[Submission]) -> list[HttpAnswer | None]:
        try:
            return await self._tried(submissions, self._all_at_once)
        except Exception as error:
            if will_pass(error):
                raise
        return await self._tried(submissions, self._one_by_one)

    async def _tried(
        self, submissions: Sequence[Submission], apply: Apply
    ) -> list[HttpAnswer | None]:
        """Commits submissions; a tie with another transaction that was lost is tried again."""
        for _ in range(TRIES - 1):
            try:
                return await self._commit(submissions, apply)
            except asyncpg.TransactionRollbackError:
                continue
        return await self._commit(submissions, apply)

    async def _commit(
        self, submissions: Sequence[Submission], apply: Apply
    ) -> list[HttpAnswer | None]:
        async with self._database.transaction() as conn:
            keyed = {each.key: each.request_hash for each in submissions if each.key}
            before = await store.claim(conn, keyed, self._clock.now())
            new = [each for each in submissions if each.key is None or each.key not in before]
            found = iter(await apply(conn, [event for each in new for event in each.events]))
            applied = [(each, [next(found) for _ in each.events]) for each in new]
            answers = {id(each): each.answer([it.result for it in came]) for each, came in applied}
            await _note(conn, applied, self._clock.now())
            await store.answer(conn, {each.key: answers[id(each)] for each in new if each.key})
        return [
            answers[id(each)] if id(each) in answers else _repeated(each, before)
            for each in submissions
        ]

    async def apply(self, conn: asyncpg.Connection, events: Sequence[Event]) -> list[Result]:
        """Applies events in the caller's transaction; returns what came of each."""
        try:
            async with conn.transaction():
                applied = await self._all_at_once(conn, events)
        except Exception as error:
            if will_pass(error):
                raise
            applied = await self._one_by_one(conn, events)
        return [each.result for each in applied]

    async def _one_by_one(self, conn: asyncpg.Connection, events: Sequence[Event]) -> list[Applied]:
        return [await self._apply_one(conn, event) for event in events]

    async def _apply_one(self, conn: asyncpg.Connection, event: Event) -> Applied:
        try:
            async with conn.transaction():
                [applied] = await self._all_at_once(conn, [event])
        except Unreadable as fault:
            return Applied(fault)
        except Exception as error:
            if will_pass(error):
                raise
            if is_at_fault(error):
                return Applied(Unreadable("refused", "the record cannot keep a value in it"))
            _log.error("ingestion.failed", type=event.type, error=type(error).__name__)
            return Applied(FAILED)
        return applied

    async def _all_at_once(
        self, conn: asyncpg.Connection, events: Sequence[Event]
    ) -> list[Applied]:
        posted = [event for event in events if event.type in VACANCIES.event_types]
        done: dict[int, Result] = {}
        whose: dict[int, str | None] = {}
        if posted:
            kept = await self._vacancies.record(conn, posted, self._clock.now())
            done |= {id(it): NEWER for it in posted if VacancyKey(it.source, it.key) not in kept}
        about = [event for event in events if event.type in APPLICATIONS.event_types]
        unseen = await inbox.fresh(conn, about) if about else []
        if unseen:
            recorded = await self._recorder.record_about(conn, unseen, self._clock.now())
            done |= {id(event): result for event, (result, _) in zip(unseen, recorded, strict=True)}
            whose = {id(event): whom for event, (_, whom) in zip(unseen, recorded, strict=True)}
        repeated = [event for event in about if id(event) not in done]
        done |= {id(event): inbox.REUSED for event in await inbox.reused(conn, repeated)}
        if repeated := [event for event in repeated if id(event) not in done]:
            found = await self._recorder.heard_before(conn, repeated)
            done |= zip(map(id, repeated), found, strict=True)
        await inbox.release(conn, [it for it in unseen if isinstance(done[id(it)], Unreadable)])
        return [Applied(done.get(id(event)), whose.get(id(event))) for event in events]


def batched(ingestion: Ingestion) -> Batcher[Submission, HttpAnswer | None]:
    """Returns what lets requests that arrive together share a commit.

    Who hears Unavailable or TimeoutError may send the same again: it counts once.
    """
    return Batcher(
        ingestion.receive,
        size=lambda submission: submission.size,
        most_at_once=MOST_AT_ONCE,
        most_waiting=MOST_WAITING,
        apart=lambda submission: submission.key,
        seconds=SECONDS,
    )


async def _note(
    conn: asyncpg.Connection,
    applied: Iterable[tuple[Submission, Sequence[Applied]]],
    now: datetime,
) -> None:
    """Keeps whom each API key has changed; few of them share a group of requests."""
    changed: dict[str, set[str]] = defaultdict(set)
    for submission, came in applied:
        if submission.key_id and came:
            changed[submission.key_id] |= {it.candidate_id for it in came if it.candidate_id}
    for key_id, candidate_ids in changed.items():
        await audit.note(conn, audit.Actor("key", key_id), "posted", candidate_ids, now)


def _repeated(
    submission: Submission, before: dict[RequestKey, AnsweredRequest]
) -> HttpAnswer | None:
    """Returns the answer from before, if it was the same request."""
    known = before[submission.key] if submission.key else None
    return known.answer if known and known.request_hash == submission.request_hash else None
