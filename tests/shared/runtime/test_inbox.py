"""What comes twice has one effect, in its first place."""

from shared.runtime import inbox
from tests.databases import Databases
from tests.shared.runtime.streams import fact


async def test_a_fact_that_a_batch_repeats_keeps_its_first_place(databases: Databases) -> None:
    database = await databases("scheduler")
    first, second = fact("a", id="1"), fact("a", id="2")
    async with database.transaction() as conn:
        assert await inbox.fresh(conn, [first, second, first]) == [first, second]


async def test_a_fact_of_an_earlier_batch_is_left_out(databases: Databases) -> None:
    database = await databases("scheduler")
    first, second, third = (fact("a", id=str(number)) for number in range(3))
    async with database.transaction() as conn:
        await inbox.fresh(conn, [first])
        assert await inbox.fresh(conn, [second, first, third]) == [second, third]
