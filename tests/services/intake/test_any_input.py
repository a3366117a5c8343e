"""Whatever comes in by any way: nobody is swallowed, nobody merged, and no error is ours."""

import asyncio
import csv
import io
import json
import time
import unicodedata
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.intake.imports.client import BatchClient
from services.intake.imports.files import open_file
from services.intake.imports.mapping import mapped_by
from services.intake.imports.report import Report
from services.intake.imports.run import run
from shared.contract.events.payload import Id
from shared.contract.topics import APPLICATIONS, VACANCIES, Topic
from shared.runtime import offsets
from shared.runtime.clock import ManualClock
from shared.runtime.consumer import TopicConsumer
from shared.runtime.postgres import Database
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.searching import tries
from tests.services.intake import anything
from tests.services.intake.anything import SURNAMES, as_json, numbered, with_anything
from tests.services.intake.front import Front, opened
from tests.services.intake.imports.test_any_file import COLUMNS, people
from tests.services.intake.upstream import ATS, rows, standing
from tests.shared.runtime.streams import consumer_of as consumer_made
from tests.shared.runtime.streams import consuming, until

NDJSON = "application/x-ndjson"
JSON = "application/json"
CLOUD_EVENT = "application/cloudevents+json"
MOST_SECONDS = 2.0
"""Of work for one request or batch, whatever else the machine does."""
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


@tries(100)
@given(batch=items, as_lines=st.booleans())
async def test_each_item_of_a_batch_is_in_the_record_or_refused_with_a_reason(
    front: Front, batch: list[Any], as_lines: bool
) -> None:
    await empty(front)
    body = b"\n".join(map(as_json, batch)) if as_lines else as_json(batch)
    with soon():
        answer = await front.post(
            "/v1/rejections/batch", body, content_type=NDJSON if as_lines else JSON
        )
    taken = taken_of(answer, len(batch))
    assert all(batch[told["index"]] for told in taken)
    pairs = {ids_of(batch[told["index"]]) for told in taken}
    database = front.service.database
    assert sum(told["outcome"] == "recorded" for told in taken) == len(pairs)
    assert await count(database, "applications") == len(pairs)
    published = [it for person in await standing(database) for it in person["rejections"]]
    assert len(published) == await count(database, EACH_TOLD_ONCE)
    await assert_nobody_joined(database)


@tries(60)
@given(
    batch=st.lists(with_anything(anything.vacancies) | anything.odd_values, min_size=1, max_size=8)
)
async def test_each_vacancy_of_a_batch_is_known_or_refused_with_a_reason(
    front: Front, batch: list[Any]
) -> None:
    await empty(front)
    with soon():
        answer = await front.post("/v1/vacancies/batch", batch)
    taken = taken_of(answer, len(batch))
    ids = {an_id.validate_python(batch[told["index"]]["vacancyId"]) for told in taken}
    assert await count(front.service.database, "vacancies") == len(ids)


@tries(80)
@given(sent=st.lists(with_anything(anything.cloud_events()), min_size=1, max_size=5))
async def test_each_event_that_is_posted_is_heard_or_refused_with_a_reason(
    front: Front, sent: list[Any]
) -> None:
    await empty(front)
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


@tries(100)
@given(sent=upstream(APPLICATIONS))
async def test_each_record_about_an_applicant_is_heard_or_set_aside(
    front: Front, sent: list[tuple[bool, Any]]
) -> None:
    await empty(front)
    await read(front, APPLICATIONS, sent)
    database = front.service.database
    assert await count(database, "inbox") + await count(database, "quarantine") == len(sent)
    await assert_nobody_joined(database)


@tries(60)
@given(sent=upstream(VACANCIES))
async def test_each_record_about_a_vacancy_is_known_or_set_aside(
    front: Front, sent: list[tuple[bool, Any]]
) -> None:
    await empty(front)
    await read(front, VACANCIES, sent)
    database = front.service.database
    assert await count(database, "versions") + await count(database, "quarantine") == len(sent)


@tries(2)
@given(sent=upstream(APPLICATIONS, at_least=50))
async def test_each_record_that_a_broker_hands_over_is_heard_or_set_aside(
    kafka: str, topic: MakeTopic, front: Front, sent: list[tuple[bool, Any]]
) -> None:
    await empty(front)
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
    assert await count(database, "inbox") + await count(database, "quarantine") == len(sent)


