"""What comes twice has one effect, in its first place."""

from dataclasses import replace

from shared.runtime import inbox
from tests.databases import Databases
from tests.shared.runtime.streams import fact


async def test_a_fact_that_a_batch_repeats_keeps_its_first_place(databases: Databases) -> None:
    database = await databases("scheduler")
    first, second = fact("a", id="1"), fact("a", id="2")
    async with database.transaction() as conn:
        assert await inbox.fresh(conn, [first, second, first]) == [first, second]


async def test_an_id_that_comes_with_another_content_is_told_from_a_repetition(
    databases: Databases,
) -> None:
    database = await databases("scheduler")
    first = replace(fact("a", id="1"), content=b"one" + bytes(13))
    other = replace(first, content=b"other" + bytes(11))
    of_ours = replace(first, content=None)
    async with database.transaction() as conn:
        assert await inbox.fresh(conn, [first, other]) == [first]
        assert await inbox.reused(conn, [first, other, of_ours]) == [other]


async def test_a_fact_of_an_earlier_batch_is_left_out(databases: Databases) -> None:
    database = await databases("scheduler")
    first, second, third = (fact("a", id=str(number)) for number in range(3))
    async with database.transaction() as conn:
        await inbox.fresh(conn, [first])
        assert await inbox.fresh(conn, [second, first, third]) == [second, third]
