"""When a contact can be due: in opening hours, with room for it in the budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.scheduler.domain.budget import free_from
from services.scheduler.domain.occasions import Departure
from services.scheduler.domain.policy import Allowance
from services.scheduler.domain.proposals import Proposal
from shared.contract.business_hours import LONGEST_CLOSED, Hours
from shared.contract.events.contacts import Window


@dataclass(frozen=True, slots=True)
class Room:
    """What a contact has to fit into."""

    hours: Hours
    allowance: Allowance
    taken: Sequence[Departure]


@dataclass(frozen=True, slots=True)
class Slot:
    """The spans in which a contact may leave; it is due when the first opens."""

    windows: Sequence[Window]

    @property
    def due_at(self) -> datetime:
        return self.windows[0].opens_at

    @property
    def expires_at(self) -> datetime:
        return self.windows[-1].closes_at


def first_slot(proposal: Proposal, id: str, room: Room) -> Slot | None:
    """Finds the first slot there is for a contact, if there is one before its time is over."""
    start: datetime | None = proposal.not_before
    end = proposal.not_after or datetime.max.replace(tzinfo=UTC)
    while start and start < end:
        span = next(room.hours.windows(start, start + LONGEST_CLOSED), None)
        if span is None:
            return None
        due_at = _spread(span, room.allowance.spread, id)
        start = free_from(due_at, room.taken, room.allowance.limits)
        if start is None:
            expires_at = min(due_at + room.allowance.lifetime, end)
            windows = tuple(room.hours.windows(due_at, expires_at))
            return Slot(windows) if windows else None
    return None


def _spread(span: Window, spread: timedelta, id: str) -> datetime:
    """Returns an instant at the beginning of a span, always the same for the same contact."""
    seconds = int(min(spread, span.closes_at - span.opens_at).total_seconds())
    return span.opens_at + timedelta(seconds=UUID(id).int % max(seconds, 1))
