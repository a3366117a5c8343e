"""Months of work as dates in résumés give them: overlaps once, the future not yet."""

from datetime import date

import pytest

from services.matcher.domain.experience import Months, months_worked
from shared.contract.events.profile import Work

KNOWN_ON, TODAY = date(2025, 9, 1), date(2025, 12, 1)

Jobs = tuple[tuple[str | None, str | None], ...]


@pytest.mark.parametrize(
    ("jobs", "certain", "possible", "projected"),
    [
        ((("2020-01", "2022-06"), ("2021-01", "2023-12")), 48, 48, 48),
        ((("2020-01", "2020-12"), ("2020-01", "2020-12")), 12, 12, 12),
        ((("2020-01", None), ("2021-01", "2021-06")), 68, 68, 71),
        ((("2022-08", "2020-02"),), 0, 0, 0),
        ((("2024-09", "2031-01"),), 12, 12, 15),
        ((("2027-01", None),), 0, 0, 0),
        ((("2018", "2020"),), 12, 36, 36),
        ((("2018", "2018"),), 0, 12, 12),
        (((None, "2023-05"),), 0, 0, 0),
        ((("2020-02-29", "2021-02-28"),), 12, 12, 12),
        ((("2021-02-30", "2021-06-31"),), 4, 4, 4),
    ],
)
def test_jobs_of_a_resume_are_counted_once_and_as_far_as_their_dates_tell(
    jobs: Jobs, certain: int, possible: int, projected: int
) -> None:
    work = [Work(position="Miller", start_date=start, end_date=end) for start, end in jobs]
    for order in (work, work[::-1]):
        found = months_worked(order, KNOWN_ON, TODAY, still_working=True)
        assert found == Months(certain, possible, projected)
