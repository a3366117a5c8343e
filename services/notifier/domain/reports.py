"""What the others are told about a message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notifier.domain.drafts import SHORTLIST
from services.notifier.domain.messages import State
from shared.events.notifications import (
    MessageBounced,
    MessageDelivered,
    MessageDropped,
    MessageExpired,
    MessageFailed,
    MessagePayload,
    MessageSent,
    MessageUncertain,
)

_ENDS: dict[State, type[MessagePayload]] = {
    State.SENT: MessageSent,
    State.FAILED: MessageFailed,
    State.DROPPED: MessageDropped,
    State.EXPIRED: MessageExpired,
    State.UNCERTAIN: MessageUncertain,
}


def end(row: Mapping[str, Any]) -> MessagePayload:
    """Tells how a message ended, from its row."""
    return _about(row, _ENDS[State(row["state"])], row["ended_at"])


def delivered(row: Mapping[str, Any], at: datetime) -> MessagePayload:
    """Tells that a message has reached its recipient, as far as a provider can know."""
    return _about(row, MessageDelivered, at)


def bounced(row: Mapping[str, Any], at: datetime, because: str) -> MessagePayload:
    """Tells that a message that was sent has not reached its recipient after all."""
    return _about({**row, "because": because}, MessageBounced, at)


def ending_of(event: MessagePayload) -> State:
    """Tells in which end an event leaves its message: only what was sent is heard of again."""
    ends = {kind: state for state, kind in _ENDS.items()}
    return ends.get(type(event), State.SENT)


def _about(row: Mapping[str, Any], kind: type[MessagePayload], at: datetime) -> MessagePayload:
    purpose = None if row["purpose"] == SHORTLIST else row["purpose"]
    return kind.model_validate({**row, "purpose": purpose, "asked_hat": row["asks_hat"], "at": at})
