"""What is told of requests: their routes, how they ended, and whose trace they are part of."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI, Response
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import StatusCode, get_current_span
from prometheus_client import CollectorRegistry

from services.intake.metrics import IntakeMetrics
from services.intake.web.request_telemetry import RequestTelemetry
from shared.runtime.tracing import Anonymous
from tests.otlp import Received, otlp_receiver

CANARY = "a-token-of-somebody"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def received() -> Iterator[Received]:
    with otlp_receiver() as receiver:
        yield receiver


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
async def client(
    received: Received, registry: CollectorRegistry
) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})

    @app.get("/c/{token}")
    async def page(token: str) -> str:
        return f"{get_current_span().get_span_context().span_id:016x}"

    @app.get("/busy/{token}")
    async def busy(token: str) -> Response:
        return Response(status_code=503)

    @app.get("/broken/{token}")
    async def broken(token: str) -> None:
        raise ValueError(token)

    provider = TracerProvider()
    exporter = OTLPSpanExporter(f"{received.url}/v1/traces")
    provider.add_span_processor(SimpleSpanProcessor(Anonymous(exporter)))
    wrapped = RequestTelemetry(app, IntakeMetrics(registry), provider.get_tracer("tests"))
    transport = httpx.ASGITransport(wrapped, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as asking:
        yield asking


def told(span: Span) -> dict[str, str | int]:
    return {it.key: it.value.string_value or it.value.int_value for it in span.attributes}


async def test_a_request_is_a_span_and_a_measure_of_its_route_and_nothing_tells_its_path(
    client: httpx.AsyncClient, received: Received, registry: CollectorRegistry
) -> None:
    within = (await client.get(f"/c/{CANARY}?of={CANARY}")).json()
    (span,) = received.spans
    assert span.name == "GET /c/{token}"
    assert span.span_id.hex() == within
    assert told(span) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/c/{token}",
        "url.scheme": "http",
    }
    assert not received.holding(CANARY)
    labels = {"route": "/c/{token}", "status": "200"}
    assert registry.get_sample_value("notyet_intake_request_duration_seconds_count", labels) == 1


async def test_a_request_goes_on_with_the_trace_of_its_caller(
    client: httpx.AsyncClient, received: Received
) -> None:
    await client.get("/c/1", headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    (span,) = received.spans
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)


@pytest.mark.parametrize(("path", "because"), [("busy", "503"), ("broken", "ValueError")])
async def test_a_request_that_failed_here_tells_by_what_and_in_nobodys_words(
    client: httpx.AsyncClient, received: Received, path: str, because: str
) -> None:
    await client.get(f"/{path}/{CANARY}")
    (span,) = received.spans
    assert span.status.code == StatusCode.ERROR.value
    assert told(span)["error.type"] == because
    assert not received.holding(CANARY)


async def test_a_request_that_nothing_answers_to_has_no_route_and_no_fault(
    client: httpx.AsyncClient, received: Received
) -> None:
    await client.request("PROPFIND", f"/{CANARY}")
    (span,) = received.spans
    assert (span.name, span.status.code) == ("_OTHER", StatusCode.UNSET.value)
    assert told(span)["http.response.status_code"] == 404
    assert not received.holding(CANARY)
