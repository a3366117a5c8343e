"""What an event did to the record, for whoever sent it and is told."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from services.intake.applicants.domain.applications import ApplicationKey, HiringDecision
from services.intake.applicants.domain.normalisation import NormalisedEvent
from services.intake.applicants.domain.people import Applicant
from services.intake.applicants.domain.record_changes import RecordChanges
from services.intake.applicants.domain.register import Claim, PersonalData, later


class EventOutcome(StrEnum):
    """What one event did to the record."""

    RECORDED = "recorded"
    """The application was not in the record before."""
    CHANGED = "changed"
    """The application was in the record, and something about it or the person is another now."""
    KNOWN = "known"
    """Nothing is another by it: it was known, or something that was decided later holds."""
    ERASED = "erased"
    """What the record held of the applicant is deleted."""


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """How an application stands in the record."""

    decision: Claim[HiringDecision]
    said: tuple[object, ...]
    ranks: frozenset[str]
    """Of the events that said it."""


Facts = Mapping[ApplicationKey, ApplicationFacts]


def outcomes(
    normalised: Sequence[NormalisedEvent],
    applicant_keys: Sequence[str | None],
    before: Facts,
    news: Collection[str],
    present: Collection[str],
) -> list[EventOutcome | None]:
    """Returns what each event about an application, or an erasure, did after those before it.

    `news` are the ranks that count, `present` the applicants of whom anything was known.
    """
    standing = {key: facts.decision for key, facts in before.items()}
    held = set(present)
    found: list[EventOutcome | None] = []
    for one, applicant_key in zip(normalised, applicant_keys, strict=True):
        if one.erases:
            found.append(EventOutcome.ERASED if applicant_key in held else EventOutcome.KNOWN)
            held.discard(applicant_key or "")
            continue
        held.add(applicant_key or "")
        if one.application is None:
            found.append(None)
            continue
        key = ApplicationKey(applicant_key or "", one.event.source, one.application_id)
        decision, known = one.application.decision, standing.get(key)
        holds = later(known, decision) or decision
        if applicant_key and known is None:
            found.append(EventOutcome.RECORDED)
        elif decision.stamp.rank in news or (known and known.value != holds.value):
            found.append(EventOutcome.CHANGED)
        else:
            found.append(EventOutcome.KNOWN)
        standing[key] = holds
    return found


def news_of_applicants(changes: RecordChanges, held: Mapping[str, Applicant]) -> Iterator[str]:
    """Yields the ranks of claims that hold now and say of somebody what did not hold before."""
    for key, claims in changes.applicants.items():
        before = held[key].personal_data if key in held else PersonalData()
        for name in (field.name for field in fields(PersonalData)):
            claim, known = getattr(claims.personal_data, name), getattr(before, name)
            if isinstance(claim, Claim) and (known is None or known.value != claim.value):
                yield claim.stamp.rank


def news_of_applications(before: Facts, after: Facts) -> Iterator[str]:
    """Yields the ranks of events that say of an application what was not said before."""
    for key, facts in after.items():
        known = before.get(key)
        if known is None or known.said != facts.said:
            yield from facts.ranks


def news_of_profiles(changes: RecordChanges, profiled: Iterable[str]) -> Iterator[str]:
    """Returns the ranks of the profiles that are others now."""
    return (changes.profiles[it].stamp.rank for it in profiled if it in changes.profiles)