table = st.lists(people, max_size=6)


@tries(60)
@given(table=table, delimiter=st.sampled_from(",;\t"))
async def test_each_row_of_a_file_is_in_the_record_or_refused_and_known_when_it_comes_again(
    front: Front, tmp_path: Path, table: list[tuple[str, ...]], delimiter: str
) -> None:
    await empty(front)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([COLUMNS, *table])
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode())
    first, again = await imported(front, path), await imported(front, path)
    database = front.service.database
    assert first.rows == again.rows == len(table)
    assert first.refused + sum(first.taken.values()) == len(table)
    assert first.taken["recorded"] == await count(database, "applications")
    assert first.taken["changed"] == 0
    assert (again.refused, again.taken["known"]) == (first.refused, len(table) - first.refused)
    await assert_nobody_joined(database)


async def imported(front: Front, path: Path) -> Report:
    """Imports a file through the door itself."""
    source = open_file(path)
    mapped = mapped_by(source, {}, ATS, "DE")
    client = BatchClient("http://intake", "a key")
    client._client = httpx.Client(transport=InLoop(front), headers=front.client.headers)
    with Report(path.with_suffix(".refused.csv")) as report:
        await asyncio.to_thread(run, source, mapped, client.send, report, lambda _: None)
    return report


class InLoop(httpx.BaseTransport):
    """Carries what a thread sends to the door that is served by this event loop."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._loop = asyncio.get_running_loop()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        sent = self._front.client.post(
            str(request.url), content=request.read(), headers=request.headers
        )
        answer = asyncio.run_coroutine_threadsafe(sent, self._loop).result()
        assert_no_fault_of_ours(answer.text)
        return httpx.Response(answer.status_code, content=answer.content)


async def read(front: Front, topic: Topic, sent: Sequence[tuple[bool, Any]]) -> None:
    """Hands records to the consumer as the service has made it, as one batch from one partition."""
    database = front.service.database
    async with database.connection() as conn:
        known = await offsets.load(conn, topic.name, [0])
    with soon():
        await consumer_of(front, topic)._processor.process(as_records(topic, sent), known)
    await assert_each_has_a_reason(database)


async def assert_each_has_a_reason(database: Database) -> None:
    for row in await rows(database, "select reason, detail from quarantine"):
        assert row["reason"] not in ("failed", "refused"), row
        assert row["detail"]


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


def assert_no_fault_of_ours(text: str) -> None:
    """Nothing was refused only because the record or the code did not know what to do with it."""
    assert "Traceback" not in text
    assert "the record cannot keep a value in it" not in text


def ids_of(body: Any) -> tuple[str, str]:
    given = (body["applicant"]["applicantId"], body["applicationId"])
    return an_id.validate_python(given[0]), an_id.validate_python(given[1])


async def assert_nobody_joined(database: Database) -> None:
    """Whoever is one person by the record is so by their first address, and by their name."""
    people = defaultdict(list)
    for row in await rows(
        database, "select candidate_id, first_email, personal_data from applicants"
    ):
        people[row["candidate_id"]].append(row)
    for applicants in people.values():
        assert len(applicants) == 1 or len({row["first_email"] for row in applicants}) == 1
        assert len({who for row in applicants for who in named_in(row["personal_data"])}) <= 1


def named_in(personal_data: str) -> Iterator[str]:
    claim = json.loads(personal_data).get("name")
    name = " ".join(it for it in claim["value"].values() if it) if claim else ""
    plain = unicodedata.normalize("NFKD", name).casefold()
    yield from (surname for surname in SURNAMES if surname in plain)


async def count(database: Database, table: str) -> int:
    [row] = await rows(database, f"select count(*) as rows from {table}")
    return int(row["rows"])


async def empty(front: Front) -> None:
    """Forgets everything but the key."""
    async with front.service.database.transaction() as conn:
        tables = await conn.fetch(
            "select table_name from information_schema.tables where table_type = 'BASE TABLE'"
            " and table_schema = current_schema() and table_name not in ('api_keys', 'migrations')"
        )
        await conn.execute(";".join(f'delete from "{table}"' for (table,) in tables))


@contextmanager
def soon() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < MOST_SECONDS
