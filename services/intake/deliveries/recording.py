"""Makes what waits into events, and records them as `/v1` does.

One round claims what has waited longest, reads it, and records what it says in one transaction.
What is at fault costs itself alone, and replicas share the work. It makes no difference whether a
delivery is read for the first time, after a repair, or with five thousand others.

What counts only of somebody who is known is passed over while nobody is. Whoever becomes known, in
whichever way, has it read again in that same transaction. So it is passed over in a transaction of
its own, for whose end whoever makes somebody known waits; and it is looked once more whether
somebody is by then.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.intake.applicants.domain.identity import IdentityHash
from services.intake.applicants.domain.receiving import Receiving
from services.intake.applicants.store import people
from services.intake.deliveries import store
from services.intake.deliveries.domain import State
from services.intake.deliveries.reading import Reader, Reading
from services.intake.deliveries.store import Settled
from services.intake.ingestion.submissions import FAILED, NEWER, Ingestion, Result
from services.intake.metrics import IntakeMetrics
from services.intake.sources import store as sources
from services.intake.sources.store import Registered
from services.intake.webhooks.systems import SYSTEMS
from shared.contract.events.applications import (
    ApplicantMerged,
    ApplicantUnrejected,
    ApplicantUpdated,
)
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.topics import APPLICATIONS
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine
from shared.runtime.threads import beside

AT_A_TIME = 200
LONGEST_TEXT, MOST_NOTES = 1000, 50
"""Of what is said of a delivery."""

_SEALED = "it was sealed with another key: add that to NOTYET_QUARANTINE_KEYS_FORMER, and replay it"
_UNKNOWN = "about somebody whom this source has not turned down: nothing of them is kept"


@dataclass(frozen=True, slots=True)
class _Read:
    """A delivery that was read."""

    id: int
    is_live: bool
    reading: Reading
    about: tuple[bytes, ...]


class Recording:
    """Reads and records the deliveries of all sources."""

    def __init__(
        self,
        database: Database,
        shelf: Quarantine,
        ingestion: Ingestion,
        receiving: Receiving,
        identity: IdentityHash,
        metrics: IntakeMetrics,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._ingestion = ingestion
        self._receiving = receiving
        self._identity = identity
        self._metrics = metrics

    async def run(self, _now: datetime) -> bool:
        """Records some deliveries; returns whether more may wait."""
        async with self._database.transaction() as conn:
            rows = await store.claim(conn, AT_A_TIME)
            read = await self._read(conn, rows) if rows else []
            settled = await self._record(conn, read) if rows else []
            await store.settle(conn, settled)
        left = {each.id for each in read} - {each.id for each in settled}
        passed = await self._pass_over([each for each in read if each.id in left]) if left else []
        whose = {row["id"]: row["source"] for row in rows}
        for each in (*settled, *passed):
            self._metrics.deliveries.labels(whose[each.id], each.state).inc()
        return len(rows) == AT_A_TIME or len(passed) < len(left)

    async def _read(self, conn: asyncpg.Connection, rows: Sequence[asyncpg.Record]) -> list[_Read]:
        known = await sources.every(conn)
        return await beside(lambda row: self._read_one(row, known[row["source"]]), rows)

    def _read_one(self, row: asyncpg.Record, registered: Registered) -> _Read:
        source = registered.source
        delivery = store.opened(self._shelf, row)
        adapter = SYSTEMS.get(source.system)
        if delivery and adapter:
            reading = Reader(source, adapter, self._receiving).read(row["key"], delivery)
        else:
            why = _SEALED if adapter else f"this version knows no system {source.system}"
            reading = Reading(State.UNTRANSLATABLE, why)
        about = tuple(hash for event in reading.events for hash in self._hashes(event))
        return _Read(row["id"], source.is_live, reading, about)

    async def _record(self, conn: asyncpg.Connection, read: Sequence[_Read]) -> list[Settled]:
        """Records what live sources say; what is about nobody who is known is left waiting."""
        wanted = await self._wanted(conn, read)
        events = [
            event
            for each in read
            for event in each.reading.events
            if each.is_live and id(event) in wanted
        ]
        results = await self._ingestion.apply(conn, events) if events else []
        done = dict(zip(map(id, events), results, strict=True))
        return [_settled(each, done) for each in read if not _is_unknown(each, wanted)]

    async def _pass_over(self, read: Sequence[_Read]) -> list[Settled]:
        """Passes over what is about nobody who is known; what has become so goes on waiting."""
        async with self._database.transaction() as conn:
            waiting = await store.claim_again(conn, [each.id for each in read])
            left = [each for each in read if each.id in waiting]
            known = await people.known(conn, {hash for each in left for hash in each.about})
            settled = [
                _kept(each, State.IGNORED, _UNKNOWN)
                for each in left
                if known.isdisjoint(each.about)
            ]
            await store.settle(conn, settled)
        return settled

    async def _wanted(self, conn: asyncpg.Connection, read: Sequence[_Read]) -> set[int]:
        """Returns the events that count.

        An update, that somebody is in the running, and that two are one do only of whom this source
        has told before: some systems tell all three of everybody.
        """
        events = [event for each in read for event in each.reading.events]
        about = {id(event): self._hashes(event) for event in events}
        known = {hash for event in events if _tells(event) for hash in about[id(event)]}
        known |= (await people.identities(conn, set().union(*about.values()) - known)).keys()
        merges = [about[id(event)] for event in events if isinstance(event.data, ApplicantMerged)]
        known |= _joined(merges, known)
        return {
            id(event) for event in events if _tells(event) or not known.isdisjoint(about[id(event)])
        }

    def _hashes(self, event: Event) -> tuple[bytes, ...]:
        """Returns by what the applicants are recognised whom an event is about."""
        if event.type not in APPLICATIONS.event_types:
            return ()
        own = self._identity.applicant(event.source, event.key)
        if isinstance(event.data, ApplicantMerged):
            return own + self._identity.applicant(event.source, event.data.into_applicant_id)
        return own


def _tells(event: Event) -> bool:
    """Tells whether an event counts of whomever it is about."""
    return not isinstance(event.data, ApplicantUpdated | ApplicantUnrejected | ApplicantMerged)


def _joined(merges: Iterable[Sequence[bytes]], known: Collection[bytes]) -> set[bytes]:
    """Returns who are one with somebody who is known, over however many merges."""
    found: set[bytes] = set()
    while (
        more := {
            hash
            for merge in merges
            if any(it in known or it in found for it in merge)
            for hash in merge
        }
        - found
    ):
        found |= more
    return found


def _is_unknown(read: _Read, wanted: set[int]) -> bool:
    """Tells whether all that a delivery says is about somebody whom nobody knows."""
    events = read.reading.events
    return bool(events) and wanted.isdisjoint(map(id, events))


def _settled(read: _Read, done: Mapping[int, Result]) -> Settled:
    """Returns what is kept of what was made of a delivery."""
    reading = read.reading
    state, summary = reading.state, reading.summary
    if state is State.RECORDED and not read.is_live:
        state = State.TRIED
    elif state is State.RECORDED:
        state, summary = _recorded(reading, done)
    return _kept(read, state, summary)


def _kept(read: _Read, state: State, summary: str) -> Settled:
    return Settled(
        read.id,
        state,
        _plain(summary),
        list(map(_plain, read.reading.notes[:MOST_NOTES])),
        sorted({event.type for event in read.reading.events}),
        read.about,
    )


def _plain(text: str) -> str:
    """Returns a text as any table can hold it: some of its words are the system's."""
    return "".join(each if each.isprintable() else " " for each in text)[:LONGEST_TEXT]


def _recorded(reading: Reading, done: Mapping[int, Result]) -> tuple[State, str]:
    """Returns what became of events that were to be recorded.

    That of a vacancy something newer is known already is no fault of what was said before.
    """
    applied = [done[id(event)] for event in reading.events if id(event) in done]
    if FAILED in applied:
        return State.UNTRANSLATABLE, f"{reading.summary}: {FAILED.detail}"
    faults = [each for each in applied if isinstance(each, Unreadable) and each is not NEWER]
    if len(faults) == len(applied):
        return State.IGNORED, f"{reading.summary}: {faults[0].detail}"
    return State.RECORDED, reading.summary
