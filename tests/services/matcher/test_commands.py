import asyncio
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from services.matcher.__main__ import app
from shared.contract.topics import OPENINGS
from tests.databases import Databases
from tests.services.matcher.conftest import Matcher
from tests.services.matcher.people import NURSE, crowd, opened, told


@pytest.fixture
def environment(databases: Databases) -> dict[str, str]:
    return {
        "NOTYET_DATABASE_URL": databases.url("matcher"),
        "NOTYET_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "NOTYET_QUARANTINE_KEY": Fernet.generate_key().decode(),
        "NOTYET_PROBE_PORT": "0",
        "COLUMNS": "200",
    }


async def run(environment: dict[str, str], *arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, env=environment)


async def test_match_shows_whom_a_vacancy_would_find_and_keeps_nothing(
    matcher: Matcher, environment: dict[str, str], tmp_path: Path
) -> None:
    await matcher.know(*crowd(10))
    vacancy = tmp_path / "vacancy.json"
    vacancy.write_text(NURSE.model_dump_json(by_alias=True))
    result = await run(environment, "match", str(vacancy))
    assert result.exit_code == 0
    assert "nurse-0" in result.output
    assert "+ held_similar_job Staff Nurse 48/- on=2025-03-10 since=2021-03" in result.output
    assert "10 people are known, 10 of them could be listed" in result.output
    assert await matcher.rows("select * from searches") == []
    assert await matcher.rows("select * from vacancies") == []


async def test_match_says_in_one_line_what_is_wrong_with_a_file(
    environment: dict[str, str], tmp_path: Path
) -> None:
    vacancy = tmp_path / "vacancy.json"
    missing = await run(environment, "match", str(vacancy))
    assert missing.exit_code == 2
    vacancy.write_text('{"vacancyId": "v"}')
    result = await run(environment, "match", str(vacancy))
    assert result.exit_code == 2
    assert "title" in result.stderr.lower()
    assert "Traceback" not in result.output


async def test_ledger_show_tells_what_was_searched_and_shown(
    matcher: Matcher, environment: dict[str, str]
) -> None:
    await matcher.know(*crowd(10))
    await matcher.hear(OPENINGS, told(opened()))
    await matcher.search()
    result = await run(environment, "ledger", "show", NURSE.vacancy_id)
    assert result.exit_code == 0
    assert "lexical 1" in result.output
    assert "nurse-5" in result.output
    assert "2 shown, 8 too far" in result.output
    nothing = await run(environment, "ledger", "show", "unheard of")
    assert "No search was made for this vacancy." in nothing.output
