"""What the answer to an applicant really is: just missed, not yet, or no.

The first rule that fits decides. A wrong `no` loses somebody for good, a wrong `not_yet` costs one
question, so whatever is unclear is `not_yet`.
"""

from collections.abc import Callable

from shared.contract.events.applications import ApplicantRejected, ReasonCode, Stage, Tier
from shared.contract.events.shortfalls import RequirementKind

TOO_MANY_SHORTFALLS = 4
TOO_MANY_MISSING_MONTHS = 60
LAST_PLACE_THAT_JUST_MISSED = 3

_AT_FIRST_SIGHT = {Stage.APPLIED, Stage.SCREENED}
_NOBODY_TO_BLAME = {ReasonCode.OTHER_CANDIDATE_STRONGER, ReasonCode.VACANCY_CLOSED}

Rule = tuple[str, Callable[[ApplicantRejected], bool], Tier]


def _missing_months(rejected: ApplicantRejected) -> int:
    return max(
        (
            (gap.required_months or 0) - (gap.observed_months or 0)
            for gap in rejected.shortfalls
            if gap.kind is RequirementKind.EXPERIENCE
        ),
        default=0,
    )


RULES: tuple[Rule, ...] = (
    (
        "found wholly unqualified",
        lambda it: it.reason.code is ReasonCode.NOT_QUALIFIED,
        Tier.NO,
    ),
    (
        "finished among the first",
        lambda it: (it.finishing_place or 99) <= LAST_PLACE_THAT_JUST_MISSED,
        Tier.RUNNER_UP,
    ),
    (
        "reached the last stage and lacked nothing",
        lambda it: it.stage in {Stage.FINAL, Stage.OFFERED} and not it.shortfalls,
        Tier.RUNNER_UP,
    ),
    (
        "was interviewed, lacked nothing, and somebody else or nobody was hired",
        lambda it: (
            it.stage is Stage.INTERVIEWED
            and it.reason.code in _NOBODY_TO_BLAME
            and not it.shortfalls
        ),
        Tier.RUNNER_UP,
    ),
    (
        "lacked so much at first sight that no few years close it",
        lambda it: (
            it.stage in _AT_FIRST_SIGHT
            and (
                len(it.shortfalls) >= TOO_MANY_SHORTFALLS
                or _missing_months(it) > TOO_MANY_MISSING_MONTHS
            )
        ),
        Tier.NO,
    ),
)


def tier_of(rejected: ApplicantRejected) -> Tier:
    """Returns the tier of a rejection: the one it states, or that of the first rule that fits."""
    if rejected.tier:
        return rejected.tier
    return next((tier for _, fits, tier in RULES if fits(rejected)), Tier.NOT_YET)
