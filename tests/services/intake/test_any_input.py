"""Whatever comes in by any way: nobody is swallowed, nobody merged, and no error is ours."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from shared.contract.events.payload import Id
from shared.contract.topics import APPLICATIONS, VACANCIES, Topic
from shared.runtime import offsets
from shared.runtime.clock import ManualClock
from shared.runtime.consumer import TopicConsumer
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.searching import tries
from tests.services.intake import anything
from tests.services.intake.accounts import (
    assert_each_has_a_reason,
    assert_no_fault_of_ours,
    assert_nobody_joined,
    count,
    empty,
    soon,
)
from tests.services.intake.anything import as_json, numbered, with_anything
from tests.services.intake.front import Front, opened
from tests.services.intake.upstream import ATS, standing
from tests.shared.runtime.streams import consumer_of as consumer_made
from tests.shared.runtime.streams import consuming, until

NDJSON = "application/x-ndjson"
JSON = "application/json"
CLOUD_EVENT = "application/cloudevents+json"
SENT_AT = 1_772_000_000_000

EACH_TOLD_ONCE = """(
    select distinct candidate_id, source_application_id, rejection ->> 'vacancyId'
    from applications
) as told"""
"""One system's applications by one person, who may have two ids there."""

an_id: TypeAdapter[str] = TypeAdapter(Id)


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock, quarantine_limit=10**9) as door:
        yield door


rejections = with_anything(anything.rejections)
items = st.lists(rejections | anything.odd_values, min_size=1, max_size=8)


@tries(40)
@given(batch=items, as_lines=st.booleans())
async def test_each_item_of_a_batch_is_in_the_record_or_refused_with_a_reason(
    front: Front, batch: list[Any], as_lines: bool
) -> None:
    await empty(front.service.database)
    body = b"\n".join(map(as_json, batch)) if as_lines else as_json(batch)
    with soon():
        answer = await front.post(
            "/v1/rejections/batch", body, content_type=NDJSON if as_lines else JSON
        )
    taken = taken_of(answer, len(batch))
    pairs = {ids_of(batch[told["index"]]) for told in taken}
    database = front.service.database
    assert sum(told["outcome"] == "recorded" for told in taken) == len(pairs)
    assert await count(database, "applications") == len(pairs)
    published = [it for person in await standing(database) for it in person["rejections"]]
    assert len(published) == await count(database, EACH_TOLD_ONCE)
    await assert_nobody_joined(database)


@tries(30)
@given(
    batch=st.lists(with_anything(anything.vacancies) | anything.odd_values, min_size=1, max_size=8)
)
async def test_each_vacancy_of_a_batch_is_known_or_refused_with_a_reason(
    front: Front, batch: list[Any]
) -> None:
    await empty(front.service.database)
    with soon():
        answer = await front.post("/v1/vacancies/batch", batch)
    taken = taken_of(answer, len(batch))
    ids = {an_id.validate_python(batch[told["index"]]["vacancyId"]) for told in taken}
    assert await count(front.service.database, "vacancies") == len(ids)


@tries(40)
@given(sent=st.lists(with_anything(anything.cloud_events()), min_size=1, max_size=5))
async def test_each_event_that_is_posted_is_heard_or_refused_with_a_reason(
    front: Front, sent: list[Any]
) -> None:
    await empty(front.service.database)
    heard = 0
    for number, event in enumerate(sent):
        body = as_json(numbered(event, number, APPLICATIONS))
        with soon():
            answer = await front.post("/v1/events", body, content_type=CLOUD_EVENT)
        assert answer.status_code in (202, 400, 409, 422)
        assert answer.status_code == 202 or answer.json()["detail"]
        assert_no_fault_of_ours(answer.text)
        heard += answer.status_code == 202
    assert await count(front.service.database, "inbox") == heard
    await assert_nobody_joined(front.service.database)


def upstream(topic: Topic, at_least: int = 1) -> st.SearchStrategy[list[tuple[bool, Any]]]:
    """What two systems publish: events in either mode, and anything else."""
    events = with_anything(anything.cloud_events(topic, ATS, "another"))
    either = st.tuples(st.booleans(), events | anything.odd_values | st.binary(max_size=99))
    return st.lists(either, min_size=at_least, max_size=at_least + 7)


