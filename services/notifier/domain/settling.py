"""What follows for a message from how a try went."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from services.notifier.domain.messages import Because, Message, State
from services.notifier.domain.send_policy import Refusal, Route, next_slot

SOON = timedelta(seconds=2)
"""When to look again at a message that waits for something other than its time."""

LATER = timedelta(minutes=1)
"""The same, for what takes a human."""


FOR_A_HUMAN = frozenset(
    {Because.ON_HOLD, Because.RECIPIENT_UNREAD, Because.UNKNOWN_KIND, Because.REPLY_UNREAD}
)
"""What keeps a message until a human has done something."""

_WAITS = {Because.OUTSIDE_WINDOWS: timedelta(0), **dict.fromkeys(FOR_A_HUMAN, LATER)}


class SendStatus(StrEnum):
    """How a try over a channel went."""

    SENT = "sent"
    FAILED = "failed"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    AWAY = "away"
    """The other side can be used for no message now; it is not this one's fault."""


@dataclass(frozen=True, slots=True)
class SendResult:
    status: SendStatus
    because: str = ""
    """A short code of ours, never the other side's words."""
    address_is: Literal["dead", "opted_out"] | None = None


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double, each shortened at random by up to a half."""

    first: timedelta
    longest: timedelta

    def after(self, tries: int, chance: float) -> timedelta:
        """Returns the wait after so many tries; `chance` is in [0, 1)."""
        doubled = min(self.first * (1 << min(tries - 1, 30)), self.longest)
        return doubled * (1 - chance / 2)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is written about a message at the end of a claim."""

    message_id: str
    lease_token: UUID
    state: State
    because: str
    next_attempt_at: datetime
    tries: int
    route: Route | None = None
    address_is: Literal["dead", "opted_out"] | None = None
    wording_version: str | None = None
    failed_there: bool = False
    """The message is tried at another address next, and no more at this one."""


def unreadable(message_id: str, lease_token: UUID, now: datetime) -> Settlement:
    """Drops a message of which nobody can tell any more what it is to say."""
    return Settlement(message_id, lease_token, State.DROPPED, Because.UNREADABLE, now, tries=0)


def after_refusal(message: Message, refusal: Refusal, now: datetime) -> Settlement:
    """Drops what may never leave; what may not leave yet is looked at again in time.

    What was tried and has no way left has failed.
    """
    ended = State.FAILED if message.has_failed else State.DROPPED
    state = ended if refusal.for_good else State.PENDING
    wait = _WAITS.get(refusal.because, SOON)
    return Settlement(
        message.message_id,
        message.lease_token,
        state,
        refusal.because,
        _next(message, now + wait),
        message.tries,
    )


def after_try(
    message: Message,
    route: Route,
    wording_version: str,
    result: SendResult,
    now: datetime,
    wait: timedelta,
    *,
    another_way: bool = False,
) -> Settlement:
    """Ends a message, or has it tried again after a wait, but only ever inside its windows.

    One that failed at an address while there is another is tried there at once.
    """
    state, tries, later = State.PENDING, message.tries, now
    failed_there = another_way and result.status is SendStatus.FAILED
    if result.status is SendStatus.DEFERRED:
        tries, later = tries + 1, now + wait
    elif result.status is not SendStatus.AWAY and not failed_there:
        state = State(result.status.value)
    return Settlement(
        message.message_id,
        message.lease_token,
        state,
        result.because,
        _next(message, later),
        tries,
        route,
        result.address_is,
        wording_version,
        failed_there,
    )


def _next(message: Message, at: datetime) -> datetime:
    """Returns when to try again; without another window, the hour at which it will expire."""
    return next_slot(message.windows, at) or message.expires_at
