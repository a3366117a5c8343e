"""A vacancy and its recruiters belong to the system that told of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from services.intake.api import parsing
from services.intake.api.parsing import ApiClient, Refused
from services.intake.vacancies.domain import SourcePolicy, VacancyKey
from services.intake.vacancies.store import vacancy_ids
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.events.people import RecruiterContact
from shared.contract.events.vacancies import VacancyClosed, VacancyOpened, VacancyUpdated
from shared.contract.topics import APPLICATIONS, VACANCIES
from shared.runtime.postgres import Database
from shared.runtime.processing import received
from tests.databases import Databases
from tests.services.intake.upstream import (
    ATS,
    NOW,
    RECEIVING,
    published,
    record,
    rejected,
    rows,
    standing,
)
from tests.services.intake.vacancies.stream import HOUR, INES, TOM, keep, told_of, vacancy

OTHER = "an-agency"


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def openings(database: Database) -> dict[str, dict[str, Any]]:
    """Returns the newest state of each vacancy as it is published, by source."""
    return {it["source"]: it for it in await published(database, "openings") if it}


async def test_another_source_with_the_same_id_has_a_vacancy_of_its_own(
    database: Database,
) -> None:
    await keep(database, vacancy(INES))
    await keep(database, vacancy(TOM, source=OTHER, title="Cleaner", hours=1))
    await keep(database, vacancy(TOM, source=OTHER, kind=VacancyClosed, hours=2))
    found = await openings(database)
    assert (found[ATS]["vacancyId"], found[ATS]["title"]) == ("v-1", "Shift lead")
    assert found[ATS]["state"] == "opened"
    assert found[OTHER]["vacancyId"] not in ("", "v-1")
    assert found[OTHER]["state"] == "closed"
    assert (await told_of(database))["ines@work.example"] == ["v-1"]


async def test_another_source_deletes_only_its_own(database: Database) -> None:
    await keep(database, vacancy(INES))
    gone = Event.tombstone("v-1", VacancyOpened.type, source="intake", at=NOW + HOUR)
    await keep(database, replace(gone, source=OTHER))
    assert await rows(database, "select vacancy_id from vacancies") == [{"vacancy_id": "v-1"}]


async def test_no_vacancy_makes_anybody_the_desk(database: Database) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await keep(database, vacancy(INES, source="/notyet/intake"))


@pytest.mark.parametrize("source", ["/notyet/intake", "\u200b", " hr"])
def test_whatever_is_said_in_a_name_of_ours_or_that_nobody_can_read_is_refused(
    source: str,
) -> None:
    body = b'{"vacancyId": "v-1", "title": "Cook"}'
    with pytest.raises(Refused):
        parsing.vacancy(body, ApiClient(source, RECEIVING), NOW)
    for topic, event in ((VACANCIES, vacancy()), (APPLICATIONS, rejected())):
        with pytest.raises(Unreadable, match="bad_source"):
            received(replace(event, source=source), topic, NOW, None)


async def test_another_source_renames_no_recruiter(database: Database) -> None:
    await keep(database, vacancy(INES))
    ines = RecruiterContact(name="Mallory", email=INES.email)
    await keep(database, vacancy(ines, source=OTHER, id="v-2", hours=1))
    names = await rows(database, "select source, name from recruiters order by source")
    assert names == [
        {"source": OTHER, "name": "Mallory"},
        {"source": ATS, "name": "Ines Albers"},
    ]


async def test_a_rejection_speaks_of_its_own_sources_vacancy(database: Database) -> None:
    await keep(database, vacancy(INES))
    await record(database, rejected(source=OTHER))
    [person] = await standing(database)
    [told] = person["rejections"]
    ids = await rows(database, "select vacancy_id from vacancy_ids where source = $1", OTHER)
    assert ids == [{"vacancy_id": told["vacancyId"]}]
    assert told["vacancyId"] != "v-1"
    assert person["sources"] == [OTHER]


async def test_no_source_can_choose_an_id_that_stands_for_anothers_vacancy(
    database: Database,
) -> None:
    first, second = VacancyKey(ATS, "v-1"), VacancyKey(OTHER, "v-1")
    squatting = VacancyKey("squatter", second.apart)
    async with database.transaction() as conn:
        ids = await vacancy_ids.of(conn, [squatting])
        ids |= await vacancy_ids.of(conn, [first])
        ids |= await vacancy_ids.of(conn, [second])
        again = await vacancy_ids.of(conn, [second, first, squatting])
    assert ids[first] == "v-1"
    assert ids[second] == second.apart
    assert len(set(ids.values())) == 3
    assert again == ids


async def test_the_configuration_says_who_may_search_everybody(database: Database) -> None:
    policy = SourcePolicy(pool_sources=frozenset({ATS}))
    await keep(database, vacancy(INES), vacancy(TOM, source=OTHER), policy=policy)
    assert {source: it["searchesPool"] for source, it in (await openings(database)).items()} == {
        ATS: True,
        OTHER: False,
    }
    everybody = SourcePolicy(pool_sources=frozenset({"*"}))
    await keep(database, vacancy(TOM, source=OTHER, hours=1), policy=everybody)
    assert (await openings(database))[OTHER]["searchesPool"]


async def test_a_recruiter_elsewhere_is_told_of_nothing(database: Database) -> None:
    stranger = RecruiterContact(name="Mallory", email="mallory@elsewhere.example")
    policy = SourcePolicy(recruiter_domains=frozenset({"work.example"}))
    with capture_logs() as logs:
        await keep(database, vacancy(INES, stranger), policy=policy)
    assert await told_of(database) == {"ines@work.example": ["v-1"]}
    [said] = logs
    assert (said["event"], said["count"]) == ("recruiters.left_out", 1)
    assert "elsewhere" not in str(said)


async def test_what_is_published_names_no_recruiter(database: Database) -> None:
    await keep(database, vacancy(INES))
    assert "work.example" not in str(await published(database, "openings"))


async def test_of_two_states_with_one_version_the_one_received_later_holds(
    database: Database,
) -> None:
    for number in range(8):
        title = f"Right {number}"
        await keep(database, vacancy(INES, kind=VacancyUpdated, title=title, version=3))
    states = await published(database, "openings")
    assert states[-1]["title"] == "Right 7"
    versions = [state["version"] for state in states]
    assert versions == sorted(set(versions))


async def test_a_repeated_state_says_nothing_new(database: Database) -> None:
    event = vacancy(INES)
    await keep(database, event)
    await keep(database, event)
    assert len(await published(database, "openings")) == 1


async def test_a_vacancy_that_stays_closed_closed_when_it_was_first_said(
    database: Database,
) -> None:
    await keep(database, vacancy(INES, kind=VacancyClosed))
    later = NOW + timedelta(days=3)
    await keep(database, vacancy(INES, kind=VacancyClosed, hours=1), now=later)
    assert await rows(database, "select closed_at from vacancies") == [{"closed_at": NOW}]
    await keep(database, vacancy(INES, hours=2), now=later)
    assert await rows(database, "select closed_at from vacancies") == [{"closed_at": None}]


async def test_a_state_of_a_time_still_to_come_is_refused_and_a_clock_ahead_blocks_nothing(
    database: Database,
) -> None:
    with pytest.raises(Unreadable, match="still to come"):
        await keep(database, vacancy(INES, hours=25))
    await keep(database, vacancy(INES, hours=23, title="Ahead"))
    await keep(database, vacancy(INES, title="Now"))
    assert (await openings(database))[ATS]["title"] == "Now"
