"""Logs, metrics and traces: what operators see. Nothing here ever carries personal data."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from opentelemetry import propagate, trace
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

tracer = trace.get_tracer("notyet")

_ADDRESS = re.compile(r"(?<![^\s@<>\"'])[^\s@<>\"']+@[^\s@<>\"']+")
_NUMBER = re.compile(r"\+?\d[\d\s().-]{7,}\d")
_SAFE_KEYS = frozenset({"timestamp", "event", "level", "logger", "service"})

SAME_AGAIN_SECONDS = 10.0
"""For how long a library is not heard again about the same thing."""


class Metrics:
    """One process's metrics; names follow OpenTelemetry's messaging conventions where they fit."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.published = Counter(
            "messaging_client_sent_messages",
            "Events published from the outbox",
            ["service"],
            registry=self.registry,
        )
        self.handled = Counter(
            "messaging_client_consumed_messages",
            "Events that had their effect",
            ["topic"],
            registry=self.registry,
        )
        self.repeated = Counter(
            "notyet_repeated_events",
            "Events dropped because they or a newer state had been seen",
            ["topic"],
            registry=self.registry,
        )
        self.set_aside = Counter(
            "notyet_quarantined_events",
            "Records set aside",
            ["topic", "reason"],
            registry=self.registry,
        )
        self.batch_seconds = Histogram(
            "messaging_process_duration_seconds",
            "Time from a batch's receipt to its commit",
            ["topic"],
            registry=self.registry,
        )
        self.retries = Counter(
            "notyet_batch_retries",
            "Batches rolled back and read again",
            ["topic"],
            registry=self.registry,
        )
        self.lag = Gauge(
            "notyet_consumer_lag_events",
            "Events behind the end of a topic's partition",
            ["topic", "partition"],
            registry=self.registry,
        )
        self.unknown = Counter(
            "notyet_unknown_events",
            "Events of a type that this version does not know",
            ["topic"],
            registry=self.registry,
        )
        self.breaker_open = Gauge(
            "notyet_breaker_open",
            "1 while a topic rests because too much of it was set aside",
            ["topic"],
            registry=self.registry,
        )
        self.outbox_waiting = Gauge(
            "notyet_outbox_waiting_events", "Events waiting to be published", registry=self.registry
        )
        self.outbox_oldest = Gauge(
            "notyet_outbox_oldest_seconds",
            "How long the oldest event has waited to be published",
            registry=self.registry,
        )
        self.outbox_set_aside = Gauge(
            "notyet_outbox_set_aside_events",
            "Events that the broker refused and nobody has looked at",
            registry=self.registry,
        )
        self.outbox_refused = Counter(
            "notyet_outbox_refused_events",
            "Events that the broker refused",
            ["topic", "reason"],
            registry=self.registry,
        )
        self.job_failures = Counter(
            "notyet_job_failures", "Failed runs of a periodic job", ["job"], registry=self.registry
        )
        self.job_failing = Gauge(
            "notyet_job_failing_seconds",
            "For how long every run of a periodic job has failed",
            ["job"],
            registry=self.registry,
        )
        self.parked = Gauge(
            "notyet_parked_rows",
            "Rows that a periodic job could not work on",
            ["job"],
            registry=self.registry,
        )


def present_trace() -> str | None:
    """Returns the W3C `traceparent` of the span being worked in, if traces are on."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


def set_up_tracing(service: str) -> None:
    """Exports traces where the standard `OTEL_EXPORTER_OTLP_ENDPOINT` says; without it, nowhere."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"notyet-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


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
