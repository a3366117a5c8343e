"""The `notifications` stream: how messages ended, and what their short links stand for."""

from typing import ClassVar

from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id, Line, Payload
from shared.contract.events.people import Channel
from shared.contract.events.purposes import LETTERS, Purpose
from shared.contract.events.responses import DeliveryOutcome


class MessagePayload(Payload):
    """Something that happened to one message; a recruiter's carries no purpose."""

    message_id: Id
    """Made from the contact, so that it is the same again after a restore."""
    recipient_id: Id
    contact_id: Id | None = None
    shortlist_id: Id | None = None
    """The shortlist that a recruiter is told of, or on which a candidate was approved."""
    purpose: Purpose | None = None
    application_id: Id | None = None
    channel: Channel
    at: Moment

    @property
    def entity_id(self) -> str:
        return self.recipient_id


class MessageSent(MessagePayload):
    type: ClassVar[str] = "dev.notyet.message.sent.v1"

    wording_version: Line
    asked_hat: bool = False


class MessageDelivered(MessagePayload):
    type: ClassVar[str] = "dev.notyet.message.delivered.v1"


class UnsentPayload(MessagePayload):
    because: Line
    """A short code, never an address or a server's words."""


class MessageBounced(UnsentPayload):
    """It came back after the other side had taken it."""

    type: ClassVar[str] = "dev.notyet.message.bounced.v1"

    address_is_dead: bool = False
    """Nothing will ever reach anybody there."""
    left_at: Moment | None = None
    """As `message.sent` said it; absent where nothing had been said of it yet."""

    @property
    def untold(self) -> bool:
        """Whether it was an owed answer that has reached nobody, which may go another way."""
        has_failed = self.because in (DeliveryOutcome.BOUNCED, DeliveryOutcome.FAILED)
        return has_failed and self.left_at is not None and self.purpose in LETTERS


class MessageFailed(UnsentPayload):
    """The other side refused it for good."""

    type: ClassVar[str] = "dev.notyet.message.failed.v1"


class MessageDropped(UnsentPayload):
    """We decided not to send it: no consent, withdrawn, nothing to reach them by."""

    type: ClassVar[str] = "dev.notyet.message.dropped.v1"


class MessageExpired(UnsentPayload):
    type: ClassVar[str] = "dev.notyet.message.expired.v1"


class MessageUncertain(UnsentPayload):
    """The connection or process died between the body and the server's answer; never resent."""

    type: ClassVar[str] = "dev.notyet.message.uncertain.v1"


class LinkShortened(Payload):
    """A message is about to leave with a short token: there is no room to say what it stands for.

    It is the link of a text message, or in the addresses at which a mail can be answered.

    It is published with the attempt, before anything of the message leaves, and again with each
    further one. The token is in no event.
    """

    type: ClassVar[str] = "dev.notyet.link.shortened.v1"

    message_id: Id
    recipient_id: Id
    application_id: Id | None = None
    token_hash: Id
    """By which whoever opens the link finds this; made with a key that both sides have."""
    purpose: Line
    """What the link may be used for, and nothing else."""
    claims: dict[str, Line]
    """What a link of full length says of itself: ids and codes, nothing personal."""
    expires_at: Moment

    @property
    def entity_id(self) -> str:
        return self.recipient_id
