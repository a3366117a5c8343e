"""What is due leaves once, whoever empties the table, and is found as fast in any crowd."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from services.scheduler.jobs import EMITTED_AT_A_TIME
from services.scheduler.store import candidates, occasions, views
from shared.runtime.clock import ManualClock
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.scheduler.conftest import Bench
from tests.services.scheduler.people import NOW, candidate, rejection

FILL = """
insert into occasions (
    occasion_id, candidate_id, kind, subject, state, due_at, expires_at, asks_hat, event
)
select
    gen_random_uuid()::text, gen_random_uuid()::text, 'letter', 'a', 'planned',
    $2::timestamptz + number * interval '1 second',
    $2::timestamptz + number * interval '1 second' + interval '14 days', false, '{}'
from generate_series(1, $1::integer) as number
"""


async def fill(database: Database, count: int, first: datetime) -> None:
    async with database.connection() as conn:
        await conn.execute(FILL, count, first)


async def emitted(database: Database) -> list[str]:
    async with database.connection() as conn:
        return [row["event_id"] for row in await conn.fetch("select event_id from outbox")]


async def emit(database: Database, now: datetime, limit: int = EMITTED_AT_A_TIME) -> int:
    async with database.transaction() as conn:
        return sum((await occasions.emit_due(conn, now, limit)).values())


async def test_two_processes_share_a_backlog_and_each_contact_leaves_once(
    databases: Databases,
) -> None:
    first, second = await databases("scheduler"), await databases("scheduler")
    await fill(first, 6000, NOW)

    async def drain(database: Database) -> int:
        count = 0
        while got := await emit(database, NOW + timedelta(hours=3), limit=100):
            count += got
        return count

    shares = await asyncio.gather(*(drain(each) for each in (first, second, first, second)))
    ids = await emitted(first)
    assert sum(shares) == len(ids) == len(set(ids)) == 6000


async def test_what_another_process_holds_is_neither_waited_for_nor_taken(
    databases: Databases,
) -> None:
    first, second = await databases("scheduler"), await databases("scheduler")
    await fill(first, 10, NOW)
    later = NOW + timedelta(hours=1)
    async with first.transaction() as conn:
        assert sum((await occasions.emit_due(conn, later, 6)).values()) == 6
        assert await emit(second, later) == 4
    assert len(set(await emitted(first))) == 10


async def test_a_crash_before_the_commit_leaves_everything_to_be_emitted_later_once(
    databases: Databases,
) -> None:
    database, later = await databases("scheduler"), NOW + timedelta(hours=1)
    await fill(database, 10, NOW)
    with suppress(ConnectionError):
        async with database.transaction() as conn:
            await occasions.emit_due(conn, later, EMITTED_AT_A_TIME)
            held = {row["event_id"] for row in await conn.fetch("select event_id from outbox")}
            raise ConnectionError
    assert not await emitted(database)
    assert await emit(database, later) == 10
    assert set(await emitted(database)) == held


async def test_nothing_leaves_before_its_time_or_after_its_expiry(databases: Databases) -> None:
    database = await databases("scheduler")
    await fill(database, 10, NOW)
    assert await emit(database, NOW) == 0
    assert await emit(database, NOW + timedelta(seconds=3)) == 3
    assert await emit(database, NOW + timedelta(days=14, seconds=5)) == 5


async def test_a_plan_waits_for_what_is_being_emitted_and_emission_for_no_plan(
    scheduler: Bench, databases: Databases
) -> None:
    await scheduler.know(candidate(rejection()))
    other, later = await databases("scheduler"), NOW + timedelta(days=2)
    async with scheduler.database.transaction() as conn:
        await candidates.records(conn, ["c-1"])
        assert await emit(other, later) == 0
    assert await emit(other, later) == 1


async def test_finding_what_is_due_costs_the_same_among_a_hundred_thousand(
    databases: Databases,
) -> None:
    database = await databases("scheduler")
    await fill(database, 100, NOW - timedelta(days=1))
    costs = []
    for far_away in (1_000, 99_000):
        await fill(database, far_away, NOW + timedelta(days=30))
        await analyze(databases)
        async with database.connection() as conn:
            costs.append(await pages_searched(conn, NOW))
    few, many = costs
    assert many <= few * 1.3


async def analyze(databases: Databases) -> None:
    """As autovacuum does, which cannot be waited for."""
    owner = await asyncpg.connect(databases.admin_url)
    await owner.execute("analyze scheduler.occasions")
    await owner.close()


async def pages_searched(conn: asyncpg.Connection, now: datetime) -> int:
    """Runs the due query, takes it back, and counts the pages that finding the rows read."""
    due = occasions.queries.statements["emit_due"]
    values: list[Any] = [now, EMITTED_AT_A_TIME, "t", "c", "i", "q"]
    trial = conn.transaction()
    await trial.start()
    report = await conn.fetchval(f"explain (analyze, buffers, format json) {due}", *values)
    await trial.rollback()
    assert '"Relation Name": "occasions"' in report
    assert '"Node Type": "Seq Scan"' not in report
    (search,) = nodes(json.loads(report)[0]["Plan"], index="occasions_due_at_idx")
    return int(search["Shared Hit Blocks"]) + int(search["Shared Read Blocks"])


def nodes(plan: dict[str, Any], *, index: str) -> Iterator[dict[str, Any]]:
    if plan.get("Index Name") == index:
        yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part, index=index)


async def test_the_search_for_what_is_past_its_expiry_uses_its_index(
    databases: Databases,
) -> None:
    database = await databases("scheduler")
    await fill(database, 20_000, NOW)
    await analyze(databases)
    async with database.connection() as conn:
        query = occasions.queries.statements["expired"]
        plan = await conn.fetch(f"explain {query}", "planning", NOW, 500)
        assert any("occasions_expires_at_idx" in row[0] for row in plan)


async def test_a_backlog_leaves_in_batches_with_a_pause_after_each(
    scheduler: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    await fill(scheduler.database, EMITTED_AT_A_TIME + 10, NOW)
    monkeypatch.setattr("services.scheduler.jobs.asyncio.sleep", sleep)
    later = NOW + timedelta(hours=6)
    assert await scheduler.jobs.emit(later)
    assert not await scheduler.jobs.emit(later)
    assert pauses == [EMITTED_AT_A_TIME / 10**9]


async def test_a_clock_that_goes_back_takes_nothing_back_and_repeats_nothing(
    scheduler: Bench, clock: ManualClock
) -> None:
    await scheduler.know(candidate(rejection()))
    assert await scheduler.live_until(NOW + timedelta(days=2))
    assert not await scheduler.live_until(NOW)
    await scheduler.know(candidate(rejection()))
    assert not await scheduler.live_until(NOW + timedelta(days=2))


async def test_every_statement_is_one_that_the_database_can_prepare(databases: Databases) -> None:
    database = await databases("scheduler")
    async with database.connection() as conn:
        for store in (candidates, occasions, views):
            for statement in store.queries.statements.values():
                await conn.prepare(statement)
