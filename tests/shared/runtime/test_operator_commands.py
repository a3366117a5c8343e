import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from shared.contract.topics import CONTACTS
from shared.runtime import outbox, parking
from shared.runtime.service import Service
from shared.runtime.service_commands import service_commands
from shared.runtime.settings import ServiceSettings
from tests.databases import Databases
from tests.shared.runtime.streams import fact

Run = Callable[..., Awaitable[str]]


@pytest.fixture
def run(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command of a service as an operator does, and returns what it prints."""
    monkeypatch.setenv("COLUMNS", "200")
    for name, value in {
        "DATABASE_URL": databases.url("scheduler"),
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9",
        "QUARANTINE_KEY": Fernet.generate_key().decode(),
        "PROBE_PORT": "0",
    }.items():
        monkeypatch.setenv(f"NOTYET_{name}", value)
    app = service_commands("scheduler", ServiceSettings, lambda it: Service("scheduler", it))

    async def command(*words: str) -> str:
        result: Any = await asyncio.to_thread(CliRunner().invoke, app, list(words))
        assert result.exit_code == 0, result.output
        return str(result.output)

    return command


async def test_what_the_broker_refused_is_listed_and_tried_again(
    databases: Databases, run: Run
) -> None:
    assert "refused nothing" in await run("outbox", "list")
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, CONTACTS, [fact("who-it-is")])
        await conn.execute(
            "update outbox set set_aside_at = clock_timestamp(), set_aside_because = 'too_large'"
        )
    listed = await run("outbox", "list")
    assert CONTACTS.name in listed
    assert "too_large" in listed
    assert "who-it-is" not in listed
    assert "1 will be published again" in await run("outbox", "retry")
    async with database.connection() as conn:
        assert (await outbox.backlog(conn)).waiting == 1


async def test_what_is_parked_is_listed_and_released(databases: Databases, run: Run) -> None:
    assert "Nothing is parked" in await run("parked", "list")
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await parking.park(conn, "revival", {"c-1": "KeyError"})
    listed = await run("parked", "list")
    assert all(word in listed for word in ("revival", "c-1", "KeyError"))
    assert "0 will be tried again" in await run("parked", "release", "emission")
    assert "1 will be tried again" in await run("parked", "release", "revival")
    assert "Nothing is parked" in await run("parked", "list")
