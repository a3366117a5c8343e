"""The notifier as it runs: a process of its own between a broker and a mail server."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from deploy.local.broker import embedded
from deploy.local.child import Child
from deploy.local.ports import free_port
from services.notifier.__main__ import app
from shared.contract.events.cloudevents import Event, Headers, Unreadable, encode
from shared.contract.events.contacts import ContactDue, ContactFacts, Window
from shared.contract.events.decoding import decode
from shared.contract.events.notifications import MessageSent
from shared.contract.events.payload import Payload
from shared.contract.events.people import Channel, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.recipients import (
    RecipientChanged,
    RecipientKind,
    RecipientsHeartbeat,
    SpeakingOf,
)
from shared.contract.topics import CONTACTS, NOTIFICATIONS, RECIPIENTS, Topic
from shared.runtime.audit import operator
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine
from shared.runtime.topics_admin import apply
from tests.databases import Databases, Template
from tests.services.notifier.mailserver import HANG, MailServer, mail_server
from tests.shared.runtime.streams import received, send, until

ROOT = Path(__file__).parents[3]

ZOE = RecipientChanged(
    recipient_id="c1",
    version=1,
    kind=RecipientKind.CANDIDATE,
    name=PersonName(given_name="Zoë", family_name="Müller"),
    emails=["zoe@example.com"],
    locale="de-DE",
    applications=[SpeakingOf(application_id="a1", answer_owed=True)],
)


def letter(contact_id: str) -> ContactDue:
    now = datetime.now(UTC)
    return ContactDue(
        contact_id=contact_id,
        candidate_id="c1",
        purpose=Purpose.LETTER,
        application_id="a1",
        channels=[Channel.EMAIL],
        facts=ContactFacts(vacancy_title="Köchin", employer="Acme", asks_hat=True),
        windows=[Window(opens_at=now, closes_at=now + timedelta(hours=8))],
        expires_at=now + timedelta(days=3),
    )


class Street:
    """What is around the process: broker, database, mail server."""

    def __init__(self, kafka: str, databases: Databases, server: MailServer, logs: Path) -> None:
        self.kafka = kafka
        self.databases = databases
        self.server = server
        self.logs = logs
        self.probe_port = free_port()
        self.beating: asyncio.Task[None] | None = None
        self.quarantine_key = Fernet.generate_key().decode()

    def environment(self) -> dict[str, str]:
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("NOTYET_")},
            "NOTYET_DATABASE_URL": self.databases.url("notifier"),
            "NOTYET_KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "NOTYET_KAFKA_INSTANCE_ID": "notifier-1",
            "NOTYET_QUARANTINE_KEY": self.quarantine_key,
            "NOTYET_LINK_KEY": "k" * 40,
            "NOTYET_SUPPRESSION_KEY": "s" * 40,
            "NOTYET_PROBE_PORT": str(self.probe_port),
            "NOTYET_MAIL_FROM": "jobs@acme.example",
            "NOTYET_EMPLOYER_NAME": "Bäckerei Acme, GmbH",
            "NOTYET_SMTP_HOST": "127.0.0.1",
            "NOTYET_SMTP_PORT": str(self.server.port),
            "NOTYET_SMTP_TLS": "none",
            "NOTYET_SMTP_ANSWER_SECONDS": "1",
        }

    @contextmanager
    def notifier(self) -> Iterator[Child]:
        child = Child(
            "notifier",
            [sys.executable, "-m", "services.notifier", "run"],
            self.logs / "notifier.log",
            env=self.environment(),
            cwd=ROOT,
        )
        child.spawn()
        try:
            yield child
        finally:
            child.stop()

    async def command(self, *words: str) -> str:
        done = await asyncio.to_thread(
            CliRunner().invoke, app, words, env=self.environment(), catch_exceptions=False
        )
        return done.output.strip()

    async def readiness(self) -> dict[str, str]:
        """Returns what readiness tells of a process that is ready, and nothing of another."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.probe_port}") as client:
            try:
                answer = await client.get("/readyz")
            except httpx.TransportError:
                return {}
        told: dict[str, str] = answer.json()
        return told if answer.status_code == 200 else {}

    async def until_said(self, words: str, *command: str) -> None:
        """Waits until a command says so."""
        async with asyncio.timeout(40):
            while words not in await self.command(*command):
                await asyncio.sleep(0.2)

    async def until_told(self, notice: str, words: str) -> None:
        """Waits until readiness says so of something."""
        async with asyncio.timeout(40):
            while words not in (await self.readiness()).get(notice, ""):
                await asyncio.sleep(0.2)

    async def publish(self, topic: Topic, *data: Payload) -> None:
        events = [Event.about(one, source="intake", at=datetime.now(UTC)) for one in data]
        await send(self.kafka, topic, list(events))

    async def beat(self) -> None:
        """Keeps the knowledge of consent fresh, as intake does."""
        while True:
            now = datetime.now(UTC)
            beats = [
                RecipientsHeartbeat(partition=number, written_at=now)
                for number in range(RECIPIENTS.partitions)
            ]
            # A producer that is cancelled while it starts leaves its connections open.
            await asyncio.shield(self.publish(RECIPIENTS, *beats))
            await asyncio.sleep(2)

    async def reports(self, *expected: str) -> None:
        """Waits until just these ends, in this order, were reported."""
        async with asyncio.timeout(40):
            while True:
                records = await received(self.kafka, NOTIFICATIONS, len(expected))
                kinds = [decode(record, NOTIFICATIONS).type.split(".")[3] for record in records]
                if len(kinds) >= len(expected):
                    break
        assert tuple(kinds) == expected


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """A broker for one test: a notifier reads all that was ever reported on its broker."""
    with embedded(tmp_path) as bootstrap_servers:
        yield bootstrap_servers


