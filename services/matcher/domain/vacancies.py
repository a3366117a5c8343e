"""What a state of a vacancy means for the searches that are made for it."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from services.matcher.domain.findings import is_required, one_line, thing_asked
from services.matcher.domain.remarks import Remark, RemarkCode
from shared.contract.events.openings import OpeningChanged, OpeningState
from shared.contract.events.shortfalls import Requirement, RequirementKind
from shared.contract.events.vacancies import Vacancy


@dataclass(frozen=True)
class Opening:
    """A vacancy as the matcher keeps it: without its recruiters, who are none of its business."""

    vacancy: Vacancy
    version: int
    opened_at: datetime
    reopened: bool = False
    """Since when it is open: for the first time, or again."""
    closed_at: datetime | None = None
    source: str = ""
    """The system whose vacancy it is."""
    searches_pool: bool = False
    """Whether everybody may be listed, or only whom that system has turned down."""

    def may_list(self, sources: Collection[str]) -> bool:
        """Tells whether somebody whom these systems turned down may be listed at all."""
        return self.searches_pool or self.source in sources


def follow(known: Opening | None, told: OpeningChanged, at: datetime) -> Opening:
    """Returns the opening that a state of the vacancy leads to.

    An update opens what was never heard of, because the stream keeps only a vacancy's newest
    state, but it does not open again what was closed.
    """
    vacancy = Vacancy.model_validate(told.model_dump() | {"recruiters": []})
    opening = Opening(
        vacancy,
        told.version,
        source=told.source,
        searches_pool=told.searches_pool,
        opened_at=known.opened_at if known else at,
        reopened=known is not None and known.reopened,
        closed_at=known.closed_at if known else None,
    )
    match told.state:
        case OpeningState.CLOSED:
            return replace(opening, closed_at=opening.closed_at or at)
        case OpeningState.REOPENED:
            return replace(opening, opened_at=at, reopened=True, closed_at=None)
        case OpeningState.OPENED if opening.closed_at:
            return replace(opening, opened_at=at, reopened=False, closed_at=None)
    return opening


def calls_for_search(known: Opening | None, opening: Opening) -> bool:
    """Tells whether what is known has to be searched now: it opened, or asks for something else."""
    if opening.closed_at:
        return False
    if known is None or known.opened_at != opening.opened_at:
        return True
    if known.searches_pool != opening.searches_pool:
        return True
    return what_it_asks(known.vacancy) != what_it_asks(opening.vacancy)


def what_it_asks(vacancy: Vacancy) -> str:
    """Returns the part of a vacancy that decides who fits, to be compared and kept as criteria."""
    asked = vacancy.model_dump(
        mode="json",
        by_alias=True,
        exclude_none=True,
        exclude={"vacancy_id", "description", "recruiters", "apply_url", "date_posted"},
    )
    return json.dumps(asked, sort_keys=True)


def fingerprint(vacancy: Vacancy) -> str:
    """Returns what differs as soon as anything in the vacancy does."""
    return sha256(vacancy.model_dump_json().encode()).hexdigest()


def requirements_of(vacancy: Vacancy) -> tuple[list[Requirement], list[Remark]]:
    """Returns what a vacancy asks, each thing once, and remarks on what contradicted itself.

    Where the same thing is asked twice the stricter counts.
    """
    asked = list(vacancy.requirements)
    if vacancy.experience_requirements and not any(
        requirement.kind is RequirementKind.EXPERIENCE for requirement in asked
    ):
        asked.append(_experience(vacancy))
    kept: dict[tuple[RequirementKind, frozenset[str]], Requirement] = {}
    remarks = []
    for requirement in map(_named, asked):
        key = thing_asked(requirement)
        same = kept.get(key)
        if same and _demand(same) != _demand(requirement):
            remarks.append(Remark(RemarkCode.ASKED_TWICE, one_line(requirement.name)))
        kept[key] = max(same or requirement, requirement, key=_demand)
    return list(kept.values()), remarks


def _named(requirement: Requirement) -> Requirement:
    if requirement.name:
        return requirement
    return requirement.model_copy(update={"name": requirement.kind.value})


def _experience(vacancy: Vacancy) -> Requirement:
    return Requirement(
        requirement_id="experience",
        kind=RequirementKind.EXPERIENCE,
        name=vacancy.title,
        min_months=vacancy.experience_requirements,
    )


def _demand(requirement: Requirement) -> tuple[bool, int]:
    return is_required(requirement), requirement.min_months or 0
