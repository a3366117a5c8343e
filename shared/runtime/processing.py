"""What a batch of one topic's records does, in one transaction with its offsets.

- A record that is at fault itself costs only itself: unreadable, refused by the handler or by a
  constraint, or the only one at which the handler fails. What the handler refuses by name goes to
  quarantine with the batch. For what it raises at, each event is first tried alone, in a savepoint
  that is undone: so no more is locked than one event needs, and two batches with a culprit in them
  do not lock each other out. Then all but the culprits have their effect at once. Only where they
  fail together all the same, one follows the other.
- Whatever else the database says (a lock that was not had in time, a statement that took too long,
  a table that is not there yet) is no fault of a record: nothing is committed, nothing set aside.
- An event of a type that this version does not know comes from a newer producer of ours: it is
  counted and passed over. Other systems' producers may have misspelt it, so theirs are set aside;
  they say nothing of this version, so the breaker does not count them.
- `not_taken_in` is told, in the order of the records, whose knowledge was set aside, passed over
  or never published: of them something newer exists than what is known here.
- What another system says counts from its time, and at the latest from when it was received. Under
  an id that it used for something else it is set aside by name, and never passed over.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

import asyncpg
import structlog
from aiokafka import ConsumerRecord

from shared.contract.events.cloudevents import (
    Event,
    NotWanted,
    RecordPosition,
    UnknownType,
    Unreadable,
)
from shared.contract.events.decoding import decode, valid_key
from shared.contract.events.payload import StandInPayload
from shared.contract.events.sources import NO_SOURCE, is_source
from shared.contract.topics import Topic
from shared.runtime import erasures, inbox, offsets
from shared.runtime.breaker import Breaker, BreakerOpen
from shared.runtime.clock import Clock
from shared.runtime.marks import Marker
from shared.runtime.postgres import Database, is_at_fault, will_pass
from shared.runtime.quarantine import Quarantine
from shared.runtime.telemetry import Metrics

_log = structlog.get_logger()

Handler = Callable[[asyncpg.Connection, Sequence[Event], datetime], Awaitable[object]]
"""Applies fresh events: (connection in a transaction, events in order, now).

