import threading

import pytest
from aiokafka import ConsumerRecord
from cryptography.fernet import Fernet

from shared.contract.events.cloudevents import Unreadable
from shared.runtime import quarantine
from shared.runtime.quarantine import Quarantine
from tests.databases import Databases

SECRET = "canary@example.org"


def record(offset: int = 1) -> ConsumerRecord:
    value = SECRET.encode() + bytes(range(256))
    return ConsumerRecord(
        "t", 0, offset, 5, 0, b"key", value, None, 3, len(value), (("ce_id", b"\xff"),)
    )


async def test_a_record_comes_back_byte_for_byte_and_lies_there_encrypted(
    databases: Databases,
) -> None:
    database = await databases("intake")
    shelf = Quarantine(Fernet.generate_key().decode())
    async with database.transaction() as conn:
        await shelf.set_aside(conn, [(record(), Unreadable("why", "what to do"))])
        await shelf.set_aside(conn, [(record(), Unreadable("why", "what to do"))])
        (row,) = await quarantine.take(conn, [])
    assert SECRET.encode() not in row["record"]
    copy = shelf.open(row["record"])
    assert copy is not None
    assert (copy.key, copy.value, copy.headers) == (b"key", record().value, [("ce_id", b"\xff")])


async def test_an_erasure_finds_a_person_inside_sealed_records(databases: Databases) -> None:
    database = await databases("intake")
    shelf = Quarantine(Fernet.generate_key().decode())
    async with database.transaction() as conn:
        await shelf.set_aside(conn, [(record(1), Unreadable("why", "what"))])
    assert await shelf.erase(database, names_somebody) == 1
    async with database.connection() as conn:
        assert await quarantine.waiting(conn, 10) == []


def names_somebody(copy: quarantine.Copy) -> bool:
    return SECRET.encode() in (copy.value or b"")


async def test_an_erasure_goes_through_many_records_and_past_one_that_cannot_be_read(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "AT_A_TIME", 2)
    database = await databases("intake")
    shelf, other = (Quarantine(Fernet.generate_key().decode()) for _ in range(2))
    fault = Unreadable("why", "what")
    async with database.transaction() as conn:
        await shelf.set_aside(conn, [(record(number), fault) for number in range(1, 8)])
        await other.set_aside(conn, [(record(8), fault)])
        await conn.execute("""update quarantine set record = 'torn' where "offset" = 2""")

    def judge(copy: quarantine.Copy) -> bool:
        if not threading.current_thread().name.startswith("asyncio"):
            raise AssertionError("judged on the event loop")
        return names_somebody(copy)

    assert await shelf.erase(database, judge) == 6
    async with database.connection() as conn:
        left = await quarantine.waiting(conn, 10)
    assert [row["offset"] for row in left] == [2, 8]


async def test_a_record_that_cannot_be_judged_costs_only_itself(databases: Databases) -> None:
    database = await databases("intake")
    shelf = Quarantine(Fernet.generate_key().decode())
    fault = Unreadable("why", "what")
    async with database.transaction() as conn:
        await shelf.set_aside(conn, [(record(number), fault) for number in range(1, 4)])
    judged: list[quarantine.Copy] = []

    def judge(copy: quarantine.Copy) -> bool:
        judged.append(copy)
        if len(judged) == 2:
            raise RecursionError
        return True

    assert await shelf.erase(database, judge) == 2


async def test_a_record_sealed_with_another_key_is_left_closed(databases: Databases) -> None:
    database = await databases("intake")
    sealed_by, opened_by = (Quarantine(Fernet.generate_key().decode()) for _ in range(2))
    async with database.transaction() as conn:
        await sealed_by.set_aside(conn, [(record(), Unreadable("why", "what"))])
        (row,) = await quarantine.take(conn, [])
    assert opened_by.open(row["record"]) is None


async def test_a_record_sealed_before_the_key_was_rotated_is_opened_and_new_ones_use_the_new_key(
    databases: Databases,
) -> None:
    database = await databases("intake")
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    rotated = Quarantine(new, [old])
    async with database.transaction() as conn:
        await Quarantine(old).set_aside(conn, [(record(1), Unreadable("why", "what"))])
        await rotated.set_aside(conn, [(record(2), Unreadable("why", "what"))])
        before, after = await quarantine.take(conn, [])
    assert rotated.open(before["record"]) is not None
    assert Quarantine(new).open(before["record"]) is None
    assert Quarantine(new).open(after["record"]) is not None
