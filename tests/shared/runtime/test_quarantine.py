from aiokafka import ConsumerRecord
from cryptography.fernet import Fernet

from shared.contract.events.cloudevents import Unreadable
from shared.runtime.quarantine import Quarantine, take
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
    quarantine = Quarantine(Fernet.generate_key().decode())
    async with database.transaction() as conn:
        await quarantine.set_aside(conn, [(record(), Unreadable("why", "what to do"))])
        await quarantine.set_aside(conn, [(record(), Unreadable("why", "what to do"))])
        (row,) = await take(conn, [])
    assert SECRET.encode() not in row["record"]
    copy = quarantine.open(row["record"])
    assert copy is not None
    assert (copy.key, copy.value, copy.headers) == (b"key", record().value, [("ce_id", b"\xff")])


async def test_a_record_sealed_with_another_key_is_left_closed(databases: Databases) -> None:
    database = await databases("intake")
    sealed_by, opened_by = (Quarantine(Fernet.generate_key().decode()) for _ in range(2))
    async with database.transaction() as conn:
        await sealed_by.set_aside(conn, [(record(), Unreadable("why", "what"))])
        (row,) = await take(conn, [])
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
        before, after = await take(conn, [])
    assert rotated.open(before["record"]) is not None
    assert Quarantine(new).open(before["record"]) is None
    assert Quarantine(new).open(after["record"]) is not None
