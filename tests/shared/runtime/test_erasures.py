"""What the quarantine holds of an erased person goes, row by row, whatever lies beside it."""

import asyncio
import base64
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import ConsumerRecord
from cryptography.fernet import Fernet
from structlog.testing import capture_logs

from shared.contract.events.cloudevents import Event, Unreadable, encode
from shared.contract.topics import APPLICATIONS, BY_NAME, CANDIDATES, CONTACTS, Topic
from shared.runtime import erasures, leases, offsets
from shared.runtime.breaker import Breaker
from shared.runtime.clock import ManualClock
from shared.runtime.erasures import QuarantineSearch
from shared.runtime.marks import Marks
from shared.runtime.postgres import Database
from shared.runtime.processing import Processor
from shared.runtime.quarantine import Copy, Quarantine, take
from shared.runtime.telemetry import Metrics
from tests.databases import Databases
from tests.shared.runtime.streams import NOON, state

FAULT = Unreadable("invalid_body", "mend it")


def record(offset: int, key: str = "", value: bytes | None = b"broken") -> ConsumerRecord:
    size = len(value or b"")
    return ConsumerRecord(CONTACTS.name, 0, offset, 5, 0, key.encode(), value, None, 3, size, ())


@pytest.fixture
def quarantine() -> Quarantine:
    return Quarantine(Fernet.generate_key().decode())


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("scheduler")


async def set_aside(database: Database, quarantine: Quarantine, *records: ConsumerRecord) -> None:
    async with database.transaction() as conn:
        await quarantine.set_aside(conn, [(each, FAULT) for each in records])


async def erase(
    database: Database, quarantine: Quarantine, *ids: str, known_as: Sequence[str] = ()
) -> None:
    async with database.transaction() as conn:
        await erasures.remember(
            conn, list(map(quarantine.marker.of_id, ids)), quarantine.marker.of_person(known_as)
        )


async def left(database: Database) -> list[int]:
    async with database.connection() as conn:
        return [row["offset"] for row in await take(conn, [])]


async def test_what_one_source_erases_leaves_what_another_says(
    database: Database, quarantine: Quarantine
) -> None:
    def said_by(offset: int, source: str, topic: Topic = APPLICATIONS) -> ConsumerRecord:
        value, headers = b'{"email": "mira@mail.example"', (("ce_source", source.encode()),)
        place = (topic.name, 0, offset, 5, 0)
        return ConsumerRecord(*place, b"", value, None, 0, len(value), headers)

    search = QuarantineSearch(database, quarantine, Metrics())
    ours = said_by(3, "intake", CONTACTS)
    await set_aside(database, quarantine, said_by(1, "ats"), said_by(2, "own"), ours)
    marks = quarantine.marker.of_person(["mira@mail.example"])
    for source, remaining in (("own", [1]), ("own", [1]), ("ats", [])):
        async with database.transaction() as conn:
            await erasures.remember(conn, (), marks, source)
        await search.run()
        assert await left(database) == remaining


async def test_records_about_whoever_is_erased_go_before_and_after(
    database: Database, quarantine: Quarantine
) -> None:
    search = QuarantineSearch(database, quarantine, Metrics())
    await set_aside(database, quarantine, record(1, "c-1"), record(2, "c-2"))
    await search.run()
    await erase(database, quarantine, "c-1")
    await set_aside(database, quarantine, record(3, "c-1"), record(4, "c-2"))
    await search.run()
    await set_aside(database, quarantine, record(5, "c-1"))
    await search.run()
    assert await left(database) == [2, 4]


async def test_by_a_name_alone_a_record_goes_unless_an_id_or_an_address_tells_of_another(
    database: Database, quarantine: Quarantine
) -> None:
    name = b'{"name": "Canary Okafor"}'
    of_another = b'{"name": "Canary Okafor", "emails": ["other@mail.example"'
    of_theirs = b'{"name": "Canary Okafor", "emails": ["Canary@mail.example"'
    await set_aside(
        database,
        quarantine,
        record(1, value=base64.b64encode(name)),
        record(2, "c-2", name),
        record(3, value=of_another),
        record(4, value=base64.b64encode(of_another)),
        record(5, "c-2", of_theirs),
        record(6, value=b'"Canary Okafor", "canary@localhost"'),
    )
    await erase(database, quarantine, "c-1", known_as=["Okafor, Canary", "canary@mail.example"])
    metrics = Metrics()
    await QuarantineSearch(database, quarantine, metrics).run()
    assert await left(database) == [2, 3, 4]
    gone = {
        by: metrics.registry.get_sample_value(
            "notyet_quarantine_erased_records_total", {"topic": CONTACTS.name, "by": by}
        )
        for by in ("id", "address", "likeness")
    }
    assert gone == {"id": None, "address": 1, "likeness": 2}


