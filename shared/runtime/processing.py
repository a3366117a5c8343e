"""What a batch of one topic's records does, in one transaction with its offsets.

- A record that is at fault itself costs only itself: unreadable, refused by the handler or by a
  constraint, or the only one at which the handler fails. The batch is run again one event at a
  time, and the culprit goes to quarantine.
- Whatever else the database says (a lock that was not had in time, a statement that took too long,
  a table that is not there yet) is no fault of a record: nothing is committed, nothing set aside.
- An event of a type that this version does not know comes from a newer producer of ours: it is
  counted and passed over. Other systems' producers may have misspelt it, so theirs are set aside;
  they say nothing of this version, so the breaker does not count them.
- `not_taken_in` is told, in the order of the records, whose knowledge was set aside, passed over
  or never published: of them something newer exists than what is known here.
- What another system says counts from its time, and at the latest from when it was received.
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
    Place,
    UnknownType,
    Unreadable,
    decode,
    valid_key,
)
from shared.contract.events.payload import StandInPayload
from shared.contract.topics import Topic
from shared.runtime import erasures, inbox, offsets
from shared.runtime.breaker import Breaker, BreakerOpen
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database, is_at_fault, will_pass
from shared.runtime.quarantine import Quarantine
from shared.runtime.telemetry import Metrics

_log = structlog.get_logger()

Handler = Callable[[asyncpg.Connection, Sequence[Event], datetime], Awaitable[object]]
"""Gives fresh events their effect: (connection in a transaction, events in order, now)."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A record that had no effect: whose knowledge it was, and where it lies."""

    key: str
    place: Place


NotTakenIn = Callable[[asyncpg.Connection, Sequence[Missed], datetime], Awaitable[None]]
"""Hears of records that had no effect: (connection in the transaction, missed in order, now)."""

Receive = Callable[[Event, datetime], Event]
"""Returns what of an event may count at this moment; raises Unreadable where nothing may."""

MOST_TYPES_LOGGED = 100
LONGEST_TYPE_LOGGED = 100


@dataclass(slots=True)
class Entry:
    """One record, with its event or with what is wrong with it; with neither it is passed over."""

    record: ConsumerRecord
    event: Event | None = None
    fault: Unreadable | None = None
    is_unknown: bool = False
    """Whether its type is not known."""
    counts: bool = True
    """Whether the breaker counts its fault."""

    @property
    def key(self) -> str | None:
        return self.event.key if self.event else valid_key(self.record.key)


Entries = Sequence[Entry]


def received(event: Event, topic: Topic, now: datetime, receive: Receive | None) -> Event:
    """Returns what of an event counts; another system's as said now at the latest.

    Else one moment that lies far ahead would hold against all that is said until then. Raises
    Unreadable where nothing of it may count.
    """
    if "upstream" in topic.producers and event.time > now:
        event = replace(event, time=now)
    return receive(event, now) if receive else event


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
        try:
            await self._commit(known, reached, entries, self._all_at_once)
        except Exception as error:
            if isinstance(error, (offsets.OffsetMoved, BreakerOpen)) or will_pass(error):
                raise
            await self._commit(known, reached, entries, self._one_by_one)
        return reached

    def _read(self, record: ConsumerRecord) -> Entry:
        try:
            event = decode(record, self._topic)
        except Unreadable as fault:
            return Entry(record, fault=fault)
        except UnknownType as unknown:
            self._note(unknown)
        else:
            return self._received(record, event)
        if not self._topic.of_many_sources:
            return Entry(record, is_unknown=True)
        remedy = f"send one of {', '.join(self._topic.event_types)}"
        return Entry(
            record, fault=Unreadable("unknown_type", remedy), is_unknown=True, counts=False
        )

    def _received(self, record: ConsumerRecord, event: Event) -> Entry:
        """An archive of another system says nothing of this version: the breaker counts none."""
        if isinstance(event.data, StandInPayload):
            return Entry(record)
        now = self._clock.now()
        try:
            return Entry(record, event=received(event, self._topic, now, self._receive))
        except Unreadable as fault:
            return Entry(record, fault=fault, counts=False)

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
        """Gives whole runs of events their effect; what had none is told of between them."""
        if self._not_taken_in is None:
            entries = [entry for entry in entries if entry.event]
        for readable, run in groupby(entries, key=lambda entry: entry.event is not None):
            if readable:
                await self._take_effect(conn, [entry.event for entry in run if entry.event])
            else:
                await self._tell(conn, list(run))

    async def _one_by_one(self, conn: asyncpg.Connection, entries: Entries) -> None:
        for entry in entries:
            if entry.event:
                try:
                    async with conn.transaction():
                        await self._take_effect(conn, [entry.event])
                    continue
                except Exception as error:
                    if will_pass(error):
                        raise
                    entry.fault = _as_fault(error)
                    entry.counts = not isinstance(error, NotWanted)
            await self._tell(conn, [entry])

    async def _take_effect(self, conn: asyncpg.Connection, events: Sequence[Event]) -> None:
        admitted = await inbox.admit(conn, self._topic, events)
        if admitted:
            await self._handler(conn, admitted, self._clock.now())
        if self._topic.is_about_people:
            ended = [event.key for event in admitted if event.data is None]
            await erasures.remember(conn, list(map(self._quarantine.marker.of_id, ended)))
        self._metrics.handled.labels(self._topic.name).inc(len(admitted))
        self._metrics.repeated.labels(self._topic.name).inc(len(events) - len(admitted))

    async def _tell(self, conn: asyncpg.Connection, entries: Entries) -> None:
        missed = [
            Missed(entry.key, Place(entry.record.partition, entry.record.offset))
            for entry in entries
            if entry.key
        ]
        if self._not_taken_in and missed:
            await self._not_taken_in(conn, missed, self._clock.now())

    def _report(self, entries: Entries) -> None:
        topic = self._topic.name
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
