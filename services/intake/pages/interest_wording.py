"""How recruiters' pages say what came of an interest, and where the page about it is."""

from datetime import datetime

from markupsafe import Markup

from services.intake.interests.domain import Ending
from services.intake.pages.context import PageContext
from services.intake.pages.wording import Texts
from shared.contract.events.responses import InterestEnd
from shared.runtime.links import LinkPurpose


def ending_said(ending: Ending, words: Texts, hired_as: str | None = None) -> Markup:
    """Returns what came of an interest, by whose word, and into which role they were hired."""
    name: str = ending.ended_as
    if ending.was_hired:
        name = "hired_as" if hired_as else "hired_elsewhere"
    if ending.ended_as is InterestEnd.UNANSWERED and ending.was_talked_about:
        name = "left_open"
    day = words.day(ending.at)
    said = words.say("interest_page.ended", name, day=day, vacancy=hired_as)
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
