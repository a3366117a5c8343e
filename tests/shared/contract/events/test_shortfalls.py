"""The arithmetic of time: when a gap closes, and how long somebody worked."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.events.shortfalls import (
    RequirementKind,
    Shortfall,
    closing_day,
    months_between,
    months_covered,
    qualifying_day,
)

days = st.dates(date(1950, 1, 1), date(2130, 12, 31))
kinds = st.sampled_from(RequirementKind)
Period = tuple[date, date]


def spans(longest: int = 4000) -> st.SearchStrategy[Period]:
    lengths = st.integers(0, longest)
    return st.builds(lambda start, length: (start, start + timedelta(length)), days, lengths)


def in_every_month(period: Period) -> Period:
    """Moves the ends of a period to days that no month lacks."""
    start, end = period
    return start.replace(day=min(start.day, 28)), end.replace(day=min(end.day, 28))


def gap(
    required: int | None = 24,
    observed: int | None = 0,
    kind: RequirementKind = RequirementKind.EXPERIENCE,
    **dates: date,
) -> Shortfall:
    return Shortfall(
        requirement_id="r",
        kind=kind,
        required_months=required,
        observed_months=observed,
        **dates,  # type: ignore[arg-type]
    )


DECIDED = date(2025, 3, 14)


def test_two_years_short_in_march_2025_is_ready_in_march_2027() -> None:
    projection = closing_day(gap(24, 0), DECIDED)
    assert projection.closes_on == date(2027, 3, 14)
    assert projection.assumed


def test_months_count_from_the_day_they_were_observed() -> None:
    known = gap(36, 12, observed_at=date(2024, 12, 1))
    assert closing_day(known, DECIDED).closes_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("observed_on", "months", "closes_on"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 2, 28), 12, date(2024, 2, 28)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
    ],
)
def test_a_day_that_a_month_lacks_becomes_its_last(
    observed_on: date, months: int, closes_on: date
) -> None:
    assert closing_day(gap(months), observed_on).closes_on == closes_on


@given(day=days, missing=st.integers(1, 720))
def test_a_gap_closes_on_the_very_day_its_months_are_full(day: date, missing: int) -> None:
    closes_on = closing_day(gap(missing), day).closes_on
    assert closes_on
    assert months_between(day, closes_on) == missing
    assert months_between(day, closes_on - timedelta(1)) == missing - 1


@given(day=days, required=st.integers(0, 719), observed=st.integers(0, 720))
def test_asking_for_more_months_never_brings_the_day_nearer(
    day: date, required: int, observed: int
) -> None:
    sooner = closing_day(gap(required, observed), day).closes_on
    later = closing_day(gap(required + 1, observed), day).closes_on
    assert sooner
    assert later
    assert sooner <= later


@given(day=days, extra=st.integers(0, 60), required=st.integers(0, 660))
def test_months_already_full_need_no_assumption(day: date, extra: int, required: int) -> None:
    projection = closing_day(gap(required, required + extra), day)
    assert (projection.closes_on, projection.assumed) == (day, None)


@given(kind=kinds, expected=days, day=days, still_working=st.booleans())
def test_a_stated_day_wins_over_any_projection(
    kind: RequirementKind, expected: date, day: date, *, still_working: bool
) -> None:
    stated = gap(24, 3, kind, expected_at=expected)
    projection = closing_day(stated, day, still_working=still_working)
    assert (projection.closes_on, projection.assumed) == (expected, None)


@given(kind=kinds, closed=days, expected=days)
def test_their_own_word_wins_over_all(kind: RequirementKind, closed: date, expected: date) -> None:
    told = gap(24, 3, kind, expected_at=expected, closed_at=closed)
    assert closing_day(told, DECIDED).closes_on == closed


@given(kind=kinds.filter(lambda kind: kind is not RequirementKind.EXPERIENCE))
def test_time_alone_brings_nothing_but_experience(kind: RequirementKind) -> None:
    assert closing_day(gap(24, 3, kind), DECIDED).closes_on is None


def test_without_an_open_job_no_month_passes() -> None:
    assert closing_day(gap(), DECIDED, still_working=False).closes_on is None


def test_months_that_nobody_required_give_no_day() -> None:
    assert closing_day(gap(None, None), DECIDED).closes_on is None


def test_last_gap_to_close_decides() -> None:
    exam = gap(None, None, RequirementKind.LICENCE, expected_at=date(2025, 6, 1))
    projection = qualifying_day([exam, gap(12, 0)], DECIDED)
    assert projection.closes_on == date(2026, 3, 14)
    assert projection.assumed


def test_what_is_assumed_for_one_gap_is_said_though_another_closes_last() -> None:
    exam = gap(None, None, RequirementKind.LICENCE, expected_at=date(2029, 6, 1))
    projection = qualifying_day([gap(12, 0), exam], DECIDED)
    assert projection.closes_on == date(2029, 6, 1)
    assert projection.assumed


def test_one_gap_without_a_day_leaves_all_without() -> None:
    assert qualifying_day([gap(), gap(kind=RequirementKind.PERMIT)], DECIDED).closes_on is None
    assert qualifying_day([], DECIDED).closes_on is None


@given(start=days, end=days, later=st.integers(0, 1000))
def test_more_time_is_never_fewer_months(start: date, end: date, later: int) -> None:
    longer = timedelta(later)
    assert months_between(start, end) <= months_between(start, end + longer)
    assert months_between(start, end) <= months_between(start - longer, end)


@given(start=days, months=st.integers(0, 720))
def test_counting_undoes_adding(start: date, months: int) -> None:
    assert months_between(start, start + relativedelta(months=months)) == months


@given(start=days, end=days)
def test_months_are_never_negative(start: date, end: date) -> None:
    assert months_between(start, end) >= 0


@given(period=spans())
def test_one_period_counts_its_own_months(period: Period) -> None:
    assert months_covered([period]) == months_between(*period)


@given(periods=st.lists(spans(), max_size=6), data=st.data())
def test_order_and_repetition_do_not_matter(periods: list[Period], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(periods * 2))
    assert months_covered(shuffled) == months_covered(periods)


@given(periods=st.lists(spans(), min_size=1, max_size=6), data=st.data())
def test_a_period_inside_another_adds_nothing(periods: list[Period], data: st.DataObject) -> None:
    start, end = data.draw(st.sampled_from(periods))
    first = data.draw(st.dates(start, end))
    inner = (first, data.draw(st.dates(first, end)))
    assert months_covered([*periods, inner]) == months_covered(periods)


@given(period=spans(), cuts=st.lists(st.floats(0, 1), max_size=8))
def test_jobs_that_touch_or_overlap_count_as_one(period: Period, cuts: list[float]) -> None:
    start, end = period
    inner = sorted(start + (end - start) * cut for cut in cuts)
    bounds = [start, *inner, end]
    pieces = list(pairwise(bounds))
    assert months_covered(pieces) == months_between(start, end)


@given(periods=st.lists(spans(), max_size=6), another=spans())
def test_more_work_is_never_fewer_months(periods: list[Period], another: Period) -> None:
    known = [in_every_month(period) for period in periods]
    assert months_covered([*known, in_every_month(another)]) >= months_covered(known)


@given(periods=st.lists(spans(), min_size=1, max_size=6))
def test_gaps_do_not_count(periods: list[Period]) -> None:
    first, last = min(start for start, _ in periods), max(end for _, end in periods)
    assert months_covered(periods) <= (last - first).days / 28


def test_a_period_that_ends_before_it_begins_counts_for_nothing() -> None:
    assert months_covered([(date(2026, 3, 1), date(2020, 3, 1))]) == 0


@pytest.mark.parametrize(
    ("length", "pause", "times", "months"),
    [(27, 3, 24, 21), (50, 5, 12, 19), (89, 7, 8, 23), (365, 1, 3, 36)],
)
def test_many_short_jobs_are_added_in_days_and_cut_once(
    length: int, pause: int, times: int, months: int
) -> None:
    begins = [date(2020, 1, 6) + timedelta(days=(length + pause) * nth) for nth in range(times)]
    assert months_covered([(each, each + timedelta(days=length)) for each in begins]) == months


lengths = st.integers(1, 800)


@given(start=days, jobs=st.lists(st.tuples(lengths, st.integers(1, 60)), min_size=2, max_size=30))
def test_jobs_with_pauses_are_worth_their_days(start: date, jobs: list[tuple[int, int]]) -> None:
    periods, worked = [], 0
    for length, pause in jobs:
        periods.append((start, start + timedelta(days=length)))
        start, worked = start + timedelta(days=length + pause), worked + length
    assert abs(months_covered(periods) - worked / 30.4375) < 1.25


def test_a_period_of_the_future_that_was_cut_off_takes_nothing_from_the_others() -> None:
    worked = (date(2020, 1, 1), date(2021, 1, 1))
    assert months_covered([worked, (date(2026, 1, 1), date(2025, 3, 3))]) == 12
