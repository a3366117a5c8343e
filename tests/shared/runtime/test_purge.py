"""What the hourly purge deletes, and that its cost follows that and not the table."""

import json

import asyncpg
import pytest

from shared.runtime import inbox, quarantine
from tests.databases import Databases

FILL = {
    "inbox": """
        insert into inbox (source, event_id, seen_at)
        select '/notyet/test', gen_random_uuid()::text,
            clock_timestamp() - interval '31 days' + number * interval '31 days' / 300000.0
        from generate_series(1, 300000) as number
    """,
    "quarantine": """
        insert into quarantine (topic, partition, "offset", reason, detail, record, set_aside_at)
        select 'test', 0, number, 'reason', 'detail', 'record',
            clock_timestamp() - interval '31 days' + number * interval '31 days' / 100000.0
        from generate_series(1, 100000) as number
    """,
}
STATEMENTS = {
    "inbox": inbox._queries.statements["forget_facts"],
    "quarantine": quarantine._queries.statements["purge"],
}
COLUMNS = {"inbox": "seen_at", "quarantine": "set_aside_at"}


async def run(admin_url: str, *statements: str) -> None:
    conn = await asyncpg.connect(admin_url, server_settings={"search_path": "intake"})
    for statement in statements:
        await conn.execute(statement)
    await conn.close()


@pytest.mark.parametrize("table", ["inbox", "quarantine"])
async def test_the_purge_finds_what_is_old_by_an_index_and_deletes_only_that(
    databases: Databases, table: str
) -> None:
    await run(databases.admin_url, FILL[table], f"analyze {table}")
    database = await databases("intake")
    async with database.connection() as conn:
        plan = await conn.fetch(f"explain {STATEMENTS[table]}")
        text = "\n".join(row[0] for row in plan)
        assert f"{table}_{COLUMNS[table]}_idx" in text
        assert "Seq Scan" not in text
        purge = inbox.forget if table == "inbox" else quarantine.purge
        rounds = 1
        while await purge(conn):
            rounds += 1
        assert rounds > 1 if table == "quarantine" else rounds == 1
        left = f"select count(*) from {table} where {COLUMNS[table]} "
        # What has become old since the purge is left for the next one.
        old = await conn.fetchval(f"{left} < clock_timestamp() - interval '30 days 5 minutes'")
        young = await conn.fetchval(f"{left} > clock_timestamp() - interval '29 days'")
    assert old == 0
    assert young > 90_000


def facts(count: int, days_ago: int) -> str:
    """Returns the statement that remembers so many facts of a day."""
    return f"""
        insert into inbox (source, event_id, seen_at)
        select '/notyet/test', gen_random_uuid()::text,
            clock_timestamp() - interval '{days_ago} days'
        from generate_series(1, {count})
    """


async def test_the_purge_reads_only_what_is_old_where_younger_facts_took_the_place_of_others(
    databases: Databases,
) -> None:
    """So it is from the second month on."""
    database = await databases("intake")
    await run(databases.admin_url, facts(50_000, days_ago=31), facts(1_000, days_ago=29))
    async with database.connection() as conn:
        while await inbox.forget(conn):
            continue
        await run(databases.admin_url, "vacuum inbox", facts(49_000, days_ago=0), "vacuum inbox")
        await run(databases.admin_url, facts(10, days_ago=31))
        told = await conn.fetchval(f"explain (analyze, buffers, format json) {STATEMENTS['inbox']}")
    plan = json.loads(told)[0]["Plan"]
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 100
