"""Why a candidate is written to, and all that follows from it: one row for each purpose.

scheduler plans by these rules and notifier checks them again at the send; nobody keeps another
list of letters or invitations.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.people import Channel, Consent, ConsentPurpose


class Purpose(OpenEnum):
    """Why a candidate is written to."""

    LETTER = "letter"
    """The honest no, which may ask to keep the name in the hat."""
    KIND_LETTER = "kind_letter"
    """The one letter to somebody wholly unqualified: it asks nothing and nothing follows."""
    QUESTION = "question"
    """Only the question about the hat, to somebody who was told the outcome by another system."""
    CHECK_IN = "check_in"
    READY = "ready"
    """The gap should have closed by now."""
    RENEWAL = "renewal"
    """Consent ends soon: shall we go on?"""
    INVITATION = "invitation"
    CONTINUATION = "continuation"
    """The same vacancy is open again and this person finished next."""
    RECORD = "record"
    """The link, which they asked for, to all that is held about them."""
    ADDRESS = "address"
    """Whether the new address that they gave is theirs."""
    STOPPED = "stopped"
    """That nothing follows any more, to somebody who wrote that they want nothing."""
    OUTCOME = "outcome"
    """How it ended, to somebody who was invited or said that they would like to talk."""


class Basis(Enum):
    """What must hold at the instant of sending."""

    ANSWER_OWED = auto()
    """The application's outcome is still to be told."""
    APPLICATION = auto()
    """The person may be spoken to about this application, consent or not."""
    ANSWER = auto()
    """The person was asked or answered, and hears how that ended, whatever became of what they
    applied for."""
    CONSENT = auto()
    """One of the rule's consents is live for the channel."""
    REQUEST = auto()
    """The person asked for this one message, which also a stop does not keep from them."""


class Share(Enum):
    """Which part of a person's contact budget a contact uses."""

    OWED = auto()
    """Exempt from the limits on ordinary contacts, but counted."""
    ORDINARY = auto()
    INVITING = auto()
    """What a recruiter approved has limits of its own."""


class Question(Enum):
    """What a message's page asks first."""

    HAT = auto()
    INTEREST = auto()
    GAP = auto()
    """Whether they have by now what was missing, and then whether they are interested."""
    NEWS = auto()
    """Whether anything has changed for them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a purpose is."""

    basis: Basis
    share: Share
    consents: frozenset[ConsentPurpose] = frozenset()
    """Any one of these allows it, where the basis is consent."""
    asks: Question | None = None
    """None where the message itself says whether it asks about the hat."""
    ended_because: str = "no_longer_standing"
    """The code of a withdrawal, once what it rests on is gone."""

    @property
    def is_letter(self) -> bool:
        """Whether it tells an outcome: an application gets one of these, of whatever kind."""
        return self.basis is Basis.ANSWER_OWED

    @property
    def is_inviting(self) -> bool:
        return self.share is Share.INVITING

    @property
    def needs_consent(self) -> bool:
        return self.basis is Basis.CONSENT

    @property
    def is_requested(self) -> bool:
        return self.basis is Basis.REQUEST


_LETTER = Rule(Basis.ANSWER_OWED, Share.OWED)

RULES: Final[dict[Purpose, Rule]] = {
    Purpose.LETTER: _LETTER,
    Purpose.KIND_LETTER: _LETTER,
    Purpose.QUESTION: Rule(Basis.APPLICATION, Share.ORDINARY, asks=Question.HAT),
    Purpose.CHECK_IN: Rule(
        Basis.CONSENT,
        Share.ORDINARY,
        frozenset({ConsentPurpose.NOW_AND_THEN}),
        asks=Question.NEWS,
        ended_because="consent_ended",
    ),
    Purpose.READY: Rule(
        Basis.CONSENT,
        Share.ORDINARY,
        frozenset({ConsentPurpose.WHEN_QUALIFIED}),
        asks=Question.GAP,
        ended_because="consent_ended",
    ),
    Purpose.RENEWAL: Rule(
        Basis.CONSENT,
        Share.ORDINARY,
        frozenset(ConsentPurpose),
        asks=Question.HAT,
        ended_because="consent_ended",
    ),
    Purpose.INVITATION: Rule(
        Basis.CONSENT,
        Share.INVITING,
        frozenset({ConsentPurpose.SIMILAR_OPENING, ConsentPurpose.WHEN_QUALIFIED}),
        asks=Question.INTEREST,
        ended_because="invitation_withdrawn",
    ),
    Purpose.CONTINUATION: Rule(
        Basis.APPLICATION,
        Share.INVITING,
        asks=Question.INTEREST,
        ended_because="invitation_withdrawn",
    ),
    Purpose.RECORD: Rule(Basis.REQUEST, Share.OWED),
    Purpose.ADDRESS: Rule(Basis.REQUEST, Share.OWED),
    Purpose.STOPPED: Rule(Basis.REQUEST, Share.OWED),
    Purpose.OUTCOME: Rule(Basis.ANSWER, Share.OWED),
}
DECISION_RESTS: Final = timedelta(hours=24)
"""So that it can be taken back, before a word of ours about it leaves."""

UNANSWERED_AFTER: Final = timedelta(days=20)
"""Fourteen working days and some for holidays: so long recruiters have to say something."""

LETTERS: Final = frozenset(purpose for purpose, rule in RULES.items() if rule.is_letter)
INVITING: Final = frozenset(purpose for purpose, rule in RULES.items() if rule.is_inviting)
REQUESTED: Final = frozenset(purpose for purpose, rule in RULES.items() if rule.is_requested)
BY_CONSENT: Final = frozenset(purpose for purpose, rule in RULES.items() if rule.needs_consent)


def rule_of(purpose: Purpose | None) -> Rule | None:
    """Returns what a purpose is; None for one that is not known here, which is never sent."""
    return RULES.get(purpose) if purpose else None


def allows(consents: Iterable[Consent], purpose: Purpose, channel: Channel, at: datetime) -> bool:
    """Tells whether one of the consents covers this purpose and channel at that instant."""
    rule = rule_of(purpose)
    return rule is not None and any(
        consent.purpose in rule.consents
        and consent.channel is channel
        and consent.since <= at < consent.until
        for consent in consents
    )
