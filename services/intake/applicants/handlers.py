"""Records what upstream systems say about their applicants: one plain function for every way in.

Kafka's consumer and the HTTP API call it, in their transaction, with events seen for the first
time. It works in sets: some twenty statements however many events there are.

What an event says is kept with the applicant it is about, and only ever joins what is known: the
later of two claims holds, of decisions by when they were made, of all else by source time, then by
the order of receipt. Who of the applicants are
one person follows from what is known of them. So the order of events makes no difference.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

import asyncpg

from services.intake.applicants import joining, publishing
from services.intake.applicants.domain.agreement import name_key
from services.intake.applicants.domain.applications import (
    Application,
    ApplicationKey,
    published_ids,
)
from services.intake.applicants.domain.identity_resolution import Resolution, resolve
from services.intake.applicants.domain.normalisation import (
    NormalisedEvent,
    Normaliser,
    TimelineEntry,
)
from services.intake.applicants.domain.outcomes import (
    EventOutcome,
    news_of_applicants,
    news_of_applications,
    news_of_profiles,
    outcomes,
)
from services.intake.applicants.domain.people import Applicant
from services.intake.applicants.domain.record_changes import (
    RecordChanges,
    collect_changes,
    said_ids,
)
from services.intake.applicants.domain.register import Claim, PersonalData
from services.intake.applicants.joining import Regrouped
from services.intake.applicants.store import applications, people, profiles, timeline
from services.intake.applicants.store import joining as store
from services.intake.consent import mailboxes
from services.intake.consent import store as consent
from services.intake.consent.domain import asserted
from services.intake.consent.mailboxes import Said
from services.intake.consent.numbers import StoppedNumbers
from services.intake.deliveries import store as deliveries
from services.intake.interests import recording as interests
from services.intake.metrics import IntakeMetrics
from services.intake.privacy.domain.scrubbing import scrub_note
from services.intake.privacy.erasure import Erasure
from services.intake.privacy.rescrubbing import scrubbed_profile
from services.intake.vacancies.handlers import VacancyRecorder
from shared.contract.events.cloudevents import Event, NotWanted, Unreadable
from shared.contract.events.people import Channel
from shared.contract.events.profile import Profile
from shared.runtime import erasures
from shared.runtime.processing import Refused
from shared.runtime.threads import beside, meanwhile

_FEW = 20
"""So many events are taken apart at once; more, in a thread."""

BY_SOURCE = "source"
"""How a channel is stopped to whoever refuses it in the system that tells of them."""

ERASED = "erased"
"""The reason for which an event about somebody who is no more is refused."""
_ERASED = NotWanted(
    ERASED,
    "this applicant was erased; only a rejection that was decided after that, and after what was "
    "erased, begins a new record",
)

ANOTHER_PERSON = NotWanted(
    "another_person",
    "this source knows somebody else by this applicantId: neither the name nor an address or "
    "number is theirs; give each person an id of their own. Only if it is ONE person, send "
    "applicant.updated first, then this again, with a new Idempotency-Key if it had one: of two "
    "people the other would never hear",
)


class _Recognised(NamedTuple):
    """Whom events are about."""

    resolution: Resolution
    held: dict[str, Applicant]
    holding: set[str]
    """Of whom the same applications are known: what is said of one concerns them."""
    begun: set[bytes]
    """What those are known by who were not known before."""


class Recorded(NamedTuple):
    """What an event did, or why nothing may be kept of it; and whom it was about."""

    result: EventOutcome | Unreadable | None
    candidate_id: str | None


class Recorder:
    """Records the events of upstream systems."""

    def __init__(
        self,
        normaliser: Normaliser,
        erasure: Erasure,
        numbers: StoppedNumbers,
        metrics: IntakeMetrics,
        vacancies: VacancyRecorder | None = None,
    ) -> None:
        self._normaliser = normaliser
        self._erasure = erasure
        self._numbers = numbers
        self._metrics = metrics
        self._vacancies = vacancies or VacancyRecorder()

    async def record_all(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> Refused:
        """Records events, and returns those that are about somebody erased."""
        results = await self.record(conn, events, now)
        said = zip(events, results, strict=True)
        return Refused([(event, fault) for event, fault in said if isinstance(fault, Unreadable)])

    async def record(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> list[EventOutcome | Unreadable | None]:
        """Records events as below; returns what each did, or why nothing may be kept of it."""
        return [result for result, _ in await self.record_about(conn, events, now)]

    async def record_about(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> list[Recorded]:
        """Records events and publishes the people whom they changed.

        Returns what each event about an application did, or why nothing may be kept of an event;
        and whom it was about. Raises Unreadable for an event with more in it than could be
        published.
        """
        await self._numbers.begin_recording(conn)
        events = await self._vacancies.name(conn, events)
        numbers = await people.receive(conn, len(events))
        normalised = await self._normalise(events, numbers)
        resolved, held, holding, begun = await self._recognise(conn, normalised)
        await deliveries.read_again_about(conn, begun.union(resolved.returned))
        changes = collect_changes(normalised, resolved, held)
        names = _names(changes, held)
        async with (
            meanwhile(_scrub_notes(changes, names)) as notes,
            meanwhile(_scrub_profiles(changes, names)) as texts,
        ):
            await self._erasure.keep_stops(conn, resolved.erased)
            candidate_ids, profiled = await self._keep_applicants(
                conn, changes, resolved, held, now
            )
            await people.keep_ids(conn, said_ids(normalised, resolved), resolved.former)
            await people.keep_awaited(conn, resolved.awaited)
            before = await applications.facts(conn, changes.applications)
            await _keep_applications(conn, changes, candidate_ids, await notes, now)
            after = await applications.facts(conn, before)
            await timeline.add_entries(conn, changes.entries)
            await self._vacancies.mention(conn, changes.vacancies, now)
            profiled |= await _keep_profiles(conn, changes, candidate_ids, await texts)
        if resolved.returned:
            await erasures.withdraw(conn, resolved.returned)
        for source, (erased, names_of) in _leaving(normalised, resolved, held).items():
            await self._erasure.erase_claims(conn, source, erased, names_of, _countries(held), now)
        regrouped = await _regroup(
            conn, changes, resolved, held, candidate_ids, now, names, holding
        )
        await self._numbers.hold_for(conn, regrouped.people, now)
        left = await self._said_before_leaving(conn, normalised, resolved)
        await mailboxes.hold_for(conn, regrouped.people, now, left)
        for channel in Channel:
            await _heed_refusals(conn, changes, resolved, held, channel, now)
        await _agree(conn, normalised, resolved, now)
        beside = await applications.learn_shared_ids(conn, changes.applicants)
        await joining.publish(conn, regrouped, now, changes.causes, profiled=profiled)
        if others := set(beside) - regrouped.people.keys():
            await publishing.publish_candidates(conn, await people.lock(conn, others), now)
        await interests.hire(conn, changes.hired, now)
        self._metrics.count(normalised, resolved, regrouped)
        news = {
            *news_of_applicants(changes, held),
            *news_of_applications(before, after),
            *news_of_profiles(changes, profiled),
        }
        present = {resolved.merged.get(key, key) for key in held}
        found = outcomes(normalised, resolved.applicant_keys, before, news, present)
        whose = {key: one.candidate_id for key, one in held.items()} | dict(regrouped.candidate_ids)
        return [
            Recorded(outcome, whose.get(key))
            if key
            else Recorded(ANOTHER_PERSON if place in resolved.strangers else _ERASED, None)
            for place, (key, outcome) in enumerate(zip(resolved.applicant_keys, found, strict=True))
        ]

    async def _recognise(
        self, conn: asyncpg.Connection, normalised: Sequence[NormalisedEvent]
    ) -> _Recognised:
        """Decides whom the events are about, and locks all whom these may be.

        Before a lock is had somebody may have been merged or erased; then it is decided again.
        """
        proposed: dict[bytes, str] = {}
        for one in normalised:
            for hashes in (one.own, one.into, one.address):
                key = next((proposed[it] for it in hashes if it in proposed), str(uuid4()))
                proposed |= {each: proposed.get(each, key) for each in hashes}
        asked = {each for one in normalised for each in (*one.own, *one.into)}
        begun = await people.propose(conn, proposed)
        known = await people.identities(conn, asked)
        if any(identity.erased_at for identity in known.values()):
            await people.lock_erased(conn, asked)
            known = await people.identities(conn, asked)
        said = _addresses(one.person for one in normalised)
        decided = {(one.event.source, one.application_id) for one in normalised if one.application}
        while True:
            about = {it.applicant_key for it in known.values()}
            holding = await applications.holders(conn, decided, about)
            about |= holding
            held = await people.kin(conn, about, said)
            before, known = known, await people.identities(conn, asked)
            if known == before:
                gone = await self._gone(conn, normalised)
                erases = any(one.erases for one in normalised)
                decisions = await applications.decisions(conn, held) if erases else {}
                resolved = resolve(normalised, known, gone, held, decisions)
                return _Recognised(resolved, held, holding, begun & asked)

    async def _gone(
        self, conn: asyncpg.Connection, normalised: Sequence[NormalisedEvent]
    ) -> list[datetime | None]:
        """Returns of each event when somebody who may be meant by it erased themself last."""
        named = await people.gone(conn, {each for one in normalised for each in one.named})
        at = await people.erased_names(conn, {each for one in normalised for each in one.address})
        return [
            max(
                (
                    *(named[each] for each in one.named if each in named),
                    *(it.erased_at for it in at if self._normaliser.may_be(one, it)),
                ),
                default=None,
            )
            for one in normalised
        ]

    async def _said_before_leaving(
        self, conn: asyncpg.Connection, normalised: Sequence[NormalisedEvent], resolved: Resolution
    ) -> dict[str, list[Said]]:
        """Returns by applicant what those have stopped who left, and may be them."""
        addresses = {each for one in normalised for each in one.address}
        found: dict[str, list[Said]] = defaultdict(list)
        if left := await mailboxes.outlived(conn, addresses):
            for one, key in zip(normalised, resolved.applicant_keys, strict=True):
                if key:
                    found[key] += [it.said for it in left if self._normaliser.may_be(one, it)]
        return found

    async def _normalise(
        self, events: Sequence[Event], numbers: Sequence[int]
    ) -> list[NormalisedEvent]:
        """Takes events apart, many of them beside the event loop."""
        pairs = list(zip(events, numbers, strict=True))
        if len(pairs) <= _FEW:
            return [self._normaliser.normalise(*pair) for pair in pairs]
        return await beside(lambda pair: self._normaliser.normalise(*pair), pairs)

    async def heard_before(
        self, conn: asyncpg.Connection, events: Sequence[Event]
    ) -> list[EventOutcome | Unreadable | None]:
        """Returns what is to be said of events that had their effect: it may be erased by now."""
        said = [self._normaliser.normalise(event, 0) for event in events]
        known = await people.identities(conn, {each for one in said for each in one.own})
        erased = {it: identity.erased_at for it, identity in known.items() if identity.erased_at}
        return [
            _ERASED
            if any(it in erased and one.said_at <= erased[it] for it in one.own) and not one.erases
            else EventOutcome.KNOWN
            for one in said
        ]

    async def _keep_applicants(
        self,
        conn: asyncpg.Connection,
        changes: RecordChanges,
        resolved: Resolution,
        held: Mapping[str, Applicant],
        now: datetime,
    ) -> tuple[dict[str, str], set[str]]:
        """Keeps what sources say of applicants.

        Returns whose applicants they are for now, and those who took over another profile.
        """
        candidate_ids = {
            key: held[key].candidate_id if key in held else str(uuid4())
            for key in changes.applicants
        }
        await people.begin(conn, [at for key, at in candidate_ids.items() if key not in held])
        await people.keep(conn, changes.applicants, candidate_ids, now)
        likenesses = [
            (each, key)
            for key, claims in changes.applicants.items()
            for each in self._normaliser.likenesses(claims.personal_data)
        ]
        await people.keep_likenesses(conn, likenesses)
        await store.recognise_as(conn, resolved.merged)
        there = {old: new for old, new in resolved.merged.items() if old in held}
        return candidate_ids, await store.merge(conn, there, candidate_ids)


class _Leaving(NamedTuple):
    """Whom one source erases."""

    erased: dict[str, datetime]
    """Its applicants, with until when nothing that it said of them is kept."""
    known_as: set[str]
    """Their names and addresses; of those who were erased before, as far as they are said now."""


def _leaving(
    normalised: Sequence[NormalisedEvent], resolved: Resolution, held: Mapping[str, Applicant]
) -> dict[str, _Leaving]:
    """Returns by source whom a batch erases, or says something of that may not be kept."""
    found: dict[str, _Leaving] = defaultdict(lambda: _Leaving({}, set()))
    for gone, erased_at in resolved.erased.items():
        leaving = found[resolved.sources[gone]]
        leaving.erased[gone] = erased_at
        if gone in held:
            leaving.known_as.update(held[gone].personal_data.also_known_as)
    for place, (one, key) in enumerate(zip(normalised, resolved.applicant_keys, strict=True)):
        until = resolved.erased.get(key) if key else None
        is_erased = key is None and place not in resolved.strangers
        if is_erased or (until and one.said_at <= until):
            found[one.event.source].known_as.update(one.person.also_known_as)
    return found


def _countries(held: Mapping[str, Applicant]) -> dict[str, str]:
    """Returns where applicants live, as it was known before the batch."""
    known = ((key, one.put_right.country) for key, one in held.items())
    return {key: country.value for key, country in known if country}


async def _regroup(
    conn: asyncpg.Connection,
    changes: RecordChanges,
    resolved: Resolution,
    held: Mapping[str, Applicant],
    candidate_ids: Mapping[str, str],
    now: datetime,
    names: Mapping[str, tuple[str, ...]],
    holding: Collection[str],
) -> Regrouped:
    """Decides anew who those are who changed, and who was one with somebody who has gone."""
    gone = {*resolved.merged, *resolved.erased}
    whose = {key: one.candidate_id for key, one in held.items()} | dict(candidate_ids)
    left = {whose[key] for key in gone if key in whose}
    siblings = [key for key, one in held.items() if one.candidate_id in left]
    changed = held.keys() & {*changes.applicants, *gone}
    with_older_texts = {*held, *resolved.merged.values()}
    return await joining.regroup(
        conn,
        {*changes.applicants, *siblings, *holding},
        now,
        concerned=left,
        said=_addresses(held[key].put_right for key in changed),
        scrubbed={key: theirs for key, theirs in names.items() if key not in with_older_texts},
        locked=set(whose.values()),
    )


async def _heed_refusals(
    conn: asyncpg.Connection,
    changes: RecordChanges,
    resolved: Resolution,
    held: Mapping[str, Applicant],
    channel: Channel,
    now: datetime,
) -> None:
    """Stops a channel to those who refuse it, as a source says now and has not said before.

    It opens again what this source has stopped and says no longer, for all that it knows them as.
    """
    refusing = {resolved.merged.get(key, key) for key, one in held.items() if one.refuses(channel)}
    said = {
        key: claims.refusals[channel]
        for key, claims in changes.applicants.items()
        if channel in claims.refusals
    }
    begun = {
        key: one.stamp.time for key, one in said.items() if one.refused and key not in refusing
    }
    if begun:
        await _stop_refused(
            conn, begun.keys() - await consent.opened_since(conn, begun, channel), channel, now
        )
    if ended := {key for key in refusing & said.keys() if not said[key].refused}:
        theirs = await people.by_key(conn, await people.of_source(conn, ended))
        left = {(one.candidate_id, one.source) for one in theirs.values() if one.refuses(channel)}
        free = [key for key, one in theirs.items() if (one.candidate_id, one.source) not in left]
        how = (BY_SOURCE, now)
        await consent.lift_stops(conn, [], [channel], *how, keys=free, made_by=[BY_SOURCE])


async def _stop_refused(
    conn: asyncpg.Connection, keys: Collection[str], channel: Channel, now: datetime
) -> None:
    """Stops a channel to these, as far as their source knows them."""
    whose = {one.candidate_id: key for key, one in (await people.by_key(conn, keys)).items()}
    theirs = await people.of_source(conn, keys)
    stopped = await consent.stop(conn, [], [channel], BY_SOURCE, now, keys=theirs)
    noted = TimelineEntry(now, f"{channel}_stopped", {"how": BY_SOURCE})
    await timeline.add_entries(conn, [(whose[each], noted) for each in stopped])


async def _agree(
    conn: asyncpg.Connection,
    normalised: Sequence[NormalisedEvent],
    resolved: Resolution,
    now: datetime,
) -> None:
    """Keeps what sources say that people agreed to, as the word of the source."""
    said = {
        (key, agreed.purpose, agreed.channel): (key, agreed)
        for one, key in zip(normalised, resolved.applicant_keys, strict=True)
        for agreed in filter(None, map(asserted, one.agreed))
        if key
    }
    if said:
        await consent.assert_consents(conn, list(said.values()), now)


def _addresses(people: Iterable[PersonalData]) -> set[tuple[str, str | None]]:
    """Returns the first addresses with the names."""
    return {
        (one.first_email, name_key(one.name.value) if one.name else None)
        for one in people
        if one.first_email
    }


def _names(changes: RecordChanges, held: Mapping[str, Applicant]) -> dict[str, tuple[str, ...]]:
    """Returns the names and addresses of the people whose applicants changed, by applicant."""
    known: dict[str, PersonalData] = defaultdict(PersonalData)
    for one in held.values():
        known[one.candidate_id] = known[one.candidate_id].joined(one.personal_data)
    return {
        key: claims.personal_data.joined(
            known[held[key].candidate_id] if key in held else PersonalData()
        ).names
        for key, claims in changes.applicants.items()
    }


async def _scrub_notes(
    changes: RecordChanges, names: Mapping[str, Sequence[str]]
) -> dict[ApplicationKey, str]:
    """Returns the deciders' notes without the person."""
    said = {
        key: (data.reason.note, names[key.applicant_key], data.vacancy.title)
        for key, application in changes.applications.items()
        if application.declined and (data := application.declined.value).reason.note
    }
    texts = await beside(lambda each: scrub_note(*each), said.values())
    return dict(zip(said, texts, strict=True))


