"""How often a person may be written to, across all vacancies, recruiters and purposes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.scheduler.domain.occasions import Departure
from services.scheduler.domain.policy import Limit


def free_from(at: datetime, taken: Iterable[Departure], limits: Sequence[Limit]) -> datetime | None:
    """Returns when, at the earliest, there may be room if there is none at `at`; else None.

    Room means that no span of a limit's period which covers `at` holds the limit's count already,
    neither in the past nor with what is planned later, nor with what is under way, whenever that
    leaves.
    """
    ordered = sorted(departure.nearest(at) for departure in taken)
    later = [
        group[0] + limit.period
        for limit in limits
        for group in _neighbours(ordered, limit.count)
        if max(at, group[-1]) - min(at, group[0]) < limit.period
    ]
    return max(later, default=None)


def _neighbours(moments: Sequence[datetime], count: int) -> Iterable[Sequence[datetime]]:
    return (moments[start : start + count] for start in range(len(moments) - count + 1))
