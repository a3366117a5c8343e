"""What intake keeps of vacancies and of messages that were sent."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.handlers import hear_of_messages, keep_vacancies
from services.intake.restating import restate, restate_everything
from shared.contract.events.cloudevents import Event
from shared.contract.events.notifications import MessageBounced, MessagePayload, MessageSent
from shared.contract.events.people import Channel, RecruiterContact
from shared.contract.events.purposes import Purpose
from shared.contract.events.vacancies import (
    VacancyClosed,
    VacancyOpened,
    VacancyReopened,
    VacancyState,
)
from shared.contract.topics import CANDIDATES, RECIPIENTS, VACANCIES
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    NOW,
    erased,
    merged,
    published,
    record,
    rejected,
    rows,
    standing,
)

INES = RecruiterContact(name="Ines Albers", email="Ines@Work.Example", locale="de_DE")
TOM = RecruiterContact(name="Tom Reed", email="tom@work.example")
NOBODY = RecruiterContact(name="Nobody", email="no address")
HOUR = timedelta(hours=1)


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


def vacancy(
    *recruiters: RecruiterContact,
    kind: type[VacancyState] = VacancyOpened,
    id: str = "v-1",
    hours: int = 0,
) -> Event:
    state = kind(vacancy_id=id, title="Shift lead", recruiters=list(recruiters))
    return Event.about(state, source="intake", at=NOW + hours * HOUR)


async def keep(database: Database, *events: Event) -> None:
    async with database.transaction() as conn:
        await keep_vacancies(conn, events, NOW)


async def told_of(database: Database) -> dict[str, list[str]]:
    """Gives each recruiter's newest list of vacancies, by address."""
    told = filter(None, await published(database, "recipients"))
    states = [state for state in told if state["kind"] == "recruiter"]
    return {state["emails"][0]: state["vacancies"] for state in states}


async def test_a_vacancy_makes_its_recruiters_known_once(database: Database) -> None:
    await keep(database, vacancy(INES, TOM, NOBODY), vacancy(INES, id="v-2"))
    assert await told_of(database) == {
        "ines@work.example": ["v-1", "v-2"],
        "tom@work.example": ["v-1"],
    }
    [state] = [it for it in await published(database, "recipients") if "ines" in it["emails"][0]]
    assert state["name"] == {"fullName": "Ines Albers"}
    assert state["locale"] == "de-DE"


async def test_a_recruiter_who_left_a_vacancy_is_told_nothing_of_it(database: Database) -> None:
    await keep(database, vacancy(INES, TOM))
    await keep(database, vacancy(TOM, hours=1))
    assert await told_of(database) == {"ines@work.example": [], "tom@work.example": ["v-1"]}


async def test_a_closed_vacancy_leaves_the_lists_until_it_reopens(database: Database) -> None:
    await keep(database, vacancy(INES))
    await keep(database, vacancy(INES, kind=VacancyClosed, hours=1))
    assert await told_of(database) == {"ines@work.example": []}
    await keep(database, vacancy(INES, kind=VacancyReopened, hours=2))
    assert await told_of(database) == {"ines@work.example": ["v-1"]}


async def test_a_deleted_vacancy_leaves_the_lists(database: Database) -> None:
    await keep(database, vacancy(INES))
    await keep(database, Event.tombstone("v-1", VacancyOpened.type, source="intake", at=NOW + HOUR))
    assert await told_of(database) == {"ines@work.example": []}


async def test_a_rejection_tells_of_a_vacancy_only_until_it_speaks_for_itself(
    database: Database,
) -> None:
    mentioned = {
        "vacancyId": "v-1",
        "title": "Shift lead",
        "recruiters": [{"name": "Tom Reed", "email": "tom@work.example"}],
    }
    await record(database, rejected(vacancy=mentioned))
    assert await told_of(database) == {"tom@work.example": ["v-1"]}
    await keep(database, vacancy(INES))
    await record(database, rejected(application_id="a-2", vacancy=mentioned, time=NOW + HOUR))
    assert await told_of(database) == {"tom@work.example": [], "ines@work.example": ["v-1"]}


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
        await hear_of_messages(conn, events, NOW)


async def the_candidate(database: Database) -> str:
    await record(database, rejected())
    [person] = await standing(database)
    return str(person["candidateId"])


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


async def test_everything_can_be_said_again(database: Database) -> None:
    await the_candidate(database)
    await record(database, rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}))
    await record(database, erased("p-2"))
    await keep(database, vacancy(INES))
    last = (
        "select distinct on (topic, key) topic, key, convert_from(value, 'UTF8') as value "
        "from outbox order by topic, key, id desc"
    )
    before = await rows(database, last)
    async with database.transaction() as conn:
        await conn.execute("delete from outbox")
    counted: list[int] = []
    await restate_everything(database, NOW, counted.append)
    again = [row for row in await rows(database, last) if row["topic"] != VACANCIES.name]
    assert again == before
    assert sum(counted) == 4


async def test_what_a_paused_relay_may_have_buried_is_said_again(database: Database) -> None:
    candidate_id = await the_candidate(database)
    await record(database, rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}))
    await record(database, erased("p-2"))
    [gone] = await rows(database, "select candidate_id from former_candidates")
    await keep(database, vacancy(INES))
    [recruiter] = await rows(database, "select recruiter_id from recruiters")
    async with database.transaction() as conn:
        await conn.execute("delete from outbox")
        await restate(conn, CANDIDATES, [candidate_id, gone["candidate_id"]], NOW)
        await restate(conn, RECIPIENTS, [recruiter["recruiter_id"]], NOW)
        await restate(conn, VACANCIES, ["v-1", "unknown"], NOW)
    assert (await published(database, "candidates", candidate_id))[-1]["version"] == 1
    assert await published(database, "candidates", gone["candidate_id"]) == [None]
    assert await told_of(database) == {"ines@work.example": ["v-1"]}
    assert len(await published(database, "vacancies")) == 1
