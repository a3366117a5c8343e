"""Which channels are worth trying at the moment."""

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
class CircuitBreakers:
    """One breaker for each channel: while its server is away, messages wait and none is blamed.

    A breaker stays open longer each time it trips, and closes with the first try that gets through.
    """

    metrics: MessageMetrics
    _open_until: dict[Channel, float] = field(default_factory=dict)
    _seconds: dict[Channel, float] = field(default_factory=dict)

    def closed(self, channels: Iterable[Channel]) -> list[Channel]:
        """Returns those of the channels that may be tried now."""
        now = time.monotonic()
        return [channel for channel in channels if self._open_until.get(channel, 0) <= now]

    @property
    def tripped(self) -> list[Channel]:
        """The channels over which nothing has got through since the last trouble."""
        return list(self._seconds)

    def trip(self, channel: Channel, because: str) -> None:
        """Stops trying a channel for a while, unless an earlier try has stopped it already."""
        now = time.monotonic()
        if self._open_until.get(channel, 0) > now:
            return
        seconds = self._seconds.get(channel, FIRST_SECONDS)
        self._open_until[channel] = now + seconds
        self._seconds[channel] = min(seconds * 2, LONGEST_SECONDS)
        self.metrics.channel_paused.labels(channel).set(1)
        _log.warning("channel.paused", channel=channel, because=because, seconds=seconds)

    def reset(self, channel: Channel) -> None:
        """Closes the breaker of a channel that works."""
        if self._seconds.pop(channel, None):
            self._open_until.pop(channel, None)
            self.metrics.channel_paused.labels(channel).set(0)
            _log.info("channel.resumed", channel=channel)
