import asyncio
import json
from datetime import date, timedelta

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from services.scheduler.__main__ import app
from shared.contract.events.people import ConsentPurpose
from shared.contract.events.responses import Answer, InterestEnd, InterestEnded, InterestRaised
from tests.databases import Databases
from tests.services.scheduler.conftest import Bench
from tests.services.scheduler.people import NOW, candidate, consent, not_yet, rejection


@pytest.fixture
def environment(databases: Databases) -> dict[str, str]:
    return {
        "NOTYET_DATABASE_URL": databases.url("scheduler"),
        "NOTYET_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "NOTYET_QUARANTINE_KEY": Fernet.generate_key().decode(),
        "NOTYET_PROBE_PORT": "0",
        "COLUMNS": "200",
    }


async def run(environment: dict[str, str], *arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, env=environment)


async def test_plan_show_draws_somebodys_coming_two_years(
    scheduler: Bench, environment: dict[str, str]
) -> None:
    yes = consent(ConsentPurpose.WHEN_QUALIFIED)
    await scheduler.know(candidate(not_yet(date(2026, 9, 1)), consents=yes))
    result = await run(environment, "plan", "show", "c-1")
    assert result.exit_code == 0
    for word in (
        "Europe/Berlin",
        "letter",
        "qualified: no message, open roles",
        "ready",
        "Shift lead",
        "Tue 01 Sep 2026",
    ):
        assert word in result.output
    await run(environment, "plan", "show", "c-9")
    kept = await run(environment, "audit", "list", "--person", "c-1", "--json")
    assert [json.loads(line)["act"] for line in kept.output.splitlines()] == ["plan show"]


async def test_plan_next_lists_what_is_due_next_of_all_people(
    scheduler: Bench, environment: dict[str, str]
) -> None:
    assert (await run(environment, "plan", "next")).output == (
        "Nothing is planned. What was due has left, or waits: messages waiting\n"
    )
    await scheduler.know(candidate(rejection()), candidate(rejection(), candidate_id="c-2"))
    result = await run(environment, "plan", "next", "--limit", "1")
    assert result.output.count("letter") == 1
    assert "Shift lead" in result.output


async def test_plan_next_tells_what_is_planned_only_if_recruiters_say_nothing(
    scheduler: Bench, environment: dict[str, str]
) -> None:
    await scheduler.know(candidate(rejection(already_told=True)))
    raised = InterestRaised(interest_id="i-1", candidate_id="c-1", answer=Answer.INTERESTED, at=NOW)
    await scheduler.respond(raised)
    told = (await run(environment, "plan", "next")).output
    due = f"{NOW + timedelta(days=21):%a %d %b %Y}"
    assert "1 yes waits for the word of a recruiter" in told
    assert due in told
    end = InterestEnded(interest_id="i-1", candidate_id="c-1", ended_as=InterestEnd.TALKING, at=NOW)
    await scheduler.respond(end)
    assert "Not planned yet" not in (await run(environment, "plan", "next")).output


async def test_plan_next_names_people_so_that_plan_show_finds_them_in_a_narrow_terminal(
    scheduler: Bench, environment: dict[str, str]
) -> None:
    candidate_id = "0b6c1f5e-2f0d-4c38-9f1c-3f8c5b0f7a21"
    title = "Registered Nurse, Anaesthesia and Intensive Care, Night Shift"
    await scheduler.know(candidate(rejection(vacancy_title=title), candidate_id=candidate_id))
    narrow = {**environment, "COLUMNS": "80"}
    listed = (await run(narrow, "plan", "next")).output
    assert max(map(len, listed.splitlines())) <= 80
    copied = next(word for word in listed.split() if word.startswith("0b6c"))
    shown = await run(narrow, "plan", "show", copied)
    assert shown.exit_code == 0
    assert "letter" in shown.output


async def test_plan_show_of_somebody_unknown_is_one_clear_line(
    databases: Databases, environment: dict[str, str]
) -> None:
    result = await run(environment, "plan", "show", "nobody")
    assert result.exit_code == 1
    assert result.stderr == "Nobody is known by that id: plan next prints those that are.\n"


async def test_plan_refresh_brings_every_plan_up_to_date(
    scheduler: Bench, environment: dict[str, str]
) -> None:
    await scheduler.know(candidate(rejection()), candidate(rejection(), candidate_id="c-2"))
    async with scheduler.database.connection() as conn:
        await conn.execute("delete from occasions")
    result = await run(environment, "plan", "refresh")
    assert result.output == "2 people were planned for anew\n"
    assert len(await scheduler.rows("select 1 from occasions")) == 2


async def test_a_zone_that_nobody_knows_is_refused_at_the_start(
    environment: dict[str, str],
) -> None:
    result = await run(
        {**environment, "NOTYET_EMPLOYER_TIME_ZONE": "Mars/Olympus"}, "plan", "refresh"
    )
    assert result.exit_code == 2
    assert "NOTYET_EMPLOYER_TIME_ZONE" in result.stderr