async def test_each_deletion_is_logged_by_its_place_alone(
    database: Database, quarantine: Quarantine
) -> None:
    await set_aside(database, quarantine, record(7, value=b"Canary Okafor"))
    await erase(database, quarantine, "c-1", known_as=["Canary Okafor"])
    with capture_logs() as logs:
        await QuarantineSearch(database, quarantine, Metrics()).run()
    (said,) = logs
    place = {"topic": CONTACTS.name, "partition": 0, "offset": 7}
    assert {"event": "quarantine.erased", "by": "likeness", **place}.items() <= said.items()
    assert "Okafor" not in str(logs)


async def test_by_a_shared_address_a_record_goes_unless_somebody_known_is_recognised_in_it(
    database: Database, quarantine: Quarantine
) -> None:
    async def is_known(_: asyncpg.Connection, copy: Copy, __: Collection[bytes]) -> bool:
        return copy.key == b"c-2"

    body = b'{"emails": ["people@agency.example"]}'
    await set_aside(database, quarantine, record(1, "c-3", body), record(2, "c-2", body))
    await erase(database, quarantine, "c-1", known_as=["people@agency.example"])
    await QuarantineSearch(database, quarantine, Metrics(), is_known=is_known).run()
    assert await left(database) == [2]


async def test_a_record_is_looked_at_once_for_each_search_whoever_breaks_off(
    database: Database, quarantine: Quarantine
) -> None:
    looked_at: list[bytes | None] = []

    def marks_of(copy: Copy) -> Marks:
        looked_at.append(copy.key)
        if copy.key == b"c-3" and len(looked_at) == 3:
            raise KeyboardInterrupt
        return quarantine.marker.of_record(copy)

    search = QuarantineSearch(database, quarantine, Metrics(), marks_of)
    await set_aside(database, quarantine, *(record(n, f"c-{n}") for n in range(1, 6)))
    await erase(database, quarantine, "c-5")
    with pytest.raises(KeyboardInterrupt):
        await search.run()
    await search.run()
    assert looked_at == [b"c-1", b"c-2", b"c-3", b"c-3", b"c-4", b"c-5"]
    assert await left(database) == [1, 2, 3, 4]
    assert not await search.run()
    assert len(looked_at) == 6


async def test_a_record_that_cannot_be_opened_or_judged_costs_only_itself(
    database: Database, quarantine: Quarantine
) -> None:
    def marks_of(copy: Copy) -> Marks:
        if copy.value == b"deep":
            raise RecursionError
        return quarantine.marker.of_record(copy)

    await set_aside(database, Quarantine(Fernet.generate_key().decode()), record(1, "c-1"))
    await set_aside(database, quarantine, record(2, "c-1", b"deep"), record(3, "c-1"))
    await erase(database, quarantine, "c-1")
    await QuarantineSearch(database, quarantine, Metrics(), marks_of).run()
    assert await left(database) == [1, 2]


async def test_what_is_erased_while_a_record_is_being_looked_at_is_not_missed(
    database: Database, quarantine: Quarantine
) -> None:
    async def meanwhile(_: asyncpg.Connection, __: Copy, ___: Collection[bytes]) -> bool:
        await erase(database, quarantine, "c-1")
        await search.begin()
        return True

    await set_aside(database, quarantine, record(1, "c-1", b"canary@mail.example"))
    await erase(database, quarantine, "c-7", known_as=["canary@mail.example"])
    search = QuarantineSearch(database, quarantine, Metrics(), is_known=meanwhile)
    await search.run()
    assert await left(database) == []


