"""The clock of a local stack stops wherever something is due."""

from datetime import timedelta
from pathlib import Path

import asyncpg

from deploy.local.demo import simulated_time
from shared.runtime.clock import ManualClock
from shared.runtime.sql import Queries

_queries = Queries(Path(simulated_time.__file__).with_suffix(".sql"))


async def test_what_does_not_come_to_rest_is_named(
    administrator: asyncpg.Connection, clock: ManualClock
) -> None:
    now = clock.now()
    (rest, *_) = await _queries.at_rest(administrator, now=now, unanswered_since=now)
    assert rest["under_way"] == []
    await administrator.execute(
        "insert into intake.interests"
        " (interest_id, candidate_id, applicant_key, message_id, answer, raised_at)"
        " values ('i', 'ada', 'ada', 'm', 'interested', $1)",
        now,
    )
    (rest, *_) = await _queries.at_rest(administrator, now=now, unanswered_since=now)
    assert rest["under_way"] == ["intake has an interest to end that nobody answered"]


async def test_while_one_waits_for_another_their_turn_is_looked_for_every_few_hours(
    administrator: asyncpg.Connection, clock: ManualClock
) -> None:
    now = clock.now()
    facts = {
        "stride": simulated_time.STRIDE,
        "unanswered_since": now - simulated_time.UNANSWERED,
        "turns": simulated_time.TURNS,
        "lately": simulated_time.ASKED_LATELY,
    }
    await administrator.execute(
        "insert into intake.shortlists values ('s', 'v', 'Nurse', true, 2, 2, $1)", now
    )
    await administrator.execute(
        "insert into intake.shortlist_decisions"
        " (shortlist_id, candidate_id, recruiter_id, choice, decided_at, asked_at)"
        " values ('s', 'second', 'r', 'approved', $1, $1),"
        " ('s', 'third', 'r', 'approved', $1, null)",
        now,
    )
    for later, due in ((timedelta(), simulated_time.TURNS), (timedelta(days=15), None)):
        at = now + later
        found = await _queries.next_due(administrator, now=at, for_a_human=[], **facts)
        assert found == (due and at + due)
