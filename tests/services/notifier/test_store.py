from datetime import timedelta

import asyncpg
import pytest

from services.notifier.store import messages, operating, recipients, sending, shortlists
from shared.contract.events.contacts import Window
from shared.runtime.sql import Queries
from tests.services.notifier.house import House, message_id

BAD_STATES = [
    ("an end without its time", "state = 'sent', attempted_at = clock_timestamp()"),
    ("an end with facts left", "state = 'dropped', because = 'x', ended_at = clock_timestamp()"),
    ("a claim without a lease", "state = 'sending'"),
    ("a lease without a claim", "lease_token = gen_random_uuid()"),
    ("an attempt that is pending", "attempted_at = clock_timestamp()"),
    (
        "sent without an attempt",
        "state = 'sent', channel = 'email', ended_at = clock_timestamp(), facts = null",
    ),
    (
        "failed without a reason",
        "state = 'failed', ended_at = clock_timestamp(), facts = null",
    ),
    ("a state of no kind", "state = 'lost'"),
    ("about nothing", "contact_id = null"),
]


async def test_no_message_can_be_in_a_state_that_makes_no_sense(house: House) -> None:
    await house.is_due(house.contact())
    allowed = []
    for name, change in BAD_STATES:
        try:
            await house.run(f"update messages set {change}")
            allowed.append(name)
        except asyncpg.CheckViolationError:
            continue
    assert allowed == []


async def test_every_statement_is_one_that_postgresql_understands(house: House) -> None:
    async with house.database.connection() as conn:
        for module in (messages, operating, recipients, sending, shortlists):
            queries = module._queries
            assert isinstance(queries, Queries)
            for statement in queries.statements.values():
                await conn.prepare(statement)


async def test_operators_see_what_waits_and_why_the_next_first(house: House) -> None:
    tomorrow = house.clock.now() + timedelta(days=1)
    later = [Window(opens_at=tomorrow, closes_at=tomorrow + timedelta(hours=8))]
    await house.is_due(house.contact("k1", windows=later), house.contact("k2"))
    await house.run("update messages set because = 'on_hold' where contact_id = 'k2'")
    async with house.database.connection() as conn:
        waiting = await operating.waiting(conn, 100)
    told = [(row["message_id"], row["because"]) for row in waiting]
    assert told == [(message_id("k2"), "on_hold"), (message_id("k1"), None)]


async def plan(house: House, sql: str, *values: object) -> str:
    async with house.database.transaction() as conn:
        await conn.execute("set local enable_seqscan = off")
        return "\n".join(row[0] for row in await conn.fetch(f"explain {sql}", *values))


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (
            "select * from messages where state = 'pending' and next_attempt_at <= '2026-01-01' "
            "order by next_attempt_at limit 10",
            "messages_next_attempt_at_idx",
        ),
        (
            "select * from messages where state = 'pending' and expires_at <= '2026-01-01'",
            "messages_expires_at_idx",
        ),
        (
            "select * from messages where state = 'sending' and leased_until < clock_timestamp()",
            "messages_leased_until_idx",
        ),
        ("select count(*) from messages where state = 'uncertain'", "messages_uncertain_idx"),
        (
            "select * from messages where recipient_id = any('{a}') "
            "and state in ('pending', 'sending')",
            "messages_recipient_id_idx",
        ),
        (
            "select * from recipients where kind = 'recruiter' and vacancies @> '{v1}'",
            "recipients_vacancies_idx",
        ),
    ],
)
async def test_what_runs_often_finds_its_rows_by_an_index(
    house: House, sql: str, index: str
) -> None:
    assert index in await plan(house, sql)


async def test_of_all_shortlists_only_those_are_read_that_are_to_be_looked_at(house: House) -> None:
    take = shortlists._queries.statements["take"]
    assert "Index Cond: (look_at <= " in await plan(house, take, 10)
