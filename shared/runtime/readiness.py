"""What stands still in one process, as its readiness tells it."""

import time
from collections.abc import Callable, Iterable, Sequence

from shared.runtime.consumer import TopicConsumer
from shared.runtime.jobs import Job
from shared.runtime.probes import Check
from shared.runtime.relay import Relay
from shared.runtime.watchdog import Watchdog

BROKER_SECONDS = 15


def standing_still(
    consumers: Sequence[TopicConsumer],
    jobs: Sequence[Job],
    relay: Relay,
    watchdog: Watchdog,
    outbox_age_seconds: float,
) -> dict[str, Check]:
    """Returns a check for each way in which work can stand still while the process is alive."""

    def breaker() -> str | None:
        return _first((consumer.topic.name, consumer.broken) for consumer in consumers)

    def failing_consumer() -> str | None:
        return _first((consumer.topic.name, consumer.failing.trouble) for consumer in consumers)

    def failing_job() -> str | None:
        return _first((job.name, job.failing.trouble) for job in jobs)

    def broker() -> str | None:
        silent = time.monotonic() - watchdog.broker_seen_at > BROKER_SECONDS
        return f"no answer for {BROKER_SECONDS} seconds" if silent else None

    def outbox() -> str | None:
        age, closed = relay.backlog.oldest_seconds, ", ".join(relay.backlog.closed)
        if age <= outbox_age_seconds:
            return None
        return f"the oldest event waits for {age:.0f} seconds" + (closed and f" ({closed})")

    return {
        "breaker": _check(breaker),
        "consumers": _check(failing_consumer),
        "jobs": _check(failing_job),
        "broker": _check(broker),
        "outbox": _check(outbox),
    }


def _first(troubles: Iterable[tuple[str, str | None]]) -> str | None:
    return next((f"{name}: {trouble}" for name, trouble in troubles if trouble), None)


def _check(look: Callable[[], str | None]) -> Check:
    async def check() -> str | None:
        return look()

    return check
