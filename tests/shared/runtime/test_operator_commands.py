import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from aiokafka import ConsumerRecord
from cryptography.fernet import Fernet
from structlog.testing import capture_logs
from typer.testing import CliRunner

from shared.contract.events.cloudevents import Event, Unreadable, encode
from shared.contract.topics import CONTACTS
from shared.runtime import audit, outbox, parking
from shared.runtime.processing import Refused
from shared.runtime.quarantine import Quarantine
from shared.runtime.service import Service
from shared.runtime.service_commands import service_commands
from shared.runtime.settings import ServiceSettings
from tests.databases import Databases
from tests.shared.runtime.streams import fact

Run = Callable[..., Awaitable[str]]

KEY = "0b4f2f6e-6c58-4f1e-9d43-8f0a3f4c5d6e"


@pytest.fixture
def run(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command of a service as an operator does, and returns what it prints."""
    monkeypatch.setenv("COLUMNS", "80")
    for name, value in {
        "DATABASE_URL": databases.url("scheduler"),
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9",
        "QUARANTINE_KEY": Fernet.generate_key().decode(),
        "PROBE_PORT": "0",
    }.items():
        monkeypatch.setenv(f"NOTYET_{name}", value)
    app = service_commands("scheduler", ServiceSettings, lambda it: Service("scheduler", it))

    async def command(*words: str, exit_code: int = 0) -> str:
        result: Any = await asyncio.to_thread(CliRunner().invoke, app, list(words))
        assert result.exit_code == exit_code, result.output
        return str(result.output)

    return command


async def test_what_the_broker_refused_is_listed_and_tried_again(
    databases: Databases, run: Run
) -> None:
    assert "refused nothing" in await run("outbox", "list")
    assert await run("outbox", "list", "--json") == ""
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


async def quarantined(databases: Databases, count: int) -> None:
    """Puts the same broken record of somebody at so many offsets into quarantine."""
    database, quarantine = await databases("scheduler"), Quarantine(Fernet.generate_key().decode())
    fault = Unreadable("missing_attribute", "add the CloudEvents attribute id")
    async with database.transaction() as conn:
        for offset in range(count):
            record = ConsumerRecord(
                CONTACTS.name, 3, offset, 0, 0, b"who-it-is", b"{", None, 0, 0, ()
            )
            await quarantine.set_aside(conn, [(record, fault)])


async def test_the_quarantine_is_readable_in_eighty_columns_and_by_programs(
    databases: Databases, run: Run
) -> None:
    assert "Nothing is in quarantine" in await run("quarantine", "list")
    await quarantined(databases, 2)
    listed = await run("quarantine", "list")
    assert f"    {CONTACTS.name}, partition 3, offset 1\n" in listed
    assert "    add the CloudEvents attribute id\n" in listed
    assert all(len(line) <= 80 for line in listed.splitlines())
    first, second = map(json.loads, (await run("quarantine", "list", "--json")).splitlines())
    assert (first["id"], second["offset"]) == (1, 1)
    assert datetime.fromisoformat(first["set_aside_at"]).tzinfo
    limited = await run("quarantine", "list", "--limit", "1")
    assert "There may be more than these 1: see --limit." in limited
    assert "who-it-is" not in listed + limited


async def test_a_discarded_record_is_off_the_list_with_its_reason_kept_and_logged(
    databases: Databases, run: Run
) -> None:
    await quarantined(databases, 2)
    with capture_logs() as logged:
        told = await run("quarantine", "discard", "1", "a test by ann@example.org")
    assert "1 is discarded" in told
    (line,) = logged
    assert (line["event"], line["offset"]) == ("quarantine.discarded", 0)
    assert line["because"] == "a test by [address]"
    assert json.loads(await run("quarantine", "list", "--json"))["id"] == 2
    assert "No record 1 waits" in await run("quarantine", "discard", "1", "again", exit_code=1)
    assert "REASON" in await run("quarantine", "discard", "2", " ", exit_code=2)
    replayed = await run("quarantine", "replay", exit_code=1)
    assert "2: this service does not read its topic\n0 processed, 1 still refused" in replayed
    database = await databases("scheduler")
    async with database.connection() as conn:
        kept = await conn.fetchval("select discarded_because from quarantine where id = 1")
    assert kept == "a test by [address]"


async def test_what_the_handler_refuses_by_name_once_more_stays_on_the_list(
    databases: Databases, run: Run
) -> None:
    async def refuse(_conn: Any, events: Sequence[Event], _now: datetime) -> Refused:
        return Refused([(event, Unreadable("refused_by_rule", "change it")) for event in events])

    def refusing(settings: ServiceSettings) -> Service:
        service = Service("scheduler", settings)
        service.consume(CONTACTS, refuse)
        return service

    database, quarantine = (
        await databases("scheduler"),
        Quarantine(os.environ["NOTYET_QUARANTINE_KEY"]),
    )
    headers, value = encode(fact("a"))
    record = ConsumerRecord(CONTACTS.name, 0, 0, 0, 0, b"a", value, None, 0, 0, tuple(headers))
    async with database.transaction() as conn:
        await quarantine.set_aside(conn, [(record, Unreadable("refused_by_rule", "change it"))])
    app = service_commands("scheduler", ServiceSettings, refusing)
    replayed = await asyncio.to_thread(CliRunner().invoke, app, ["quarantine", "replay"])
    assert "1: change it\n0 processed, 1 still refused" in replayed.output
    assert "refused_by_rule" in await run("quarantine", "list")
    async with database.connection() as conn:
        assert await conn.fetchval("select count(*) from inbox") == 0


async def test_what_waits_for_a_closed_topic_is_listed_with_the_reason(
    databases: Databases, run: Run
) -> None:
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, CONTACTS, [fact("who-it-is")])
        await conn.execute(
            "insert into closed_topics (topic, reason, closed_until)"
            " values ($1, 'no_such_topic', clock_timestamp())",
            CONTACTS.name,
        )
    first, _ = (await run("outbox", "list")).splitlines()
    assert first == f"1  no_such_topic  waits  {CONTACTS.name}"
    assert json.loads(await run("outbox", "list", "--json"))["set_aside_at"] is None
    assert "0 will be published again" in await run("outbox", "retry")


async def test_what_is_parked_is_listed_and_released(databases: Databases, run: Run) -> None:
    assert "Nothing is parked" in await run("parked", "list")
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await parking.park(conn, "revival", {KEY: "KeyError"})
    listed = await run("parked", "list")
    assert listed.startswith(f"{KEY}  KeyError\n    revival\n    attempts: 1, 20")
    async with database.transaction() as conn:
        await conn.execute("update parked_rows set parked_until = 'infinity'")
    assert "    until it is released\n" in await run("parked", "list")
    assert json.loads(await run("parked", "list", "--json"))["parked_until"] is None
    assert "0 will be tried again" in await run("parked", "release", "emission")
    assert "1 will be tried again" in await run("parked", "release", "revival")
    assert "Nothing is parked" in await run("parked", "list")


async def test_who_ran_which_command_is_kept_without_what_was_given_to_it(
    databases: Databases, run: Run
) -> None:
    await run("quarantine", "discard", "7", "secret", exit_code=1)
    await run("parked", "release", "emission")
    listed = await run("audit", "list")
    assert f"operator  {audit.operator().name}  parked release\n" in listed
    assert "emission" not in listed
    assert "secret" not in listed
    kept = [json.loads(line) for line in (await run("audit", "list", "--json")).splitlines()]
    assert [each["act"] for each in kept] == [
        "quarantine discard",
        "parked release",
        "audit list",
    ]
    assert "Nobody has" in await run("audit", "list", "--person", KEY)
    assert "Nobody has" in await run("audit", "list", "--since", "2999-01-01")


async def test_where_something_of_a_person_is_is_told_by_table(
    databases: Databases, run: Run
) -> None:
    assert "nothing of anybody" in await run("person", KEY)
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, CONTACTS, [fact(KEY)])
    assert await run("person", KEY) == "outbox  1\n"
    [kept] = (await run("audit", "list", "--person", KEY, "--json")).splitlines()
    assert json.loads(kept)["act"] == "person"


async def test_what_was_seen_and_done_can_be_added_to_and_read_and_nothing_else(
    databases: Databases,
) -> None:
    database, now = await databases("scheduler"), datetime.now(UTC)
    async with database.transaction() as conn:
        await audit.note(conn, audit.Actor("recruiter", "r-1"), "approved", [KEY], now, "s-1")
    for change in ("update audit_entries set act = 'x'", "delete from audit_entries"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.transaction() as conn:
                await conn.execute(change)
    async with database.transaction() as conn:
        await conn.execute(
            "insert into audit_entries (at, kind, actor, act) values"
            " (clock_timestamp() - interval '25 months', 'key', 'k', 'posted')"
        )
        await audit.forget(conn)
        assert [row["act"] for row in await audit.listed(conn, None, None, 9)] == ["approved"]
        assert len(await audit.listed(conn, KEY, None, 9)) == 1
