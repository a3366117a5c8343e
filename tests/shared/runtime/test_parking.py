from collections.abc import Sequence

import asyncpg
import pytest

from shared.contract.events.cloudevents import Unreadable
from shared.runtime import parking
from tests.databases import Databases

JOB = "indexing"


class Shop:
    """Works on words: each is written down, and some cannot be."""

    def __init__(self, **faults: Exception) -> None:
        self.faults = faults
        self.rounds: list[list[str]] = []

    async def __call__(self, conn: asyncpg.Connection, words: Sequence[str]) -> None:
        self.rounds.append(list(words))
        for word in words:
            await conn.execute("insert into inbox (source, event_id) values ('t', $1)", word)
            if word in self.faults:
                raise self.faults[word]


async def written(conn: asyncpg.Connection) -> list[str]:
    return [row["event_id"] for row in await conn.fetch("select event_id from inbox order by 1")]


async def test_one_row_that_raises_is_parked_and_the_others_have_their_effect(
    databases: Databases,
) -> None:
    database = await databases("matcher")
    shop = Shop(b=KeyError("a bug"), d=Unreadable("rule", "change it"), e=ValueError())
    async with database.transaction() as conn:
        done = await parking.work(conn, JOB, list("abcde"), shop, key=str)
        assert done == ["a", "c"]
        assert await written(conn) == ["a", "c"]
        parked = await parking.list_parked(conn, 10)
        assert {row["key"]: row["reason"] for row in parked} == {
            "b": "KeyError",
            "d": "rule",
            "e": "ValueError",
        }
        assert await parking.held(conn, JOB) == {"b", "d", "e"}
        assert await parking.counts(conn) == {JOB: 3}


async def test_a_batch_that_works_is_worked_on_once(databases: Databases) -> None:
    database, shop = await databases("matcher"), Shop()
    async with database.transaction() as conn:
        assert await parking.work(conn, JOB, list("abc"), shop, key=str) == list("abc")
    assert shop.rounds == [["a", "b", "c"]]


async def test_what_will_pass_parks_nothing(databases: Databases) -> None:
    database, shop = await databases("matcher"), Shop(b=asyncpg.LockNotAvailableError())
    with pytest.raises(asyncpg.LockNotAvailableError):
        async with database.transaction() as conn:
            await parking.work(conn, JOB, list("abc"), shop, key=str)
    async with database.connection() as conn:
        assert await written(conn) == []
        assert await parking.counts(conn) == {}


async def test_each_attempt_that_fails_makes_it_rest_for_longer_until_it_rests_for_good(
    databases: Databases,
) -> None:
    database, shop = await databases("matcher"), Shop(a=KeyError())
    minutes = []
    async with database.connection() as conn:
        for _ in range(4):
            await parking.work(conn, JOB, ["a"], shop, key=str)
            (row,) = await parking.list_parked(conn, 1)
            minutes.append(round((row["parked_until"] - row["parked_at"]).total_seconds() / 60))
        await parking.work(conn, JOB, ["a"], shop, key=str)
        assert await conn.fetchval("select parked_until = 'infinity' from parked_rows")
    assert minutes == [1, 6, 36, 216]


async def test_success_or_somebody_releases_a_row(databases: Databases) -> None:
    database, shop = await databases("matcher"), Shop(a=KeyError(), b=KeyError(), c=KeyError())
    async with database.connection() as conn:
        await parking.work(conn, JOB, list("abc"), shop, key=str)
        await parking.release(conn, JOB, ["a"])
        assert await parking.held(conn, JOB) == {"b", "c"}
        await parking.work(conn, JOB, ["b"], Shop(), key=str)
        assert await parking.held(conn, JOB) == {"c"}
        assert await parking.release_all(conn, "another job") == 0
        assert await parking.release_all(conn) == 1
        assert await parking.held(conn, JOB) == set()


async def test_a_row_whose_rest_is_over_is_held_no_longer(databases: Databases) -> None:
    database, shop = await databases("matcher"), Shop(a=KeyError())
    async with database.connection() as conn:
        await parking.work(conn, JOB, ["a"], shop, key=str)
        await conn.execute("update parked_rows set parked_until = clock_timestamp()")
        assert await parking.held(conn, JOB) == set()
        assert await parking.counts(conn) == {JOB: 1}
