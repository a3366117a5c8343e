"""Which channels are worth trying at the moment."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import structlog

from services.notifier.metrics import MessageMetrics
from shared.contract.events.people import Channel

_log = structlog.get_logger()

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 10.0

DOUBTS_IN_A_ROW = 3
"""One message alone may be lost by chance; after as many as this the other side is in trouble."""


@dataclass
class CircuitBreakers:
    """One breaker for each channel: while its server is away, messages wait and none is blamed.

    A breaker stays open longer each time it trips. After that one message alone is tried, and
    the others once a try has got through. Where nothing is due nobody tries, so that a pause is
    told of no longer than it lasts.
    """

    metrics: MessageMetrics
    channels: Iterable[Channel] = tuple(Channel)
    """Those that are measured from the start: what has no measure counts as none that works."""
    _open_until: dict[Channel, float] = field(default_factory=dict)
    _seconds: dict[Channel, float] = field(default_factory=dict)
    _doubts: Counter[Channel] = field(default_factory=Counter)
    """How many tries have ended in doubt since one got through."""
    _probed: set[Channel] = field(default_factory=set)
    """Those that are tried for the first time since they were paused."""

    def __post_init__(self) -> None:
        for channel in self.channels:
            gauge = self.metrics.channel_paused.labels(channel)
            gauge.set_function(partial(self._is_paused, channel))

    def closed(self, channels: Iterable[Channel]) -> list[Channel]:
        """Returns those of the channels that may be tried now."""
        return [channel for channel in channels if not self._is_paused(channel)]

    @property
    def paused(self) -> list[Channel]:
        """The channels that wait after trouble, or are tried for the first time since."""
        return [channel for channel in self._seconds if self._is_paused(channel)]

    @contextmanager
    def trying(self, channel: Channel) -> Iterator[None]:
        """Spans a try: what was paused before is so until it is known how the try ended."""
        if channel not in self._seconds:
            yield
            return
        self._probed.add(channel)
        try:
            yield
        finally:
            self._probed.discard(channel)

    def _is_paused(self, channel: Channel) -> bool:
        return self._open_until.get(channel, 0) > time.monotonic() or channel in self._probed

    def trip(self, channel: Channel, because: str) -> None:
        """Stops trying a channel for a while, unless an earlier try has stopped it already."""
        now = time.monotonic()
        if self._open_until.get(channel, 0) > now:
            return
        seconds = self._seconds.get(channel, FIRST_SECONDS)
        self._open_until[channel] = now + seconds
        self._seconds[channel] = min(seconds * 2, LONGEST_SECONDS)
        _log.warning("channel.paused", channel=channel, because=because, seconds=seconds)

    def doubt(self, channel: Channel, because: str) -> None:
        """Trips once several tries in a row, or the first after a pause, leave their end unknown.

        Such a message is never sent again by itself, so that whatever else is due had better wait.
        """
        self._doubts[channel] += 1
        if self._doubts[channel] >= DOUBTS_IN_A_ROW or channel in self._seconds:
            self.trip(channel, because)

    def reset(self, channel: Channel) -> None:
        """Closes the breaker of a channel that works."""
        del self._doubts[channel]
        if self._seconds.pop(channel, None):
            self._open_until.pop(channel, None)
            self._probed.discard(channel)
            _log.info("channel.resumed", channel=channel)