It returns Refused where some of them cannot be applied; anything else it returns is ignored.
"""


@dataclass(frozen=True, slots=True)
class Refused:
    """Facts that a handler gave no effect, each with the reason; all others have had theirs."""

    faults: Sequence[tuple[Event, Unreadable]]


@dataclass(frozen=True, slots=True)
class Missed:
    """A record that had no effect: whose knowledge it was, and where it lies."""

    key: str
    place: RecordPosition


NotTakenIn = Callable[[asyncpg.Connection, Sequence[Missed], datetime], Awaitable[None]]
"""Hears of records that had no effect: (connection in the transaction, missed in order, now)."""

Receive = Callable[[Event, datetime], Event]
"""Returns what of an event may count at this moment; raises Unreadable where nothing may."""

MOST_TYPES_LOGGED = 100
LONGEST_TYPE_LOGGED = 100


@dataclass(slots=True)
class ReadRecord:
    """One record, with its event or with what is wrong with it; with neither it is passed over."""

    record: ConsumerRecord
    event: Event | None = None
    fault: Unreadable | None = None
    is_unknown: bool = False
    """Whether its type is not known."""
    counts: bool = True
    """Whether the breaker counts its fault."""
    is_repeated: bool = False
    """Whether its event, or a newer state, had been seen."""

    def refuse(self, fault: Unreadable) -> None:
        """Sets it aside; that its effect is forbidden says nothing against its reader."""
        self.fault = fault
        self.counts = not isinstance(fault, NotWanted)

    @property
    def may_count(self) -> bool:
        return self.event is not None and self.fault is None

    @property
    def key(self) -> str | None:
        return self.event.key if self.event else valid_key(self.record.key)


Entries = Sequence[ReadRecord]


def received(event: Event, topic: Topic, now: datetime, receive: Receive | None) -> Event:
    """Returns what of an event counts; another system's as said now at the latest.

    Else one moment that lies far ahead would hold against all that is said until then. Raises
    Unreadable where nothing of it may count, as where it is said in our own name.
    """
    if topic.of_many_sources:
        if not is_source(event.source):
            raise Unreadable("bad_source", NO_SOURCE)
        event = replace(event, time=min(event.time, now), received_at=now)
        if not topic.compacted:
            event = replace(event, content=event.content or inbox.content_of(event))
    return receive(event, now) if receive else event


async def give_effect(
    conn: asyncpg.Connection,
    topic: Topic,
    handler: Handler,
    marker: Marker,
    events: Sequence[Event],
    now: datetime,
) -> tuple[list[Event], Sequence[tuple[Event, Unreadable]]]:
    """Applies events; returns those that had not been seen, and which were refused.

    Refused is also what comes under an id of something else that its source has said.
    """
    admitted = await inbox.admit(conn, topic, events)
    said = await handler(conn, admitted, now) if admitted else None
    if topic.is_about_people:
        ended = [event.key for event in admitted if event.data is None]
        await erasures.remember(conn, list(map(marker.of_id, ended)))
    faults = said.faults if isinstance(said, Refused) else ()
    taken = set(map(id, admitted))
    reused = await inbox.reused(conn, [event for event in events if id(event) not in taken])
    return admitted, [*faults, *((event, inbox.REUSED) for event in reused)]


class Processor:
    """Processes the batches of one topic for one service."""

    def __init__(
        self,
        topic: Topic,
        handler: Handler,
        database: Database,
        clock: Clock,
        quarantine: Quarantine,
        metrics: Metrics,
        breaker: Breaker,
        not_taken_in: NotTakenIn | None = None,
        receive: Receive | None = None,
    ) -> None:
        self._topic = topic
        self._handler = handler
        self._database = database
        self._clock = clock
        self._quarantine = quarantine
        self._metrics = metrics
        self._breaker = breaker
        self._not_taken_in = not_taken_in
        self._receive = receive
        self._types_logged: set[str] = set()

    async def process(
        self, records: Sequence[ConsumerRecord], known: Mapping[int, int]
    ) -> dict[int, int]:
        """Commits records and returns the offset that each partition has reached.

        Raises OffsetMoved, BreakerOpen or an error that will pass, with nothing committed.
        """
        reached = {record.partition: record.offset + 1 for record in records}
        entries = [self._read(record) for record in records]
        for take_effect in (self._all_at_once, self._without_culprits):
            try:
                await self._commit(known, reached, entries, take_effect)
            except Exception as error:
                if isinstance(error, (offsets.OffsetMoved, BreakerOpen)) or will_pass(error):
                    raise
            else:
                return reached
        await self._commit(known, reached, entries, self._one_by_one)
        return reached

    def _read(self, record: ConsumerRecord) -> ReadRecord:
        try:
            event = decode(record, self._topic)
        except Unreadable as fault:
            return ReadRecord(record, fault=fault)
        except UnknownType as unknown:
            self._note(unknown)
        else:
            return self._received(record, event)
        if not self._topic.of_many_sources:
            return ReadRecord(record, is_unknown=True)
        remedy = f"send one of {', '.join(self._topic.event_types)}"
        return ReadRecord(
            record, fault=Unreadable("unknown_type", remedy), is_unknown=True, counts=False
        )

    def _received(self, record: ConsumerRecord, event: Event) -> ReadRecord:
        """An archive of another system says nothing of this version: the breaker counts none."""
        if isinstance(event.data, StandInPayload):
            return ReadRecord(record)
        now = self._clock.now()
        try:
            return ReadRecord(record, event=received(event, self._topic, now, self._receive))
        except Unreadable as fault:
            return ReadRecord(record, fault=fault, counts=False)

    def _note(self, unknown: UnknownType) -> None:
        """Logs each unknown type once, and no more than so many of them."""
        name = unknown.type[:LONGEST_TYPE_LOGGED]
        if name not in self._types_logged and len(self._types_logged) < MOST_TYPES_LOGGED:
            self._types_logged.add(name)
            _log.warning("event.unknown_type", topic=self._topic.name, type=name)

    async def _commit(
        self,
        known: Mapping[int, int],
        reached: dict[int, int],
        entries: Entries,
        take_effect: Callable[[asyncpg.Connection, Entries], Awaitable[None]],
    ) -> None:
        async with self._database.transaction() as conn:
            await offsets.move(conn, self._topic.name, known, reached)
            await take_effect(conn, entries)
            faults = [(each.record, each.fault) for each in entries if each.fault]
            counted = sum(1 for each in entries if each.fault and each.counts)
            self._breaker.admit(counted)
            if faults:
                await self._quarantine.set_aside(conn, faults)
        self._breaker.committed(counted, of=len(entries))
        self._report(entries)

    async def _all_at_once(self, conn: asyncpg.Connection, entries: Entries) -> None:
        """Applies events run by run; those that may have no effect are told of in between."""
        if self._not_taken_in is None:
            entries = [entry for entry in entries if entry.may_count]
        for may_count, run in groupby(entries, key=lambda entry: entry.may_count):
            if may_count:
                await self._take_effect(conn, list(run))
            else:
                await self._tell(conn, list(run))

    async def _without_culprits(self, conn: asyncpg.Connection, entries: Entries) -> None:
        for entry in entries:
            if entry.event:
                entry.fault = None
                await self._try_alone(conn, entry)
        await self._all_at_once(conn, entries)

    async def _try_alone(self, conn: asyncpg.Connection, entry: ReadRecord) -> None:
        """Finds out whether an event makes the handler fail, and leaves nothing else behind.

        What is refused by name may be so only because what comes before it is missing here.
        """
        savepoint = conn.transaction()
        await savepoint.start()
        try:
            await self._take_effect(conn, [entry])
            entry.fault = None
        except Exception as error:
            if will_pass(error):
                raise
            entry.refuse(_as_fault(error))
        finally:
            await savepoint.rollback()

    async def _one_by_one(self, conn: asyncpg.Connection, entries: Entries) -> None:
        for entry in entries:
            if entry.event:
                entry.fault = None
                try:
                    async with conn.transaction():
                        await self._take_effect(conn, [entry])
                    continue
                except Exception as error:
                    if will_pass(error):
                        raise
                    entry.refuse(_as_fault(error))
            await self._tell(conn, [entry])

    async def _take_effect(self, conn: asyncpg.Connection, entries: Entries) -> None:
        events = [entry.event for entry in entries if entry.event]
        admitted, refused = await give_effect(
            conn, self._topic, self._handler, self._quarantine.marker, events, self._clock.now()
        )
        taken = set(map(id, admitted))
        if refused:
            await inbox.release(conn, [event for event, _ in refused if id(event) in taken])
            await self._refuse(conn, entries, refused)
        for entry in entries:
            entry.is_repeated = id(entry.event) not in taken

    async def _refuse(
        self,
        conn: asyncpg.Connection,
        entries: Entries,
        refused: Sequence[tuple[Event, Unreadable]],
    ) -> None:
        """Sets aside what the handler refused; it can still have an effect when it comes again."""
        faults = {id(event): fault for event, fault in refused}
        theirs = [entry for entry in entries if id(entry.event) in faults]
        for entry in theirs:
            entry.refuse(faults[id(entry.event)])
        await self._tell(conn, theirs)

    async def _tell(self, conn: asyncpg.Connection, entries: Entries) -> None:
        missed = [
            Missed(entry.key, RecordPosition(entry.record.partition, entry.record.offset))
            for entry in entries
            if entry.key
        ]
        if self._not_taken_in and missed:
            await self._not_taken_in(conn, missed, self._clock.now())

    def _report(self, entries: Entries) -> None:
        topic = self._topic.name
        counting = [entry for entry in entries if entry.may_count]
        repeated = sum(1 for entry in counting if entry.is_repeated)
        self._metrics.handled.labels(topic).inc(len(counting) - repeated)
        self._metrics.repeated.labels(topic).inc(repeated)
        for entry in entries:
            if entry.fault:
                self._metrics.set_aside.labels(topic, entry.fault.reason).inc()
                _log.warning("record.set_aside", topic=topic, reason=entry.fault.reason)
            if entry.is_unknown:
                self._metrics.unknown.labels(topic).inc()


def _as_fault(error: Exception) -> Unreadable:
    if isinstance(error, Unreadable):
        return error
    reason = "refused" if is_at_fault(error) else "failed"
    return Unreadable(reason, f"processing it raised {type(error).__name__}")
