"""Calls endpoints, as Standard Webhooks has it: signed, bounded, and never led elsewhere.

Source: the Standard Webhooks specification 1.0.0. The body is a CloudEvent in JSON, as in what
systems call us with.
"""

import asyncio
import ssl
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus

import asyncpg
import httpcore
from pydantic_core import to_json

from services.intake.deliveries.api_client import rest_of
from services.intake.outgoing.domain import Gone, Unheard
from services.intake.outgoing.reachable import Forbidden, Reachable
from services.intake.webhooks.standard_webhooks import ID, SIGNATURE, TIMESTAMP, signature
from shared.contract.events.responses import ApplicantNoted

Headers = list[tuple[bytes | str, bytes | str]]

SECONDS = 10.0
"""How long one call may take, however its answer trickles in."""
MOST_ANSWER = 16 * 1024
"""In bytes: what is read of an answer, so that the connection can be used again."""


class Hooks:
    """Calls the endpoints of all sources."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._reachable = Reachable(networks)

    @cached_property
    def _pool(self) -> httpcore.AsyncConnectionPool:
        # Certificates are read from files only where somebody is called at all. Nobody waits for a
        # connection that another endpoint has: the queue bounds how many there are.
        return httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=None,
            max_keepalive_connections=20,
            keepalive_expiry=30.0,
            network_backend=self._reachable,
        )

    async def call(self, row: asyncpg.Record, secrets: Sequence[str]) -> None:
        """Tells one endpoint one thing; raises Unheard if it does not take it."""
        body = body_of(row)
        try:
            async with asyncio.timeout(SECONDS):
                status, headers = await self._post(row["url"], _headers(row, secrets, body), body)
        except httpcore.ConnectError as error:
            raise Unheard(f"it cannot be reached: {_why(error)}") from None
        except (httpcore.TimeoutException, TimeoutError):
            raise Unheard(f"it does not answer within {SECONDS:.0f} seconds") from None
        except (httpcore.NetworkError, httpcore.ProtocolError):
            raise Unheard("it ended the call without an answer") from None
        _check(status, headers)

    async def close(self) -> None:
        """Closes all connections."""
        if "_pool" in self.__dict__:
            await self._pool.aclose()

    async def _post(
        self, url: str, headers: Headers, body: bytes
    ) -> tuple[int, dict[bytes, bytes]]:
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
        async with self._pool.stream(
            "POST", url, headers=headers, content=body, extensions={"timeout": timeout}
        ) as answer:
            size = 0
            async for part in answer.aiter_stream():
                size += len(part)
                if size > MOST_ANSWER:
                    break
            return answer.status, {name.lower(): value for name, value in answer.headers}


def body_of(row: asyncpg.Record) -> bytes:
    """Returns what an endpoint is told: the same each time, without our own id of the person."""
    event: dict[str, object] = {
        "specversion": "1.0",
        "id": row["event_id"],
        "source": "/notyet/intake",
        "type": ApplicantNoted.type,
        "time": row["at"],
        "datacontenttype": "application/json",
    }
    data = {
        "source": row["source"],
        "applicantId": row["source_applicant_id"],
        "applicationId": row["source_application_id"],
        "vacancyId": row["source_vacancy_id"],
        "what": row["what"],
        "channels": row["channels"] or None,
        "at": row["at"],
    }
    said = {name: value for name, value in data.items() if value is not None}
    return to_json(event | {"data": said})


def _headers(row: asyncpg.Record, secrets: Sequence[str], body: bytes) -> Headers:
    if not secrets:
        raise Unheard("its secret was sealed with another key: NOTYET_QUARANTINE_KEYS_FORMER")
    sent = round(datetime.now(UTC).timestamp())  # machine clock
    signed = [signature(secret, row["event_id"], sent, body) for secret in secrets]
    return [
        ("content-type", "application/json"),
        ("user-agent", "notyet"),
        (ID, row["event_id"]),
        (TIMESTAMP, str(sent)),
        (SIGNATURE, " ".join(signed)),
    ]


def _check(status: int, headers: dict[bytes, bytes]) -> None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    problem = f"it answered {status}"
    if status == HTTPStatus.GONE:
        raise Gone(problem)
    asked = headers.get(b"retry-after")
    busy = status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    raise Unheard(problem, rest_of(asked.decode("latin-1")) if busy and asked else None)


def _why(error: httpcore.ConnectError) -> str:
    """Returns what is wrong in words; of what a system says nothing but that it concerns TLS."""
    if isinstance(error, Forbidden):
        return str(error)
    if isinstance(error.__cause__, ssl.SSLError) or "SSL" in str(error):
        return "its certificate is not believed, or it does not speak TLS"
    return "its name is not known, or nobody answers there"
