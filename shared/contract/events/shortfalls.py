"""What a person lacked for a vacancy, and the arithmetic of when that will have changed.

scheduler and matcher must agree on a date to the day, so both use these functions and no others.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self

from dateutil.relativedelta import relativedelta
from pydantic import Field, model_validator

from shared.contract.events.details import Detail
from shared.contract.events.instants import Day, is_reckonable
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import Id, Part, Title, stable_id


class RequirementKind(OpenEnum):
    EXPERIENCE = "experience"
    SKILL = "skill"
    LICENCE = "licence"
    DEGREE = "degree"
    LANGUAGE = "language"
    LOCATION = "location"
    PERMIT = "permit"


class Importance(OpenEnum):
    REQUIRED = "required"
    PREFERRED = "preferred"


MonthCount = Annotated[int, Field(ge=0, le=720)]

_HALF_DAYS_OF_A_MONTH = 61


class Requirement(Part):
    """One thing a vacancy asks for."""

    requirement_id: Id
    kind: RequirementKind
    name: Title
    importance: Importance = Importance.REQUIRED
    min_months: MonthCount | None = None


class Shortfall(Part):
    """One requirement that was not met when the application was decided."""

    requirement_id: Id
    kind: RequirementKind
    name: Title = ""
    required_months: MonthCount | None = None
    observed_months: MonthCount | None = None
    observed_at: Annotated[Day | None, Detail()] = None
    """The day on which `observed_months` was true; the day of the decision if left out."""
    expected_at: Annotated[Day | None, Detail()] = None
    """The day on which the gap is known to close, such as an exam's; wins over projection."""
    closed_at: Day | None = None
    """The day on which the person told us that they have it now."""

    @property
    def thing(self) -> tuple[str, str]:
        """What was missing, however much of it: the same for each decision that names it so."""
        return self.kind, self.name.casefold() or self.requirement_id

    def settles(self, other: "Shortfall") -> bool:
        """Whether whoever has this has the other too, or never had it if they have not this."""
        enough = (other.required_months or 0) <= (self.required_months or 0)
        return self.thing == other.thing and enough

    @model_validator(mode="after")
    def _months_come_in_pairs(self) -> Self:
        if self.observed_months is not None and self.required_months is None:
            raise ValueError("observedMonths needs requiredMonths beside it")
        return self


class Assumption(OpenEnum):
    """What had to be taken for true to name a day."""

    WORKED_ON = "worked_on"
    """They have worked without a break in the same field since."""


class Projection(Part):
    """The day a shortfall closes, and what had to be assumed to say so."""

    closes_on: date | None
    """None when nothing known says that it ever will."""
    assumed: Assumption | None = None


def closing_day(
    shortfall: Shortfall, decided_on: date, *, still_working: bool = True
) -> Projection:
    """Projects when one shortfall closes.

    A stated date needs no assumption. Missing months pass only while the person keeps working in
    that field, which is assumed and said; without an open-ended job (`still_working` false), or
    for a kind that time alone does not bring, there is no date.
    """
    if shortfall.closed_at:
        return Projection(closes_on=shortfall.closed_at)
    if shortfall.expected_at:
        return Projection(closes_on=shortfall.expected_at)
    if shortfall.required_months is None or shortfall.kind is not RequirementKind.EXPERIENCE:
        return Projection(closes_on=None)
    observed_on = shortfall.observed_at or decided_on
    missing = shortfall.required_months - (shortfall.observed_months or 0)
    if missing <= 0:
        return Projection(closes_on=observed_on)
    if not still_working:
        return Projection(closes_on=None)
    closes_on = observed_on + relativedelta(months=missing)
    if not is_reckonable(closes_on):
        return Projection(closes_on=None)
    return Projection(closes_on=closes_on, assumed=Assumption.WORKED_ON)


def each_thing(
    shortfalls: Iterable[Shortfall], decided_on: date, *, still_working: bool = True
) -> list[Shortfall]:
    """Returns each thing that was missing once: in its hardest measure, each by an id of its own.

    Whoever has five years of something has three, also where less is known of the three. Of one
    measure it is what is there last, and what they say to have counts only where they have it all.
    Two systems may call different things by one id.
    """
    hardest: dict[tuple[str, str], tuple[tuple[bool, int, date], Shortfall]] = {}
    for gap in shortfalls:
        closes_on = closing_day(gap, decided_on, still_working=still_working).closes_on
        hardness = gap.closed_at is None, gap.required_months or 0, closes_on or date.max
        if gap.thing not in hardest or hardness > hardest[gap.thing][0]:
            hardest[gap.thing] = hardness, gap
    by_id: dict[str, Shortfall] = {}
    for _, gap in hardest.values():
        by_id[stable_id(*gap.thing) if gap.requirement_id in by_id else gap.requirement_id] = gap
    return [gap.model_copy(update={"requirement_id": id}) for id, gap in by_id.items()]


def qualifying_day(
    shortfalls: Iterable[Shortfall], decided_on: date, *, still_working: bool = True
) -> Projection:
    """Projects when the last of several shortfalls closes; no date if one of them has none."""
    projections = [closing_day(gap, decided_on, still_working=still_working) for gap in shortfalls]
    days = [projection.closes_on for projection in projections]
    if not days or any(day is None for day in days):
        return Projection(closes_on=None)
    assumed = next((projection.assumed for projection in projections if projection.assumed), None)
    return Projection(closes_on=max(day for day in days if day), assumed=assumed)


def months_between(start: date, end: date) -> int:
    """Counts the whole months from `start` to `end`, never less than zero."""
    passed = relativedelta(end, start)
    return max(0, passed.years * 12 + passed.months)


def months_covered(periods: Iterable[tuple[date, date]]) -> int:
    """Counts the months that any of the periods covers: overlaps once, gaps not at all.

    Days beyond the whole months of each period are added up and cut once: thirty and a half make a
    month, and of several periods thirty, for a break cost them no less than the other half.
    """
    merged: list[tuple[date, date]] = []
    for start, end in sorted(period for period in periods if period[0] < period[1]):
        if merged and start <= merged[-1][1]:
            began, ended = merged.pop()
            merged.append((began, max(ended, end)))
        else:
            merged.append((start, end))
    spans = [relativedelta(end, start) for start, end in merged]
    months = sum(span.years * 12 + span.months for span in spans)
    half_days = 2 * sum(span.days for span in spans) + (len(spans) > 1)
    return months + half_days // _HALF_DAYS_OF_A_MONTH
