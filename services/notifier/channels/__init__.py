"""The ways out. Each knows one protocol, and in which of its phases a message has left."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notifier.domain import Correspondent, Refusal, Rendered, SendResult

Commit = Callable[[], Awaitable[Refusal | None]]
"""Commits the attempt if the message may still leave, or else gives the reason why not.

A channel calls it once, at the last moment before anything of the message leaves. Whatever is
lost before it was called can be tried again; what is lost after it may have arrived.
"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one recipient is to be handed over one channel."""

    message_id: str
    recipient_id: str
    name: str
    address: str
    words: Rendered
    at: datetime
    replies_to: Correspondent | None = None
    """Who reads the reply, if that is anybody in particular."""


class Carrier(Protocol):
    """One way out."""

    async def deliver(self, parcel: Parcel, commit: Commit) -> SendResult | Refusal:
        """Tries once, and says how it went; the refusal is the one that `commit` gave."""
        ...

    async def close(self) -> None:
        """Ends all connections; nothing is being delivered any more."""
        ...
