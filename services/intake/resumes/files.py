"""Fetches the files that systems name: within bounds, and never from inside.

A path is of the system's own API, which is where the operators say, and is asked for with its
token. A whole address came from outside: no token goes there, only TLS is spoken, and it leads to
public addresses alone. So does whatever either leads on to.
"""

import asyncio
import ssl
from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from typing import NamedTuple

import httpcore
import httpx

from services.intake.deliveries.api_client import Away, is_there
from services.intake.deliveries.apis import SourceApi
from services.intake.outgoing.hooks import Headers
from services.intake.outgoing.reachable import Forbidden, Reachable
from services.intake.resumes.outcomes import MOST_BYTES

SECONDS = 30.0
"""How long one file may take, however it trickles in and wherever it is led on."""
MOST_HOPS = 4
"""The first address, and those to which it leads on."""

_LEADS_ON = {301, 302, 303, 307, 308}
_NOT_THERE = {401, 403, 404, 410}
"""What is answered by an address that holds no more."""
_NO_ANSWER = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


class Unfetched(Exception):
    """A file cannot be had, now or for good; the text says why, and nothing of anybody."""

    def __init__(self, why: str, *, for_good: bool) -> None:
        super().__init__(why)
        self.for_good = for_good


class _Got(NamedTuple):
    file: bytes | None
    """None where there is none."""
    location: str | None = None
    """Where else it is."""


class Files:
    """Fetches files for all sources."""

    @cached_property
    def _public(self) -> httpcore.AsyncConnectionPool:
        # Certificates are read from files only where something is fetched at all.
        return httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=Reachable((), this_machine=False),
        )

    @cached_property
    def _configured(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(ssl_context=ssl.create_default_context())

    async def fetch(self, place: str, api: SourceApi | None, configured: str | None) -> bytes:
        """Returns what is at a path of an API, or at a whole address.

        `configured` is where the operators say that the API is, which may be on a private network.
        Raises Unfetched, and of the API what it raises itself.
        """
        try:
            async with asyncio.timeout(SECONDS):
                got = await self._found(place, api, configured)
        except TimeoutError:
            raise _later(f"its server does not send it within {SECONDS:.0f} seconds") from None
        if got is None:
            raise _never("the file is not there any more")
        return got

    async def close(self) -> None:
        """Closes all connections."""
        for name in ("_public", "_configured"):
            if name in self.__dict__:
                await self.__dict__[name].aclose()

    async def _found(self, place: str, api: SourceApi | None, base: str | None) -> bytes | None:
        of_api = api if place.startswith("/") else None
        url = of_api.url + place if of_api else place
        for _ in range(MOST_HOPS):
            got = await (self._of_api(of_api, url) if of_api else self._of_address(url, base))
            if got.location is None:
                return got.file
            url, of_api = str(_url(url).join(got.location)), None
        raise _never("it is led on too often")

    async def _of_api(self, api: SourceApi, url: str) -> _Got:
        try:
            async with api.client.pace:
                return await _get(self._configured, _url(url), api.headers, of_api=True)
        except _NO_ANSWER:
            raise Away from None

    async def _of_address(self, given: str, base: str | None) -> _Got:
        """Fetches from where nobody but the system itself has said that it is."""
        url = _url(given)
        is_configured = base is not None and _origin(url) == _origin(_url(base))
        if url.scheme != "https" and not is_configured:
            raise _never("its address is no https")
        try:
            return await _get(
                self._configured if is_configured else self._public, url, {}, of_api=False
            )
        except Forbidden:
            raise _never("its address is private") from None
        except _NO_ANSWER:
            raise _later("its server does not answer") from None


async def _get(
    pool: httpcore.AsyncConnectionPool, url: httpx.URL, headers: Mapping[str, str], *, of_api: bool
) -> _Got:
    """Reads one answer, at most one byte more than a file may have."""
    asked: Headers = [*headers.items(), ("host", url.netloc), ("accept-encoding", "identity")]
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    async with pool.stream("GET", target, headers=asked, extensions={"timeout": timeout}) as answer:
        told = {name.decode().lower(): value.decode("latin-1") for name, value in answer.headers}
        if answer.status in _LEADS_ON and "location" in told:
            return _Got(None, told["location"])
        if not (is_there if of_api else _is_at_address)(answer.status, told):
            return _Got(None)
        file = bytearray()
        async for part in answer.aiter_stream():
            file += part
            if len(file) > MOST_BYTES:
                break
        return _Got(bytes(file[: MOST_BYTES + 1]))


def _is_at_address(status: int, _: dict[str, str]) -> bool:
    """Tells whether a file is there; raises Unfetched where that is not known."""
    if status in _NOT_THERE:
        return False
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _later("its server does not answer")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise _never(f"its server answered {status}")
    return True


def _url(written: str) -> httpx.URL:
    try:
        url = httpx.URL(written)
    except httpx.InvalidURL:
        raise _never("its address is none") from None
    if not url.host or url.scheme not in ("http", "https"):
        raise _never("its address is no https")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}[url.scheme]


def _later(why: str) -> Unfetched:
    return Unfetched(why, for_good=False)


def _never(why: str) -> Unfetched:
    return Unfetched(why, for_good=True)
