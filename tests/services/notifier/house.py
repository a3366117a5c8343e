"""A notifier without its process: real tables, a real mail server, and a clock to move."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
from prometheus_client import CollectorRegistry

from services.notifier.addresses import AddressHash
from services.notifier.channels import Carrier
from services.notifier.channels.mime import Composer
from services.notifier.channels.smtp import Server, Smtp
from services.notifier.circuit_breaker import CircuitBreakers
from services.notifier.dispatcher import Dispatcher, Pace
from services.notifier.domain import Backoff, Content, Rendered
from services.notifier.handlers import Handlers
from services.notifier.metrics import MessageMetrics
from services.notifier.send_queue import SendQueue, Timeouts
from services.notifier.shortlist_notices import ShortlistNotices
from shared.contract.business_hours import Hours
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactDue, ContactFacts, ContactWithdrawn, Window
from shared.contract.events.payload import Payload, stable_id
from shared.contract.events.people import Channel, Consent, ConsentPurpose, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.recipients import RecipientChanged, RecipientsHeartbeat, SpeakingOf
from shared.contract.topics import RECIPIENTS, ServiceName
from shared.runtime.clock import ManualClock
from shared.runtime.marks import Marker
from shared.runtime.postgres import Database
from shared.runtime.processing import Missed
from tests.services.notifier.mailserver import MailServer

Handler = Callable[[asyncpg.Connection, Sequence[Event], Any], Awaitable[None]]


async def all_caught_up() -> bool:
    """Stands for a process that has read back all there was."""
    return True


def plain_words(content: Content, _: Any) -> Rendered:
    """Words nothing but the ids."""
    text = f"{content.purpose} {content.message_id}"
    return Rendered(text, text, f"<p>{text}</p>", "test.1", text, {"List-Unsubscribe": "<https:>"})


@dataclass
class House:
    """One notifier, and short ways to tell it things and to see what came of them."""

    database: Database
    clock: ManualClock
    server: MailServer
    queue: SendQueue
    dispatcher: Dispatcher
    handlers: Handlers
    metrics: MessageMetrics
    notices: ShortlistNotices
    version: int = 0

    async def tell(self, handler: Handler, *events: Event | Payload) -> None:
        """Returns events their effect, as the consumer would."""
        made = [event if isinstance(event, Event) else self.event(event) for event in events]
        async with self.database.transaction() as conn:
            await handler(conn, made, self.clock.now())

    def event(self, data: Payload, source: ServiceName = "scheduler") -> Event:
        return Event.about(data, source=source, at=self.clock.now())

    async def knows(self, *people: RecipientChanged) -> None:
        await self.tell(self.handlers.on_recipients, *people)

    async def misses(self, *missed: Missed) -> None:
        """Tells of records on `recipients` that were not taken in."""
        async with self.database.transaction() as conn:
            await self.handlers.on_recipients_not_taken_in(conn, missed, self.clock.now())

    async def is_fresh(self) -> None:
        """Makes every partition say that all changes up to now are known."""
        async with self.database.connection() as conn:
            now = await conn.fetchval("select clock_timestamp()")
        beats = [
            RecipientsHeartbeat(partition=number, written_at=now)
            for number in range(RECIPIENTS.partitions)
        ]
        await self.tell(self.handlers.on_recipients, *beats)

    async def is_due(self, *contacts: ContactDue) -> None:
        await self.tell(self.handlers.on_contacts, *contacts)
        await self.is_fresh()

    async def sends(self) -> None:
        """Runs what the jobs do until nothing more happens at this instant."""
        await self.dispatcher.sweep(self.clock.now())
        while True:
            await self.dispatcher.send_due(self.clock.now())
            under_way = list(self.dispatcher._under_way)
            if not under_way:
                return
            await asyncio.gather(*under_way)

    async def one_round(self) -> None:
        """Claims once, and lets what was claimed go its way."""
        await self.dispatcher.send_due(self.clock.now())
        await asyncio.gather(*self.dispatcher._under_way)

    async def until_channels_are_open(self) -> None:
        """Waits out the pauses of channels whose other side was away."""
        while self.dispatcher._breakers.paused:
            await asyncio.sleep(0.02)

    async def hang_up(self) -> None:
        """Ends idle connections, so that the next mail begins with a new one."""
        for carrier in self.dispatcher._carriers.values():
            await carrier.close()

    async def row(self, contact_id: str) -> asyncpg.Record:
        return await self.one("select * from messages where contact_id = $1", contact_id)

    async def one(self, sql: str, *values: Any) -> Any:
        async with self.database.connection() as conn:
            return await conn.fetchrow(sql, *values)

    async def all(self, sql: str, *values: Any) -> Any:
        async with self.database.connection() as conn:
            return await conn.fetch(sql, *values)

    async def run(self, sql: str, *values: Any) -> None:
        async with self.database.connection() as conn:
            await conn.execute(sql, *values)

    async def state(self, contact_id: str = "k1") -> tuple[str, str | None]:
        row = await self.row(contact_id)
        return row["state"], row["because"]

    async def reported(self) -> list[tuple[str, str]]:
        """Returns what was put into the outbox: the kinds of event, and for whom, in order."""
        rows = await self.all("select type, key from outbox order by id")
        return [(row["type"].split(".")[3], row["key"]) for row in rows]

    # What it is told about, ready made.

    def person(self, candidate_id: str = "c1", **changes: Any) -> RecipientChanged:
        self.version += 1
        facts = {
            "recipient_id": candidate_id,
            "version": self.version,
            "kind": "candidate",
            "name": PersonName(given_name="Ada", family_name="Lovelace"),
            "emails": [f"{candidate_id}@example.com"],
            "phone": "+491700000000",
            "applications": [SpeakingOf(application_id="a1", answer_owed=True)],
        }
        return RecipientChanged(**{**facts, **changes})

    def consent(
        self, purpose: ConsentPurpose, channel: Channel = Channel.EMAIL, days: int = 30
    ) -> Consent:
        now = self.clock.now()
        since, until = now - timedelta(days=1), now + timedelta(days=days)
        return Consent(purpose=purpose, channel=channel, since=since, until=until)

    def contact(self, contact_id: str = "k1", **changes: Any) -> ContactDue:
        now = self.clock.now()
        facts = {
            "contact_id": contact_id,
            "candidate_id": "c1",
            "purpose": Purpose.LETTER,
            "application_id": "a1",
            "channels": [Channel.EMAIL],
            "facts": ContactFacts(vacancy_title="Baker", asks_hat=True),
            "windows": [Window(opens_at=now, closes_at=now + timedelta(hours=8))],
            "expires_at": now + timedelta(days=3),
        }
        return ContactDue(**{**facts, **changes})

    def withdrawal(self, contact_id: str = "k1") -> ContactWithdrawn:
        return ContactWithdrawn(contact_id=contact_id, candidate_id="c1", because="taken_back")


def message_id(contact_id: str) -> str:
    return stable_id(contact_id, "message")


HASHED = AddressHash("k" * 32)
MARKER = Marker(["a key"])


def build_house(
    database: Database,
    clock: ManualClock,
    server: MailServer,
    *,
    words: Callable[[Content, Any], Rendered] = plain_words,
    more: dict[Channel, Carrier] | None = None,
    lease_seconds: float = 30,
    attempt_seconds: float = 30,
    at_once: int = 20,
    per_second: int = 1000,
    answer_seconds: float = 1.5,
    hashed: AddressHash = HASHED,
) -> House:
    """Puts a notifier together around one mail server."""
    metrics = MessageMetrics(CollectorRegistry())
    composer = Composer("Acme", "jobs@acme.example")
    mail = Server(
        "127.0.0.1",
        server.port,
        tls="none",
        greets_as="client.test",
        envelope_seconds=5,
        answer_seconds=answer_seconds,
    )
    carriers: dict[Channel, Carrier] = {
        Channel.EMAIL: Smtp(mail, "jobs@acme.example", composer),
        **(more or {}),
    }
    timeouts = Timeouts(timedelta(seconds=30), lease_seconds, attempt_seconds)
    queue = SendQueue(database, clock, hashed, carriers, timeouts, metrics)
    pace = Pace(at_once, per_second, Backoff(timedelta(minutes=1), timedelta(hours=1)))
    breakers = CircuitBreakers(metrics)
    dispatcher = Dispatcher(queue, all_caught_up, carriers, words, clock, pace, metrics, breakers)
    here = Hours(("Europe/Berlin",), "DE")
    handlers = Handlers(hashed, MARKER, timedelta(days=7), here, metrics)
    notices = ShortlistNotices(database, here)
    return House(database, clock, server, queue, dispatcher, handlers, metrics, notices)
