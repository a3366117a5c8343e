"""What was answered to a request is kept as long as somebody may repeat it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.intake.ingestion import jobs
from services.intake.ingestion.jobs import forget_requests
from tests.databases import Databases

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def test_answers_leave_after_two_days_a_batch_at_a_time(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_A_TIME", 2)
    database = await databases("intake")
    async with database.transaction() as conn:
        await conn.executemany(
            "insert into idempotency_keys (source, key, request_hash, claimed_at)"
            " values ('s', $1, '', $2)",
            [(f"k-{hours}", NOW - timedelta(hours=hours)) for hours in (1, 47, 49, 50, 51)],
        )
    assert await forget_requests(database, NOW)
    assert not await forget_requests(database, NOW)
    async with database.connection() as conn:
        left = await conn.fetch("select key from idempotency_keys order by key")
    assert [row["key"] for row in left] == ["k-1", "k-47"]
