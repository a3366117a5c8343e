"""Who leaves the record and when, by which country's law, and what outlives them for how long."""

import json
from datetime import timedelta

import asyncpg
import pytest
from dateutil.relativedelta import relativedelta
from prometheus_client import CollectorRegistry

from services.intake.consent import record as consents
from services.intake.consent import store as consent
from services.intake.metrics import IntakeMetrics
from services.intake.privacy.jobs import PrivacyJobs
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.shell import Shell, shell_on
from tests.services.intake.upstream import (
    DECIDED,
    ERASURE,
    LAWS,
    NOW,
    erased,
    record,
    rejected,
    rows,
    standing,
)


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


@pytest.fixture
def shell(databases: Databases) -> Shell:
    return shell_on(databases)


async def test_a_list_of_nobody_promises_no_more(shell: Shell) -> None:
    for words, nothing in (
        (("departures",), "Nobody has left."),
        (("held", "--email", "nobody@mail.example"), "No decision is held of anybody"),
    ):
        code, said = await shell("privacy", *words)
        assert (code, nothing in said, "more than" in said) == (0, True, False)


def jobs(database: Database) -> PrivacyJobs:
    return PrivacyJobs(database, ERASURE, LAWS, IntakeMetrics(CollectorRegistry()))


async def people(database: Database) -> list[str]:
    found = await rows(database, "select source_application_id as id from applications order by 1")
    return [row["id"] for row in found]


async def turned_down(
    database: Database, name: str, country: str | None, job: dict[str, str] | None = None
) -> None:
    """Turns somebody down who has heard of it."""
    person = {"emails": [f"{name}@mail.example"], "name": {"fullName": f"{name} Person"}}
    vacancy = {"vacancyId": f"v-{name}", "title": "Cook"}
    place = {"jobLocation": job} if job else {}
    event = rejected(
        name,
        name,
        person=person | ({"country": country} if country else {}),
        vacancy=vacancy | place,
        alreadyTold=True,
    )
    await record(database, event)


async def test_everybody_is_kept_as_long_as_their_own_country_or_the_jobs_says(
    database: Database,
) -> None:
    await turned_down(database, "de", "DE")
    await turned_down(database, "de-in-fr", "DE", {"country": "FR"})
    await turned_down(database, "at-job", None, {"country": "AT"})
    await turned_down(database, "fr", "FR")
    await turned_down(database, "nobody-knows", None)
    work = jobs(database)
    left: dict[int, list[str]] = {}
    for months in (5, 6, 7, 8, 25):
        await work.forget_people(NOW + relativedelta(months=months) + timedelta(days=1))
        left[months] = await people(database)
    assert left == {
        5: ["at-job", "de", "de-in-fr", "fr", "nobody-knows"],
        6: ["at-job", "fr", "nobody-knows"],
        7: ["fr", "nobody-knows"],
        8: ["fr", "nobody-knows"],
        25: [],
    }
    counted = await rows(database, "select reason, country, people from departures order by day, 2")
    assert [tuple(row.values()) for row in counted] == [
        ("retention", "DE", 2),
        ("retention", "AT", 1),
        ("retention", "FR", 1),
        ("retention", "unknown", 1),
    ]


async def test_whoever_is_owed_an_answer_is_not_let_go_by_a_strict_law(database: Database) -> None:
    await record(database, rejected(person={"country": "NL"}))
    await jobs(database).forget_people(NOW + relativedelta(months=20))
    assert await people(database) == ["a-1"]


async def agree(database: Database) -> str:
    [person] = await rows(database, "select applicant_key, candidate_id from applicants")
    yes = Consent(
        purpose=ConsentPurpose.NOW_AND_THEN,
        channel=Channel.EMAIL,
        since=NOW,
        until=NOW + timedelta(days=90),
    )
    async with database.transaction() as conn:
        await consent.begin_consents(
            conn, person["applicant_key"], [yes], how="page", wording_version="w", now=NOW
        )
    return str(person["candidate_id"])


@pytest.mark.parametrize("how", ["erased", "erased_by_source", "retention"])
async def test_a_chain_outlives_its_person_whole_and_ended_until_the_law_lets_it_go(
    database: Database, admin: asyncpg.Connection, how: str
) -> None:
    await turned_down(database, "p-1", "DE")
    candidate_id, now = await agree(database), NOW
    if how == "erased_by_source":
        await record(database, erased())
    else:
        now = NOW + timedelta(days=400) if how == "retention" else NOW
        async with database.transaction() as conn:
            await ERASURE.erase(conn, [candidate_id], now, for_their_age=how == "retention")
    async with database.transaction() as conn:
        entries = await consents.entries_of(conn, [candidate_id])
        assert await consents.breaks_of(conn, entries) == []
    ended = [] if how == "retention" else [("ended", how)]
    assert [(it.act, it.how) for it in entries] == [("agreed", "page"), *ended]
    work = jobs(database)
    [chain] = await rows(database, "select keep_until from consent_chains")
    assert chain["keep_until"] == now + relativedelta(months=60)
    await work.let_go(now + relativedelta(months=61))
    assert len(await rows(database, "select from consent_entries")) == len(entries), "too soon"
    await admin.execute("update consent_chains set keep_until = now() - interval '1 day'")
    await work.let_go(now + relativedelta(months=59))
    assert await rows(database, "select from consent_entries") == []
    assert await rows(database, "select from consent_chains") == []