async def test_whoever_was_erased_is_found_among_however_many_marks(
    database: Database, quarantine: Quarantine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasures, "MARKS_AT_ONCE", 2)
    await set_aside(database, quarantine, record(1, "c-1"), record(2, "c-2"))
    await erase(database, quarantine, "c-1")

    def marks_of(copy: Copy) -> Marks:
        found = quarantine.marker.of_record(copy)
        others = {quarantine.marker.of_id(f"another-{number}") for number in range(9)}
        return replace(found, identities=found.identities | others)

    await QuarantineSearch(database, quarantine, Metrics(), marks_of).run()
    assert await left(database) == [2]


async def test_one_replica_searches_at_a_time_and_another_once_that_one_is_gone(
    database: Database, quarantine: Quarantine
) -> None:
    async with database.transaction() as conn:
        assert await leases.take(conn, erasures.LEASE, uuid4(), erasures.LEASE_SECONDS)
    search = QuarantineSearch(database, quarantine, Metrics())
    await set_aside(database, quarantine, record(1, "c-1"), record(2, "c-2"))
    await erase(database, quarantine, "c-1")
    assert not await search.run()
    assert await left(database) == [1, 2]
    async with database.transaction() as conn:
        await conn.execute("update leases set expires_at = clock_timestamp() - interval '1 ms'")
    await search.run()
    assert await left(database) == [2]


async def test_names_are_searched_for_sixty_days_and_ids_for_good(
    database: Database, quarantine: Quarantine
) -> None:
    await erase(database, quarantine, "c-1", known_as=["Canary Okafor"])
    async with database.transaction() as conn:
        await conn.execute("update erased_marks set until = until - interval '60 days'")
        await erasures.forget(conn)
    await set_aside(database, quarantine, record(1, value=b"Canary Okafor"), record(2, "c-1"))
    await QuarantineSearch(database, quarantine, Metrics()).run()
    assert await left(database) == [1]


async def test_whoever_came_back_is_searched_for_no_longer(
    database: Database, quarantine: Quarantine
) -> None:
    await erase(database, quarantine, "c-1")
    async with database.transaction() as conn:
        await erasures.withdraw(conn, [quarantine.marker.of_id("c-1")])
    await set_aside(database, quarantine, record(1, "c-1"))
    await QuarantineSearch(database, quarantine, Metrics()).run()
    assert await left(database) == [1]


async def nothing(_: asyncpg.Connection, __: Sequence[Event], ___: datetime) -> None:
    pass


async def process(database: Database, quarantine: Quarantine, *records: ConsumerRecord) -> None:
    topic, clock = BY_NAME[records[0].topic], ManualClock(NOON)
    async with database.transaction() as conn:
        known = await offsets.load(conn, topic.name, [0])
    await Processor(topic, nothing, database, clock, quarantine, Metrics(), Breaker(1000)).process(
        records, known
    )


def on(topic: Topic, offset: int, event: Event | bytes) -> ConsumerRecord:
    headers, value = encode(event) if isinstance(event, Event) else ([], event)
    key = event.key if isinstance(event, Event) else "v-1"
    size = len(value or b"")
    return ConsumerRecord(topic.name, 0, offset, 5, 0, key.encode(), value, None, 3, size, headers)


async def test_a_tombstone_that_comes_has_the_quarantine_searched(
    database: Database, quarantine: Quarantine
) -> None:
    await set_aside(database, quarantine, record(1, "c-1"), record(2, "c-2"))
    ended = Event.tombstone("c-1", state("c-1").type, source="intake", at=NOON)
    await process(database, quarantine, on(CANDIDATES, 0, ended), on(CANDIDATES, 1, state("c-2")))
    await QuarantineSearch(database, quarantine, Metrics()).run()
    assert await left(database) == [2]


async def test_a_search_begins_while_what_was_set_aside_about_the_erased_is_given_its_effect(
    database: Database, quarantine: Quarantine
) -> None:
    search = QuarantineSearch(database, quarantine, Metrics())
    await set_aside(database, quarantine, record(1, "c-1"), record(2, "c-2"))
    await erase(database, quarantine, "c-1")
    async with database.transaction() as conn:
        await take(conn, [])
        begun = asyncio.create_task(search.begin())
        async with database.connection() as watching:
            while not await watching.fetchval(
                "select exists (select from pg_stat_activity"
                " where datname = current_database() and wait_event_type = 'Lock')"
            ):
                await asyncio.sleep(0.01)
        await erasures.remember(conn, [quarantine.marker.of_id("c-1")])
    await begun
    await search.run()
    assert await left(database) == [2]