@pytest.fixture
async def street(broker: str, databases: Databases, tmp_path: Path) -> AsyncIterator[Street]:
    await apply(KafkaSettings(kafka_bootstrap_servers=broker))
    async with mail_server() as server:
        made = Street(broker, databases, server, tmp_path)
        await made.publish(RECIPIENTS, ZOE)
        beating = asyncio.create_task(made.beat())
        made.beating = beating
        yield made
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


async def test_a_letter_leaves_within_its_window_and_the_process_ends_well(
    street: Street,
) -> None:
    with street.notifier() as process:
        await street.publish(CONTACTS, letter("first"))
        await until(lambda: bool(street.server.accepted), 30)
        await street.reports("sent")
        assert process.stop() == 0
    mail = message_from_bytes(street.server.accepted[0].original_content or b"", policy=default)
    assert mail["to"].addresses[0].display_name == "Zoë Müller"
    assert mail["from"].addresses[0].display_name == "Bäckerei Acme, GmbH"
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert {part.get_content_type() for part in mail.iter_parts()} == {"text/plain", "text/html"}
    log = (street.logs / "notifier.log").read_text()
    assert "zoe" not in log.lower()


async def test_killed_between_body_and_answer_it_leaves_the_message_uncertain(
    street: Street,
) -> None:
    street.server.fail("body", HANG)
    with street.notifier() as process:
        await street.publish(CONTACTS, letter("first"))
        await until(lambda: "body" in street.server.steps, 30)
        process.kill()
    assert "crashed" not in await street.command("messages", "uncertain")
    with street.notifier():
        await street.reports("uncertain")
    assert "crashed" in await street.command("messages", "uncertain")
    assert street.server.steps.count("body") == 1


async def test_a_restored_database_sends_nothing_again_until_an_operator_lets_it(
    street: Street, template: Template
) -> None:
    with street.notifier():
        await street.publish(CONTACTS, letter("first"))
        await until(lambda: bool(street.server.accepted), 30)
        await street.reports("sent")
    async with template.copy() as restored:
        street.databases = restored
        with street.notifier():
            async with asyncio.timeout(30):
                while "restored" not in await street.command("holds"):
                    await asyncio.sleep(0.1)
            await street.publish(CONTACTS, letter("second"))
            await asyncio.sleep(1)
            assert len(street.server.accepted) == 1
            assert "released" in await street.command("release")
            await until(lambda: len(street.server.accepted) == 2, 30)
            await street.reports("sent", "sent")
    ids = [
        envelope.original_content.split(b"Message-ID")[1][:40]
        for envelope in street.server.accepted
        if envelope.original_content
    ]
    assert len(set(ids)) == 2