topics = st.sampled_from([APPLICATIONS, APPLICATIONS, VACANCIES])


@tries(60)
@given(sent=topics.flatmap(lambda topic: st.tuples(st.just(topic), upstream(topic))))
async def test_each_record_of_a_stream_is_heard_or_set_aside(
    front: Front, sent: tuple[Topic, list[tuple[bool, Any]]]
) -> None:
    topic, said = sent
    await empty(front.service.database)
    await read(front, topic, said)
    assert await heard_or_set_aside(front) == len(said)
    await assert_nobody_joined(front.service.database)


@tries(2)
@given(sent=upstream(APPLICATIONS, at_least=50))
async def test_each_record_that_a_broker_hands_over_is_heard_or_set_aside(
    kafka: str, topic: MakeTopic, front: Front, sent: list[tuple[bool, Any]]
) -> None:
    await empty(front.service.database)
    made, like = await topic(APPLICATIONS, partitions=1), consumer_of(front, APPLICATIONS)
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    for record in as_records(made, sent):
        await producer.send(made.name, record.value, headers=record.headers)
    await producer.stop()
    database = front.service.database
    consumer = consumer_made(
        made, like.handler, database, breaker_limit=10**9, receive=like.receive
    )
    async with consuming(kafka, consumer):
        await until(lambda: sum(consumer.known.values()) == len(sent))
    await assert_each_has_a_reason(database)
    assert await heard_or_set_aside(front) == len(sent)


async def heard_or_set_aside(front: Front) -> int:
    """Counts the facts and the states that were heard, and what is in quarantine."""
    tables = ("inbox", "versions", "quarantine")
    return sum([await count(front.service.database, table) for table in tables])


async def read(front: Front, topic: Topic, sent: Sequence[tuple[bool, Any]]) -> None:
    """Hands records to the consumer as the service has made it, as one batch from one partition."""
    database = front.service.database
    async with database.connection() as conn:
        known = await offsets.load(conn, topic.name, [0])
    with soon():
        await consumer_of(front, topic)._processor.process(as_records(topic, sent), known)
    await assert_each_has_a_reason(database)


def consumer_of(front: Front, topic: Topic) -> TopicConsumer:
    [consumer] = [it for it in front.service.consumers if it.topic == topic]
    return consumer


def as_records(topic: Topic, sent: Sequence[tuple[bool, Any]]) -> list[ConsumerRecord]:
    """Writes events in binary or structured mode, what else is JSON in the latter, and bytes."""
    written = []
    for number, (in_binary_mode, said) in enumerate(sent):
        event = numbered(said, number, topic)
        if in_binary_mode and isinstance(event, dict):
            value, headers = as_json(event.get("data")), headers_of(event)
        elif isinstance(event, bytes):
            value, headers = (
                event,
                headers_of({"type": "t", "source": "s"} if in_binary_mode else {}),
            )
        else:
            value, headers = as_json(event), [("content-type", CLOUD_EVENT.encode())]
        written.append(
            ConsumerRecord(
                *(topic.name, 0, number, SENT_AT, 0, None, value, None, 0, len(value), headers)
            )
        )
    return written


def headers_of(event: dict[str, Any]) -> list[tuple[str, bytes]]:
    texts = {
        name: str(value)
        for name, value in event.items()
        if name != "data" and isinstance(value, str | int)
    }
    named = [(f"ce_{name}", it.encode("utf-8", "surrogatepass")) for name, it in texts.items()]
    return [("content-type", b"application/json"), *named]


def taken_of(answer: httpx.Response, sent: int) -> list[dict[str, Any]]:
    """Returns what is told of the items that were taken, once each of them is answered."""
    assert answer.status_code in (202, 422)
    assert_no_fault_of_ours(answer.text)
    told = answer.json()
    assert [item["index"] for item in told["items"]] == list(range(sent))
    refused = [item for item in told["items"] if "errors" in item]
    assert all(error["problem"] for item in refused for error in item["errors"])
    assert (told["recorded"], told["refused"]) == (sent - len(refused), len(refused))
    return [item for item in told["items"] if "errors" not in item]


def ids_of(body: Any) -> tuple[str, str]:
    given = (body["applicant"]["applicantId"], body["applicationId"])
    return an_id.validate_python(given[0]), an_id.validate_python(given[1])
