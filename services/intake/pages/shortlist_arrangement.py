"""In which order a recruiter sees a long list, and whom of it: chosen by the page's own address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from services.intake.pages.shortlist_view import PersonView

LONG = 4
"""A list of more people is folded, and can be sorted and filtered."""


class Sort(StrEnum):
    RANK = "rank"
    NAME = "name"
    LAST_CONTACT = "last_contact"


class Show(StrEnum):
    EVERYBODY = "everybody"
    OPEN = "open"
    """Those about whom nothing is decided yet."""
    DECIDED = "decided"
    RUNNER_UP = "runner_up"
    READY = "ready"
    """Those who have everything that is asked for, or should have it by now."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    sort: Sort = Sort.RANK
    show: Show = Show.EVERYBODY

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Arrangement":
        """Reads what was chosen; what is no choice of ours counts as none."""
        sort, show = query.get("sort", ""), query.get("show", "")
        return cls(
            Sort(sort) if sort in set(Sort) else Sort.RANK,
            Show(show) if show in set(Show) else Show.EVERYBODY,
        )

    @property
    def sorts(self) -> Sequence[Sort]:
        return list(Sort)

    @property
    def shows(self) -> Sequence[Show]:
        return list(Show)

    def of_people(self, people: Sequence[PersonView]) -> list[PersonView]:
        """Returns whom to show of a list, in the order that was chosen."""
        return sorted(filter(_SHOWN[self.show], people), key=_KEYS[self.sort])


_KEYS: Mapping[Sort, Callable[[PersonView], Any]] = {
    Sort.RANK: lambda person: person.rank,
    Sort.NAME: lambda person: (not person.name, person.name.casefold(), person.rank),
    Sort.LAST_CONTACT: lambda person: (_last_contact(person), person.rank),
}
_SHOWN: Mapping[Show, Callable[[PersonView], bool]] = {
    Show.EVERYBODY: lambda _: True,
    Show.OPEN: lambda person: person.decision.can_be_made,
    Show.DECIDED: lambda person: not person.decision.can_be_made,
    Show.RUNNER_UP: lambda person: person.just_missed_out,
    Show.READY: lambda person: person.is_ready,
}


def _last_contact(person: PersonView) -> datetime:
    """Returns when they last heard from us; whoever never did comes first."""
    latest = person.history.latest
    return latest.at if latest else datetime.min.replace(tzinfo=UTC)
