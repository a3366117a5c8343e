"""Logs and metrics: what operators see. Nothing here ever carries personal data."""

import logging
import re
import sys
from collections.abc import MutableMapping
from functools import partial
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_ADDRESS = re.compile(r"(?<![^\s@<>\"'])[^\s@<>\"']+@[^\s@<>\"']+")
_NUMBER = re.compile(r"\+?\d[\d\s().-]{7,}\d")
_SAFE_KEYS = frozenset({"timestamp", "event", "level", "logger", "service"})

SAME_AGAIN_SECONDS = 10.0
"""For how long a library is not heard again about the same thing."""


class Metrics:
    """One process's metrics; names follow OpenTelemetry's messaging conventions where they fit."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        histogram = partial(Histogram, registry=self.registry)
        self.published = counter(
            "messaging_client_sent_messages", "Events published from the outbox", ["service"]
        )
        self.handled = counter(
            "messaging_client_consumed_messages", "Events that had their effect", ["topic"]
        )
        self.repeated = counter(
            "notyet_repeated_events",
            "Events dropped because they or a newer state had been seen",
            ["topic"],
        )
        self.set_aside = counter(
            "notyet_quarantined_events", "Records set aside", ["topic", "reason"]
        )
        self.quarantine_waiting = gauge(
            "notyet_quarantine_waiting_records",
            "Records set aside that were neither replayed nor discarded",
            ["topic"],
        )
        self.quarantine_erased = counter(
            "notyet_quarantine_erased_records",
            "Records set aside that were deleted because they are about somebody erased",
            ["topic", "by"],
        )
        self.batch_seconds = histogram(
            "messaging_process_duration_seconds",
            "Time from a batch's receipt to its commit",
            ["topic"],
        )
        self.retries = counter(
            "notyet_batch_retries", "Batches rolled back and read again", ["topic"]
        )
        self.begun_anew = counter(
            "notyet_partitions_begun_anew",
            "Partitions read from their beginning because they ended before what had been read",
            ["topic"],
        )
        self.lag = gauge(
            "notyet_consumer_lag_events",
            "Events behind the end of a topic's partition",
            ["topic", "partition"],
        )
        self.unknown = counter(
            "notyet_unknown_events", "Events of a type that this version does not know", ["topic"]
        )
        self.breaker_open = gauge(
            "notyet_breaker_open",
            "1 while a topic rests because too much of it was set aside",
            ["topic"],
        )
        self.outbox_waiting = gauge(
            "notyet_outbox_waiting_events", "Events waiting to be published"
        )
        self.outbox_oldest = gauge(
            "notyet_outbox_oldest_seconds", "How long the oldest event has waited to be published"
        )
        self.outbox_set_aside = gauge(
            "notyet_outbox_set_aside_events",
            "Events that the broker refused and nobody has looked at",
        )
        self.outbox_refused = counter(
            "notyet_outbox_refused_events", "Events that the broker refused", ["topic", "reason"]
        )
        self.job_failures = counter("notyet_job_failures", "Failed runs of a periodic job", ["job"])
        self.job_failing = gauge(
            "notyet_job_failing_seconds",
            "For how long every run of a periodic job has failed",
            ["job"],
        )
        self.parked = gauge(
            "notyet_parked_rows", "Rows that a periodic job could not work on", ["job"]
        )


def set_up_logging(service: str, level: str) -> None:
    """Writes one JSON object a line to standard output, anything like an address blotted out."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(level=logging.ERROR, format="%(message)s", handlers=[_ToStructlog()])


def redact(text: str) -> str:
    """Blots out whatever looks like an e-mail address or a telephone number."""
    return _NUMBER.sub("[number]", _ADDRESS.sub("[address]", text))


def _redact(
    _logger: Any, _method: str, fields: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The last line of defence: no message is meant to hold personal data in the first place."""
    for key, value in fields.items():
        if isinstance(value, str) and key not in _SAFE_KEYS:
            fields[key] = redact(value)
    return fields


class _ToStructlog(logging.Handler):
    """Writes what libraries log as the same lines; messages may quote data, so only kinds.

    A client that cannot reach its broker says so a hundred times a second: each place is heard
    once in a while.
    """

    def __init__(self) -> None:
        super().__init__()
        self._silent_until: dict[tuple[str, str | None], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        place = (record.name, record.funcName)
        if record.created < self._silent_until.get(place, 0):
            return
        self._silent_until[place] = record.created + SAME_AGAIN_SECONDS
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().log(
            record.levelno, "library.logged", logger=record.name, where=record.funcName, error=error
        )
