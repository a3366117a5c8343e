"""What of somebody's past may be deleted without changing anything that is still to come."""

from datetime import datetime

from services.scheduler.domain.check_ins import still_counted
from services.scheduler.domain.occasions import CandidateRecord, PastOccasion, State
from services.scheduler.domain.policy import Policy


def forgettable(record: CandidateRecord, now: datetime, policy: Policy) -> list[str]:
    """Returns the ids of what is over for so long that no rule asks about it any more.

    A limit looks back over its period, and the question about the hat over a year. What is about
    an application that stands is needed for as long as it does, lest it be told twice; so is what
    tells how many check-ins went unanswered.
    """
    long_ago = now - policy.remembered_for
    standing = {rejection.application_id for rejection in record.rejections}
    counted = {past.id for past in still_counted(record)}
    return [
        past.id
        for past in record.past
        if _is_over(past, long_ago) and past.subject not in standing and past.id not in counted
    ]


def _is_over(past: PastOccasion, before: datetime) -> bool:
    over_at = past.settled_at or past.emitted_at
    return past.state is not State.PLANNED and over_at is not None and over_at < before
