"""What a Recruitee account's own words mean, and where its reasons stand."""

from services.intake.webhooks.words import JobAndTypeWords

REASON = "reason"


class RecruiteeOptions(JobAndTypeWords):
    """Recruitee does not publish where a web hook tells why somebody was disqualified."""

    places: dict[str, str] = {}
    """Of the reason: the names that lead to it from `payload`, with points between them."""
