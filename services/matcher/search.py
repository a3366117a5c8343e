"""What every search has in common: whom it looks at closely, and what it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import structlog
from pydantic import ValidationError

from services.matcher.domain.eligibility import PersonOutcome
from services.matcher.domain.remarks import Remark, RemarkCode
from services.matcher.domain.shortlist import Candidacy, hold_against, shortlisted
from services.matcher.domain.snapshot import ProfileSnapshot
from services.matcher.domain.vacancies import Opening, requirements_of
from services.matcher.ranking import Match, Ranking
from services.matcher.store.search_ledger import Considered
from shared.contract.business_hours import Hours, hours_of
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.profile import NEWS_JSON, Profile

_log = structlog.get_logger()

LOOKED_AT_CLOSELY = 200
"""How many of the best by words and titles are held against every single requirement."""

NEAR_THE_LINE = 50
"""How many of those who come after the shortlist the ledger keeps."""

MOST_BYTES_OF_A_LIST = 640 * 1024
"""What one shortlist tells of people at most: no broker takes much more in one event."""


@dataclass(frozen=True)
class RankedCandidacy:
    rank: int
    candidacy: Candidacy


def listed(places: Sequence[RankedCandidacy], size: int) -> list[RankedCandidacy]:
    """Returns who is on the list: so many at most, and no more than one event can tell of."""
    told, on_it = 0, []
    for place in places:
        candidate = shortlisted(place.candidacy, place.rank)
        told += len(candidate.model_dump_json(by_alias=True).encode())
        if place.rank > size or told > MOST_BYTES_OF_A_LIST:
            break
        on_it.append(place)
    return on_it


@dataclass(frozen=True)
class SearchOutcome:
    """What a search came to."""

    shortlist: Sequence[RankedCandidacy]
    near: Sequence[RankedCandidacy]
    """Those who come next."""
    considered: Sequence[Considered]
    """How many people came to which outcome."""
    ranked: int
    remarks: Sequence[Remark]
    statistics: bytes | None = None
    """What was measured of the pool, where everybody was searched."""

    @property
    def known(self) -> int:
        return sum(at.people for at in self.considered)

    @property
    def ranked_lower(self) -> int:
        """How many fit well enough to be listed, and come after those who are."""
        lower = (at for at in self.considered if at.outcome is PersonOutcome.RANKED_LOWER)
        return sum(at.people for at in lower)

    @property
    def candidacies(self) -> list[Candidacy]:
        return [place.candidacy for place in self.shortlist]


@dataclass(frozen=True)
class CloseLook:
    """Those held against every requirement, and how many could not be."""

    candidacies: Sequence[Candidacy]
    unreadable: Sequence[int]
    remarks: Sequence[Remark]


def worth_a_look(
    ranking: Ranking, line: Mapping[int, Rejection], minimum_fit: float
) -> dict[int, Match]:
    """Returns the best who have enough in common with the vacancy, and all who finished next."""
    best = ranking.best[:LOOKED_AT_CLOSELY]
    near = {match.number: match for match in best if match.fit >= minimum_fit}
    known = {match.number: match for match in best}
    return near | {number: known.get(number) or ranking.match(number) for number in line}


def look_closely(
    opening: Opening,
    ranking: Ranking,
    rows: Sequence[asyncpg.Record],
    near: Mapping[int, Match],
    continues: Mapping[int, Rejection],
    now: datetime,
    here: Hours,
) -> CloseLook:
    """Holds people against all that is asked; one whose data cannot be read costs only itself."""
    asked, remarks = requirements_of(opening.vacancy)
    if not ranking.searchable:
        remarks = [*remarks, Remark(RemarkCode.NOTHING_TO_SEARCH_BY)]
    candidacies, unreadable = [], []
    for row in rows:
        match = near[row["number"]]
        try:
            candidacy = hold_against(
                _snapshot(row, now, here),
                opening.vacancy,
                asked,
                number=match.number,
                relevance=match.relevance,
                shared=match.shared,
                continues=continues.get(match.number),
            )
            shortlisted(candidacy, rank=1)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one person's data
            trouble = type(error).__name__
            _log.warning("matcher.person_unreadable", number=match.number, error=trouble)
            unreadable.append(match.number)
        else:
            candidacies.append(candidacy)
    return CloseLook(candidacies, unreadable, remarks)


def readable_states(rows: Sequence[asyncpg.Record]) -> dict[int, CandidateChanged]:
    """Returns people's states by number, without those that cannot be read."""
    states = {}
    for row in rows:
        try:
            states[row["number"]] = CandidateChanged.model_validate_json(row["state"])
        except ValidationError:
            _log.warning("matcher.person_unreadable", number=row["number"], error="ValidationError")
    return states


def _snapshot(row: asyncpg.Record, now: datetime, here: Hours) -> ProfileSnapshot:
    """Reads one person, on the day that it is where they are."""
    profile = Profile.model_validate_json(row["profile"] or "{}")
    state = CandidateChanged.model_validate_json(row["state"])
    news = NEWS_JSON.validate_json(row["news"] or "[]")
    today = hours_of(state.time_zone, state.country, here).day(now)
    return ProfileSnapshot(state, profile, today, news)
