import asyncio
import secrets
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from shared.contract.topics import ServiceName
from shared.runtime import migrate as migrating
from shared.runtime.migrate import migrate
from tests.databases import SERVICES, Databases, with_parts


async def test_migrating_again_and_by_two_at_once_changes_nothing(databases: Databases) -> None:
    await asyncio.gather(*(migrate(databases.admin_url, "intake") for _ in range(2)))
    database = await databases("intake")
    async with database.connection() as conn:
        assert await conn.fetchval("select count(*) from offsets") == 0


@pytest.mark.parametrize("service", SERVICES)
async def test_a_role_is_refused_everything_it_does_not_need(
    service: ServiceName, databases: Databases
) -> None:
    database = await databases(service)
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
        "create temporary table mine (x int)",
        "create temporary view mine as select 1",
        "select 1 as x into temporary mine",
        "select lo_create(0)",
        "select lo_creat(-1)",
        "select lo_from_bytea(0, 'x')",
        "select lo_put(1, 0, 'x')",
        "select lo_import('/etc/hostname')",
    ]
    async with database.connection() as conn:
        for statement in forbidden:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await conn.execute(statement)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("other", ["postgres", "template1"])
async def test_a_role_is_let_into_no_other_database(
    service: ServiceName, other: str, databases: Databases
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="CONNECT"):
        await asyncpg.connect(with_parts(databases.url(service), database=other))


async def test_of_the_roles_of_the_server_only_those_that_are_migrated_are_let_into_our_database(
    databases: Databases,
) -> None:
    admin = await asyncpg.connect(databases.admin_url)
    try:
        name = await admin.fetchval("select current_database()")
        await admin.execute(f"revoke connect on database {name} from notyet_intake, notyet_matcher")
        await admin.execute(f"grant connect, temporary on database {name} to public")
    finally:
        await admin.close()
    await migrate(databases.admin_url, "intake")
    async with (await databases("intake")).connection() as conn:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute("create temporary table mine (x int)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="CONNECT"):
        await asyncpg.connect(databases.url("matcher"))
    await migrate(databases.admin_url, "matcher")
    await (await asyncpg.connect(databases.url("matcher"))).close()


async def test_what_the_server_lets_a_role_do_beyond_its_schema_is_named(
    databases: Databases,
) -> None:
    other = f"other_{secrets.token_hex(4)}"
    admin = await asyncpg.connect(databases.admin_url)
    try:
        await admin.execute(f"create database {other}")
        assert f"connect to database {other}" in await migrate(databases.admin_url, "intake")
        await admin.execute(f"revoke connect on database {other} from public")
        told = await migrate(databases.admin_url, "intake")
        assert f"connect to database {other}" not in told
        assert all(what.startswith("connect to database ") for what in told)
    finally:
        await admin.execute(f"drop database {other}")
        await admin.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_every_session_of_a_role_gives_up_in_time_unless_it_says_otherwise(
    service: ServiceName, databases: Databases
) -> None:
    session = await asyncpg.connect(databases.url(service))
    try:
        for setting, seconds in {
            "statement_timeout": 60,
            "lock_timeout": 10,
            "idle_in_transaction_session_timeout": 60,
        }.items():
            held = await session.fetchval("select current_setting($1)::interval", setting)
            assert held == timedelta(seconds=seconds)
        async with session.transaction():
            await session.execute("set local statement_timeout to '5min'")
    finally:
        await session.close()


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
