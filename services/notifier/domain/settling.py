"""What follows for a message from how a try went."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from services.notifier.domain.judging import Refusal, Route, next_moment
from services.notifier.domain.messages import Because, Message, State

SOON = timedelta(seconds=2)
"""When to look again at a message that waits for something other than its time."""

LATER = timedelta(minutes=1)
"""The same, for what takes a human."""


_WAITS = {Because.OUTSIDE_WINDOWS: timedelta(0), Because.ON_HOLD: LATER}


class Result(StrEnum):
    """How a try over a channel went."""

    SENT = "sent"
    FAILED = "failed"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    AWAY = "away"
    """The other side can be used for no message now; it is not this one's fault."""


@dataclass(frozen=True, slots=True)
class Outcome:
    result: Result
    because: str = ""
    """A short code of ours, never the other side's words."""
    address_is: Literal["dead", "opted_out"] | None = None


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double, each shortened at random by up to a half."""

    first: timedelta
    longest: timedelta

    def after(self, tries: int, chance: float) -> timedelta:
        """Gives the wait after so many tries; `chance` is in [0, 1)."""
        doubled = min(self.first * (1 << min(tries - 1, 30)), self.longest)
        return doubled * (1 - chance / 2)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is written about a message at the end of a claim."""

    message: Message
    state: State
    because: str
    next_attempt_at: datetime
    tries: int
    route: Route | None = None
    address_is: Literal["dead", "opted_out"] | None = None
    wording_version: str | None = None


def after_refusal(message: Message, refusal: Refusal, now: datetime) -> Settlement:
    """Drops what may never leave; has what may not leave yet looked at again in time."""
    state = State.DROPPED if refusal.for_good else State.PENDING
    wait = _WAITS.get(refusal.because, SOON)
    return Settlement(message, state, refusal.because, _next(message, now + wait), message.tries)


def after_try(
    message: Message,
    route: Route,
    wording_version: str,
    outcome: Outcome,
    now: datetime,
    wait: timedelta,
) -> Settlement:
    """Ends a message, or has it tried again after a wait, but only ever inside its windows."""
    state, tries, later = State.PENDING, message.tries, now
    if outcome.result is Result.DEFERRED:
        tries, later = tries + 1, now + wait
    elif outcome.result is not Result.AWAY:
        state = State(outcome.result.value)
    return Settlement(
        message,
        state,
        outcome.because,
        _next(message, later),
        tries,
        route,
        outcome.address_is,
        wording_version,
    )


def _next(message: Message, at: datetime) -> datetime:
    """Gives when to try again; without another window, the hour at which it will expire."""
    return next_moment(message.windows, at) or message.expires_at
