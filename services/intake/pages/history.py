"""What somebody had told us of a role, and what they were told of how it ended."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.intake.consent.domain import LinkedMessage
from services.intake.interests.domain import Course
from shared.contract.events.contacts import Outcome
from shared.contract.events.purposes import DECISION_RESTS
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
    """What was answered and how it ended, but for a no that a letter is still to bring."""

    answered: Answer | Literal["wrote", "nothing"]
    ended: Outcome | Literal["hired", "withdrawn", "taken_back"]
    on: date | None = None
    """The day on which we wrote so, if we have."""


def of_course(
    answer: Answer, course: Course | None, now: datetime, *, is_silenced: bool
) -> History | None:
    """Tells how what came of an answer ended.

    A "not this time" a letter tells first; whoever stopped all letters reads it here, once the
    recruiter has had the time to think again that the letter would have left.
    """
    if course is None or course.ending is None:
        return None
    ending = course.ending
    if ending.is_hiring:
        return None
    if known := _KNOWN.get(ending.ended_as):
        return History(answer, known)
    told = _TOLD.get(ending.ended_as)
    if told is None:
        return None
    may_be_read = ending.told_at or (is_silenced and now >= ending.at + DECISION_RESTS)
    if told is Outcome.NOT_THIS_TIME and not may_be_read:
        return None
    left_open = told is Outcome.UNANSWERED and ending.was_talked_about
    on = ending.told_at.date() if ending.told_at else None
    return History(answer, Outcome.LEFT_OPEN if left_open else told, on)


def of_letter(message: LinkedMessage, sent_at: datetime) -> History | None:
    """Repeats the end that a letter told, to whoever follows the link in it."""
    told, said = message.outcome, message.answered
    answered = said if said in (Answer.INTERESTED, Answer.HAS_IT_NOW) else None
    if told is None or not told.is_known or not (answered or told is Outcome.VACANCY_CLOSED):
        return None
    return History(answered or ("wrote" if message.wrote else "nothing"), told, sent_at.date())
