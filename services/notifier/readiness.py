"""What keeps messages from leaving, as readiness tells it.

None of it is for a platform to mend: another process would find it the same, and this one has to go
on reading who said stop. So it is told, and the process stays ready.
"""

from collections.abc import Awaitable, Callable

from services.notifier.circuit_breaker import CircuitBreakers
from services.notifier.domain import Because
from services.notifier.restore_guard import RestoreGuard
from services.notifier.send_queue import SendQueue
from services.notifier.store import operating
from shared.runtime.postgres import UNAVAILABLE, Database
from shared.runtime.probes import Check

_TOLD = {
    Because.RECIPIENTS_STALE: "recipients are not known to be fresh: nothing is sent",
    Because.CLOCK_DOUBTFUL: "the clock differs from the database's: nothing is sent",
}


def obstacles(
    database: Database, queue: SendQueue, guard: RestoreGuard, breakers: CircuitBreakers
) -> dict[str, Check]:
    """Returns a notice for each way in which messages can be kept from leaving."""

    async def knowledge() -> str | None:
        obstacle = (await queue.conditions()).obstacle
        return _TOLD.get(obstacle) if obstacle else None

    async def holds() -> str | None:
        async with database.connection() as conn:
            rows = await operating.holds(conn)
        return "; ".join(f"{row['scope']}: {row['because']}" for row in rows) or None

    async def read_back() -> str | None:
        return None if guard.done else "what was sent before is still being read: nothing is sent"

    async def channels() -> str | None:
        return "; ".join(f"{channel}: paused" for channel in breakers.paused) or None

    return {
        "knowledge": _with_database(knowledge),
        "holds": _with_database(holds),
        "read back": read_back,
        "channels": channels,
    }


def _with_database(look: Callable[[], Awaitable[str | None]]) -> Check:
    async def check() -> str | None:
        try:
            return await look()
        except UNAVAILABLE as error:
            return f"not known: {type(error).__name__}"

    return check
