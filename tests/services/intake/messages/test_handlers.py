"""What intake keeps of messages that were sent."""

from typing import Any

import pytest

from services.intake.messages.handlers import record_messages
from shared.contract.events.cloudevents import Event
from shared.contract.events.notifications import MessageBounced, MessagePayload, MessageSent
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    NOW,
    merged,
    published,
    record,
    rejected,
    rows,
    the_candidate,
)


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


def message(candidate_id: str, kind: type[MessagePayload] = MessageSent, **fields: Any) -> Event:
    said: dict[str, Any] = {
        "purpose": Purpose.LETTER,
        "application_id": "a-1",
        **({"wording_version": "w1"} if kind is MessageSent else {"because": "mailbox_full"}),
        **fields,
    }
    data = kind(message_id="m-1", recipient_id=candidate_id, channel=Channel.EMAIL, at=NOW, **said)
    return Event.about(data, source="notifier", at=NOW)


async def hear(database: Database, *events: Event) -> None:
    async with database.transaction() as conn:
        await record_messages(conn, events, NOW)


async def test_a_letter_that_was_sent_ends_what_was_owed(database: Database) -> None:
    candidate_id = await the_candidate(database)
    sent = message(candidate_id)
    await hear(database, sent)
    recipient = (await published(database, "recipients"))[-1]
    assert recipient["applications"] == [{"applicationId": "a-1", "answerOwed": False}]
    [cause] = await rows(database, "select causation_id from outbox order by id desc limit 1")
    assert cause["causation_id"] == sent.id


async def test_other_messages_only_enter_the_timeline(database: Database) -> None:
    candidate_id = await the_candidate(database)
    await hear(
        database,
        message(candidate_id, purpose=Purpose.CHECK_IN),
        message(candidate_id, MessageBounced),
        message("a recruiter", purpose=None, shortlist_id="s-1"),
    )
    assert len(await published(database, "recipients")) == 1
    kinds = await rows(database, "select kind from timeline order by id")
    assert [row["kind"] for row in kinds] == ["rejected", "message_sent", "message_bounced"]


async def test_a_message_to_somebody_merged_since_enters_the_timeline_of_who_remains(
    database: Database,
) -> None:
    candidate_id = await the_candidate(database)
    await record(database, rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}))
    await record(database, merged("p-1", "p-2"))
    await hear(database, message(candidate_id))
    recipient = (await published(database, "recipients"))[-1]
    owed = {it["applicationId"]: it["answerOwed"] for it in recipient["applications"]}
    assert owed == {"a-1": False, "a-2": True}
