"""What upstream systems publish: nobody loses their answer by a detail, nor holds it for ever."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from shared.contract.events.applications import ApplicantRejected, ApplicantUpdated
from shared.contract.topics import APPLICATIONS, Topic
from shared.runtime.postgres import Database
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.services.intake.front import a_rejection
from tests.services.intake.upstream import (
    NOW,
    RECEIVING,
    applicant,
    published,
    recorder,
    rows,
    standing,
)
from tests.shared.runtime.streams import consumer_of, consuming, until

Sent = tuple[bytes, list[tuple[str, bytes]]]


def binary(number: int, data: Any, type: str = ApplicantRejected.type, **attributes: str) -> Sent:
    named = {"specversion": "1.0", "id": f"e-{number}", "source": "/hr", "type": type} | attributes
    headers = [(f"ce_{name}", value.encode()) for name, value in named.items()]
    return json.dumps(data).encode(), [("content-type", b"application/json"), *headers]


def envelope(number: int, data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "/hr",
        "type": ApplicantRejected.type,
        "time": "2026-03-01T08:00:00Z",
        "data": data,
    }


def refused(number: int, **fields: Any) -> dict[str, Any]:
    person = applicant(f"p-{number}", emails=[f"p{number}@mail.example"])
    return a_rejection(applicationId=f"a-{number}", applicant=person) | fields


async def read_all(kafka: str, topic: Topic, database: Database, sent: Sequence[Sent]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    for value, headers in sent:
        await producer.send_and_wait(topic.name, value, headers=headers, partition=0)
    await producer.stop()
    consumer = consumer_of(
        topic, recorder().record, database, breaker_limit=2, receive=RECEIVING.receive
    )
    async with consuming(kafka, consumer):
        await until(lambda: sum(consumer.known.values()) == len(sent))
        assert consumer.broken is None


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def test_a_date_that_nobody_can_read_costs_nobody_their_answer(
    kafka: str, topic: MakeTopic, database: Database
) -> None:
    ends = ["", "Present", "2023-06", "Jan 2023", 2023]
    bodies = [
        refused(number, profile={"work": [{"position": "Miller", "endDate": end}]})
        for number, end in enumerate(ends)
    ]
    sent = [binary(number, body) for number, body in enumerate(bodies)]
    await read_all(kafka, await topic(APPLICATIONS), database, sent)
    assert len(await standing(database)) == len(ends)
    assert await rows(database, "select * from quarantine") == []
    noted = await rows(database, "select facts from timeline where facts ? 'leftOut' order by id")
    assert [json.loads(row["facts"])["leftOut"][0]["field"] for row in noted] == [
        *("profile.work.0.endDate", "profile.work.0.endDate")
    ]
    works = [state["profile"]["work"][0] for state in await published(database, "profiles")]
    assert sorted(work.get("endIsUnknown", False) for work in works) == [False] * 3 + [True] * 2


async def test_an_event_is_read_in_every_dress_and_a_batch_set_aside_with_what_to_do(
    kafka: str, topic: MakeTopic, database: Database
) -> None:
    structured = json.dumps(envelope(1, refused(1))).encode()
    batch = json.dumps([envelope(2, refused(2)), envelope(3, refused(3))]).encode()
    sent: list[Sent] = [
        (json.dumps(envelope(4, refused(4))).encode(), []),
        (structured.replace(b"e-1", b"e-5"), [("content-type", b"application/json")]),
        (b"\xef\xbb\xbf" + structured, [("content-type", b"application/cloudevents+json")]),
        (batch, [("content-type", b"application/cloudevents-batch+json")]),
    ]
    await read_all(kafka, await topic(APPLICATIONS), database, sent)
    assert len(await standing(database)) == 2
    [row] = await rows(database, "select reason, detail from quarantine")
    assert row == {
        "reason": "batch_of_events",
        "detail": "send each event of the batch as a record of its own",
    }


async def test_another_event_under_an_id_that_was_used_is_set_aside_by_name(
    kafka: str, topic: MakeTopic, database: Database
) -> None:
    first, other = binary(1, refused(1)), binary(1, refused(2))
    await read_all(kafka, await topic(APPLICATIONS), database, [first, other, first])
    [person] = await standing(database)
    assert [it["applicationId"] for it in person["rejections"]] == ["a-1"]
    aside = await rows(database, "select reason, detail from quarantine")
    assert [(it["reason"], "id of its own" in it["detail"]) for it in aside] == [
        ("id_reused", True)
    ]


async def test_decisions_of_long_ago_and_of_times_to_come_are_set_aside_and_stop_nobody(
    kafka: str, topic: MakeTopic, database: Database
) -> None:
    times = [*(f"{year}-03-01T08:00:00Z" for year in (1970, 2017, 2023)), "2199-01-01T00:00:00Z"]
    sent = [binary(number, refused(number, decidedAt=at)) for number, at in enumerate(times * 2)]
    await read_all(kafka, await topic(APPLICATIONS), database, [*sent, binary(99, refused(99))])
    [person] = await standing(database)
    assert person["rejections"][0]["applicationId"] == "a-99"
    aside = await rows(database, "select reason, detail from quarantine order by id")
    assert {row["reason"] for row in aside} == {"unbelievable_moment"}
    assert ["24 months" in row["detail"] for row in aside] == [True, True, True, False] * 2
    assert "still to come" in aside[3]["detail"]


async def test_what_was_said_with_a_clock_far_ahead_does_not_hold_against_what_is_said_later(
    kafka: str, topic: MakeTopic, database: Database
) -> None:
    def renamed(number: int, name: str, time: str) -> Sent:
        data = {"applicant": applicant("p-1", name={"givenName": name})}
        return binary(number, data, ApplicantUpdated.type, time=time)

    sent = [
        binary(0, refused(1), time="2026-02-25T09:00:00Z"),
        renamed(1, "Wrong", "2199-01-01T00:00:00Z"),
        renamed(2, "Right", (NOW + timedelta(days=300)).isoformat()),
    ]
    await read_all(kafka, await topic(APPLICATIONS), database, sent)
    newest = (await published(database, "recipients"))[-1]
    assert newest["name"]["givenName"] == "Right"
    [latest] = await rows(database, "select max(at) as at from timeline")
    assert latest["at"].year == NOW.year
