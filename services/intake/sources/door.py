"""The sources as the door knows them: whose a call is, and whether it is to be believed.

All of them are read at once and remembered for a moment, and each is compared under as many
secrets: a name that nobody has costs what a wrong signature does, and is answered alike.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.intake.metrics import IntakeMetrics
from services.intake.sources import store
from services.intake.sources.store import Refusals
from services.intake.webhooks.adapter import Adapter, Delivery
from services.intake.webhooks.hints import Api
from services.intake.webhooks.systems import APIS, SYSTEMS
from shared.runtime.postgres import Database
from shared.runtime.sealing import Seal

REMEMBERED_SECONDS = 0.5
"""How long a change by a command may go unnoticed."""
LONGEST_HEADER = 4096
"""In characters: what is longer is not believed, and never cut before it is compared."""
SECONDS = 5.0
"""How long a look into the database may take."""
COMPARED = 2
"""So many secrets are compared, whether a source has one or two."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is called under a name."""

    adapter: Adapter[Any]
    secrets: tuple[str, ...]
    api: Api | None = None
    """Where what it is called with is asked for, if that is only a hint."""
    is_known: bool = True


class SourceDoor:
    """Tells genuine calls from others, and remembers why the others were not believed."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        metrics: IntakeMetrics,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._seal = seal
        self._metrics = metrics
        self._seconds = seconds
        self._callers: Mapping[str, Caller] = {}
        self._until = float("-inf")
        self._reading = asyncio.Lock()
        # Nobody can sign with what nobody has seen.
        self._stand_in = tuple(secrets.token_hex(32) for _ in range(COMPARED))
        self._nobody = Caller(SYSTEMS["generic"], self._stand_in, is_known=False)
        self._refused: dict[str, Refusals] = {}

    async def caller(self, name: str) -> Caller:
        """Returns who is called under a name; one whom nobody can be, if there is none."""
        async with self._reading:
            if self._until <= self._seconds():
                await self._read()
        return self._callers.get(name, self._nobody)

    def believes(self, name: str, caller: Caller, delivery: Delivery) -> bool:
        """Tells whether a delivery is genuine."""
        now = datetime.now(UTC)  # machine clock
        because = caller.adapter.refusal(delivery, caller.secrets, now)
        if any(len(header) > LONGEST_HEADER for header in delivery.headers.values()):
            because = f"a header of it is longer than {LONGEST_HEADER} characters"
        if because is None:
            return caller.is_known
        if caller.is_known:
            self._metrics.refused_deliveries.labels(name).inc()
            before = self._refused[name].count if name in self._refused else 0
            self._refused[name] = Refusals(before + 1, delivery.received_at, because)
        return False

    async def _read(self) -> None:
        async with asyncio.timeout(SECONDS), self._database.connection() as conn:
            known = await store.every(conn)
        self._callers = {
            name: Caller(
                SYSTEMS[it.source.system],
                (*it.secrets(self._seal), *self._stand_in)[:COMPARED],
                APIS.get(it.source.system),
            )
            for name, it in known.items()
            if it.source.system in SYSTEMS
        }
        self._until = self._seconds() + REMEMBERED_SECONDS

    async def note_refusals(self, _now: datetime) -> bool:
        """Keeps for the operators why calls were not believed."""
        refused, self._refused = self._refused, {}
        if refused:
            async with self._database.transaction() as conn:
                await store.note_refusals(conn, refused)
        return False
