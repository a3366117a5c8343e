"""Records what upstream systems say about their applicants: one plain function for every way in.

Kafka's consumer and the HTTP API call it, in their transaction, with events seen for the first
time. It works in sets: some twenty statements however many events there are.

Everything it writes only ever joins what is known, so the order of events makes no difference:
the later of two claims holds, by source time, then between sources by name and within one by the
order of receipt, and an erasure wins over all.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import uuid4

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.domain.applications import (
    ApplicationKey,
    published_ids,
)
from services.intake.applicants.domain.bounds import MOST_BYTES_OF_A_PROFILE, bounded
from services.intake.applicants.domain.identity_resolution import Resolution, resolve
from services.intake.applicants.domain.normalisation import NormalisedEvent, Normaliser
from services.intake.applicants.domain.outcomes import (
    Outcome,
    news_of_applications,
    news_of_people,
    news_of_profiles,
    outcomes,
)
from services.intake.applicants.domain.record_changes import (
    PersonRecord,
    RecordChanges,
    collect_changes,
    renamed,
)
from services.intake.applicants.domain.register import Claim
from services.intake.applicants.store import applications, merging, people, profiles, timeline
from services.intake.metrics import IntakeMetrics
from services.intake.privacy.domain.scrubbing import scrub_note, scrub_profile
from services.intake.privacy.erasure import Erasure
from services.intake.vacancies.handlers import VacancyRecorder
from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.cloudevents import Event
from shared.contract.events.profile import Profile
from shared.runtime.threads import beside

_FEW = 20
"""So many events are taken apart at once; more, in a thread."""


class Recorder:
    """Records the events of upstream systems."""

    def __init__(
        self,
        normaliser: Normaliser,
        erasure: Erasure,
        metrics: IntakeMetrics,
        vacancies: VacancyRecorder | None = None,
    ) -> None:
        self._normaliser = normaliser
        self._erasure = erasure
        self._metrics = metrics
        self._vacancies = vacancies or VacancyRecorder()

    async def record(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> list[Outcome | None]:
        """Records events and publishes the people whom they changed.

        Returns what each event about an application did. Raises Unreadable for an event with more
        in it than could be published.
        """
        events = await self._vacancies.name(conn, events)
        numbers = await people.receive(conn, len(events))
        normalised = await self._normalise(events, numbers)
        joined, held = await _recognise(conn, normalised)
        changes = collect_changes(normalised, joined.candidate_ids, joined.absorbed, held)
        begun = changes.begun(held.keys() | joined.absorbed.values())
        await people.recognise_again(conn, joined.returned)
        await people.keep(conn, changes.people, begun, now)
        profiled = await merging.absorb(conn, joined.absorbed, held.keys(), now)
        before = await applications.facts(conn, changes.applications)
        await _keep_applications(conn, changes, held.keys())
        after = await applications.facts(conn, before)
        profiled |= (new_profiles := await _keep_profiles(conn, changes, held.keys()))
        profiled |= await _scrub_again(conn, changes, renamed(changes, held))
        await timeline.add_entries(conn, changes.entries)
        await self._vacancies.mention(conn, changes.vacancies, now)
        await self._erasure.erase(
            conn, joined.erased, now, also_known_as=_unkept(normalised, joined)
        )
        await publishing.publish(conn, changes.causes, now, begun=begun, profiles=profiled)
        self._metrics.count(normalised, joined)
        news = {
            *news_of_people(changes, held),
            *news_of_applications(before, after),
            *news_of_profiles(changes, new_profiles),
        }
        return outcomes(normalised, joined.candidate_ids, before, news)

    async def _normalise(
        self, events: Sequence[Event], numbers: Sequence[int]
    ) -> list[NormalisedEvent]:
        """Takes events apart, many of them beside the event loop."""
        pairs = list(zip(events, numbers, strict=True))
        if len(pairs) <= _FEW:
            return [self._normaliser.normalise(*pair) for pair in pairs]
        return await beside(lambda pair: self._normaliser.normalise(*pair), pairs)


async def _notes(changes: RecordChanges) -> dict[ApplicationKey, str]:
    """Returns the deciders' notes without the person."""
    noted = [
        (key, application.declined.value)
        for key, application in changes.applications.items()
        if application.declined and application.declined.value.reason.note
    ]

    def scrubbed(key: ApplicationKey, said: ApplicantRejected) -> tuple[ApplicationKey, str]:
        note = said.reason.note or ""
        return key, scrub_note(note, changes.names(key.candidate_id), said.vacancy.title)

    return dict(await beside(lambda each: scrubbed(*each), noted))