async def test_readiness_names_what_keeps_messages_from_leaving_and_the_process_stays_ready(
    street: Street,
) -> None:
    with street.notifier():
        await street.until_told("knowledge", "ok")
        told = await street.readiness()
        assert {told[name] for name in ("holds", "read back", "channels")} == {"ok"}
        await street.command("hold", "sms", "--because", "the provider asked")
        await street.until_told("holds", "sms: the provider asked")
        street.server.fail("EHLO", "421 away")
        await street.publish(CONTACTS, letter("first"))
        await street.until_told("channels", "email: paused")
        assert street.beating
        street.beating.cancel()
        await street.until_told("knowledge", "nothing is sent")


async def test_a_replay_of_an_older_state_does_not_end_the_silence_of_a_newer_one(
    street: Street,
) -> None:
    older = ZOE.model_copy(update={"version": 2})
    async with AIOKafkaProducer(bootstrap_servers=street.kafka) as producer:
        headers, value = encode(Event.about(older, source="intake", at=datetime.now(UTC)))
        key, value = ZOE.recipient_id.encode(), value or b""
        missed = [
            await producer.send_and_wait(RECIPIENTS.name, value=body, key=key, headers=headers)
            for body in (value.replace(b'"version":2', b'"version":"two"'), b'{"version":3}')
        ]
    database = await street.databases("notifier")
    with street.notifier():
        await street.until_said("c1", "recipients", "unread")
        await reseal(database, street.quarantine_key, missed[0], headers, key, value)
        assert "1 processed, 1 still refused" in await street.command("quarantine", "replay")
        await street.publish(CONTACTS, letter("first"))
        await asyncio.sleep(3)
        assert "c1" in await street.command("recipients", "unread")
        assert street.server.accepted == []
        await street.publish(RECIPIENTS, ZOE.model_copy(update={"version": 4}))
        await street.until_said("newest state is read", "recipients", "unread")


async def reseal(
    database: Database,
    key: str,
    place: RecordMetadata,
    headers: Headers,
    record_key: bytes,
    value: bytes,
) -> None:
    """Makes what lies in quarantine from this place readable, as an upgrade would."""
    record = SimpleNamespace(
        topic=place.topic,
        partition=place.partition,
        offset=place.offset,
        key=record_key,
        value=value,
        headers=headers,
        timestamp=place.timestamp,
    )
    async with database.transaction() as conn:
        await conn.execute(
            'delete from quarantine where partition = $1 and "offset" = $2',
            place.partition,
            place.offset,
        )
        await Quarantine(key).set_aside(conn, [(record, Unreadable("was", "not readable"))])


async def test_sending_is_not_released_before_everything_was_caught_up(street: Street) -> None:
    sent = MessageSent(
        message_id="m1",
        recipient_id="c1",
        contact_id="k1",
        channel=Channel.EMAIL,
        at=datetime.now(UTC),
        wording_version="letter.1",
    )
    await street.publish(NOTIFICATIONS, sent)
    assert "still reading back" in await street.command("release")


async def test_an_operator_stops_a_channel_and_needs_the_broker_to_let_it_go(
    databases: Databases, tmp_path: Path
) -> None:
    street = Street(f"127.0.0.1:{free_port()}", databases, MailServer(port=1), tmp_path)
    assert await street.command("holds") == "Nothing is on hold."
    held = await street.command("hold", "email", "--because", "typo in a letter")
    assert held == "email: on hold"
    told = await street.command("holds")
    assert "typo in a letter" in told
    assert operator().name in told
    assert "The broker does not answer" in await street.command("release", "email")
    assert "typo in a letter" in await street.command("holds")
    assert await street.command("messages", "show", "m1") == "There is no message with this id."
    assert await street.command("messages", "uncertain") == "No message is uncertain."
