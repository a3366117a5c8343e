"""Reads deliveries as their sources are set up, and tells which of what they say may count.

It is the same whether they are to be recorded, or only to be looked at.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import asyncpg

from services.intake.applicants.domain.identity import IdentityHash
from services.intake.applicants.domain.receiving import Receiving
from services.intake.applicants.handlers import ANOTHER_PERSON
from services.intake.applicants.store import people
from services.intake.deliveries import store
from services.intake.deliveries.domain import State
from services.intake.deliveries.ending import ending
from services.intake.deliveries.reading import Reader, Reading
from services.intake.deliveries.store import Settled
from services.intake.ingestion.submissions import FAILED, NEWER, Result
from services.intake.sources.domain import Source
from services.intake.webhooks.systems import SYSTEMS
from shared.contract.events.applications import (
    ApplicantErased,
    ApplicantMerged,
    ApplicantRejected,
)
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.topics import APPLICATIONS
from shared.runtime.quarantine import Quarantine
from shared.runtime.threads import beside

LONGEST_TEXT, MOST_NOTES = 1000, 50
"""Of what is said of a delivery."""

_SEALED = "it was sealed with another key: add that to NOTYET_QUARANTINE_KEYS_FORMER, and replay it"
_UNKNOWN = "about somebody whom this source has not turned down: nothing of them is kept"


@dataclass(frozen=True, slots=True)
class Read:
    """A delivery that was read."""

    id: int
    reading: Reading
    about: tuple[bytes, ...]
    counted: Sequence[Event]
    """What of it is recorded, as its source is set up."""


class Understanding:
    """What deliveries are read with."""

    def __init__(
        self, quarantine: Quarantine, receiving: Receiving, identity: IdentityHash
    ) -> None:
        self._quarantine = quarantine
        self._receiving = receiving
        self._identity = identity

    async def read(self, rows: Sequence[asyncpg.Record], known: Mapping[str, Source]) -> list[Read]:
        """Reads deliveries, each as its source is set up."""
        return await beside(lambda row: self._read_one(row, known[row["source"]]), rows)

    def _read_one(self, row: asyncpg.Record, source: Source) -> Read:
        delivery = store.opened(self._quarantine, row)
        adapter = SYSTEMS.get(source.system)
        if delivery and adapter:
            reading = Reader(source, adapter, self._receiving).read(row["key"], delivery)
            events = [
                replace(event, receipt=row["receipt"], place=place)
                for place, event in enumerate(reading.events)
            ]
            reading = replace(reading, events=events)
        else:
            why = _SEALED if adapter else f"this version knows no system {source.system}"
            reading = Reading(State.UNTRANSLATABLE, why)
        about = tuple(hash for event in reading.events for hash in self.hashes(event))
        return Read(row["id"], reading, about, counted(source, reading.events))

    async def wanted(self, conn: asyncpg.Connection, read: Sequence[Read]) -> set[int]:
        """Returns the events that count.

        An erasure and a no do of whomever they are about; all else only of whom this source has
        told before: most systems tell it of everybody.
        """
        told = [event for each in read for event in each.counted]
        events = [*told, *(event for each in read for event in each.reading.events)]
        about = {id(event): self.hashes(event) for event in events}
        known = {hash for event in told if _tells(event) for hash in about[id(event)]}
        known |= (await people.identities(conn, set().union(*about.values()) - known)).keys()
        merges = [about[id(event)] for event in events if isinstance(event.data, ApplicantMerged)]
        known |= _joined(merges, known)
        return {
            id(event) for event in events if _tells(event) or not known.isdisjoint(about[id(event)])
        }

    def hashes(self, event: Event) -> tuple[bytes, ...]:
        """Returns by what the applicants are recognised whom an event is about."""
        if event.type not in APPLICATIONS.event_types:
            return ()
        own = self._identity.applicant(event.source, event.key)
        if isinstance(event.data, ApplicantMerged):
            return own + self._identity.applicant(event.source, event.data.into_applicant_id)
        return own


def counted(source: Source, events: Sequence[Event]) -> Sequence[Event]:
    """Returns what of events is recorded: while a source is paused, only what ends something."""
    if source.is_live:
        return events
    if source.paused_at is None:
        return ()
    return [end for event in events if (end := ending(event))]


def counts(source: Source, read: Read) -> bool:
    """Tells whether all that a delivery says is recorded."""
    events = read.reading.events
    return source.is_live or (bool(events) and list(counted(source, events)) == list(events))


def is_unknown(read: Read, wanted: set[int]) -> bool:
    """Tells whether all that a delivery says is about somebody whom nobody knows."""
    events = read.reading.events
    return bool(events) and wanted.isdisjoint(map(id, events))


def passed_over(read: Read) -> Settled:
    """Returns what is kept of a delivery about nobody who is known."""
    if read.reading.state is State.RECORDED:
        return _kept(read, State.IGNORED, _UNKNOWN)
    return settled(read, None)


def settled(read: Read, done: Mapping[int, Result] | None) -> Settled:
    """Returns what is kept of what was made of a delivery; without `done` it was only read."""
    reading = read.reading
    state, summary = reading.state, reading.summary
    if state is State.RECORDED:
        state, summary = (State.TRIED, summary) if done is None else _recorded(reading, done)
    return _kept(read, state, summary)


def _tells(event: Event) -> bool:
    """Tells whether an event counts of whomever it is about."""
    return event.type not in APPLICATIONS.event_types or isinstance(
        event.data, ApplicantRejected | ApplicantErased
    )


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


def _kept(read: Read, state: State, summary: str) -> Settled:
    return Settled(
        read.id,
        state,
        _plain(summary),
        list(map(_plain, read.reading.notes[:MOST_NOTES])),
        sorted({event.type for event in read.reading.events}),
        read.about,
        read.reading.resume_is_due and state in (State.RECORDED, State.TRIED),
    )


def _plain(text: str) -> str:
    """Returns a text as any table can hold it: some of its words are the system's."""
    shown = text[:LONGEST_TEXT]
    if shown.isprintable():
        return shown
    return "".join(each if each.isprintable() else " " for each in shown)


def _recorded(reading: Reading, done: Mapping[int, Result]) -> tuple[State, str]:
    """Returns what became of events that were to be recorded.

    That of a vacancy something newer is known already is no fault of what was said before.
    """
    applied = [done[id(event)] for event in reading.events if id(event) in done]
    for fault in (FAILED, ANOTHER_PERSON):
        if fault in applied:
            return State.UNTRANSLATABLE, f"{reading.summary}: {fault.detail}"
    faults = [each for each in applied if isinstance(each, Unreadable) and each is not NEWER]
    if len(faults) == len(applied):
        return State.IGNORED, f"{reading.summary}: {faults[0].detail}"
    return State.RECORDED, reading.summary