async def _scrub_profiles(
    changes: RecordChanges, names: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, str | None]]:
    """Returns the JSON of profiles, with and without who it is about."""

    def texts(key: str, profile: Claim[Profile]) -> tuple[str, str | None]:
        body = profile.value.model_dump_json(by_alias=True, exclude_defaults=True)
        return body, scrubbed_profile(profile.value, body, names[key])

    made = await beside(lambda each: texts(*each), changes.profiles.items())
    return dict(zip(changes.profiles, made, strict=True))


async def _keep_applications(
    conn: asyncpg.Connection,
    changes: RecordChanges,
    candidate_ids: Mapping[str, str],
    notes: Mapping[ApplicationKey, str],
    now: datetime,
) -> None:
    """Keeps what was decided, the deciders' notes without the person."""
    of = {candidate_ids[key.applicant_key] for key in changes.applications}
    ids = published_ids(changes.applications, candidate_ids, await applications.taken(conn, of))

    def row(key: ApplicationKey, application: Application) -> applications.Row:
        candidate_id = candidate_ids[key.applicant_key]
        return applications.row(candidate_id, key, ids[key], application, notes.get(key), now)

    rows = await beside(lambda each: row(*each), changes.applications.items())
    await applications.keep(conn, rows)


async def _keep_profiles(
    conn: asyncpg.Connection,
    changes: RecordChanges,
    candidate_ids: Mapping[str, str],
    texts: Mapping[str, tuple[str, str | None]],
) -> set[str]:
    """Keeps profiles; returns the applicants with another."""
    before = {row[0]: row[2] for row in await profiles.of_applicants(conn, changes.profiles)}
    rows: list[profiles.Row] = [
        (key, candidate_ids[key], *texts[key], *profile.stamp)
        for key, profile in changes.profiles.items()
    ]
    kept = await profiles.keep(conn, rows)
    return {row[0] for row in rows if row[0] in kept and before.get(row[0]) != row[2]}
