"""How patient and how sparing the plan is. Each figure is a decision that somebody may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from shared.contract.business_hours import Hours
from shared.contract.events.purposes import DECISION_RESTS, Share


@dataclass(frozen=True, slots=True)
class Employer:
    """Whose name is in the texts, and whose day counts where the candidate's is unknown."""

    name: str
    time_zone: str
    country: str

    @property
    def hours(self) -> Hours:
        return Hours((self.time_zone,), self.country)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` contacts in any span as long as `period`."""

    count: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many contacts of one share of the budget there may be, and how each is timed."""

    limits: tuple[Limit, ...] = ()
    spread: timedelta = timedelta(hours=2)
    """Over how much of the opening hours contacts are spread, so that not all leave at nine."""
    lifetime: timedelta = timedelta(days=14)
    """How long after it is due a contact may still leave.

    It is no longer than the first limit's period: then of two contacts that an outage held up, the
    first is past its expiry before the second is due.
    """


ALLOWANCES: Final[Mapping[Share, Allowance]] = {
    Share.OWED: Allowance(),
    Share.ORDINARY: Allowance((Limit(1, timedelta(days=14)), Limit(6, timedelta(days=365)))),
    Share.INVITING: Allowance((Limit(2, timedelta(days=14)),), spread=timedelta(minutes=1)),
}


@dataclass(frozen=True, slots=True)
class Policy:
    employer: Employer

    dwell: timedelta = DECISION_RESTS
    """How long a decision rests, so that it can be taken back, before its letter leaves."""
    letter_tries: int = 3
    """How often an owed answer that did not get out is tried again, as a new contact."""
    retry_after: timedelta = timedelta(days=1)
    answer_promised_within: timedelta = timedelta(days=7)
    """Whoever waits longer for an answer is counted where operators look."""

    ask_again_after: timedelta = timedelta(days=365)
    remembered_for: timedelta = timedelta(days=730)
    """How long what became of a contact is kept: longer than any limit or question looks back."""
    check_in_months: int = 6
    """How long it must have been quiet before a check-in."""
    check_in_gives_way: timedelta = timedelta(days=14)
    """A check-in that something else would follow as closely as this is left out."""
    invitation_stands: timedelta = timedelta(days=365)
    """So long an invitation waits for an answer, unless the vacancy closes: the link works as long.
    Nobody is asked meanwhile how things are."""
    sunset_after: int = 2
    """So many check-ins without any answer, and there are no more."""
    renewal_ahead: timedelta = timedelta(days=30)
    last_reminder_ahead: timedelta = timedelta(days=7)
    """How long before all consents end it is asked once more, and for the last time."""
    invitation_lasts: timedelta = timedelta(days=14)

    interest_settles: timedelta = timedelta(minutes=2)
    """How long a yes can be taken back before a recruiter hears of it."""
    interest_reminds: int = 3
    """After so many working days a recruiter who has said nothing is reminded, once."""
    interest_lasts: timedelta = timedelta(days=14)
    """How long a recruiter may still be told of it."""
    outcome_lasts: timedelta = timedelta(days=90)
    """After so long it is too late to tell somebody how it ended."""

    allowances: Mapping[Share, Allowance] = field(default_factory=lambda: ALLOWANCES)
