"""What somebody had told us of a role, and what they were told of how it ended."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.intake.consent.domain import LinkedMessage
from services.intake.interests.domain import Course
from shared.contract.events.contacts import Outcome
from shared.contract.events.responses import Answer, InterestEnd

_TOLD = {
    InterestEnd.NOT_THIS_TIME: Outcome.NOT_THIS_TIME,
    InterestEnd.VACANCY_CLOSED: Outcome.VACANCY_CLOSED,
    InterestEnd.UNANSWERED: Outcome.UNANSWERED,
}
_KNOWN: dict[InterestEnd, Literal["hired", "withdrawn", "taken_back"]] = {
    InterestEnd.HIRED: "hired",
    InterestEnd.WITHDRAWN: "withdrawn",
    InterestEnd.TAKEN_BACK: "taken_back",
}
"""The ends that they know without a letter of ours."""


@dataclass(frozen=True, slots=True)
class History:
    """What was answered and how it ended, but for what a letter is still to say."""

    answered: Answer | Literal["nothing"]
    ended: Outcome | Literal["hired", "withdrawn", "taken_back"]
    on: date | None = None
    """The day on which we wrote so."""


def of_course(answer: Answer, course: Course | None) -> History | None:
    """Tells what came of an answer, once they have been told or know it themselves."""
    if course is None or course.ending is None:
        return None
    ending = course.ending
    if ending.is_hiring:
        return None
    if known := _KNOWN.get(ending.ended_as):
        return History(answer, known)
    told = _TOLD.get(ending.ended_as)
    if told is None or ending.told_at is None:
        return None
    left_open = told is Outcome.UNANSWERED and ending.was_talked_about
    return History(answer, Outcome.LEFT_OPEN if left_open else told, ending.told_at.date())


def of_letter(message: LinkedMessage, sent_at: datetime) -> History | None:
    """Repeats the end that a letter told, to whoever follows the link in it."""
    told, said = message.outcome, message.answered
    answered = said if said in (Answer.INTERESTED, Answer.HAS_IT_NOW) else None
    if told is None or not told.is_known or not (answered or told is Outcome.VACANCY_CLOSED):
        return None
    return History(answered or "nothing", told, sent_at.date())
