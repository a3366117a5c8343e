"""Where a state cannot be published, its reader is told so before it believes anything newer."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import pytest
from aiokafka import ConsumerRecord

from shared.contract.events.cloudevents import Event
from shared.contract.events.decoding import decode
from shared.contract.events.people import PersonName
from shared.contract.events.recipients import (
    RecipientChanged,
    RecipientKind,
    RecipientsHeartbeat,
    RecipientUnpublished,
)
from shared.contract.topics import BY_NAME, CANDIDATES, RECIPIENTS, Topic
from shared.runtime import outbox
from shared.runtime.postgres import Database
from shared.runtime.processing import Missed
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.shared.runtime.streams import (
    NOON,
    consumer_of,
    consuming,
    drain,
    received,
    relay_of,
    send,
    state,
    until,
)

HEARTBEAT = RecipientsHeartbeat.type
INSTEAD = RecipientUnpublished.type


def recipient(key: str, version: int, size: int = 0) -> Event:
    data = RecipientChanged.model_construct(
        recipient_id=key,
        version=version,
        kind=RecipientKind.CANDIDATE,
        name=PersonName.model_construct(full_name="x" * size),
    )
    return Event.about(data, source="intake", at=NOON)


async def one_partition(
    topic: MakeTopic, monkeypatch: pytest.MonkeyPatch, most_bytes: int
) -> Topic:
    recipients = await topic(RECIPIENTS, partitions=1, **{"max.message.bytes": str(most_bytes)})
    monkeypatch.setitem(BY_NAME, recipients.name, recipients)
    monkeypatch.setattr(outbox, "RECIPIENTS", recipients)
    return recipients


async def put(database: Database, recipients: Topic, *events: Event) -> None:
    """Puts states into the outbox, and a heartbeat behind them."""
    async with database.transaction() as conn:
        await outbox.put(conn, recipients, list(events))
        await outbox.put_heartbeats(conn, 1)


def types_and_keys(records: Sequence[ConsumerRecord]) -> list[tuple[str, bytes]]:
    return [(dict(at.headers)["ce_type"].decode(), at.key) for at in records]


async def test_in_place_of_a_refused_state_its_stand_in_leaves_before_the_heartbeat_behind_it(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await databases("intake")
    recipients = await one_partition(topic, monkeypatch, 50_000)
    known = recipient("said-stop", 1)
    await put(database, recipients, known, recipient("said-stop", 2, 60_000), recipient("b", 1))
    await drain(relay_of(kafka, database))
    records = await received(kafka, recipients, 4)
    assert types_and_keys(records) == [
        (known.type, b"said-stop"),
        (INSTEAD, b"said-stop"),
        (known.type, b"b"),
        (HEARTBEAT, b"heartbeat-0"),
    ]
    assert decode(records[1], recipients).data == RecipientUnpublished(recipient_id="said-stop")
    async with database.connection() as conn:
        assert (await outbox.backlog(conn)).set_aside == 1


async def test_a_stand_in_is_the_same_event_however_often_it_is_published(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await databases("intake")
    recipients = await one_partition(topic, monkeypatch, 50_000)
    await put(database, recipients, recipient("said-stop", 2, 60_000))
    for _ in range(2):
        await drain(relay_of(kafka, database))
        async with database.transaction() as conn:
            await conn.execute("update outbox set set_aside_at = null, set_aside_because = null")
    records = await received(kafka, recipients, 3)
    once, again = [at for at in records if at.key == b"said-stop"]
    assert (once.value, once.headers) == (again.value, again.headers)


async def test_where_the_stand_in_is_refused_too_no_heartbeat_says_that_all_is_known(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await databases("intake")
    recipients = await one_partition(topic, monkeypatch, 800)
    await put(database, recipients)
    await put(database, recipients, recipient("s" * 200, 2, 2_000))
    await drain(relay_of(kafka, database))
    async with database.connection() as conn:
        found = await outbox.backlog(conn)
    assert (found.set_aside, found.waiting) == (0, 2)
    heartbeat_before = [(HEARTBEAT, b"heartbeat-0")]
    assert types_and_keys(await received(kafka, recipients, 2)) == heartbeat_before


async def test_a_refused_state_of_another_topic_has_no_stand_in(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidates = await topic(CANDIDATES, partitions=1, **{"max.message.bytes": "50000"})
    monkeypatch.setitem(BY_NAME, candidates.name, candidates)
    database = await databases("intake")
    async with database.transaction() as conn:
        await outbox.put(conn, candidates, [recipient("a", 1, 60_000), state("b")])
    await drain(relay_of(kafka, database))
    assert [at.key for at in await received(kafka, candidates, 2)] == [b"b"]


async def test_who_reads_a_stand_in_hears_of_it_as_missed_and_as_no_unknown_type(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    recipients, database = await topic(RECIPIENTS, partitions=1), await databases("scheduler")
    heard: list[str] = []

    async def handle(_: asyncpg.Connection, events: Sequence[Event], __: datetime) -> None:
        heard.extend(event.key for event in events)

    async def miss(_: asyncpg.Connection, missed: Sequence[Missed], __: datetime) -> None:
        heard.extend(f"not {one.key} at {one.place.offset}" for one in missed)

    instead = Event.about(RecipientUnpublished(recipient_id="a"), source="intake", at=NOON)
    await send(kafka, recipients, [recipient("a", 1), instead, recipient("a", 2)])
    consumer = consumer_of(recipients, handle, database, not_taken_in=miss)
    async with consuming(kafka, consumer):
        await until(lambda: consumer.known == {0: 3})
    assert heard == ["a", "not a at 1", "a"]
    unknown = {"topic": recipients.name}
    sample = consumer._metrics.registry.get_sample_value
    assert not sample("notyet_unknown_events_total", unknown)
