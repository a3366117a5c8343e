"""What the others are told about a message."""

from collections.abc import Mapping
from typing import Any, Literal

from services.notifier.domain.content import TO_RECRUITERS
from services.notifier.domain.messages import Message, State
from shared.contract.events.notifications import (
    LinkShortened,
    MessageBounced,
    MessageDelivered,
    MessageDropped,
    MessageExpired,
    MessageFailed,
    MessagePayload,
    MessageSent,
    MessageUncertain,
)
from shared.contract.events.responses import DeliveryReported
from shared.runtime.links import Told

Row = Mapping[str, Any]

DEAD_AFTER = 3
"""An address from which so many mails came back in a row gets none any more."""

_ENDS: dict[State, type[MessagePayload]] = {
    State.SENT: MessageSent,
    State.FAILED: MessageFailed,
    State.DROPPED: MessageDropped,
    State.EXPIRED: MessageExpired,
    State.UNCERTAIN: MessageUncertain,
}


def end(row: Row) -> MessagePayload:
    """Tells how a message ended, from its row."""
    return _about(row, _ENDS[State(row["state"])], at=row["ended_at"])


def told(message: Message, link: Told) -> LinkShortened:
    """Tells what the short link of a message stands for, or what comes back to it is known by."""
    return LinkShortened(
        message_id=message.message_id,
        recipient_id=message.recipient_id,
        application_id=message.application_id,
        token_hash=link.token_hash,
        purpose=link.purpose,
        claims=dict(link.claims),
        expires_at=link.expires_at,
    )


def later(row: Row, said: DeliveryReported) -> MessagePayload:
    """Tells what a provider said about a message afterwards."""
    if arrived(said):
        return _about(row, MessageDelivered, at=said.at)
    return _about(
        row,
        MessageBounced,
        at=said.at,
        because=said.outcome,
        address_is_dead=said.address_is_dead,
        left_at=row["ended_at"],
    )


def arrived(said: DeliveryReported) -> bool:
    """Tells whether the message reached somebody, if only to be complained about."""
    return said.outcome in ("delivered", "complained")


def came_back(said: DeliveryReported) -> bool:
    """Tells whether the message came back from an address that may be good again later."""
    return said.outcome == "bounced" and not said.address_is_dead


def suppressed(said: DeliveryReported) -> Literal["dead", "opted_out"] | None:
    """Tells whether the address is to be written to no more, and why."""
    if said.outcome in ("opted_out", "complained"):
        return "opted_out"
    return "dead" if said.address_is_dead else None


def ending_of(event: MessagePayload) -> State | None:
    """Tells in which end an event leaves its message; None for what a provider said of it.

    That proves no end: a provider may be quicker than our own record of what it answered.
    """
    return next((state for state, kind in _ENDS.items() if type(event) is kind), None)


def _about(row: Row, kind: type[MessagePayload], **facts: Any) -> MessagePayload:
    return kind.model_validate(
        {
            **row,
            "purpose": None if row["purpose"] in TO_RECRUITERS else row["purpose"],
            "channel": row["channel"] or row["channels"][0],
            "asked_hat": row["asks_hat"],
            **facts,
        }
    )
