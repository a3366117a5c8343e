import asyncio
from pathlib import Path

import asyncpg
import pytest

from shared.runtime import migrate as migrating
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


async def test_either_line_of_files_grows_by_itself_and_all_that_is_new_is_run_or_nothing(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared" / "runtime" / "migrations"
    own = tmp_path / "services" / "intake" / "migrations"
    for folder in (shared, own):
        folder.mkdir(parents=True)
    (shared / "0002_new.sql").write_text("create table new_of_all (x int); select 1")
    monkeypatch.setattr(migrating, "_ROOT", tmp_path)
    await migrate(databases.admin_url, "intake")
    (own / "0099_new.sql").write_text("create table new_of_intake (x int)")
    (own / "0100_wrong.sql").write_text("create table wrong (")
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await migrate(databases.admin_url, "intake")
    (own / "0100_wrong.sql").unlink()
    database = await databases("intake")
    async with database.connection() as conn:
        assert await conn.fetchval("select count(*) from new_of_all") == 0
        assert await conn.fetchval("select to_regclass('new_of_intake')") is None
    await migrate(databases.admin_url, "intake")
    async with database.connection() as conn:
        assert await conn.fetchval("select count(*) from new_of_intake") == 0
