"""What the plan consists of, and what is remembered of what became of it.

An occasion is something that time makes due: a contact, or the day on which nothing is missing
any more. It is planned, then emitted once. A contact that was emitted ends in the notifier, or is
withdrawn here; withdrawing has no effect on what has already left, so the end still counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.contacts import (
    CandidateQualified,
    ContactDue,
    ContactWithdrawn,
    InterestDue,
)
from shared.contract.events.purposes import Purpose, rule_of
from shared.contract.events.responses import (
    Answer,
    InterestEnded,
    InterestRaised,
    InvitationApproved,
    Withdrawal,
)

QUALIFIED: Final = "qualified"
"""The day a gap closes: no contact, but news for the matcher."""

INTEREST: Final = "interest"
"""A recruiter hears that the person would like to talk, or is reminded of it."""

Kind = Purpose | Literal["qualified", "interest"]


class State(StrEnum):
    PLANNED = "planned"
    EMITTED = "emitted"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    DROPPED = "dropped"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


REACHED: Final = frozenset({State.EMITTED, State.SENT, State.UNCERTAIN})
"""What is with the notifier, or may have reached the person."""


@dataclass(frozen=True, slots=True)
class Departure:
    """When a contact leaves: at one moment, or, while nobody knows, some time between two."""

    earliest: datetime
    latest: datetime

    def nearest(self, at: datetime) -> datetime:
        return min(max(at, self.earliest), self.latest)


@dataclass(frozen=True, slots=True)
class PastOccasion:
    """An occasion as it is on record."""

    id: str
    kind: Kind
    subject: str
    state: State
    due_at: datetime
    expires_at: datetime | None = None
    revived_at: datetime | None = None
    """When it was found past its expiry and given a new moment."""
    decided_at: datetime | None = None
    """When what it answers was decided, if it is a letter."""
    asks_hat: bool = False
    emitted_at: datetime | None = None
    ended_at: datetime | None = None
    answer: Answer | None = None
    """What the person said to it last."""
    answered_at: datetime | None = None
    wrote_at: datetime | None = None
    """When they last answered it by mail, in their own words."""

    @property
    def purpose(self) -> Purpose | None:
        """Why it is a contact, perhaps by a name that only a newer version knows; or None."""
        return self.kind if isinstance(self.kind, Purpose) else None

    @property
    def is_inviting(self) -> bool:
        rule = rule_of(self.purpose)
        return rule is not None and rule.is_inviting

    def is_of_before(self, taken_back_at: datetime | None) -> bool:
        """Whether it is the letter about a decision that was taken back then."""
        return bool(taken_back_at and self.decided_at and self.decided_at <= taken_back_at)

    @property
    def pending(self) -> bool:
        """Whether it is with the notifier, which has not yet said how it ended."""
        return self.state is State.EMITTED and self.kind != QUALIFIED

    @property
    def settled_at(self) -> datetime | None:
        """From when on it is certain that it has left or never will."""
        return self.ended_at or self.expires_at

    @property
    def counted_at(self) -> datetime | None:
        """When it counts for the budget: as long as nobody knows, the latest it may leave."""
        withdrawn_in_time = self.state is State.WITHDRAWN and self.ended_at is not None
        may_have_left = self.state in REACHED or self.state is State.WITHDRAWN
        counts = may_have_left and not withdrawn_in_time and self.purpose is not None
        return self.settled_at if counts else None

    @property
    def departure(self) -> Departure | None:
        """When it leaves, if it counts for the budget."""
        latest = self.counted_at
        if latest is None:
            return None
        return Departure(self.ended_at or self.emitted_at or latest, latest)


@dataclass(frozen=True, slots=True)
class Occasion:
    """An occasion as it should be."""

    id: str
    kind: Kind
    subject: str
    """What it is about, among those of its kind: an application, a shortlist, a number, a day."""
    due_at: datetime
    event: ContactDue | InterestDue | CandidateQualified
    expires_at: datetime | None = None
    revived_at: datetime | None = None
    decided_at: datetime | None = None
    """Since when an answer is owed, if this is that answer."""

    @property
    def asks_hat(self) -> bool:
        return isinstance(self.event, ContactDue) and self.event.facts.asks_hat


@dataclass(frozen=True, slots=True)
class Interest:
    """What the person said to recruiters, and how that ended."""

    raised: InterestRaised
    ended: InterestEnded | None = None


@dataclass(frozen=True, slots=True)
class WithdrawnInvitation:
    """What a recruiter had approved before that was withdrawn."""

    approved: InvitationApproved
    at: datetime
    because: Withdrawal


@dataclass(frozen=True, slots=True)
class CandidateRecord:
    """All that is known here of one candidate."""

    state: CandidateChanged
    past: Sequence[PastOccasion] = ()
    invitations: Sequence[InvitationApproved] = ()
    """Those that nobody has withdrawn."""
    answered_at: datetime | None = None
    """When they last answered anything but the question about the hat."""
    withdrawn_invitations: Sequence[WithdrawnInvitation] = ()
    interests: Sequence[Interest] = ()

    @property
    def rejections(self) -> list[Rejection]:
        """The rejections that stand, one for each application."""
        return list({each.application_id: each for each in self.state.rejections}.values())

    @property
    def invited_to(self) -> dict[str, str]:
        """The titles of the vacancies that recruiters invited to, by shortlist."""
        withdrawn = [each.approved for each in self.withdrawn_invitations]
        return {each.shortlist_id: each.vacancy_title for each in (*withdrawn, *self.invitations)}

    @property
    def heard_from_at(self) -> datetime | None:
        """When they last answered anything at all."""
        answers = [at for at in (self.answered_at, self.state.hat_answered_at) if at]
        return max(answers, default=None)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that should be due for one person, and what is no longer to happen."""

    occasions: Sequence[Occasion] = ()
    obsolete: Sequence[str] = ()
    """Ids that were planned, of which nobody has heard."""
    withdrawn: Sequence[ContactWithdrawn] = ()
    """What was emitted and should not leave any more."""
    forgotten: Sequence[str] = ()
    """Ids of what is over for so long that nothing depends on it."""
