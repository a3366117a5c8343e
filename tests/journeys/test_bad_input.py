"""Whatever is at fault is refused or set aside with a remedy, and costs nothing but itself."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.kafka import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from confluent_kafka import Producer

from deploy.local.demo import personas
from deploy.local.demo.personas import Application, Attitude, Person
from deploy.local.environment import read_environment
from shared.contract.topics import APPLICATIONS
from tests.journeys.conftest import Stage

pytestmark = pytest.mark.asyncio(loop_scope="package")

TYPE = "dev.notyet.applicant.rejected.v1"
CANARY = "Canaryname"
PROBLEM = "application/problem+json"

Sent = tuple[list[tuple[str, bytes]], bytes | None]


def rejected(number: int, at: datetime) -> dict[str, Any]:
    person = Person(500 + number, CANARY, f"Family{number}", "Europe/Berlin", "DE", Attitude.EAGER)
    application = Application(person, personas.ENGINEER, "runner_up", place=2, months=90)
    return personas.rejection(application, at)


def headers(number: int, **other: str) -> list[tuple[str, bytes]]:
    named = {
        "ce_specversion": "1.0",
        "ce_id": f"event-{number}",
        "ce_source": "/upstream",
        "ce_type": TYPE,
        "content-type": "application/json",
    } | other
    return [(name, value.encode()) for name, value in named.items()]


def bad_bodies(good: dict[str, Any]) -> list[tuple[int, str, bytes]]:
    """Gives bodies with the status and the field of the answer that each must have."""
    text = json.dumps(good)

    def with_(field: str, value: Any) -> bytes:
        return json.dumps(good | {field: value}).encode()

    def of_applicant(field: str, value: Any) -> bytes:
        return with_("applicant", good["applicant"] | {field: value})

    return [
        (400, "", text[:-9].encode()),
        (422, "applicationId", with_("applicationId", f"{CANARY}\ud800")),
        (400, "", b'{"a":' * 5000 + b"1" + b"}" * 5000),
        (413, "", with_("decidedBy", "x" * 1_000_000)),
        (422, "applicationId", with_("applicationId", f"{CANARY}\0")),
        (422, "body", json.dumps([good]).encode()),
        (422, "finishingPlace", with_("finishingPlace", CANARY)),
        (422, "unheardOf", with_("unheardOf", CANARY)),
        (422, "decidedAt", with_("decidedAt", "2025-02-30T10:00:00Z")),
        (422, "decidedAt", with_("decidedAt", "2025-02-20T10:00:00")),
        (422, "applicant.emails.0", of_applicant("emails", [f"{CANARY} at example"])),
    ]


async def refusals(stage: Stage, good: dict[str, Any]) -> None:
    url, key = f"{stage.stack.intake_url}/v1/rejections", f"Bearer {stage.key}"
    json_type = "application/json"

    async def post(body: bytes, authorization: str, kind: str = json_type) -> httpx.Response:
        sent = {"authorization": authorization, "content-type": kind}
        return await stage.http.post(url, content=body, headers=sent)

    for status, field, body in bad_bodies(good):
        answer = await post(body, key)
        assert_problem(answer, status)
        named = [fault["field"] for fault in answer.json().get("errors", [])]
        assert named == [field] * bool(field)
    body = json.dumps(good).encode()
    assert_problem(await post(body, "Bearer ny_0_0"), 401)
    assert_problem(await post(body, ""), 401)
    assert_problem(await post(body, key, "text/plain"), 415)
    once = {"Idempotency-Key": "one-key"}
    first = await stage.post("/v1/rejections", good, **once)
    again = await stage.post("/v1/rejections", good, **once)
    assert (first.status_code, first.content) == (202, again.content)
    other = await stage.post("/v1/rejections", good | {"finishingPlace": 3}, **once)
    assert_problem(other, 409)


def assert_problem(answer: httpx.Response, status: int) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.json()["detail"]
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text


def bad_records(good: bytes) -> Sequence[Sent]:
    return [
        (headers(90), good[:-9]),
        (headers(91), good.replace(b'"applicationId": "', b'"applicationId": "\\u0000')),
        (headers(92), good.replace(b'"applicationId": "', b'"applicationId": "\\ud800')),
        (headers(93), b"[" * 5000),
        (headers(94), b"\xff\xfe"),
        (headers(95), None),
        (headers(96, ce_type="dev.notyet.nothing.v1"), good),
        (headers(97, ce_specversion="0.3"), good),
        (headers(98, ce_time="2025-02-30T10:00:00Z"), good),
        ([(name, b"\xff") for name, _ in headers(99)], good),
        ([], good),
    ]


async def publish(stage: Stage, record: Sent) -> None:
    await stage.producer.send_and_wait(
        APPLICATIONS.name, record[1], key=b"a-key", headers=record[0], partition=0
    )


def publish_with_confluent(stage: Stage, records: Sequence[Sent]) -> None:
    producer = Producer({"bootstrap.servers": stage.stack.bootstrap_servers})
    for given, value in records:
        producer.produce(APPLICATIONS.name, value, key="a-key", headers=[*given])
    assert producer.flush(30) == 0


def from_the_sdk(number: int, data: dict[str, Any]) -> Sequence[Sent]:
    """Gives two events as CloudEvents' own library writes them, in either mode."""
    made: list[Sent] = []
    for write, each in ((to_binary, number), (to_structured, number + 1)):
        attributes = {
            "id": f"sdk-{each}",
            "source": "/upstream",
            "type": TYPE,
            "specversion": "1.0",
            "datacontenttype": "application/json",
        }
        person = {"applicantId": f"sdk-{each}", "emails": [f"sdk{each}@people.example"]}
        body = data | {
            "applicationId": f"sdk-{each}",
            "applicant": data["applicant"] | person,
        }
        message = write(CloudEvent(attributes, body), JSONFormat())
        made.append((list(message.headers.items()), message.value))
    return made


def intake(stage: Stage, *words: str, refused: bool = False) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "services.intake", *words],
        env={**os.environ, **read_environment(stage.stack.data_dir, "intake"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == int(refused), done.stderr
    return done.stdout


async def recorded(stage: Stage) -> int:
    counted: int = await stage.conn.fetchval("select count(*) from intake.applications")
    return counted


async def test_what_is_at_fault_costs_only_itself_and_every_producer_is_understood(
    stage: Stage,
) -> None:
    before, now = await recorded(stage), stage.simulated_time.now()
    await refusals(stage, rejected(1, now))
    good = json.dumps(rejected(2, now)).encode()
    bad = bad_records(good)
    for record in bad:
        await publish(stage, record)
    await publish(stage, (headers(2), good))
    await publish(
        stage, (headers(4, **{"content-type": ""}), json.dumps(rejected(4, now)).encode())
    )
    from_confluent = (headers(3), json.dumps(rejected(3, now)).encode())
    sdk = from_the_sdk(5, rejected(5, now))
    await asyncio.to_thread(publish_with_confluent, stage, [from_confluent, *sdk])
    await stage.simulated_time.wait_until_idle()

    assert await recorded(stage) == before + 6
    reasons = await stage.conn.fetch("select reason from intake.quarantine")
    assert len(reasons) == len(bad)
    shown = await asyncio.to_thread(intake, stage, "quarantine", "list")
    assert all(row["reason"] in shown for row in reasons)
    assert CANARY not in shown
    replayed = await asyncio.to_thread(intake, stage, "quarantine", "replay", refused=True)
    assert f"0 processed, {len(bad)} still refused" in replayed
    for log in (stage.stack.data_dir / "logs").iterdir():
        assert CANARY not in log.read_text(), log.name
