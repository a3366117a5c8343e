"""Whoever was erased does not come back with a decision that lay ahead of the erasure."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.intake.applicants.domain.outcomes import EventOutcome
from shared.contract.events.cloudevents import Event
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    ATS,
    ERASURE,
    NOW,
    erased,
    merged,
    record,
    recorder,
    rejected,
    rows,
)

HOUR = timedelta(hours=1)
AHEAD = NOW + 4 * HOUR


def refused(at: datetime, *, decided: datetime = AHEAD, source: str | None = None) -> Event:
    """A rejection that was received then."""
    note = {"code": "other", "note": f"received {at}"}
    time = min(at, decided)
    said = rejected(time=time, source=source or ATS, decidedAt=decided.isoformat(), reason=note)
    return replace(said, received_at=at)


async def erase(database: Database, *, themselves: bool) -> None:
    if not themselves:
        await record(database, erased(time=NOW + HOUR))
        return
    [person] = await rows(database, "select candidate_id from candidates")
    async with database.transaction() as conn:
        await ERASURE.erase(conn, [person["candidate_id"]], NOW + HOUR)


async def test_a_decision_that_an_erasure_reaches_late_takes_what_was_said_until_it_was_made(
    databases: Databases,
) -> None:
    database = await databases("intake")
    await record(database, erased(time=NOW + HOUR))
    await record(database, rejected("p-2", "a-2", time=NOW + 2 * HOUR))
    await record(database, merged("p-1", "p-2", time=NOW + 3 * HOUR))
    assert await record(database, late := refused(NOW)) == [late]
    assert await rows(database, "select personal_data from applicants") == []


@pytest.mark.parametrize("themselves", [True, False])
@pytest.mark.parametrize("hours", [2, 30])
async def test_a_decision_said_before_an_erasure_is_no_new_one_when_it_is_said_again(
    databases: Databases, themselves: bool, hours: int
) -> None:
    database = await databases("intake")
    first = refused(NOW)
    await record(database, first)
    await erase(database, themselves=themselves)
    again = refused(NOW + hours * HOUR)
    assert await record(database, again) == [again]
    async with database.transaction() as conn:
        [unchanged] = await recorder().heard_before(conn, [first])
    assert getattr(unchanged, "reason", None) == "erased"
    assert await rows(database, "select from candidates") == []
    anew = refused(NOW + 30 * HOUR, decided=AHEAD + HOUR)
    assert await record(database, anew) == []


async def test_another_source_does_not_bring_it_back_to_whoever_erased_themself(
    databases: Databases,
) -> None:
    database = await databases("intake")
    await record(database, refused(NOW))
    await erase(database, themselves=True)
    theirs = refused(NOW + 2 * HOUR, source="other")
    assert await record(database, theirs) == [theirs]


@pytest.mark.parametrize("order", [1, -1])
async def test_what_comes_together_with_the_erasure_is_erased_with_it(
    databases: Databases, order: int
) -> None:
    database = await databases("intake")
    together = [refused(NOW), erased(time=NOW + HOUR)][::order]
    await record(database, *together, refused(NOW + 2 * HOUR))
    assert await rows(database, "select from candidates") == []


async def test_an_erasure_reaches_all_that_came_before_it_though_its_source_cuts_times_to_days(
    databases: Databases,
) -> None:
    database = await databases("intake")
    await record(database, rejected(time=NOW - 2 * HOUR))
    today = replace(erased(time=NOW.replace(hour=0)), received_at=NOW)
    async with database.transaction() as conn:
        found = await recorder().record(conn, [today, replace(today, id="again")], NOW)
    assert found == [EventOutcome.ERASED, EventOutcome.KNOWN]
    assert await rows(database, "select from candidates") == []
    since = rejected(time=NOW - HOUR)
    assert await record(database, since) == [since]
    assert await record(database, rejected(time=NOW + HOUR)) == []
