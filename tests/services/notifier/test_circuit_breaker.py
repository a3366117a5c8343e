"""What is told of a channel whose other side was away, also while nobody tries it."""

from types import SimpleNamespace

import pytest
from prometheus_client import CollectorRegistry

from services.notifier import circuit_breaker
from services.notifier.circuit_breaker import DOUBTS_IN_A_ROW, LONGEST_SECONDS, CircuitBreakers
from services.notifier.metrics import MessageMetrics
from shared.contract.events.people import Channel

BOTH = [Channel.EMAIL, Channel.SMS]


class Told:
    """Breakers, a clock to move, and what operators are told of them."""

    def __init__(self, channels: list[Channel]) -> None:
        self.now = 100.0
        self.registry = CollectorRegistry()
        self.breakers = CircuitBreakers(MessageMetrics(self.registry), channels)

    def gauge(self, channel: Channel) -> float | None:
        labels = {"channel": channel.value}
        return self.registry.get_sample_value("notyet_notifier_channel_paused", labels)

    def is_paused(self, channel: Channel = Channel.EMAIL) -> bool:
        paused = channel in self.breakers.paused
        assert self.gauge(channel) == paused
        return paused


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    told = Told(BOTH)
    monkeypatch.setattr(circuit_breaker, "time", SimpleNamespace(monotonic=lambda: told.now))
    return told


@pytest.mark.parametrize("channels", [[Channel.EMAIL], BOTH])
def test_each_channel_that_there_is_a_carrier_for_is_measured_from_the_start(
    channels: list[Channel],
) -> None:
    told = Told(channels)
    assert {one for one in BOTH if told.gauge(one) == 0} == set(channels)


@pytest.mark.parametrize("times", [1, 2, 12])
def test_a_pause_ends_by_itself_where_nobody_tries(told: Told, times: int) -> None:
    for _ in range(times):
        told.breakers.trip(Channel.EMAIL, "unreachable")
        assert told.is_paused()
        assert not told.is_paused(Channel.SMS)
        told.now += LONGEST_SECONDS
        assert told.breakers.closed(BOTH) == BOTH
        assert not told.is_paused()


@pytest.mark.parametrize("gets_through", [True, False])
def test_a_pause_is_over_only_when_the_try_after_it_has_got_through(
    told: Told, gets_through: bool
) -> None:
    told.breakers.trip(Channel.EMAIL, "unreachable")
    told.now += LONGEST_SECONDS
    with told.breakers.trying(Channel.EMAIL):
        assert told.is_paused()
        if gets_through:
            told.breakers.reset(Channel.EMAIL)
        else:
            told.breakers.trip(Channel.EMAIL, "unreachable")
    assert told.is_paused() is not gets_through


@pytest.mark.parametrize("between", [0, 1, 2])
def test_only_several_doubts_in_a_row_pause_a_channel(told: Told, between: int) -> None:
    for _ in range(between):
        told.breakers.doubt(Channel.EMAIL, "lost_after_body")
    told.breakers.reset(Channel.EMAIL)
    for _ in range(DOUBTS_IN_A_ROW - 1):
        told.breakers.doubt(Channel.EMAIL, "lost_after_body")
        told.breakers.doubt(Channel.SMS, "http_500")
        told.breakers.reset(Channel.SMS)
        assert not told.is_paused()
    told.breakers.doubt(Channel.EMAIL, "lost_after_body")
    assert told.is_paused()
    assert not told.is_paused(Channel.SMS)


def test_a_single_doubt_after_a_pause_pauses_a_channel_again(told: Told) -> None:
    told.breakers.trip(Channel.EMAIL, "unreachable")
    told.now += LONGEST_SECONDS
    told.breakers.doubt(Channel.EMAIL, "lost_after_body")
    assert told.is_paused()


def test_a_try_without_trouble_before_it_is_no_pause(told: Told) -> None:
    with told.breakers.trying(Channel.EMAIL):
        assert not told.is_paused()
