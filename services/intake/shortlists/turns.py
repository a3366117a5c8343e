"""Whose turn it is among those who just missed out on a vacancy that is open again.

One is asked at a time, in the order in which they finished. The next is asked once the one before
has said "not now", could not be reached, has been silent for as long as the policy gives them, or
is interested and nothing came of it; or if the message to them has not left for as long. Whoever
answers in their own words has longer: a recruiter may be talking with them. Whoever is
approved waits for a decision about those before them, but not for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto

from services.intake.interests.domain import BY_THEMSELVES
from services.intake.shortlists.domain import Choice, Obstacle
from services.intake.shortlists.store import ShortlistEntry
from shared.contract.business_hours import Hours
from shared.contract.events.responses import Answer, InterestEnd, Withdrawal

WORKING_DAYS_TO_LEAVE = 2
"""A message leaves in the next hours of somebody's day: what has not by then is held up."""
WORKING_DAYS_TO_ANSWER = 2
WORKING_DAYS_TO_TALK = 10
"""So long nobody else is asked after somebody has answered by mail."""
WORKING_DAYS_TO_DECIDE = 2
"""So long somebody before them of whom nothing is decided keeps an approved one waiting."""
COME_TO_NOTHING = frozenset({InterestEnd.NOT_THIS_TIME, InterestEnd.UNANSWERED, *BY_THEMSELVES})
"""The ends of an interest that let the next have their turn."""


class Standing(Enum):
    """How it stands with one of them."""

    UNDECIDED = auto()
    """No recruiter has said yet whether they are to be asked."""
    WAITING = auto()
    """Approved, and not asked yet."""
    ASKED = auto()
    """Asked, and the answer is awaited, or was a yes."""
    PASSED = auto()


class WaitsFor(StrEnum):
    """What has to happen, or time to pass, before it can be somebody's turn."""

    YES = "yes"
    """Something comes, or does not, of somebody's yes."""
    MAIL = "mail"
    """Somebody has answered by mail, in their own words."""
    ANSWER = "answer"
    """Somebody is asked, and has not answered."""
    DECISION = "decision"
    """Nothing is decided about somebody before them."""


@dataclass(frozen=True, slots=True)
class Finisher:
    """One of those who just missed out."""

    entry: ShortlistEntry
    standing: Standing
    has_waited: bool
    """Whether they were approved so long ago that they wait for no decision about anybody."""


def whose_turn(line: Sequence[Finisher]) -> ShortlistEntry | None:
    """Returns who is to be asked next, of a line in finishing order; None while nobody is."""
    if any(each.standing is Standing.ASKED for each in line):
        return None
    for number, each in enumerate(line):
        if each.standing is Standing.WAITING and not _is_kept_waiting(each, line[:number]):
            return each.entry
    return None


def waits_for(line: Sequence[Finisher], number: int) -> WaitsFor | None:
    """Tells what keeps the one of that number waiting, beside those who are asked before them."""
    asked = [each.entry for each in line if each.standing is Standing.ASKED]
    if any(entry.answer == Answer.INTERESTED for entry in asked):
        return WaitsFor.YES
    if any(entry.wrote_at for entry in asked):
        return WaitsFor.MAIL
    if asked:
        return WaitsFor.ANSWER
    return WaitsFor.DECISION if _is_kept_waiting(line[number], line[:number]) else None


def standing(
    entry: ShortlistEntry, obstacle: Obstacle | None, hours: Hours, now: datetime
) -> Standing:
    """Tells how it stands with somebody whose day has these hours."""
    if entry.withdrawn_because is Withdrawal.VACANCY_CLOSED:
        return Standing.PASSED
    if entry.left_at or entry.is_under_way:
        return Standing.ASKED if _is_awaited(entry, obstacle, hours, now) else Standing.PASSED
    if entry.choice is Choice.DECLINED or obstacle:
        return Standing.PASSED
    return Standing.WAITING if entry.waits else Standing.UNDECIDED


def has_waited(entry: ShortlistEntry, hours: Hours, now: datetime) -> bool:
    """Tells whether somebody's approval is older than anybody has to wait for another decision."""
    at = entry.decided_at
    return bool(at and now >= hours.working_days_after(at, WORKING_DAYS_TO_DECIDE))


def _is_kept_waiting(one: Finisher, before: Sequence[Finisher]) -> bool:
    """Tells whether they wait for a decision about somebody before them on the same list."""
    shortlist_id = one.entry.shortlist_id
    return not one.has_waited and any(
        each.standing is Standing.UNDECIDED and each.entry.shortlist_id == shortlist_id
        for each in before
    )


def _is_awaited(
    entry: ShortlistEntry, obstacle: Obstacle | None, hours: Hours, now: datetime
) -> bool:
    if entry.answer == Answer.INTERESTED:
        ending = entry.interest_ending
        return ending is None or ending.ended_as not in COME_TO_NOTHING
    if entry.answer or obstacle or entry.failed_at:
        return False
    if entry.wrote_at:
        return now < hours.working_days_after(entry.wrote_at, WORKING_DAYS_TO_TALK)
    if entry.left_at:
        return now < hours.working_days_after(entry.left_at, WORKING_DAYS_TO_ANSWER)
    asked_at = entry.asked_at
    return bool(asked_at and now < hours.working_days_after(asked_at, WORKING_DAYS_TO_LEAVE))
