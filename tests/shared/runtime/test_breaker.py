import pytest

from shared.runtime import breaker
from shared.runtime.breaker import PROBE, Breaker, BreakerOpen


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the monotonic clock says; a test moves it by changing the only element."""
    now = [1000.0]
    monkeypatch.setattr("shared.runtime.breaker.time.monotonic", lambda: now[0])
    return now


def opened(limit: int = 5) -> Breaker:
    made = Breaker(limit)
    with pytest.raises(BreakerOpen):
        made.admit(limit + 1)
    return made


def test_what_is_set_aside_within_a_minute_adds_up(seconds: list[float]) -> None:
    made = Breaker(5)
    for _ in range(5):
        made.admit(1)
        made.committed(1, of=1)
    with pytest.raises(BreakerOpen):
        made.admit(1)
    made = Breaker(5)
    made.committed(5, of=500)
    seconds[0] += 61
    made.admit(5)
    assert made.trouble is None


def test_what_was_rolled_back_is_not_counted(seconds: list[float]) -> None:
    made = Breaker(5)
    for _ in range(3):
        made.admit(5)
    assert made.trouble is None


def test_nothing_is_read_while_it_is_open_and_little_when_it_is_half_open(
    seconds: list[float],
) -> None:
    made = opened()
    assert made.trouble is not None
    assert made.allows(500) == 0
    seconds[0] += breaker.REST_SECONDS
    assert made.allows(500) == PROBE


def test_a_failed_probe_keeps_what_it_set_aside_and_opens_it_for_longer(
    seconds: list[float],
) -> None:
    made = opened()
    seconds[0] += breaker.REST_SECONDS
    made.admit(10)
    made.committed(10, of=10)
    assert made.trouble is not None
    seconds[0] += breaker.REST_SECONDS
    assert made.allows(500) == 0
    seconds[0] += breaker.REST_SECONDS
    assert made.allows(500) == 2 * PROBE


def test_nothing_is_the_trouble_while_a_probe_waits_for_records(seconds: list[float]) -> None:
    made = opened()
    assert made.trouble is not None
    seconds[0] += breaker.REST_SECONDS
    assert made.trouble is None


def test_a_probe_with_few_faults_closes_it_and_the_count_begins_anew(seconds: list[float]) -> None:
    made = opened()
    seconds[0] += breaker.REST_SECONDS
    made.admit(1)
    made.committed(1, of=10)
    assert made.trouble is None
    assert made.allows(500) == 500
    made.admit(5)
