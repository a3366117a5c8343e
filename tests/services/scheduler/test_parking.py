"""One person whose plan cannot be made stops nobody else's."""

from datetime import timedelta

from tests.services.scheduler.conftest import Bench
from tests.services.scheduler.people import NOW, candidate, rejection

LATER = NOW + timedelta(days=60)


async def with_three_people_past_an_expiry(scheduler: Bench) -> None:
    """Leaves one of them a state that cannot be read: it is there, but has no version."""
    ids = ("c-1", "c-2", "c-3")
    await scheduler.know(*(candidate(rejection(), candidate_id=id) for id in ids))
    async with scheduler.database.connection() as conn:
        await conn.execute(
            "update candidates set state = state - 'version' where candidate_id = 'c-1'"
        )


async def test_whose_plan_cannot_be_made_is_parked_and_the_others_are_planned_for(
    scheduler: Bench,
) -> None:
    await with_three_people_past_an_expiry(scheduler)
    assert await scheduler.jobs.revive(LATER)
    revived = await scheduler.rows("select 1 from occasions where revived_at is not null")
    assert len(revived) == 2
    (parked,) = await scheduler.rows("select key, reason from parked_rows")
    assert tuple(parked) == ("c-1", "ValidationError")
    assert scheduler.metrics.expired._value.get() == 2


async def test_whoever_is_parked_leaves_their_place_to_the_next(scheduler: Bench) -> None:
    await with_three_people_past_an_expiry(scheduler)
    assert await scheduler.jobs.revive(LATER)
    assert not await scheduler.jobs.revive(LATER)


async def test_whoever_is_parked_is_planned_for_as_soon_as_something_readable_is_heard(
    scheduler: Bench,
) -> None:
    await with_three_people_past_an_expiry(scheduler)
    await scheduler.jobs.revive(LATER)
    scheduler.clock.set(LATER)
    await scheduler.know(candidate(rejection()))
    assert not await scheduler.rows("select 1 from parked_rows")
    revived = await scheduler.rows("select 1 from occasions where revived_at is not null")
    assert len(revived) == 3
