"""How recruiters' pages say what came of an interest, and where the page about it is."""

from datetime import datetime

from markupsafe import Markup

from services.intake.interests.domain import Ending
from services.intake.pages.context import PageContext
from services.intake.pages.wording import Texts
from shared.contract.events.responses import InterestEnd
from shared.runtime.links import LinkPurpose


def ending_said(ending: Ending, words: Texts) -> Markup:
    """Returns what came of an interest, and by whose word."""
    name: str = ending.ended_as
    if ending.ended_as is InterestEnd.HIRED and not ending.is_told_by_recruiter:
        name = "hired_elsewhere"
    if ending.ended_as is InterestEnd.UNANSWERED and ending.was_talked_about:
        name = "left_open"
    said = words.say("interest_page.ended", name, day=words.day(ending.at))
    if ending.told_at:
        return said + " " + words.say("interest_page.told_on", day=words.day(ending.told_at))
    to_come = words.find("interest_page.to_tell", name)
    return said + " " + to_come if to_come else said


def interest_url(
    context: PageContext, words: Texts, recruiter_id: str, interest_id: str, now: datetime
) -> str:
    """Returns the address of a recruiter's page about an interest."""
    claims = {"language": words.language, "recruiter": recruiter_id, "interest": interest_id}
    return context.url(LinkPurpose.INTEREST, claims, now)
