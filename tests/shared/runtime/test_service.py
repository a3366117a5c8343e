import asyncio
import dataclasses
import re
from collections.abc import Sequence
from datetime import datetime

import asyncpg
import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI

from deploy.local.ports import free_port
from shared.contract.events.cloudevents import Event
from shared.contract.topics import CONTACTS
from shared.runtime import outbox, parking, streak
from shared.runtime import service as runtime
from shared.runtime.service import STUCK, Service
from shared.runtime.settings import ServiceSettings
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.shared.runtime.streams import fact, send, until


def settings_for(databases: Databases, kafka: str) -> ServiceSettings:
    return ServiceSettings.model_validate(
        {
            "database_url": databases.url("scheduler"),
            "kafka_bootstrap_servers": kafka,
            "quarantine_key": Fernet.generate_key().decode(),
            "probe_port": free_port(),
        }
    )


async def probe(settings: ServiceSettings, path: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.probe_port}") as client:
        return await client.get(path)


async def test_a_service_handles_reports_and_stops_in_order(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS)
    handled: list[str] = []

    async def handle(_: asyncpg.Connection, events: Sequence[Event], __: datetime) -> None:
        handled.extend(event.key for event in events)

    settings = settings_for(databases, kafka)
    service = Service("scheduler", settings)
    service.consume(contacts, handle)
    await service.start()
    await send(kafka, contacts, [fact("a"), b"{poison"])
    await until(lambda: handled == ["a"])
    await asyncio.sleep(6)
    assert (await probe(settings, "/livez")).status_code == 200
    assert (await probe(settings, "/readyz")).json() == {
        "database": "ok",
        "breaker": "ok",
        "consumers": "ok",
        "jobs": "ok",
        "broker": "ok",
        "outbox": "ok",
    }
    metrics = (await probe(settings, "/metrics")).text
    assert (
        f'notyet_quarantined_events_total{{reason="missing_attribute",topic="{contacts.name}"}}'
        in metrics
    )
    assert f'notyet_quarantine_waiting_records{{topic="{contacts.name}"}} 1.0' in metrics
    assert (await probe(settings, "/asyncapi.json")).json()["asyncapi"].startswith("3.")
    await service.stop()


async def test_the_public_door_opens_while_the_broker_is_away(databases: Databases) -> None:
    app = FastAPI()

    @app.get("/hello")
    def hello() -> str:
        return "there"

    settings = settings_for(databases, "127.0.0.1:9")
    service, port = Service("scheduler", settings), free_port()
    service.serve(app, "127.0.0.1", port)
    await service.start()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{port}/hello")).json() == "there"
    answer = await probe(settings, "/readyz")
    assert answer.status_code == 200
    assert answer.json()["broker"] != "ok"
    await service.stop()


async def test_readiness_tells_how_long_events_wait_to_be_published(databases: Databases) -> None:
    settings = settings_for(databases, "127.0.0.1:9")
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, CONTACTS, [fact("a")])
        await conn.execute("update outbox set written_at = written_at - interval '61 seconds'")
    service = Service("scheduler", settings)
    await service.start()
    await asyncio.sleep(1)
    answer = await probe(settings, "/readyz")
    assert answer.status_code == 503
    assert answer.json()["outbox"].startswith("the oldest event waits for 6")
    assert "notyet_outbox_waiting_events 1.0" in (await probe(settings, "/metrics")).text
    await service.stop()


async def test_readiness_names_the_topic_that_events_wait_for(
    kafka: str, databases: Databases
) -> None:
    missing = dataclasses.replace(CONTACTS, name="test.missing.v1")
    settings = settings_for(databases, kafka)
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, missing, [fact("a")])
        await conn.execute("update outbox set written_at = written_at - interval '61 seconds'")
    service = Service("scheduler", settings)
    await service.start()
    told = ""
    async with asyncio.timeout(20):
        while not told.endswith("seconds (test.missing.v1: no_such_topic)"):
            await asyncio.sleep(0.1)
            told = (await probe(settings, "/readyz")).json()["outbox"]
    assert told.startswith("the oldest event waits for ")
    await service.stop()


async def test_readiness_names_a_job_that_keeps_failing_and_metrics_count_parked_rows(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streak, "LONG_SECONDS", 0.3)
    settings = settings_for(databases, "127.0.0.1:9")
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await parking.park(conn, "some work", {"a": "KeyError"})

    async def fail(_: datetime) -> bool:
        raise KeyError

    service = Service("scheduler", settings)
    service.every(1, fail, name="some work")
    await service.start()
    await asyncio.sleep(1)
    answer = (await probe(settings, "/readyz")).json()
    assert re.fullmatch(r"some work: fails for \d+ seconds \(KeyError\)", answer["jobs"])
    assert 'notyet_parked_rows{job="some work"} 1.0' in (await probe(settings, "/metrics")).text
    await service.stop()


async def test_readiness_says_so_when_the_database_is_away(databases: Databases) -> None:
    settings = settings_for(databases, "127.0.0.1:9")
    service = Service("scheduler", settings)
    await service.start()
    await service.database.stop()
    answer = await probe(settings, "/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] != "ok"
    await service.stop()


async def test_a_process_whose_consumer_stands_still_ends_itself_to_be_restarted(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS)

    async def stand_still(_: asyncpg.Connection, __: Sequence[Event], ___: datetime) -> None:
        await asyncio.Event().wait()

    settings = settings_for(databases, kafka).model_copy(update={"progress_timeout_seconds": 1})
    service = Service("scheduler", settings)
    service.consume(contacts, stand_still)
    await send(kafka, contacts, [fact("a")])
    async with asyncio.timeout(60):
        assert await service.run() == STUCK


async def test_an_end_that_hangs_is_given_up_and_the_rest_still_happens(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "STEP_SECONDS", 0.2)
    service = Service("scheduler", settings_for(databases, "127.0.0.1:1"))
    done: list[str] = []

    async def hang() -> None:
        await asyncio.Event().wait()

    async def follow() -> None:
        done.append("followed")

    service.on_stop(hang)
    service.on_stop(follow)
    await service.start()
    async with asyncio.timeout(10):
        await service.stop()
    assert done == ["followed"]
