"""What intake keeps of messages that were sent."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.applicants.domain.bounds import MOST_REJECTIONS
from services.intake.messages.handlers import on_notifications
from shared.contract.events.cloudevents import Event
from shared.contract.events.notifications import (
    MessageBounced,
    MessageDropped,
    MessageExpired,
    MessageFailed,
    MessagePayload,
    MessageSent,
    MessageUncertain,
)
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    DECIDED,
    NOW,
    erased,
    merged,
    published,
    record,
    rejected,
    rows,
    standing,
    the_candidate,
    updated,
)

LATER = NOW + timedelta(days=1)
MIRA: dict[str, Any] = {"name": {"fullName": "Mira Okafor"}, "emails": ["mira@mail.example"]}


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


def message(candidate_id: str, kind: type[MessagePayload] = MessageSent, **fields: Any) -> Event:
    said: dict[str, Any] = {
        "message_id": "m-1",
        "purpose": Purpose.LETTER,
        "application_id": "a-1",
        **({"wording_version": "w1"} if kind is MessageSent else {"because": "mailbox_full"}),
        **fields,
    }
    data = kind(recipient_id=candidate_id, channel=Channel.EMAIL, at=NOW, **said)
    return Event.about(data, source="notifier", at=NOW)


RETURNED = {"because": "bounced", "left_at": NOW}


async def hear(database: Database, *events: Event) -> None:
    async with database.transaction() as conn:
        await on_notifications(conn, events, NOW)


async def test_a_letter_that_was_sent_ends_what_was_owed(database: Database) -> None:
    candidate_id = await the_candidate(database)
    sent = message(candidate_id)
    await hear(database, sent)
    recipient = (await published(database, "recipients"))[-1]
    assert recipient["applications"] == [{"applicationId": "a-1", "answerOwed": False}]
    [cause] = await rows(database, "select causation_id from outbox order by id desc limit 1")
    assert cause["causation_id"] == sent.id


async def tell_both(database: Database, *decisions: Event, late: bool) -> tuple[str, str]:
    """Records two decisions, of which one letter tells that leaves then, or between them.

    Returns the one person, and the application that the letter is about.
    """
    await record(database, *(decisions[:1] if late else decisions))
    [person] = await standing(database)
    candidate_id = person["candidateId"]
    [letter] = {it.get("toldWith", it["applicationId"]) for it in person["rejections"]}
    await hear(database, message(candidate_id, application_id=letter))
    if late:
        await record(database, *decisions[1:])
    return candidate_id, letter


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(
    "later",
    [
        erased("p-1", time=LATER),
        erased("x-1", time=LATER, source="hr"),
        updated("p-1", name={"fullName": "Mira Adeyemi"}, emails=MIRA["emails"], time=LATER),
        updated("p-1", **MIRA | {"emails": ["new@mail.example"]}, time=LATER),
        rejected(person=MIRA, time=DECIDED + timedelta(hours=30)),
        rejected(person=MIRA, vacancy={"vacancyId": "v-9", "title": "Gardener"}, stage="final"),
    ],
)
async def test_what_a_letter_told_beside_its_own_application_stays_told(
    database: Database, later: Event, turn: int, late: bool
) -> None:
    """Corrected, parted or erased afterwards: nobody gets the same answer, or question, again."""
    decisions = [rejected(person=MIRA), rejected("x-1", "export-1", source="hr", person=MIRA)]
    _, letter = await tell_both(database, *decisions[::turn], late=late)
    await record(database, later)
    newest = {it["recipientId"]: it for it in await published(database, "recipients") if it}
    people = await standing(database)
    spoken_of = [it for one in people for it in newest[one["candidateId"]].get("applications", [])]
    assert spoken_of
    assert not [it for it in spoken_of if it["answerOwed"]]
    beside = [it for one in people for it in one["rejections"] if it["applicationId"] != letter]
    assert all(it["alreadyTold"] and it["alreadyAsked"] for it in beside)


@pytest.mark.parametrize("late", [False, True])
async def test_what_a_letter_told_beside_its_own_is_owed_again_once_that_came_back(
    database: Database, late: bool
) -> None:
    other = rejected("x-1", "export-1", source="hr", person=MIRA)
    candidate_id, letter = await tell_both(database, rejected(person=MIRA), other, late=late)
    assert await rows(database, "select 1 from applications where answered_with is not null")
    await hear(database, message(candidate_id, MessageBounced, application_id=letter, **RETURNED))
    assert not await rows(database, "select 1 from applications where answered_at is not null")


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(
    "later",
    [
        erased("p-1", time=LATER),
        erased("x-1", time=LATER, source="hr"),
        updated("p-1", name={"fullName": "Ada Adeyemi"}, emails=["a@mail.example"], time=LATER),
    ],
)
async def test_whomever_a_letter_told_is_owed_an_answer_once_it_came_back_whoever_has_left(
    database: Database, later: Event, turn: int, late: bool
) -> None:
    decisions = [rejected(person=MIRA), rejected("x-1", "export-1", source="hr", person=MIRA)]
    candidate_id, letter = await tell_both(database, *decisions[::turn], late=late)
    await record(database, later)
    await hear(database, message(candidate_id, MessageBounced, application_id=letter, **RETURNED))
    newest = {it["recipientId"]: it for it in await published(database, "recipients") if it}
    people = [newest[one["candidateId"]] for one in await standing(database)]
    assert people
    assert all(it["answerOwed"] for one in people for it in one["applications"])


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


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("said", "owed"),
    [
        (RETURNED, True),
        (RETURNED | {"address_is_dead": True}, True),
        (RETURNED | {"because": "failed"}, True),
        (RETURNED | {"because": "opted_out"}, False),
        (RETURNED | {"purpose": Purpose.CHECK_IN}, False),
        (RETURNED | {"left_at": None}, False),
        (RETURNED | {"left_at": NOW - timedelta(days=30), "message_id": "m-0"}, False),
    ],
)
async def test_a_letter_that_came_back_is_owed_again_and_nothing_else_is(
    database: Database, said: dict[str, Any], owed: bool, together: bool
) -> None:
    candidate_id = await the_candidate(database)
    heard = [message(candidate_id), message(candidate_id, MessageBounced, **said)]
    for batch in [heard] if together else [[one] for one in heard]:
        await hear(database, *batch)
    recipient = (await published(database, "recipients"))[-1]
    assert recipient["applications"] == [{"applicationId": "a-1", "answerOwed": owed}]


async def turned_down_often(database: Database, times: int) -> str:
    """Records a rejection, and of the same person as many more, each for a vacancy of its own."""
    candidate_id = await the_candidate(database)
    async with database.transaction() as conn:
        await conn.execute(
            "insert into applications (candidate_id, applicant_key, application_id, source,"
            " source_application_id, status, decided_at, status_time, status_rank, rejection,"
            " rejection_time, rejection_rank)"
            " select candidate_id, applicant_key, 'a-1-' || n, source, 'a-1-' || n, status,"
            " decided_at - n * interval '1 day', status_time, status_rank,"
            " rejection || jsonb_build_object('vacancyId', 'v-1-' || n),"
            " rejection_time, rejection_rank from applications, generate_series(1, $1) as n",
            times - 1,
        )
    return candidate_id


@pytest.mark.parametrize(
    "how", [MessageSent, MessageFailed, MessageDropped, MessageExpired, MessageUncertain]
)
async def test_however_the_letters_end_each_of_many_rejections_has_its_turn(
    database: Database, how: type[MessagePayload]
) -> None:
    times = 2 * MOST_REJECTIONS + 50
    candidate_id = await turned_down_often(database, times)
    await hear(database, message(candidate_id, MessageUncertain, message_id="m-0"))
    seen = {"a-1"}
    for _ in range(3):
        shown = (await published(database, "recipients"))[-1]["applications"]
        assert len(shown) == MOST_REJECTIONS
        owed = [it["applicationId"] for it in shown if it["answerOwed"]]
        seen |= set(owed)
        ends = [message(candidate_id, how, application_id=it, message_id=it) for it in owed]
        await hear(database, *ends)
    assert len(seen) == times


async def test_the_answer_that_is_owed_the_longest_is_not_pushed_out_by_newer_ones(
    database: Database,
) -> None:
    candidate_id = await turned_down_often(database, 2 * MOST_REJECTIONS)
    await hear(database, message(candidate_id, MessageUncertain))
    shown = (await published(database, "recipients"))[-1]["applications"]
    oldest = {f"a-1-{n}" for n in range(MOST_REJECTIONS, 2 * MOST_REJECTIONS)}
    assert {it["applicationId"] for it in shown} == oldest


async def test_a_message_to_somebody_merged_since_enters_the_timeline_of_who_remains(
    database: Database,
) -> None:
    candidate_id = await the_candidate(database)
    cook = {"vacancyId": "v-2", "title": "Cook"}
    other = rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}, vacancy=cook)
    await record(database, other)
    await record(database, merged("p-1", "p-2"))
    await hear(database, message(candidate_id))
    recipient = (await published(database, "recipients"))[-1]
    owed = {it["applicationId"]: it["answerOwed"] for it in recipient["applications"]}
    assert owed == {"a-1": False, "a-2": True}
