"""What the hourly purge deletes, and that its cost follows that and not the table."""

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


async def fill(admin_url: str, table: str) -> None:
    conn = await asyncpg.connect(admin_url, server_settings={"search_path": "intake"})
    await conn.execute(FILL[table])
    await conn.execute(f"analyze {table}")
    await conn.close()


@pytest.mark.parametrize("table", ["inbox", "quarantine"])
async def test_the_purge_finds_what_is_old_by_an_index_and_deletes_only_that(
    databases: Databases, table: str
) -> None:
    await fill(databases.admin_url, table)
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
