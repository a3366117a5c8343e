"""What is deleted, when, and what is not."""

from datetime import datetime, timedelta

import asyncpg
import pytest

from services.matcher.retention import Retention
from shared.contract.events.openings import OpeningState
from shared.contract.events.responses import InvitationDeclined
from shared.contract.topics import OPENINGS, RESPONSES
from tests.services.matcher.conftest import Matcher
from tests.services.matcher.people import NOW, NURSE, candidate, opened, profile, told

LATER = NOW + timedelta(days=2 * 365 + 30)


async def count(matcher: Matcher, table: str) -> int:
    (row,) = await matcher.rows(f"select count(*) as rows from {table}")
    return int(row["rows"])


async def searched(matcher: Matcher, *, then_closed: bool) -> None:
    await matcher.know((candidate(), profile()))
    await matcher.hear(OPENINGS, told(opened()))
    (shortlist,) = await matcher.search()
    declined = InvitationDeclined(
        shortlist_id=shortlist.shortlist_id,
        candidate_id="c-1",
        recruiter_id="r",
        vacancy_id=NURSE.vacancy_id,
        at=NOW,
    )
    await matcher.hear(RESPONSES, told(declined))
    if then_closed:
        await matcher.hear(OPENINGS, told(opened(state=OpeningState.CLOSED, version=2)))


async def tidied(matcher: Matcher, now: datetime) -> None:
    retention = Retention(matcher.database)
    while await retention.run_once(now):
        pass


async def test_a_search_goes_after_two_years_with_all_that_hangs_on_it(matcher: Matcher) -> None:
    await searched(matcher, then_closed=True)
    await tidied(matcher, NOW + timedelta(days=2 * 365 - 30))
    for table in ("searches", "considered", "ranked", "reasons", "afterwards"):
        assert await count(matcher, table) == 1
    await tidied(matcher, LATER)
    for table in ("searches", "considered", "ranked", "reasons", "afterwards"):
        assert await count(matcher, table) == 0


async def test_who_was_declined_stays_so_as_long_as_the_vacancy_is_open(matcher: Matcher) -> None:
    await searched(matcher, then_closed=False)
    await tidied(matcher, LATER)
    assert await count(matcher, "afterwards") == 1
    assert await count(matcher, "searches") == 1


async def test_nobody_else_deletes_from_the_ledger_however_old(matcher: Matcher) -> None:
    await searched(matcher, then_closed=True)
    for table in ("searches", "considered", "ranked", "afterwards"):
        with pytest.raises(asyncpg.RaiseError, match="ledger is kept"):
            await matcher.rows(f"delete from {table}")


async def test_a_vacancy_closed_long_ago_keeps_no_text_and_is_not_opened_by_a_late_update(
    matcher: Matcher,
) -> None:
    await searched(matcher, then_closed=True)
    await tidied(matcher, LATER)
    (row,) = await matcher.rows("select vacancy from vacancies")
    assert "surgical" not in row["vacancy"]
    await matcher.hear(OPENINGS, told(opened(state=OpeningState.UPDATED, version=3)), now=LATER)
    assert await count(matcher, "vacancies where closed_at is null") == 0


async def test_a_search_job_goes_a_month_after_it_ended(matcher: Matcher) -> None:
    await searched(matcher, then_closed=True)
    await tidied(matcher, NOW)
    assert await count(matcher, "search_jobs") == 1
    async with matcher.database.transaction() as conn:
        await conn.execute("update search_jobs set due_at = due_at - interval '31 days'")
    await tidied(matcher, NOW)
    assert await count(matcher, "search_jobs") == 0


async def test_what_was_measured_goes_when_the_vacancy_closes(matcher: Matcher) -> None:
    await searched(matcher, then_closed=False)
    assert await count(matcher, "pool_statistics") == 1
    await matcher.hear(OPENINGS, told(opened(state=OpeningState.CLOSED, version=2)))
    assert await count(matcher, "pool_statistics") == 0
