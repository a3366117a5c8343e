"""A process of the stack that is started again whenever it ends without being asked to."""

import asyncio
import signal
import ssl
import time
from collections.abc import Callable, Sequence

import httpx

from deploy.local.child import CannotStart, Child
from deploy.local.ports import HOST

_LOOK_SECONDS = 0.1
_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0
_HEALTHY_SECONDS = 10.0
_HOPELESS_FAILURES = 3
_WITHOUT_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Probes are asked over plain HTTP; to load certificates for each look costs 30 ms of a core."""


class SupervisedProcess:
    """One supervised process, and the address that tells when it is ready."""

    def __init__(self, child: Child, probe_port: int, ready_path: str = "/readyz") -> None:
        self.child = child
        self.restarts = 0
        self.probe_url = f"http://{HOST}:{probe_port}"
        self._ready_url = f"{self.probe_url}{ready_path}"
        self._wanted = False
        self._started_at = 0.0
        self._start_again_at: float | None = None
        self._failures = 0
        """How often in a row it ended by itself soon after its start."""

    @property
    def name(self) -> str:
        return self.child.name

    def start(self) -> None:
        """Starts it, and keeps it running from now on."""
        self._wanted = True
        self._spawn()

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Sends a signal; whatever ends it, it is started again."""
        self.child.signal(number)

    async def stop(self, within: float = 20) -> int | None:
        """Ends it for good, with SIGTERM first; returns its exit code."""
        self._wanted = False
        return await asyncio.to_thread(self.child.stop, within)

    async def restart(self) -> None:
        """Ends it in good order and returns when it is ready again."""
        await self.stop()
        self.start()
        await self.ready()

    async def is_ready(self) -> bool:
        """Whether the process itself says it can do its work."""
        try:
            async with httpx.AsyncClient(timeout=5, verify=_WITHOUT_CERTIFICATES) as client:
                answer = await client.get(self._ready_url)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK

    async def ready(self, within: float = 60) -> None:
        """Returns when it is ready; raises CannotStart when it is not in time, or keeps ending."""
        deadline = time.monotonic() + within
        while not await self.is_ready():
            if time.monotonic() > deadline or self._failures >= _HOPELESS_FAILURES:
                raise CannotStart(f"{self.name} does not get ready: {self.child.last_error()}")
            await asyncio.sleep(_LOOK_SECONDS)

    def look(self) -> str | None:
        """Starts it again some time after it has ended, later each time it fails at once.

        Says so when it has just ended.
        """
        if not self._wanted or self.child.running:
            return None
        if self._start_again_at is None:
            self._start_again_at = time.monotonic() + self._pause()
            return self._obituary()
        if time.monotonic() >= self._start_again_at:
            self.restarts += 1
            self._spawn()
        return None

    def _obituary(self) -> str:
        code = self.child.exit_code or 0
        if code < 0:
            return f"{self.name} was killed by signal {-code} and is started again"
        fault = self.child.last_fault()
        return f"{self.name} ended with {code} and is started again" + (
            f": {fault}" if fault else ""
        )

    def _pause(self) -> float:
        failed = (self.child.exit_code or 0) > 0
        lasted = time.monotonic() - self._started_at
        self._failures = self._failures + 1 if failed and lasted < _HEALTHY_SECONDS else 0
        return min(_PAUSE_SECONDS * 2.0**self._failures, _LONGEST_PAUSE_SECONDS)

    def _spawn(self) -> None:
        self._started_at = time.monotonic()
        self._start_again_at = None
        self.child.spawn()


async def supervise(processes: Sequence[SupervisedProcess], tell: Callable[[str], None]) -> None:
    """Looks after the processes until it is cancelled; tells of each that ended."""
    while True:
        for process in processes:
            if news := process.look():
                tell(news)
        await asyncio.sleep(_LOOK_SECONDS)
