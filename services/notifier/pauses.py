"""Which ways out are worth trying at the moment."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog

from services.notifier.metrics import MessageMetrics
from shared.contract.events.people import Channel

_log = structlog.get_logger()

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 10.0


@dataclass
class Pauses:
    """Rests a channel whose other side is away: the messages wait, and none is blamed for it.

    The pauses grow while it stays away, and end with the first try that gets through.
    """

    metrics: MessageMetrics
    _until: dict[Channel, float] = field(default_factory=dict)
    _seconds: dict[Channel, float] = field(default_factory=dict)

    def open(self, channels: Iterable[Channel]) -> list[Channel]:
        """Leaves out the channels that are resting."""
        now = time.monotonic()
        return [channel for channel in channels if self._until.get(channel, 0) <= now]

    def begin(self, channel: Channel, because: str) -> None:
        """Rests a channel, unless a try begun before has rested it already."""
        now = time.monotonic()
        if self._until.get(channel, 0) > now:
            return
        seconds = self._seconds.get(channel, FIRST_SECONDS)
        self._until[channel] = now + seconds
        self._seconds[channel] = min(seconds * 2, LONGEST_SECONDS)
        self.metrics.channel_paused.labels(channel).set(1)
        _log.warning("channel.paused", channel=channel, because=because, seconds=seconds)

    def end(self, channel: Channel) -> None:
        """Forgets the pauses of a channel that works."""
        if self._seconds.pop(channel, None):
            self._until.pop(channel, None)
            self.metrics.channel_paused.labels(channel).set(0)
            _log.info("channel.resumed", channel=channel)
