"""Traces: what took how long, and where. What leaves names routes and topics, and nobody.

Paths and queries hold the tokens of links, keys of records are an upstream system's ids, and the
messages of exceptions quote what they are about. Libraries put all of that into spans, and a new
version may put more; so whatever is not listed here stays behind, whoever wrote it.
"""

from collections.abc import Mapping, Sequence

from opentelemetry import propagate, trace
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanContext, Status
from opentelemetry.util.types import AttributeValue

tracer = trace.get_tracer("notyet")

_TOLD = frozenset(
    {
        "code.function.name",
        "error.type",
        "exception.type",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "messaging.batch.message_count",
        "messaging.destination.name",
        "messaging.destination_publish.name",
        "messaging.kafka.destination.partition",
        "messaging.kafka.message.offset",
        "messaging.message.payload_size_bytes",
        "messaging.operation",
        "messaging.system",
        "network.protocol.version",
        "url.scheme",
    }
)
"""The attributes that leave: none of them can hold what a caller or an upstream system wrote."""


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
    provider.add_span_processor(BatchSpanProcessor(Anonymous(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)


class Anonymous(SpanExporter):
    """Exports of each span only what can name nobody and lead nowhere."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_anonymous(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _anonymous(span: ReadableSpan) -> ReadableSpan:
    attributes = _told(span.attributes)
    return ReadableSpan(
        name=_name(span, attributes),
        context=span.context and _without_state(span.context),
        parent=span.parent and _without_state(span.parent),
        resource=span.resource,
        attributes=attributes,
        events=[Event(it.name, _told(it.attributes), it.timestamp) for it in span.events],
        links=[Link(_without_state(it.context), _told(it.attributes)) for it in span.links],
        kind=span.kind,
        # A status is described in an exception's words.
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _name(span: ReadableSpan, attributes: Mapping[str, AttributeValue]) -> str:
    """Names an HTTP request by its method and route, whatever a library called it."""
    method, route = attributes.get("http.request.method"), attributes.get("http.route")
    if method is None and span.kind is not trace.SpanKind.SERVER:
        return span.name
    return " ".join(str(part) for part in (method, route) if part) or "HTTP"


def _told(attributes: Mapping[str, AttributeValue] | None) -> dict[str, AttributeValue]:
    return {name: value for name, value in (attributes or {}).items() if name in _TOLD}


def _without_state(context: SpanContext) -> SpanContext:
    """Leaves a caller's `tracestate` behind, in which anything may stand."""
    return SpanContext(context.trace_id, context.span_id, context.is_remote, context.trace_flags)
