"""Whoever clears up a system turns thousands down at once: each hears once, by day, at a pace."""

import asyncio
import json
from bisect import bisect_left
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from deploy.local.child import CannotStart
from tests.bench.posting import posted, request
from tests.journeys.conftest import Stage, commanded, connect_source, running
from tests.scratch import scratch
from tests.services.intake.webhooks.greenhouse import a_candidate, a_rejection, signed, written

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.campaign]

PEOPLE, WARNED_ABOVE = 5_000, 1_000
CONNECTIONS = 50
CALLS_TOGETHER = 1_000
"""If one of them is not answered, all of them are made again."""
KILLED_IN = (1, 3)
"""Within which of them intake is killed, and after how many of theirs were kept."""
KILLED_AFTER = 150
PER_SECOND, SPAN_SECONDS, AT_ONCE = 200, 10, 20
"""How many mails may leave, in which time, and how many were let go before and held up."""
HERE = ZoneInfo("Europe/Berlin")
OPENS, CLOSES = 9, 17
PATIENCE_SECONDS = 600
ATTEMPTED = "select attempted_at from notifier.messages where attempted_at is not null"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    own: Any = {
        "intake": {"NOTYET_BURST_REJECTIONS": str(WARNED_ABOVE)},
        "notifier": {"NOTYET_MESSAGES_PER_SECOND": str(PER_SECOND)},
    }
    with scratch("burst") as directory:
        async with running(directory, own_env=own) as opened:
            await connect_source(opened.stack, "greenhouse", "careers", {})
            yield opened


def hooks(now: datetime) -> Iterator[bytes]:
    for number in range(1, PEOPLE + 1):
        address = {"value": address_of(number), "type": "personal"}
        somebody = a_candidate(id=number, email_addresses=[address], phone_numbers=[])
        moment = now.isoformat()
        body = written(
            a_rejection(id=number, candidate=somebody, rejected_at=moment, applied_at=moment)
        )
        yield request("/v1/webhooks/careers", signed(body, event_id=str(number)), body)


def address_of(number: int) -> str:
    return f"p{number}@people.example"


async def called(stage: Stage, calls: Sequence[bytes]) -> int:
    """Calls with all of them, killing intake in their midst; returns how many came again."""
    intake = stage.stack.processes["intake"][0]
    port, again = int(intake.child.env["NOTYET_HTTP_PORT"]), 0
    for number, first in enumerate(range(0, len(calls), CALLS_TOGETHER)):
        together = calls[first : first + CALLS_TOGETHER]
        if number in KILLED_IN:
            dying = asyncio.create_task(killed_once_kept(stage, first + KILLED_AFTER))
            with pytest.raises((OSError, RuntimeError)):
                await posted(port, together, CONNECTIONS)
            await dying
            again += await kept(stage) - first
            await stage.stack.ready()
        await posted(port, together, CONNECTIONS)
    return again


async def killed_once_kept(stage: Stage, calls: int) -> None:
    while await kept(stage) < calls:
        await asyncio.sleep(0.01)
    stage.stack.processes["intake"][0].kill()


async def kept(stage: Stage) -> int:
    return int(await stage.conn.fetchval("select count(*) from intake.deliveries"))


async def settled(stage: Stage, until: datetime) -> None:
    """Lets time pass until then, however long it takes to do all that is due on the way."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while stage.simulated_time.now() < until:
            with suppress(CannotStart):
                await stage.simulated_time.advance_to(until)


def warnings(stage: Stage) -> list[str]:
    log = (stage.stack.data_dir / "logs" / "intake-0.log").read_text()
    return [line for line in log.splitlines() if "source.burst" in line]


def arrived(stage: Stage) -> list[tuple[str, float]]:
    """Returns to whom mails came, and when by the clock on the wall."""
    lines = (stage.stack.data_dir / "sink.jsonl").read_text().splitlines()
    mails = map(json.loads, lines)
    return [(it["recipient"], datetime.fromisoformat(it["wall_at"]).timestamp()) for it in mails]


async def test_thousands_of_noes_at_once_leave_by_day_at_a_pace_and_operators_are_warned(
    stage: Stage,
) -> None:
    time = stage.simulated_time
    again = await called(stage, list(hooks(time.now())))
    assert again >= len(KILLED_IN) * KILLED_AFTER
    await settled(stage, time.now() + timedelta(minutes=1))
    assert await kept(stage) == PEOPLE
    recorded = (
        "select count(*), count(distinct source_application_id), count(distinct candidate_id)"
        " from intake.applications where status = 'rejected'"
    )
    assert list(await stage.conn.fetchrow(recorded)) == [PEOPLE] * 3

    async with asyncio.timeout(30):
        while not warnings(stage):
            await asyncio.sleep(0.5)
    checked = commanded(stage.stack, "intake", "sources", "check", "careers")
    assert f"Very many at once: {PEOPLE} rejections within an hour" in checked
    assert arrived(stage) == []

    await settled(stage, time.now() + timedelta(days=3))
    assert 1 <= len(warnings(stage)) <= 1 + len(KILLED_IN)
    mails = arrived(stage)
    assert sorted(to for to, _ in mails) == sorted(map(address_of, range(1, PEOPLE + 1)))
    left = [row["attempted_at"].astimezone(HERE) for row in await stage.conn.fetch(ATTEMPTED)]
    assert len(left) == PEOPLE
    assert all(at.weekday() < 5 and OPENS <= at.hour < CLOSES for at in left)
    most = PER_SECOND * (SPAN_SECONDS + 1) + AT_ONCE
    taken = sorted(at for _, at in mails)
    for number, at in enumerate(taken):
        assert number + 1 - bisect_left(taken, at - SPAN_SECONDS) <= most