async def test_nobody_who_is_in_the_record_loses_their_chain(database: Database) -> None:
    await turned_down(database, "p-1", "DE")
    await agree(database)
    await jobs(database).let_go(NOW + relativedelta(years=50))
    assert len(await rows(database, "select from consent_entries")) == 1


async def test_a_decision_outlives_its_person_sealed_until_nothing_can_be_claimed(
    database: Database, shell: Shell
) -> None:
    await turned_down(database, "p-1", "DE", {"country": "US", "region": "CA"})
    [person] = await standing(database)
    async with database.transaction() as conn:
        await ERASURE.erase(conn, [str(person["candidateId"])], NOW)
    [held] = await rows(database, "select * from held_decisions")
    assert b"Cook" not in held["sealed"]
    assert held["keep_until"] == DECIDED + relativedelta(months=48)
    work = jobs(database)
    await work.let_go(NOW + relativedelta(months=47))
    assert len(await rows(database, "select from held_decisions")) == 1
    await work.let_go(NOW + relativedelta(months=48))
    assert await rows(database, "select from held_decisions") == []


async def test_a_decision_too_old_to_be_fought_over_is_not_held(database: Database) -> None:
    await turned_down(database, "p-1", "DE")
    [person] = await standing(database)
    async with database.transaction() as conn:
        later = NOW + relativedelta(months=7)
        await ERASURE.erase(conn, [str(person["candidateId"])], later)
    assert await rows(database, "select from held_decisions") == []


async def test_an_operator_finds_what_is_held_of_somebody_by_what_they_were_known_by(
    database: Database, shell: Shell
) -> None:
    await turned_down(database, "p-1", "FR")
    assert (await shell("erase", "--email", "p-1@mail.example"))[0] == 0
    for whom in (("--email", "p-1@mail.example"), ("--source", "s", "--applicant", "nobody")):
        code, said = await shell("privacy", "held", *whom)
        assert (code, "Cook (v-p-1)" in said) == (0, whom[0] == "--email")
    _, said = await shell("privacy", "departures")
    assert said.split()[1:] == ["erased", "FR", "1"]


async def test_what_is_held_of_somebody_is_exported_and_found_and_who_did_that_is_kept(
    database: Database, shell: Shell
) -> None:
    await turned_down(database, "p-1", "FR")
    [person] = await standing(database)
    whom = ("--person", str(person["candidateId"]))
    code, said = await shell("privacy", "export", *whom)
    assert (code, json.loads(said)["people"][0]["emails"]) == (0, ["p-1@mail.example"])
    _, said = await shell("privacy", "report", *whom)
    assert "applications  1\n" in said
    assert f"notyet matcher person {person['candidateId']}" in said
    _, said = await shell("audit", "list", *whom)
    assert [line.split("  ")[-1] for line in said.splitlines() if "operator" in line] == [
        "privacy export",
        "privacy report",
    ]
    assert "mail.example" not in said
    assert (await shell("privacy", "export", "--person", "nobody"))[0] == 1


async def test_a_purge_by_hand_says_how_many_left(database: Database, shell: Shell) -> None:
    assert "Nobody's time is over" in (await shell("privacy", "purge"))[1]
    await turned_down(database, "p-1", "NL")
    async with database.transaction() as conn:
        await conn.execute("update applicants set last_human_contact_at = '2020-01-01Z'")
    assert (await shell("privacy", "purge"))[1].startswith("NL: 1 left")
    assert await people(database) == []


def said_upstream(*channels: str, since: str = "2026-01-10T09:00:00Z") -> list[dict[str, str]]:
    until = {"since": since, "until": "2029-01-10T09:00:00Z"}
    return [{"purpose": "similar_opening", "channel": it} | until for it in channels]


async def test_what_a_source_says_was_agreed_counts_for_email_alone_and_is_marked(
    database: Database,
) -> None:
    asserted = {"phone": "+4930901820", "agreed": said_upstream("email", "sms", "pigeon")}
    for _ in range(2):
        await record(database, rejected(person=asserted))
    [person] = await standing(database)
    [agreed] = person["consents"]
    assert (agreed["channel"], agreed["until"]) == ("email", "2028-01-10T09:00:00+00:00")
    noted = await rows(database, "select channel, how from consent_entries order by channel")
    assert [tuple(row.values()) for row in noted] == [("email", "source"), ("sms", "source")]


@pytest.mark.parametrize("own_word", ["refused", "stopped"])
async def test_a_source_cannot_say_against_what_somebody_said_themselves(
    database: Database, own_word: str
) -> None:
    await record(database, rejected())
    [person] = await rows(database, "select applicant_key, candidate_id from applicants")
    async with database.transaction() as conn:
        if own_word == "refused":
            await consent.hat_answered(conn, person["applicant_key"], "no", NOW)
        else:
            await consent.stop(conn, [person["candidate_id"]], [Channel.EMAIL], "page", NOW)
    await record(
        database, rejected(application_id="a-2", person={"agreed": said_upstream("email")})
    )
    assert await rows(database, "select from consents") == []
