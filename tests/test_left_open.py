"""What a test leaves running or open fails that test, and does not reach the next one."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from shared.runtime.postgres import Database
from tests.databases import Template
from tests.left_open import LeftOpen, no_task_left

Leaves = Callable[[Database], Awaitable[None]]

COUNT = "select count(*) from inbox"
FILL = "insert into inbox (source, event_id) select '/x', * from generate_series(1, $1::int)"


async def session(database: Database) -> int:
    async with database.connection() as conn:
        pid: int = await conn.fetchval("select pg_backend_pid()")
    return pid


async def test_the_next_test_has_the_same_connection_and_no_row(template: Template) -> None:
    async with template.lend() as lent:
        database = await lent("intake")
        first = await session(database)
        async with database.transaction() as conn:
            await conn.execute(FILL, 1)
    with pytest.raises(ConnectionError, match="not been started"):
        await session(database)
    async with template.lend() as lent:
        database = await lent("intake")
        assert await session(database) == first
        async with database.connection() as conn:
            assert await conn.fetchval(COUNT) == 0


async def test_a_large_table_is_emptied_too(template: Template) -> None:
    async with template.lend() as lent, (await lent("intake")).transaction() as conn:
        await conn.execute(FILL, 5000)
    async with template.lend() as lent, (await lent("intake")).transaction() as conn:
        assert await conn.fetchval(COUNT) == 0


_OPEN: list[object] = []


async def in_a_transaction(database: Database) -> None:
    _OPEN.append(transaction := database.transaction())
    await transaction.__aenter__()


async def listening(database: Database) -> None:
    async with database.connection() as conn:
        await conn.execute("listen news")


async def holding_a_lock(database: Database) -> None:
    async with database.connection() as conn:
        await conn.fetchval("select pg_advisory_lock(1)")


@pytest.mark.parametrize(
    ("leaves", "told"),
    [
        (in_a_transaction, "a connection that was not returned"),
        (listening, "a LISTEN on news"),
        (holding_a_lock, "an advisory lock"),
    ],
)
async def test_what_is_left_open_in_a_pool_is_told_and_closed(
    leaves: Leaves, told: str, template: Template
) -> None:
    with pytest.raises(LeftOpen, match=told):
        await lend_to(leaves, template)
    async with template.lend() as lent:
        await lent("intake")
        assert await lent.take_back() == []


async def lend_to(leaves: Leaves, template: Template) -> None:
    async with template.lend() as lent:
        await leaves(await lent("intake"))


async def test_whoever_came_by_another_way_is_sent_away(template: Template) -> None:
    async with template.lend() as lent:
        conn = await asyncpg.connect(lent.url("intake"))
        await conn.execute("begin; lock table intake.inbox")
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await conn.execute("select 1")


async def test_a_database_whose_structure_was_changed_is_lent_to_nobody(template: Template) -> None:
    async with template.lend() as lent:
        changed = lent.name
        conn = await asyncpg.connect(lent.admin_url)
        await conn.execute("create table intake.more (x int)")
    async with template.lend() as lent:
        assert lent.name != changed


async def test_a_task_that_goes_on_is_named_and_cancelled() -> None:
    with pytest.raises(LeftOpen, match="sleep"):
        async with no_task_left():
            task = asyncio.create_task(asyncio.sleep(60))
    assert task.cancelled()


async def test_a_task_that_was_stopped_and_ends_is_none() -> None:
    async with no_task_left():
        task = asyncio.create_task(asyncio.sleep(60))
        task.cancel()
    assert task.cancelled()