def _unkept(normalised: Sequence[NormalisedEvent], joined: Resolution) -> set[str]:
    """Returns the names and addresses in events about people who were erased."""
    return {
        known_as
        for one, candidate_id in zip(normalised, joined.candidate_ids, strict=True)
        if candidate_id is None
        for known_as in one.person.also_known_as
    }


async def _recognise(
    conn: asyncpg.Connection, normalised: Sequence[NormalisedEvent]
) -> tuple[Resolution, dict[str, PersonRecord]]:
    """Decides whom the events are about, and locks those who are in the record already.

    Before a lock is had somebody may have been merged or erased; then it is decided again.
    """
    proposed: dict[bytes, str] = {}
    for one in normalised:
        candidate_id = str(uuid4())
        for each in one.hashes:
            proposed.setdefault(each, candidate_id)
    await people.propose(conn, proposed)
    new = set(proposed.values())
    known = await people.identities(conn, proposed)
    while True:
        joined = resolve(normalised, known, new, lambda: str(uuid4()))
        there = {identity.candidate_id for identity in known.values()} - new
        held = await people.lock(conn, there) if there else {}
        before, known = known, await people.identities(conn, proposed) if there else known
        if known == before:
            return joined, held


async def _keep_applications(
    conn: asyncpg.Connection, changes: RecordChanges, held: Collection[str]
) -> None:
    """Keeps what was decided, the deciders' notes without the person."""
    taken = await applications.plainly_named(conn, held)
    ids = published_ids(changes.applications, taken)
    notes = await _notes(changes)
    rows = [
        applications.row(key, ids[key], application, notes.get(key))
        for key, application in changes.applications.items()
    ]
    await applications.keep(conn, rows)


async def _keep_profiles(
    conn: asyncpg.Connection, changes: RecordChanges, held: Collection[str]
) -> set[str]:
    """Keeps profiles, with and without who it is about; returns those whose profile changed."""
    before = {row[0]: row[1] for row in await profiles.of(conn, changes.profiles.keys() & held)}

    def row(candidate_id: str, profile: Claim[Profile]) -> profiles.Row:
        body = profile.value.model_dump_json(by_alias=True, exclude_defaults=True)
        scrubbed = _scrubbed(profile.value, body, changes.names(candidate_id))
        return candidate_id, body, scrubbed, *profile.stamp

    rows = await beside(lambda each: row(*each), changes.profiles.items())
    kept = await profiles.keep(conn, rows)
    return {row[0] for row in rows if row[0] in kept and before.get(row[0]) != row[1]}


async def _scrub_again(
    conn: asyncpg.Connection, changes: RecordChanges, candidate_ids: Collection[str]
) -> set[str]:
    """Takes new names out of what was kept; returns those whose profile changed."""
    if not candidate_ids:
        return set()

    def note(known: Mapping[str, str]) -> tuple[str, str, str]:
        names = changes.names(known["candidate_id"])
        scrubbed = scrub_note(known["note"], names, known["vacancy_title"])
        return known["candidate_id"], known["application_id"], scrubbed

    def text(known: profiles.Row) -> tuple[str, str | None]:
        candidate_id, body, *_ = known
        profile = Profile.model_validate_json(body)
        return candidate_id, _scrubbed(profile, body, changes.names(candidate_id))

    notes = await beside(note, await applications.notes(conn, candidate_ids))
    await applications.put_notes(conn, notes)
    texts = await beside(text, await profiles.of(conn, candidate_ids))
    return await profiles.put_scrubbed(conn, texts)


def _scrubbed(profile: Profile, body: str, names: Sequence[str]) -> str | None:
    scrubbed = scrub_profile(profile, body, names)
    bounded("profile", scrubbed or body, MOST_BYTES_OF_A_PROFILE)
    return scrubbed
