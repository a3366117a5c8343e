"""A message on its way, and how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.notifier.domain.content import Content, Facts, MessageKind
from shared.contract.events.contacts import ContactFacts, Outcome, Window
from shared.contract.events.people import Channel, PersonName
from shared.contract.events.recipients import RecipientChanged


class State(StrEnum):
    """Where a message stands. All but the first two are ends: nothing leads out of them."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"


class Because(StrEnum):
    """Why we did not let a message leave; fit for a label, and never personal."""

    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    SUPERSEDED = "superseded"
    """It tells of a shortlist in whose place there is a newer one."""
    RECIPIENT_UNKNOWN = "recipient_unknown"
    RECIPIENT_UNREAD = "recipient_unread"
    """A newer state of theirs has come that this version could not take in."""
    UNKNOWN_KIND = "unknown_kind"
    """They are neither candidate nor recruiter, but something that this version never heard of."""
    UNKNOWN_PURPOSE = "unknown_purpose"
    """A newer scheduler asks for something that this version has no words for."""
    UNREADABLE = "unreadable"
    """What is stored of the message cannot be read, so there is nothing to say."""
    NO_CONSENT = "no_consent"
    NO_ANSWER_OWED = "no_answer_owed"
    NOT_SPEAKING_OF_IT = "not_speaking_of_it"
    NOT_THEIR_VACANCY = "not_their_vacancy"
    VACANCY_OPEN = "vacancy_open"
    """It would say that a vacancy has closed which is open again."""
    STOPPED = "stopped"
    REPLY_UNREAD = "reply_unread"
    """They wrote something that no human has read yet."""
    NO_ADDRESS = "no_address"
    ADDRESS_DEAD = "address_dead"
    NO_WAY_OUT = "no_way_out"
    OUTSIDE_WINDOWS = "outside_windows"
    WINDOWS_PASSED = "windows_passed"
    RECIPIENTS_STALE = "recipients_stale"
    CLOCK_DOUBTFUL = "clock_doubtful"
    ON_HOLD = "on_hold"
    CHANNEL_PAUSED = "channel_paused"
    """The other side of the channel that it is to go over is away."""
    RENDERING_FAILED = "rendering_failed"
    REROUTED = "rerouted"
    TAKEN_OVER = "taken_over"
    DATABASE_AWAY = "database_away"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Recipient:
    """What is known of somebody at one instant."""

    state: RecipientChanged
    suppressed: frozenset[str] = frozenset()
    """Those of their addresses that nothing is sent to any more, or not this message."""

    def addresses(self, channel: Channel) -> list[str]:
        """Returns their addresses on a channel, the preferred one first."""
        phones = [self.state.phone] if self.state.phone else []
        return {Channel.EMAIL: self.state.emails, Channel.SMS: phones}.get(channel, [])

    def addresses_to_verify(self, channel: Channel, request_id: str | None) -> list[str]:
        """Returns the address or number that a request asks whether it is theirs, if it still is.

        Where the state names no request, by an intake that knew of none, each asks for what is new.
        """
        given = {
            Channel.EMAIL: (self.state.to_verify, self.state.to_verify_request),
            Channel.SMS: (self.state.phone_to_verify, self.state.phone_to_verify_request),
        }
        found, asked_by = given.get(channel, (None, None))
        return [found] if found and asked_by in (None, request_id) else []

    def speaking_of(self, application_id: str | None) -> "Recipient":
        """Returns them as they are named and reached where an application is spoken of."""
        return replace(self, state=self.state.speaking_of(application_id))

    def has_stopped(self, channel: Channel) -> bool:
        """Tells whether they stopped a channel; a stop that we do not understand stops them all."""
        return _means(self.state.stopped, channel)

    def is_held(self, channel: Channel) -> bool:
        """Tells whether a channel waits for a human; the unknown holds them all, as with stops."""
        return _means(self.state.held, channel)


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A human who reads what somebody replies."""

    name: str
    address: str


def _means(named: Sequence[Channel], channel: Channel) -> bool:
    return any(one is channel or not one.is_known for one in named)


@dataclass(frozen=True, slots=True)
class Message:
    """A message that this process has claimed: neither its words yet, nor an address."""

    message_id: str
    lease_token: UUID
    recipient_id: str
    purpose: MessageKind
    channels: Sequence[Channel]
    """As far as they are known here."""
    facts: Facts
    windows: Sequence[Window]
    expires_at: datetime
    received_at: datetime
    """By the database's clock, like the heartbeats it is compared with."""
    tries: int
    has_failed: bool = False
    """At one of the recipient's addresses, itself; another is tried then."""
    told_how_to_stop: frozenset[str] = frozenset()
    """The hashes of their numbers to which a text message has lately said how to end them."""
    withdrawn_at: datetime | None = None
    contact_id: str | None = None
    shortlist_id: str | None = None
    application_id: str | None = None
    about: PersonName | None = None
    """Whom a recruiter is told about, as far as they are known."""

    @property
    def tells_closing(self) -> bool:
        """Whether it says that what they were invited to has closed."""
        told = self.facts.outcome if isinstance(self.facts, ContactFacts) else None
        return told is Outcome.VACANCY_CLOSED and self.shortlist_id is not None

    def content(
        self,
        recipient: RecipientChanged,
        channel: Channel,
        address: str,
        replies_to: Correspondent | None = None,
        *,
        knows_how_to_stop: bool,
    ) -> Content:
        """Returns what the words for this recipient are made from."""
        return Content(
            message_id=self.message_id,
            channel=channel,
            address=address,
            knows_how_to_stop=knows_how_to_stop,
            purpose=self.purpose,
            recipient_id=self.recipient_id,
            name=recipient.name,
            locale=recipient.locale,
            time_zone=recipient.time_zone,
            facts=self.facts,
            contact_id=self.contact_id,
            application_id=self.application_id,
            signed_by=replies_to.name if replies_to else "",
            about=self.about,
            consents=recipient.consents,
        )
