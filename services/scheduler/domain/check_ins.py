"""Check-ins: every few months of quiet, and no more of them once nobody answers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from dateutil.relativedelta import relativedelta

from services.scheduler.domain import contact_rules
from services.scheduler.domain.allocation import Allocation
from services.scheduler.domain.interests import invitations_stand_until
from services.scheduler.domain.occasions import CandidateRecord, PastOccasion, State
from services.scheduler.domain.policy import Policy
from shared.contract.events.purposes import Purpose


def grant_check_ins(allocation: Allocation, record: CandidateRecord, policy: Policy) -> None:
    """Plans as many check-ins as may still go unanswered, each after a time of quiet."""
    check_in = contact_rules.check_in(record, policy)
    if check_in is None:
        return
    made = [past for past in _check_ins(allocation.emitted) if past.state is not State.WITHDRAWN]
    for past in made:
        allocation.keep(replace(check_in, subject=past.subject))
    left = policy.sunset_after - len(_unanswered(made, record))
    last = max([check_in.not_before, *(past.due_at for past in made)])
    invited_until = max([last, *invitations_stand_until(record, policy)])
    latest = max(map(_number, made), default=0)
    for number in range(latest + 1, latest + 1 + left):
        heard = [departure.latest for departure in (*allocation.ordinary, *allocation.inviting)]
        due = max(_quiet_since(last, heard, policy) + _interval(policy), invited_until)
        if not allocation.grant(replace(check_in, subject=str(number), not_before=due)):
            return
        last = allocation.occasions[-1].due_at


def still_counted(record: CandidateRecord) -> list[PastOccasion]:
    """Returns the check-ins that decide over the next one: the latest, and the unanswered."""
    made = _check_ins(record.past)
    latest = max(map(_number, made), default=0)
    return [*_unanswered(made, record), *(past for past in made if _number(past) == latest)]


def _check_ins(past: Iterable[PastOccasion]) -> list[PastOccasion]:
    return [each for each in past if each.kind is Purpose.CHECK_IN]


def _number(past: PastOccasion) -> int:
    return int(past.subject)


def _unanswered(made: Sequence[PastOccasion], record: CandidateRecord) -> list[PastOccasion]:
    """Returns those that reached the person after the last answer, for all that is known."""
    answered = record.heard_from_at
    return [
        past for past in made if past.counted_at and (not answered or past.counted_at > answered)
    ]


def _quiet_since(since: datetime, heard: Iterable[datetime], policy: Policy) -> datetime:
    """Returns the last contact after which it stays quiet for long enough to check in."""
    for at in sorted(heard):
        if since < at < since + _interval(policy) + policy.check_in_gives_way:
            since = at
    return since


def _interval(policy: Policy) -> relativedelta:
    return relativedelta(months=policy.check_in_months)
