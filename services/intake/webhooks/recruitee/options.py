"""What a Recruitee account's own words mean, and where its reasons and dates stand."""

from services.intake.webhooks.words import JobAndTypeWords

REASON, APPLIED = "reason", "applied"


class RecruiteeOptions(JobAndTypeWords):
    """Recruitee does not publish where a web hook tells why somebody was disqualified.

    Nor does it where one tells when they had applied.
    """

    places: dict[str, str] = {}
    """Of both: the names that lead there from `payload`, with points between them."""
