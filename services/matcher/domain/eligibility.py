"""Who may be listed at all: for a vacancy that opens, and for one that is free again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum

from shared.contract.events.applications import Stage, Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.shortfalls import qualifying_day

LISTABLE = frozenset({Tier.RUNNER_UP, Tier.NOT_YET})
"""The answers after which somebody may be listed; one that is not known here is none of them."""

_STAGES = tuple(Stage)


class PersonOutcome(StrEnum):
    """What became of one person in one search."""

    SHOWN = "shown"
    """On the shortlist; which of them a search about newcomers showed, `ranked.shown` tells."""
    RANKED_LOWER = "ranked_lower"
    TOO_FAR = "too_far"
    """Too little in common with the vacancy to trouble a recruiter with."""
    ALREADY_DECIDED = "already_decided"
    """A recruiter, or they themselves, decided about this vacancy since it opened."""
    OTHER_SOURCE = "other_source"
    """Only other systems turned them down, and this vacancy's may not search everybody."""
    SAME_VACANCY = "same_vacancy"
    """It is the vacancy that turned them down."""
    NOT_AGREED = "not_agreed"
    """At this time there is no consent to be written to about an opening, or they pause."""
    STOPPED = "stopped"
    """There is no channel left over which they may be reached."""
    HIRED = "hired"
    UNQUALIFIED = "unqualified"
    """Wholly unqualified for all that they applied for: never written to again."""
    NOTHING_STANDS = "nothing_stands"
    """None of their rejections stands any more."""
    NOT_UNDERSTOOD = "not_understood"
    """What is recorded of them goes beyond what this version knows, and may forbid to list them."""
    ALREADY_SHOWN = "already_shown"
    """A newcomer whom a recruiter has before them already."""
    UNREADABLE = "unreadable"
    """What is stored of them could not be read."""


@dataclass(frozen=True)
class Span:
    """A time in which somebody may be listed, the end left out."""

    since: datetime
    until: datetime


def barred(state: CandidateChanged) -> PersonOutcome | None:
    """Tells what keeps somebody off every list, whatever the vacancy and the time."""
    if state.hired_at:
        return PersonOutcome.HIRED
    if not state.rejections:
        return PersonOutcome.NOTHING_STANDS
    if any(not channel.is_known for channel in state.stopped):
        return PersonOutcome.NOT_UNDERSTOOD
    tiers = {rejection.tier for rejection in state.rejections}
    if not tiers & LISTABLE:
        return PersonOutcome.UNQUALIFIED if tiers == {Tier.NO} else PersonOutcome.NOT_UNDERSTOOD
    return None if _reachable(state) else PersonOutcome.STOPPED


def bar_to(
    state: CandidateChanged, vacancy_id: str, now: datetime, *, reopened: bool
) -> PersonOutcome | None:
    """Tells what keeps somebody off the list of one vacancy at this moment."""
    if bar := barred(state):
        return bar
    own = any(rejection.vacancy_id == vacancy_id for rejection in state.rejections)
    if own and not reopened:
        return PersonOutcome.SAME_VACANCY
    return None if _agreed(state, now) else PersonOutcome.NOT_AGREED


def spans(state: CandidateChanged) -> list[Span]:
    """Returns the times in which somebody agreed to hear of an opening and may be reached.

    A consent for the day they qualify counts from that day on.
    """
    if barred(state):
        return []
    possible = (_span(consent, state) for consent in state.consents)
    return [span for span in possible if span and span.since < span.until]


def best_tier(rejections: Iterable[Rejection]) -> Tier:
    """Returns the best of the answers somebody was given, of those known here."""
    tiers = {rejection.tier for rejection in rejections}
    return next((tier for tier in Tier if tier in tiers), Tier.NO)


def stage_rank(stage: Stage) -> int:
    """Returns how far an application came, from 0; a stage that is not known here counts as 0."""
    return _STAGES.index(stage) if stage.is_known else 0


def finishing_order(
    states: Sequence[CandidateChanged],
    vacancy_id: str,
    now: datetime,
    written_to: Mapping[str, datetime],
) -> list[tuple[CandidateChanged, Rejection]]:
    """Returns those who just missed out on a vacancy that is free again, who finished next first.

    It continues their application, so no agreement is needed the first time, as their letter said.
    Whoever read of no such thing there, or was written to about it since the decision, as
    `written_to` tells, has to have agreed. Whoever asked to hear nothing, said no to staying in
    touch, pauses or was hired is left out.
    """
    next_in_line = [
        (state, rejection)
        for state in states
        if not barred(state) and not (state.paused_until and state.paused_until > now)
        for rejection in state.rejections
        if rejection.vacancy_id == vacancy_id
        and rejection.tier is Tier.RUNNER_UP
        and not state.has_refused(rejection)
        and (
            _agreed(state, now)
            or (rejection.may_go_on and not _was_continued(state, rejection, written_to))
        )
    ]
    return sorted(next_in_line, key=lambda pair: _place(*pair))


def _agreed(state: CandidateChanged, now: datetime) -> bool:
    return any(span.since <= now < span.until for span in spans(state))


def _was_continued(
    state: CandidateChanged, rejection: Rejection, written_to: Mapping[str, datetime]
) -> bool:
    people = (state.candidate_id, *state.merged_from)
    moments = (written_to[person] for person in people if person in written_to)
    return any(moment > rejection.decided_at for moment in moments)


def _reachable(state: CandidateChanged) -> set[Channel]:
    return {channel for channel in state.channels if channel.is_known} - set(state.stopped)


def _place(state: CandidateChanged, rejection: Rejection) -> tuple[float, int, datetime, str]:
    place = rejection.finishing_place or float("inf")
    return place, -stage_rank(rejection.stage), rejection.decided_at, state.candidate_id


def _span(consent: Consent, state: CandidateChanged) -> Span | None:
    if consent.channel not in _reachable(state):
        return None
    since = max(consent.since, state.paused_until or consent.since)
    if consent.purpose is ConsentPurpose.SIMILAR_OPENING:
        return Span(since, consent.until)
    if consent.purpose is ConsentPurpose.WHEN_QUALIFIED:
        qualified = _qualified_from(state)
        return Span(max(since, qualified), consent.until) if qualified else None
    return None


def _qualified_from(state: CandidateChanged) -> datetime | None:
    """Returns the first moment at which nothing is missing any more by one of the decisions."""
    moments = [moment for decision in state.decisions if (moment := _closed_from(decision))]
    return min(moments, default=None)


def _closed_from(rejection: Rejection) -> datetime | None:
    if rejection.tier not in LISTABLE:
        return None
    if rejection.tier is Tier.RUNNER_UP and not rejection.shortfalls:
        return rejection.decided_at
    projection = qualifying_day(
        rejection.shortfalls, rejection.decided_at.date(), still_working=rejection.still_working
    )
    if projection.closes_on is None:
        return None
    return datetime.combine(projection.closes_on, time(), UTC)
