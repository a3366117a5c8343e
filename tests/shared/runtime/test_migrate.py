import asyncio

import asyncpg
import pytest

from shared.runtime.migrate import migrate
from tests.databases import SERVICES, Databases


async def test_migrating_again_and_by_two_at_once_changes_nothing(databases: Databases) -> None:
    await asyncio.gather(*(migrate(databases.admin_url, "intake") for _ in range(2)))
    database = await databases("intake")
    async with database.connection() as conn:
        assert await conn.fetchval("select count(*) from offsets") == 0


@pytest.mark.parametrize("service", SERVICES)
async def test_a_role_is_refused_everything_it_does_not_need(
    service: str, databases: Databases
) -> None:
    database = await databases(service)  # type: ignore[arg-type]
    forbidden = [
        *(f"select * from {other}.inbox" for other in SERVICES if other != service),
        "drop table inbox",
        "truncate inbox",
        "alter table inbox add column x int",
        "create table mine (x int)",
        "create table public.mine (x int)",
        "create schema mine",
        "create role other",
        "select * from pg_authid",
    ]
    async with database.connection() as conn:
        for statement in forbidden:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await conn.execute(statement)
