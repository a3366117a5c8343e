"""Whether somebody's last job goes on: only where it was given without an end."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.applicants.domain.applications import still_working
from shared.contract.events.profile import Profile

DECIDED = datetime(2026, 2, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("jobs", "goes_on"),
    [
        ([], True),
        ([{"startDate": "2019-04"}], True),
        ([{"startDate": "2019-04", "endDate": "Present"}], True),
        ([{"startDate": "2019-04", "endDate": ""}], True),
        ([{"startDate": "2019-04", "endDate": "2026-03"}], True),
        ([{"startDate": "2019-04", "endDate": "2025"}], False),
        ([{"startDate": "2019-04", "endIsUnknown": True}], False),
        ([{"startDate": "2012"}, {"startDate": "2019-04", "endIsUnknown": True}], False),
    ],
)
def test_a_job_goes_on_only_where_nothing_was_given_as_its_end(
    jobs: list[dict[str, Any]], *, goes_on: bool
) -> None:
    assert still_working(Profile.model_validate({"work": jobs}), DECIDED) is goes_on
