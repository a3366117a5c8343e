"""The APIs of the systems that call us: each used with its source's token, and what ends that."""

import ssl
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TypeVar
from urllib.parse import urlencode

import structlog
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from services.intake.deliveries.api_client import REST, ApiClient, Away, Busy, Refused, Wrong
from services.intake.sources import store as sources
from services.intake.sources.store import Registered
from services.intake.webhooks.hints import ApiAddress
from services.intake.webhooks.notes import Login, Notes, Post
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database
from shared.runtime.sealing import Seal

MOST_TRIES, MOST_WRONG = 84, 12
"""About three days of a system that is away, and two hours of one that answers nonsense."""
EARLIER_SECONDS = 60.0
"""Before it ends something else opens the API, so that no call comes too late."""

Answer = TypeVar("Answer")

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SourceApi:
    """One source's API."""

    client: ApiClient
    url: str
    headers: Mapping[str, str]

    async def read(self, path: str) -> bytes | None:
        """Returns the JSON that is there, or None if nothing is; raises as the client does."""
        return await self.client.read(self.url + path, self.headers)

    async def write(self, post: Post) -> bytes | None:
        """Posts once, and returns the answer, or None if there is nothing to post to."""
        headers = {**self.headers, "content-type": "application/json"}
        return await self.client.write(self.url + post.path, headers, to_json(post.body))


@dataclass(frozen=True, slots=True)
class NotNow:
    """Why something was not answered."""

    problem: str | None
    """What is wrong, without what is inside; None where it is no fault of what was asked."""
    most_tries: int = 0


class _Access(BaseModel):
    """What a key was exchanged for."""

    access_token: str
    expires_in: float = 3600.0


@dataclass(frozen=True, slots=True)
class _Opened:
    """What opens an API for a while."""

    sealed: bytes | None
    """The token that it was had for."""
    access: str
    until: float


class Apis:
    """All of them, each at the pace that it likes."""

    def __init__(self, database: Database, seal: Seal, clock: Clock) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._clients: dict[str, ApiClient] = {}
        self._writers: dict[str, ApiClient] = {}
        self._opened: dict[str, _Opened] = {}

    @cached_property
    def _verify(self) -> ssl.SSLContext:
        # Read from files only where something is read at all.
        return ssl.create_default_context()

    def of(self, registered: Registered, api: ApiAddress) -> SourceApi:
        """Returns how a source is read; raises Refused if its token cannot be opened."""
        client = self._client(self._clients, registered, api.per_second)
        headers = api.headers(self.token(registered))
        return SourceApi(client, registered.api.url or api.url, headers)

    async def opened(self, registered: Registered, notes: Notes) -> SourceApi:
        """Returns how a source is written to; raises as the client does where it does not open."""
        client = self._client(self._writers, registered, notes.per_second)
        access = token = self.token(registered)
        if login := notes.login(token, registered.api.url):
            access = await self._access(client, registered, login)
        return SourceApi(client, registered.api.url or notes.url, notes.headers(access))

    def closed(self, registered: Registered) -> bool:
        """Forgets what opened a source's API; False if that was its token itself."""
        return self._opened.pop(registered.source.name, None) is not None

    def token(self, registered: Registered) -> str:
        """Returns a source's token; raises Refused if it cannot be opened."""
        sealed = registered.api.token
        token = self._seal.open(sealed) if sealed else None
        if token is None:
            raise Refused
        return token.decode()

    async def answered(self, registered: Registered, asked: Awaitable[Answer]) -> Answer | NotNow:
        """Returns an answer, or why there is none yet, which costs what was asked alone."""
        name = registered.source.name
        try:
            return await asked
        except Busy as busy:
            await self.rest(name, busy.seconds)
            return NotNow(None)
        except Refused:
            await self.refused(registered)
            return NotNow(None)
        except Away:
            await self.rest(name, REST)
            return NotNow("its API does not answer", MOST_TRIES)
        except Wrong as wrong:
            return NotNow(str(wrong), MOST_WRONG)
        except Exception as error:  # noqa: BLE001 - it costs itself alone
            return NotNow(f"it cannot be asked about ({type(error).__name__})")

    def _client(
        self, clients: dict[str, ApiClient], registered: Registered, per_second: float
    ) -> ApiClient:
        name = registered.source.name
        if name not in clients:
            clients[name] = ApiClient(self._verify, per_second)
        return clients[name]

    async def _access(self, client: ApiClient, registered: Registered, login: Login) -> str:
        """Returns what a key is exchanged for, which is remembered for as long as it holds."""
        name, sealed = registered.source.name, registered.api.token
        known = self._opened.get(name)
        if known and known.sealed == sealed and time.monotonic() < known.until:
            return known.access
        form = {**login.headers, "content-type": "application/x-www-form-urlencoded"}
        try:
            answer = await client.write(login.url, form, urlencode(login.form).encode())
            found = _Access.model_validate_json(answer or b"")
        except (Wrong, ValidationError):
            raise Refused from None
        until = time.monotonic() + found.expires_in - EARLIER_SECONDS
        self._opened[name] = _Opened(sealed, found.access_token, until)
        return found.access_token

    async def rest(self, name: str, seconds: float) -> None:
        """Leaves a source alone for so long."""
        async with self._database.transaction() as conn:
            await sources.rest(conn, name, seconds)

    async def refused(self, registered: Registered) -> None:
        """Reads a source no more with the token that it did not take, and tells that once."""
        name, token = registered.source.name, registered.api.token
        async with self._database.transaction() as conn:
            now = self._clock.now()
            is_new = token and await sources.refuse_token(conn, name, token, now)
        if is_new:
            _log.warning("source.token_refused", source=name)

    async def close(self) -> None:
        """Closes all connections."""
        for client in chain(self._clients.values(), self._writers.values()):
            await client.close()
