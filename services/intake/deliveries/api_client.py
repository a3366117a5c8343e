"""Reads and writes the APIs of other systems: within bounds, at a measured pace, in JSON.

No redirect is followed and no cookie is sent, so that a token goes where the operators say and
nowhere else. What an answer is good for is told by what is raised.
"""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
import stamina
from aiolimiter import AsyncLimiter
from pydantic import JsonValue, TypeAdapter

from shared.contract.events.legible import read_legibly

LARGEST = 1024 * 1024
"""Of one answer, in bytes."""
SECONDS = 10.0
"""How long one answer may take, however it trickles in."""
TRIES, FIRST_PAUSE_SECONDS = 3, 0.5
LONGEST_REST, SHORTEST_REST = 3600.0, 1.0
REST = 30.0
"""How long a system is left alone that does not say how long; all in seconds."""

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class Busy(Exception):
    """It is to be left alone for a while."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Away(Exception):
    """It does not answer, or only that it cannot."""


class Refused(Exception):
    """It does not take the token."""


class Wrong(Exception):
    """It answers something that is no answer; the text says what, and nothing of anybody."""


class ApiClient:
    """Reads and writes one source's API."""

    def __init__(self, verify: ssl.SSLContext, per_second: float) -> None:
        self._http = httpx.AsyncClient(
            verify=verify,
            timeout=SECONDS,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_connections=10),
        )
        self.pace = AsyncLimiter(1, 1 / per_second)

    async def read(self, url: str, headers: Mapping[str, str]) -> bytes | None:
        """Returns the JSON that is there, or None if nothing is."""
        async for attempt in stamina.retry_context(
            on=Away,
            attempts=TRIES,
            timeout=None,  # each try has its own end
            wait_initial=FIRST_PAUSE_SECONDS,
            wait_jitter=FIRST_PAUSE_SECONDS,
        ):
            with attempt:
                async with self.pace:
                    answer = await self._once("GET", url, headers)
                    return None if answer is None else _json(answer)
        raise AssertionError("the last attempt returns or raises")

    async def write(self, url: str, headers: Mapping[str, str], body: bytes) -> bytes | None:
        """Posts a body, and returns the answer, or None if there is nothing to post to.

        It is posted once: where no answer comes it may have been taken.
        """
        async with self.pace:
            return await self._once("POST", url, headers, body)

    async def close(self) -> None:
        await self._http.aclose()

    async def _once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> bytes | None:
        asked = {**headers, "accept": "application/json", "accept-encoding": "identity"}
        self._http.cookies.clear()
        try:
            async with (
                asyncio.timeout(SECONDS),
                self._http.stream(method, url, headers=asked, content=body) as answer,
            ):
                if not is_there(answer.status_code, answer.headers):
                    return None
                return await _bounded(answer)
        except (httpx.HTTPError, TimeoutError):
            raise Away from None


def is_there(status: int, headers: Mapping[str, str]) -> bool:
    """Tells whether an answer holds what was asked for; raises what it is otherwise good for.

    The names of the headers are in lower case.
    """
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return False
    if status == HTTPStatus.UNAUTHORIZED:
        raise Refused
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        status == HTTPStatus.SERVICE_UNAVAILABLE and "retry-after" in headers
    ):
        raise Busy(rest_of(headers.get("retry-after", "")))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Away
    if status == HTTPStatus.FORBIDDEN:
        raise Wrong("its token may not do this: give it the rights that docs/connect.md names")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise Wrong(f"its API answered {status}")
    return True


def rest_of(retry_after: str) -> float:
    """Reads a number of seconds, or a date (RFC 9110, 10.2.3); all else counts as nothing said."""
    given = retry_after.strip()
    seconds = float(given) if given.isascii() and given.isdecimal() else _seconds_until(given)
    return min(max(seconds, SHORTEST_REST), LONGEST_REST)


def _seconds_until(date: str) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return REST
    in_utc = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (in_utc - datetime.now(UTC)).total_seconds()  # machine clock


async def _bounded(answer: httpx.Response) -> bytes:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise Wrong("its API answered in an encoding that was not asked for")
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > LARGEST:
            raise Wrong(f"its API answered with more than {LARGEST // 1024} KiB")
    return bytes(body)


def _json(body: bytes) -> bytes:
    try:
        return read_legibly(body, _checked)[0]
    except ValueError:
        raise Wrong("its API answered something else than JSON: check its URL") from None


def _checked(body: bytes) -> bytes:
    _JSON.validate_json(body)
    return body
