"""A shortlist as its recruiters are told of it: counts and reasons, and nobody's name."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from services.notifier.domain.content import (
    SHORTLIST,
    CountedReason,
    CountedStanding,
    ShortlistFacts,
)
from services.notifier.domain.incoming import Row, multirange
from shared.contract.business_hours import LONGEST_CLOSED, Hours
from shared.contract.events.contacts import Window
from shared.contract.events.evidence import Evidence, Readiness, is_told
from shared.contract.events.matches import ShortlistedCandidate, ShortlistReady
from shared.contract.events.payload import stable_id
from shared.contract.events.people import Channel

SUREST_FIRST = (
    Readiness.MET,
    Readiness.BY_OWN_WORD,
    Readiness.MAY_NOW_BE_MET,
    Readiness.NOT_MET,
    Readiness.UNKNOWN,
)
"""Of any other nothing is said, nor where nothing is asked."""

REASONS_KEPT = 12
"""More than are shown: those that have no words yet are passed over."""


def replaces_earlier(ready: ShortlistReady) -> bool:
    """Tells whether what waits to be told of the vacancy's earlier shortlists is out of date."""
    return not ready.of_newcomers and ready.repeats is None


def summary(ready: ShortlistReady) -> ShortlistFacts:
    """Sums a shortlist up without telling who is on it."""
    return ShortlistFacts(
        shortlist_id=ready.shortlist_id,
        vacancy_id=ready.vacancy_id,
        vacancy_title=ready.vacancy_title,
        continues=ready.continues,
        considered=ready.considered,
        listed=len(ready.candidates),
        ranked_lower=ready.ranked_lower,
        of_newcomers=ready.of_newcomers,
        standings=_standings(ready.candidates),
        reasons=_counted(ready.candidates),
    )


def windows(hours: Hours, now: datetime, until: datetime) -> Sequence[Window]:
    """Returns the business hours in which a recruiter is told: until then, or else the next."""
    coming = tuple(hours.windows(now, until))
    return coming or tuple(islice(hours.windows(now, now + LONGEST_CLOSED), 1))


def message_to(recruiter_id: str, shortlist_id: str, facts: Any, windows: Sequence[Window]) -> Row:
    """Returns the message that tells one recruiter of a shortlist, in any of these windows."""
    return {
        "message_id": message_id(recruiter_id, shortlist_id),
        "recipient_id": recruiter_id,
        "shortlist_id": shortlist_id,
        "purpose": SHORTLIST,
        "facts": facts,
        **by_mail(windows),
    }


def message_id(recruiter_id: str, shortlist_id: str) -> str:
    """Returns the id of the message that tells one recruiter of a shortlist."""
    return stable_id(shortlist_id, recruiter_id, "message")


def by_mail(windows: Sequence[Window]) -> Row:
    """Returns how a recruiter is told anything: by mail, in any of these windows."""
    return {
        "channels": [Channel.EMAIL],
        "asks_hat": False,
        "windows": multirange(windows),
        "expires_at": windows[-1].closes_at.isoformat(),
        "next_attempt_at": windows[0].opens_at.isoformat(),
    }


def _standings(candidates: Sequence[ShortlistedCandidate]) -> list[CountedStanding]:
    """Counts who stands how, those who will be ready one day by that day, who may never be last."""
    groups: Counter[tuple[int, date]] = Counter()
    for candidate in candidates:
        if candidate.readiness in SUREST_FIRST and is_told(
            candidate.readiness, candidate.reasons_against
        ):
            rank = SUREST_FIRST.index(candidate.readiness)
            groups[rank, candidate.ready_on or date.max] += 1
    return [
        CountedStanding(
            readiness=SUREST_FIRST[rank],
            count=count,
            not_before=day if day < date.max else None,
        )
        for (rank, day), count in sorted(groups.items())
    ]


def _counted(candidates: Sequence[ShortlistedCandidate]) -> list[CountedReason]:
    """Counts for how many each reason speaks, the commonest first."""
    shared: dict[tuple[Any, ...], Evidence] = {}
    counts: Counter[tuple[Any, ...]] = Counter()
    for candidate in candidates:
        theirs = {_key(reason): _shared(reason) for reason in candidate.reasons_for}
        counts.update(theirs.keys())
        shared = theirs | shared
    return [
        CountedReason(evidence=shared[key], count=count)
        for key, count in counts.most_common(REASONS_KEPT)
    ]


def _key(reason: Evidence) -> tuple[Any, ...]:
    name = reason.name.casefold() if reason.name else None
    return reason.code, name, reason.needed_months, reason.stage


def _shared(reason: Evidence) -> Evidence:
    """Leaves of a reason what is as true of the others that it is counted with."""
    return Evidence(
        code=reason.code,
        name=reason.name,
        needed_months=reason.needed_months,
        stage=reason.stage,
    )
