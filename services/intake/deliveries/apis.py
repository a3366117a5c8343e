"""The APIs of the systems that call us: each read with its source's token, and what ends that."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import structlog

from services.intake.deliveries.api_client import ApiClient, Refused
from services.intake.sources import store as sources
from services.intake.sources.store import Registered
from services.intake.webhooks.hints import Api
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database
from shared.runtime.sealing import Seal

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


class Apis:
    """All of them, each at the pace that it likes."""

    def __init__(self, database: Database, seal: Seal, clock: Clock) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._clients: dict[str, ApiClient] = {}

    @cached_property
    def _verify(self) -> ssl.SSLContext:
        # Read from files only where something is read at all.
        return ssl.create_default_context()

    def of(self, registered: Registered, api: Api) -> SourceApi:
        """Returns how a source is read; raises Refused if its token cannot be opened."""
        name, access = registered.source.name, registered.api
        token = self._seal.open(access.token) if access.token else None
        if token is None:
            raise Refused
        if name not in self._clients:
            self._clients[name] = ApiClient(self._verify, api.per_second)
        return SourceApi(self._clients[name], access.url or api.url, api.headers(token.decode()))

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
        """Lets go of all connections."""
        for client in self._clients.values():
            await client.close()
