from collections.abc import Iterator

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    Tracer,
    TraceState,
    set_span_in_context,
)

from shared.runtime.tracing import Anonymous
from tests.otlp import Received, otlp_receiver

CANARY = "Ada.Moreno-436601234567"
OUTSIDE = SpanContext(1, 2, True, TraceFlags(TraceFlags.SAMPLED), TraceState([("their", CANARY)]))


@pytest.fixture
def received() -> Iterator[Received]:
    with otlp_receiver() as receiver:
        yield receiver


@pytest.fixture
def tracer(received: Received) -> Tracer:
    provider = TracerProvider()
    exporter = OTLPSpanExporter(f"{received.url}/v1/traces")
    provider.add_span_processor(SimpleSpanProcessor(Anonymous(exporter)))
    return provider.get_tracer("a library")


def test_a_request_is_named_by_its_route_and_no_attribute_that_is_not_listed_leaves(
    tracer: Tracer, received: Received
) -> None:
    attributes = {
        "http.request.method": "GET",
        "http.route": "/c/{token}",
        "url.path": f"/c/{CANARY}",
        "url.query": CANARY,
        "http.target": CANARY,
        "server.address": CANARY,
        "of.a.later.version": CANARY,
    }
    tracer.start_span(f"GET /c/{CANARY}", kind=SpanKind.SERVER, attributes=attributes).end()
    (span,) = received.spans
    assert span.name == "GET /c/{token}"
    assert {it.key for it in span.attributes} == {"http.request.method", "http.route"}
    assert not received.holding(CANARY)


@pytest.mark.parametrize("kind", [SpanKind.SERVER, SpanKind.CLIENT])
def test_a_request_without_a_route_is_named_by_its_method_alone(
    tracer: Tracer, received: Received, kind: SpanKind
) -> None:
    given = {"http.request.method": "POST"}
    tracer.start_span(f"POST /{CANARY}", kind=kind, attributes=given).end()
    assert received.names == {"POST"}


def test_a_server_span_that_says_nothing_of_its_method_is_not_named_as_the_library_did(
    tracer: Tracer, received: Received
) -> None:
    tracer.start_span(f"/{CANARY}", kind=SpanKind.SERVER).end()
    assert received.names == {"HTTP"}


def test_of_an_exception_its_type_alone_leaves(tracer: Tracer, received: Received) -> None:
    with pytest.raises(ValueError), tracer.start_as_current_span("work"):  # noqa: PT011
        raise ValueError(f"{CANARY} is not a date")
    (span,) = received.spans
    assert span.status.code == StatusCode.ERROR.value
    assert [(it.key, it.value.string_value) for it in span.events[0].attributes] == [
        ("exception.type", "ValueError")
    ]
    assert not received.holding(CANARY)


def test_what_a_caller_or_a_record_says_of_its_own_trace_stays_here_and_the_trace_goes_on(
    tracer: Tracer, received: Received
) -> None:
    parent = set_span_in_context(NonRecordingSpan(OUTSIDE))
    links = [Link(OUTSIDE, {"messaging.message.id": CANARY})]
    tracer.start_span("work", context=parent, links=links).end()
    (span,) = received.spans
    assert int.from_bytes(span.trace_id) == OUTSIDE.trace_id
    assert int.from_bytes(span.parent_span_id) == OUTSIDE.span_id
    assert int.from_bytes(span.links[0].span_id) == OUTSIDE.span_id
    assert not received.holding(CANARY)
