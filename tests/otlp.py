"""A real OTLP receiver over HTTP: keeps every request as it arrived, and reads what is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Received:
    """What came in since the receiver was started, in bytes and as spans."""

    url: str
    requests: list[tuple[str, bytes]] = field(default_factory=list)
    """The path and the body of each, unpacked."""

    @property
    def spans(self) -> list[Span]:
        return [
            span
            for path, body in list(self.requests)
            if path == "/v1/traces"
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def names(self) -> set[str]:
        return {span.name for span in self.spans}

    def holding(self, *canaries: str) -> set[str]:
        """Returns those of the texts that stand anywhere in what came in."""
        bodies = [body for _, body in list(self.requests)]
        return {text for text in canaries if any(text.encode() in body for body in bodies)}


@contextmanager
def otlp_receiver() -> Iterator[Received]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    received = Received(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = _keeping(received)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _keeping(received: Received) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            packed = self.headers.get("content-encoding") == "gzip"
            received.requests.append((self.path, decompress(body) if packed else body))
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keeps the tests' output clear."""

    return Handler
