"""How an interest may end, and who may say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from services.intake.web.fields import Form, one
from shared.contract.events.purposes import INVITING, Purpose
from shared.contract.events.responses import InterestEnd

BY_THEMSELVES: Final = frozenset({InterestEnd.WITHDRAWN, InterestEnd.TAKEN_BACK})
"""The ends that people make by their own word."""

SHOWN_AFTER_ENDING = timedelta(days=7)
"""Whoever has said what came of it may look again for so long."""

BY_RECRUITERS: Final = (InterestEnd.TALKING, InterestEnd.HIRED, InterestEnd.NOT_THIS_TIME)
"""What recruiters can answer. They may think again, but nobody who was told is told otherwise."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an interest ended."""

    ended_as: InterestEnd
    at: datetime
    is_told_by_recruiter: bool
    was_talked_about: bool
    """Whether its vacancy had closed while they were talking."""
    told_at: datetime | None = None
    """When our message about it left."""

    @property
    def was_told_no(self) -> bool:
        """Whether they were told no: what comes after that is said in person."""
        return self.ended_as is InterestEnd.NOT_THIS_TIME and self.told_at is not None

    @property
    def was_hired(self) -> bool:
        """Whether the system that hired them has said so."""
        return self.ended_as is InterestEnd.HIRED and not self.is_told_by_recruiter

    @property
    def is_hiring(self) -> bool:
        """Whether a recruiter has said so, and no system yet."""
        return self.ended_as is InterestEnd.HIRED and self.is_told_by_recruiter

    def instead(self) -> list[InterestEnd]:
        """Returns what recruiters can say came of it instead."""
        if self.was_told_no or self.was_hired:
            return []
        others = [end for end in BY_RECRUITERS if end is not self.ended_as]
        if self.ended_as is InterestEnd.TALKING:
            return others
        return [end for end in others if end is not InterestEnd.NOT_THIS_TIME]


class Standing(Enum):
    """How it stands with an interest, for whoever has it."""

    WAITS = auto()
    TALKING = auto()
    """A recruiter is talking with them, whether or not the vacancy has closed since; or says that
    they are being hired, which is for them to hear in person."""
    DECLINED = auto()
    """A recruiter has said "not this time", and no message of ours has told them so."""
    SETTLED = auto()
    """They know what came of it, or took it back."""
    LAPSED = auto()
    """It ended without a word of a recruiter: they may say it again."""


def standing_of(ending: Ending | None, closed_at: datetime | None) -> Standing:
    """Tells how it stands with an interest that ended so, or whose vacancy closed meanwhile."""
    if ending is None:
        return Standing.TALKING if closed_at else Standing.WAITS
    if ending.ended_as is InterestEnd.TALKING or ending.is_hiring:
        return Standing.TALKING
    if ending.ended_as is InterestEnd.NOT_THIS_TIME and not ending.told_at:
        return Standing.DECLINED
    lapsed = ending.ended_as in (InterestEnd.VACANCY_CLOSED, InterestEnd.UNANSWERED)
    return Standing.LAPSED if lapsed else Standing.SETTLED


@dataclass(frozen=True, slots=True)
class Course:
    """What came of what somebody told us."""

    standing: Standing
    ending: Ending | None


def is_over(purpose: Purpose | None, vacancy_is_closed: bool) -> bool:
    """Tells whether what a message invited to is no more; others mean no one vacancy."""
    return purpose in INVITING and vacancy_is_closed


def is_shown(ending: Ending | None, now: datetime) -> bool:
    """Tells whether recruiters still see who it is: not of somebody who has taken it back."""
    if ending is None or ending.ended_as is InterestEnd.TALKING:
        return True
    return ending.ended_as not in BY_THEMSELVES and now < ending.at + SHOWN_AFTER_ENDING


def choices(ending: Ending | None, now: datetime) -> Sequence[InterestEnd]:
    """Returns what recruiters can say came of it, as long as they still see of whom."""
    if not is_shown(ending, now):
        return []
    return ending.instead() if ending else BY_RECRUITERS


def read_end(form: Form) -> InterestEnd | None:
    """Reads what a recruiter answered."""
    given = one(form, "do")
    return next((end for end in BY_RECRUITERS if end == given), None)
