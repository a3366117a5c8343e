"""What every service measures and tidies of its own accord, beside its own work."""

from collections.abc import Mapping

from prometheus_client import Gauge

from shared.runtime import audit, erasures, inbox, outbox, parking, quarantine
from shared.runtime.postgres import Database
from shared.runtime.telemetry import Metrics


async def measure(database: Database, metrics: Metrics) -> None:
    """Shows how many rows wait for an operator."""
    async with database.connection() as conn:
        _show(metrics.parked, await parking.counts(conn))
        _show(metrics.quarantine_waiting, await quarantine.counts(conn))


async def tidy(database: Database) -> bool:
    """Deletes what has been kept for long enough; True if there is more at once."""
    async with database.transaction() as conn:
        steps = (inbox.forget, quarantine.purge, erasures.forget)
        more = [await step(conn) for step in steps]
        await outbox.delete_unattended(conn)
        await parking.forget(conn)
        await audit.forget(conn)
    return any(more)


def _show(gauge: Gauge, counts: Mapping[str, int]) -> None:
    gauge.clear()
    for label, count in counts.items():
        gauge.labels(label).set(count)
