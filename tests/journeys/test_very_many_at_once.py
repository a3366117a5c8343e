"""Whoever clears up a system turns thousands down at once: each hears once, by day, at a pace."""

import asyncio
from bisect import bisect_left
from collections.abc import AsyncIterator, Iterator
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
PER_SECOND, SPAN_SECONDS, AT_ONCE = 100, 10, 20
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
    for number in range(PEOPLE):
        address = {"value": f"p{number}@people.example", "type": "personal"}
        somebody = a_candidate(id=number, email_addresses=[address], phone_numbers=[])
        moment = now.isoformat()
        body = written(
            a_rejection(id=number, candidate=somebody, rejected_at=moment, applied_at=None)
        )
        yield request("/v1/webhooks/careers", signed(body, event_id=str(number)), body)


async def settled(stage: Stage, until: datetime) -> None:
    """Lets time pass until then, however long it takes to do all that is due on the way."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while stage.simulated_time.now() < until:
            with suppress(CannotStart):
                await stage.simulated_time.advance_to(until)


def warnings(stage: Stage) -> list[str]:
    log = (stage.stack.data_dir / "logs" / "intake-0.log").read_text()
    return [line for line in log.splitlines() if "source.burst" in line]


async def test_thousands_of_noes_at_once_leave_by_day_at_a_pace_and_operators_are_warned(
    stage: Stage,
) -> None:
    time = stage.simulated_time
    port = int(stage.stack.processes["intake"][0].child.env["NOTYET_HTTP_PORT"])
    await posted(port, list(hooks(time.now())), CONNECTIONS)
    await settled(stage, time.now() + timedelta(minutes=1))
    recorded = "select count(*) from intake.applications where status = 'rejected'"
    assert await stage.conn.fetchval(recorded) == PEOPLE

    async with asyncio.timeout(30):
        while not warnings(stage):
            await asyncio.sleep(0.5)
    checked = commanded(stage.stack, "intake", "sources", "check", "careers")
    assert f"Very many at once: {PEOPLE} rejections within an hour" in checked
    assert await stage.sink.everything() == []

    await settled(stage, time.now() + timedelta(days=7))
    assert len(warnings(stage)) == 1
    mails = await stage.sink.everything()
    assert sorted(mail["to"] for mail in mails) == sorted(
        f"p{number}@people.example" for number in range(PEOPLE)
    )
    left = [row["attempted_at"].astimezone(HERE) for row in await stage.conn.fetch(ATTEMPTED)]
    assert all(at.weekday() < 5 and OPENS <= at.hour < CLOSES for at in left)
    taken = sorted(datetime.fromisoformat(mail["wall_at"]).timestamp() for mail in mails)
    most = PER_SECOND * (SPAN_SECONDS + 1) + AT_ONCE
    for number, at in enumerate(taken):
        assert number + 1 - bisect_left(taken, at - SPAN_SECONDS) <= most
