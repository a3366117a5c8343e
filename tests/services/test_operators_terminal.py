"""Whatever stands in the tables, an operator's terminal shows it as text, on the line it is on."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, NamedTuple

import asyncpg
import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from shared.contract.topics import ServiceName
from tests.databases import SERVICES, Databases

HOSTILE = (
    "[red]Nurse[/red] [/] [link=https://x.example]here[/link] :smile: \x1b[2J\x1b]0;owned\x07"
    "\x9b31m \u202egnp.exe\u2066\r\n0  forged"
)
SHOWN = (
    "[red]Nurse[/red] [/] [link=https://x.example]here[/link] :smile: �[2J�]0;owned�"
    "�31m �gnp.exe�  0  forged"
)

QUARANTINED = """insert into quarantine (topic, partition, "offset", reason, detail, record)
    values ($1, 0, 0, $1, $1, '')"""
OBSTRUCTED = """insert into outbox
    (topic, key, event_id, type, time, set_aside_at, set_aside_because)
    values ($1, $1, $1, $1, now(), now(), $1)"""
PARKED = """insert into parked_rows (job, key, reason, attempts, parked_until)
    values ($1, $1, $1, 1, now())"""
IN_EVERY_SERVICE = (
    ("quarantine list", QUARANTINED),
    ("outbox list", OBSTRUCTED),
    ("parked list", PARKED),
)

KEY = """insert into api_keys (key_id, source, scopes, hash, created_at)
    values ('k', $1, array['rejections'], sha256('k'), now())"""
REPLY = """with person as (
        insert into candidates (candidate_id) values ('c')
    ), applicant as (
        insert into applicants
        (applicant_key, candidate_id, source, last_human_contact_at, recorded_at)
        values ('k', 'c', 'ats', now(), now())
    ), waiting as (
        insert into unread_replies (applicant_key, candidate_id, how, since)
        values ('k', 'c', 'sms', now())
    )
    insert into timeline (applicant_key, candidate_id, at, kind, facts)
    values ('k', 'c', now(), 'sms_replied', jsonb_build_object('text', $1::text))"""
OCCASION = """with person as (insert into candidates (candidate_id, state) values ('c', $2))
    insert into occasions
    (occasion_id, candidate_id, kind, subject, state, due_at, expires_at, asks_hat, event)
    values ('o', 'c', 'letter', 's', 'planned', now(), now() + '1 day', false, convert_to(
        json_build_object(
            'facts', json_build_object('vacancyTitle', $1::text), 'channels', array[$1::text]
        )::text, 'UTF8'))"""
SEARCH = """with search as (
        insert into searches
        values ('s', 'v', 1, jsonb_build_object('asked', $1::text), jsonb_build_array(
            jsonb_build_object('code', 'unknown', 'name', $1::text)
        ), $1, '', false, null, 1, 1, now())
    ), entry as (
        insert into ranked
        values ('s', 1, $1, true, 1, 1, 1, 1, 'runner_up', 'met', null)
    ) insert into reasons values ('s', $1, jsonb_build_array(
        jsonb_build_object('code', 'held_similar_job', 'name', $1::text)), '[]')"""
HOLD = "insert into holds values ('email', $1, now())"
MESSAGE = """insert into messages
    (message_id, recipient_id, contact_id, purpose, channels, facts, windows, expires_at,
    next_attempt_at, state, channel, attempted_at, ended_at, because)
    values ('m', $1, $1, $1, array[$1], null, '{}', now(), now(), 'uncertain', $1, now(), now(),
    $1)"""
WAITING = """insert into messages
    (message_id, recipient_id, contact_id, purpose, channels, facts, windows, expires_at,
    next_attempt_at)
    values ('m', $1, $1, $1, array[$1], '{}', '{}', now(), now())"""
UNREAD = """insert into recipients
    (recipient_id, unread_since, unread_partition, unread_offset)
    values ($1, now(), 0, 0)"""


class Listing(NamedTuple):
    """A command, and the row that it shows."""

    service: ServiceName
    command: str
    statement: str

    def __str__(self) -> str:
        return f"{self.service} {self.command}"


COMMANDS = (
    *(Listing(service, *each) for service in SERVICES for each in IN_EVERY_SERVICE),
    Listing("intake", "keys list", KEY),
    Listing("intake", "replies list", REPLY),
    Listing("scheduler", "plan next", OCCASION),
    Listing("scheduler", "plan show c", OCCASION),
    Listing("matcher", "ledger show v", SEARCH),
    Listing("notifier", "holds", HOLD),
    Listing("notifier", "messages waiting", WAITING),
    Listing("notifier", "messages uncertain", MESSAGE),
    Listing("notifier", "messages show m", MESSAGE),
    Listing("notifier", "recipients unread", UNREAD),
)

Run = Callable[..., Awaitable[str]]


@pytest.fixture
def run(databases: Databases, listing: Listing) -> Run:
    """Puts the row into the service's tables, runs the command and returns what it prints."""
    secret = "a key of at least thirty-two bytes, for tests"
    environment = {
        "NOTYET_DATABASE_URL": databases.url(listing.service),
        "NOTYET_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "NOTYET_QUARANTINE_KEY": Fernet.generate_key().decode(),
        "NOTYET_PROBE_PORT": "0",
        "NOTYET_LINK_KEY": secret,
        "NOTYET_IDENTITY_KEY": secret,
        "NOTYET_SUPPRESSION_KEY": secret,
        "NOTYET_MAIL_FROM": "careers@example.org",
        "NOTYET_SMTP_HOST": "127.0.0.1",
        "COLUMNS": "2000",
    }
    app = import_module(f"services.{listing.service}.__main__").app

    async def command(*options: str) -> str:
        await put(databases, listing)
        words = [*listing.command.split(), *options]
        result: Any = await asyncio.to_thread(CliRunner().invoke, app, words, env=environment)
        assert result.exit_code == 0, result.output
        return str(result.output)

    return command


async def put(databases: Databases, listing: Listing) -> None:
    conn = await asyncpg.connect(databases.admin_url)
    try:
        await conn.execute(f"set search_path to {listing.service}")
        state = ['{"candidateId": "c", "version": 1}'] if "$2" in listing.statement else []
        await conn.execute(listing.statement, HOSTILE, *state)
    finally:
        await conn.close()


@pytest.mark.parametrize("listing", COMMANDS, ids=str)
async def test_a_row_that_is_markup_and_escapes_is_printed_as_it_stands_on_one_line(
    run: Run,
) -> None:
    lines = (await run()).split("\n")
    assert any(SHOWN in line for line in lines)
    assert all(line.isprintable() for line in lines)
    assert not any(line.startswith("0  forged") for line in lines)


@pytest.mark.parametrize("listing", COMMANDS[:3], ids=str)
async def test_programs_read_the_whole_value_and_a_terminal_only_what_it_can_show(
    run: Run,
) -> None:
    (line,) = (await run("--json")).splitlines()
    assert line.isprintable()
    assert HOSTILE in json.loads(line).values()
