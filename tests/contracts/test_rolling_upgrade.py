"""Readers of the contract as it stands, beside producers that already write more than it knows."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from cryptography.fernet import Fernet

from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactDue
from shared.contract.events.payload import Payload
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.events.recipients import RecipientChanged
from shared.contract.events.responses import DeliveryOutcome, DeliveryReported
from shared.contract.topics import CONTACTS, RECIPIENTS, RESPONSES, Topic
from shared.runtime.clock import ManualClock
from shared.runtime.consumer import TopicConsumer
from shared.runtime.processing import Handler, NotTakenIn
from shared.runtime.quarantine import Quarantine
from shared.runtime.telemetry import Metrics
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.services.notifier.house import House, build_house, message_id
from tests.services.notifier.mailserver import mail_server
from tests.shared.runtime.streams import consuming, send, until

POST = Channel("post")
YEARLY_NOTE = Purpose("yearly_note")


class NewerRecipient(RecipientChanged):
    """With one more field."""

    pronouns: str = "they"


class NewerContact(ContactDue):
    """With one more field."""

    tone: str = "warm"


class RecipientParted(Payload):
    """One more event type."""

    type: ClassVar[str] = "dev.notyet.recipient.parted.v1"

    recipient_id: str

    @property
    def entity_id(self) -> str:
        return self.recipient_id


class UnreadableRecipient(RecipientParted):
    """A state that breaks the contract."""

    type: ClassVar[str] = RecipientChanged.type

    emails: str = "gone@example.com"


@dataclass
class Notifier:
    """A notifier that reads its topics from a broker."""

    house: House
    kafka: str
    topics: dict[str, Topic]
    consumers: Sequence[TopicConsumer]
    sent: int = 0

    async def hears(self, like: Topic, *data: Payload | bytes) -> None:
        """Publishes, and waits until it has been read."""
        made = [one if isinstance(one, bytes) else self.house.event(one) for one in data]
        await send(self.kafka, self.topics[like.name], list[Event | bytes](made))
        self.sent += len(data)
        await until(lambda: self.read == self.sent)

    @property
    def read(self) -> int:
        return sum(sum(consumer.known.values()) for consumer in self.consumers)

    async def sends(self) -> list[str]:
        await self.house.is_fresh()
        await self.house.sends()
        return self.house.server.recipients


@pytest.fixture
async def notifier(
    kafka: str, topic: MakeTopic, databases: Databases, clock: ManualClock
) -> AsyncIterator[Notifier]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(mail_server())
        house = build_house(await databases("notifier"), clock, server)
        handlers = house.handlers
        topics = {like.name: await topic(like) for like in (RECIPIENTS, CONTACTS, RESPONSES)}

        def reader(
            like: Topic, handler: Handler, not_taken_in: NotTakenIn | None = None
        ) -> TopicConsumer:
            quarantine, metrics = Quarantine(Fernet.generate_key().decode()), Metrics()
            return TopicConsumer(
                "notifier",
                topics[like.name],
                handler,
                house.database,
                clock,
                quarantine,
                metrics,
                not_taken_in=not_taken_in,
            )

        consumers = [
            reader(RECIPIENTS, handlers.on_recipients, handlers.on_recipients_not_taken_in),
            reader(CONTACTS, handlers.on_contacts),
            reader(RESPONSES, handlers.on_responses),
        ]
        for consumer in consumers:
            await stack.enter_async_context(consuming(kafka, consumer))
        yield Notifier(house, kafka, topics, consumers)
        await house.dispatcher.stop()


def newer(house: House, person: str, **changes: Any) -> NewerRecipient:
    return NewerRecipient(**house.person(person, **changes).model_dump())


def letter_to(house: House, person: str, **changes: Any) -> NewerContact:
    channels = [POST, Channel.EMAIL]
    facts = {"candidate_id": person, "channels": channels, **changes}
    return NewerContact(**house.contact(f"to {person}", **facts).model_dump())


async def test_one_more_field_and_one_more_channel_to_write_over_change_nothing(
    notifier: Notifier,
) -> None:
    house = notifier.house
    await notifier.hears(RECIPIENTS, newer(house, "c1"))
    await notifier.hears(CONTACTS, letter_to(house, "c1"))
    assert await notifier.sends() == ["c1@example.com"]
    assert await house.reported() == [("sent", "c1")]


async def test_a_contact_of_one_more_purpose_is_dropped_at_once_and_reported_once(
    notifier: Notifier,
) -> None:
    house = notifier.house
    await notifier.hears(RECIPIENTS, newer(house, "c1"))
    note = letter_to(house, "c1", purpose=YEARLY_NOTE)
    await notifier.hears(CONTACTS, note, note)
    assert await house.state("to c1") == ("dropped", "unknown_purpose")
    assert await notifier.sends() == []
    assert await house.reported() == [("dropped", "c1")]


async def test_a_contact_over_nothing_but_one_more_channel_is_dropped_at_once(
    notifier: Notifier,
) -> None:
    await notifier.hears(CONTACTS, letter_to(notifier.house, "c1", channels=[POST]))
    assert await notifier.house.state("to c1") == ("dropped", "no_way_out")
    assert await notifier.house.reported() == [("dropped", "c1")]


async def test_a_stop_of_one_more_channel_stops_every_channel(notifier: Notifier) -> None:
    house = notifier.house
    await notifier.hears(RECIPIENTS, newer(house, "c1", stopped=[POST]))
    await notifier.hears(CONTACTS, letter_to(house, "c1"))
    assert await notifier.sends() == []
    assert await house.state("to c1") == ("dropped", "stopped")


async def test_nothing_is_sent_to_somebody_of_one_more_kind_until_they_are_understood(
    notifier: Notifier,
) -> None:
    house = notifier.house
    await notifier.hears(RECIPIENTS, newer(house, "c1", kind="referee"))
    await notifier.hears(CONTACTS, letter_to(house, "c1"))
    assert await notifier.sends() == []
    assert await house.state("to c1") == ("pending", "unknown_kind")


@pytest.mark.parametrize("known_before", [True, False])
@pytest.mark.parametrize("of_one_more_type", [True, False])
async def test_whoever_could_not_be_taken_in_is_not_written_to_until_they_can(
    notifier: Notifier, known_before: bool, of_one_more_type: bool
) -> None:
    house = notifier.house
    if known_before:
        await notifier.hears(RECIPIENTS, newer(house, "c1"))
    if of_one_more_type:
        await notifier.hears(RECIPIENTS, RecipientParted(recipient_id="c1"))
    else:
        await notifier.hears(RECIPIENTS, UnreadableRecipient(recipient_id="c1"))
    await notifier.hears(RECIPIENTS, newer(house, "c2"))
    await notifier.hears(CONTACTS, letter_to(house, "c1"), letter_to(house, "c2"))
    assert await notifier.sends() == ["c2@example.com"]
    assert await house.state("to c1") == ("pending", "recipient_unread")
    await notifier.hears(RECIPIENTS, newer(house, "c1"))
    house.clock.move(timedelta(minutes=2))
    assert await notifier.sends() == ["c2@example.com", "c1@example.com"]


async def test_one_more_outcome_of_a_delivery_changes_nothing_and_is_counted(
    notifier: Notifier,
) -> None:
    house = notifier.house
    await notifier.hears(RECIPIENTS, newer(house, "c1"))
    await notifier.hears(CONTACTS, letter_to(house, "c1"))
    await notifier.sends()
    said = DeliveryReported(
        message_id=message_id("to c1"),
        candidate_id="c1",
        channel=Channel.EMAIL,
        outcome=DeliveryOutcome("read_aloud"),
        address_is_dead=True,
        at=house.clock.now(),
    )
    await notifier.hears(RESPONSES, said)
    assert await house.reported() == [("sent", "c1")]
    assert await house.all("select * from suppressions") == []
    counted = house.metrics.not_understood.labels("outcome")
    assert counted._value.get() == 1
