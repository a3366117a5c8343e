"""The scheduler as it runs: a process of its own between a broker and a database."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from deploy.local.broker import embedded
from deploy.local.child import Child
from deploy.local.ports import free_port
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactDue
from shared.contract.events.decoding import decode
from shared.contract.events.payload import Payload
from shared.contract.topics import CANDIDATES, CONTACTS, NOTIFICATIONS, Topic
from shared.runtime.clock import write_offset
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_admin import apply
from tests.databases import Databases
from tests.services.scheduler.conftest import sent
from tests.services.scheduler.people import NOW, candidate, rejection
from tests.shared.runtime.streams import received, send

ROOT = Path(__file__).parents[3]


class Desk:
    """What is around the process: broker, database, and the clock that is moved."""

    def __init__(self, kafka: str, databases: Databases, directory: Path) -> None:
        self.kafka = kafka
        self.databases = databases
        self.directory = directory
        self.go_to(NOW)

    def go_to(self, moment: datetime) -> None:
        write_offset(self.directory / "clock", moment - datetime.now(UTC))

    @contextmanager
    def scheduler(self) -> Iterator[Child]:
        child = Child(
            "scheduler",
            [sys.executable, "-m", "services.scheduler", "run"],
            self.directory / "scheduler.log",
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("NOTYET_")},
                "NOTYET_DATABASE_URL": self.databases.url("scheduler"),
                "NOTYET_KAFKA_BOOTSTRAP_SERVERS": self.kafka,
                "NOTYET_KAFKA_INSTANCE_ID": "scheduler-1",
                "NOTYET_QUARANTINE_KEY": Fernet.generate_key().decode(),
                "NOTYET_PROBE_PORT": str(free_port()),
                "NOTYET_CLOCK_FILE": str(self.directory / "clock"),
            },
            cwd=ROOT,
        )
        child.spawn()
        try:
            yield child
        finally:
            child.stop()

    async def publish(self, topic: Topic, *data: Payload) -> None:
        await send(self.kafka, topic, [Event.about(d, source="intake", at=NOW) for d in data])

    async def dues(self, count: int) -> list[ContactDue]:
        """Waits for so many; a killed process's lease on the outbox has to run out first."""
        async with asyncio.timeout(90):
            while len(dues := await self.dues_so_far()) < count:
                pass
        return dues

    async def dues_so_far(self) -> list[ContactDue]:
        """Whoever is killed after publishing and before noting it publishes again, by that id."""
        events = [decode(each, CONTACTS) for each in await received(self.kafka, CONTACTS, 99)]
        by_id = {event.id: event.data for event in events}
        return [due for due in by_id.values() if isinstance(due, ContactDue)]

    async def states(self) -> list[str]:
        database = await self.databases("scheduler")
        async with database.connection() as conn:
            rows = await conn.fetch("select state from occasions order by 1")
        await database.stop()
        return [row["state"] for row in rows]

    async def becomes(self, *states: str) -> None:
        """Waits until the occasions on record are in just these states."""
        seen: list[str] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(90):
                while (seen := await self.states()) != list(states):
                    await asyncio.sleep(0.1)
        assert seen == list(states)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    with embedded(tmp_path) as bootstrap_servers:
        yield bootstrap_servers


@pytest.fixture
async def desk(broker: str, databases: Databases, tmp_path: Path) -> Desk:
    await apply(KafkaSettings(kafka_bootstrap_servers=broker))
    return Desk(broker, databases, tmp_path)


def known(candidate_id: str) -> CandidateChanged:
    return candidate(rejection(), candidate_id=candidate_id)


async def test_a_clock_that_is_moved_makes_letters_due_and_the_process_ends_well(
    desk: Desk,
) -> None:
    with desk.scheduler() as process:
        await desk.publish(CANDIDATES, known("c-1"), known("c-2"))
        await desk.becomes("planned", "planned")
        desk.go_to(NOW + timedelta(hours=28))
        first, second = await desk.dues(2)
        assert {first.candidate_id, second.candidate_id} == {"c-1", "c-2"}
        await desk.publish(NOTIFICATIONS, sent(first), sent(second))
        await desk.becomes("sent", "sent")
        assert process.stop() == 0


async def test_killed_and_started_again_it_emits_what_became_due_meanwhile_once(
    desk: Desk,
) -> None:
    with desk.scheduler() as process:
        await desk.publish(CANDIDATES, known("c-1"))
        await desk.becomes("planned")
        process.kill()
    desk.go_to(NOW + timedelta(hours=28))
    with desk.scheduler() as process:
        await desk.becomes("emitted")
        process.kill()
    with desk.scheduler():
        await desk.publish(CANDIDATES, known("c-2"))
        await desk.becomes("emitted", "emitted")
        assert sorted(due.candidate_id for due in await desk.dues(2)) == ["c-1", "c-2"]
