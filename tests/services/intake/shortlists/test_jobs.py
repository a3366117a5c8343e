"""Shortlists are kept as long as somebody may ask what was decided, and no longer."""

from datetime import UTC, datetime

from dateutil.relativedelta import relativedelta

from services.intake.shortlists.jobs import forget_shortlists
from tests.databases import Databases

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def test_shortlists_leave_after_two_years_with_all_decisions(databases: Databases) -> None:
    database = await databases("intake")
    async with database.transaction() as conn:
        await conn.execute("insert into candidates (candidate_id) values ('ada')")
        for name, months in (("old", 25), ("new", 23)):
            await conn.execute(
                "insert into shortlists values ($1, 'v', 'Picker', false, 9, 1, $2)",
                name,
                NOW - relativedelta(months=months),
            )
            await conn.execute(
                "insert into shortlisted (shortlist_id, candidate_id, rank, tier, readiness,"
                " reasons_for, reasons_against)"
                " values ($1, 'ada', 1, 'not_yet', 'met', '[]', '[]')",
                name,
            )
            await conn.execute(
                "insert into shortlist_decisions values ($1, 'ada', 'rita', 'approved', null, $2)",
                name,
                NOW,
            )
    assert not await forget_shortlists(database, NOW)
    async with database.connection() as conn:
        for table in ("shortlists", "shortlisted", "shortlist_decisions"):
            left = await conn.fetch(f"select shortlist_id from {table}")
            assert [row["shortlist_id"] for row in left] == ["new"]
