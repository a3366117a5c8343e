"""HTTP served inside the service's own event loop, which leaves signals to the service."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn

from shared.runtime.patches.http_limits import BoundedProtocol, HttpLimits

DEFAULTS = HttpLimits()

IDLE_SECONDS = 75
"""Longer than clients and proxies keep a connection that nobody uses: if the door closed it first,
one of them might be sending a request at that very moment."""


class HttpServer(uvicorn.Server):
    """Serves one ASGI application on one address.

    Only proxies among the limits are believed who somebody is, and whether they came by TLS.
    """

    def __init__(self, app: Any, host: str, port: int, limits: HttpLimits = DEFAULTS) -> None:
        protocol: Any = partial(BoundedProtocol, limits, Counter())
        super().__init__(
            uvicorn.Config(
                app,
                http=protocol,
                ws="none",
                proxy_headers=bool(limits.proxies),
                forwarded_allow_ips=list(limits.proxies),
                server_header=False,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_keep_alive=IDLE_SECONDS,
            )
        )
        self._address = (host, port)
        self._serving: asyncio.Task[None] | None = None

    async def start_up(self) -> None:
        """Returns when it listens; raises OSError where the address cannot be had."""
        host, _ = self._address
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server(self._address, family=family, backlog=self.config.backlog)
        self._serving = asyncio.create_task(self.serve([listening]))
        while not (self.started or self._serving.done()):
            await asyncio.sleep(0.01)
        if not self.started:
            await self._serving

    async def shut_down(self) -> None:
        """Takes no new requests, and returns when those under way are answered."""
        self.should_exit = True
        if self._serving:
            await self._serving

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes none of them: ending is the service's business."""
        yield
