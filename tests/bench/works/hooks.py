"""The web hooks of a hiring system: 200 once each is believed, and kept sealed."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from services.intake.sources import store as sources
from services.intake.sources.domain import APPLIED_DAYS, LETTER_DAYS
from shared.runtime.sealing import Seal
from tests.bench.events import turned_down
from tests.bench.figures import Line, at_least, percentile
from tests.bench.pace import Pace
from tests.bench.posting import paced, posted, request
from tests.bench.stand import Room, Stand
from tests.services.intake.deliveries.calling import connect
from tests.services.intake.webhooks.greenhouse import signed

RATE = 200
"""Of the paced load, in hooks a second: the 5,000 of a cleared archive within half a minute."""

_SOURCE = "careers"
_CONNECTIONS = 64
_WARM = 200
_UNLIMITED = {
    f"NOTYET_{which}_PER_MINUTE": "1000000000" for which in ("ADDRESS_REQUESTS", "SOURCE_CALLS")
}


async def hooks(stand: Stand, pace: Pace) -> list[Line]:
    work, against = "web hook, 200 once it is kept sealed", "a bare FastAPI that inserts its body"
    most = Line(work, against, "/s", at_least(0.5))
    tail = Line(f"{work}, {RATE}/s: p99", against, "ms", None)
    async with stand.room() as room:
        await _connect(room, Seal([stand.keys.quarantine_keys["intake"]]))
        bare = {"NOTYET_DATABASE_URL": room.databases.admin_url}
        for number in range(pace.rounds):
            ours = await _measured(room, "services.intake run", _UNLIMITED, 2 * number, pace)
            theirs = await _measured(
                room, "tests.bench.peers.bare_fastapi", bare, 2 * number + 1, pace
            )
            most.add(ours[0], theirs[0])
            tail.add(ours[1], theirs[1])
    return [most, tail]


async def _connect(room: Room, seal: Seal) -> None:
    """Makes the source, which counts and leaves noes to us."""
    database, now = await room.databases("intake"), datetime.now(UTC)
    async with database.transaction() as conn:
        await connect(conn, _SOURCE, "greenhouse", seal, now)
        await sources.start(conn, _SOURCE, LETTER_DAYS, APPLIED_DAYS, now)


async def _measured(
    room: Room, program: str, env: Mapping[str, str], run: int, pace: Pace
) -> tuple[float, float]:
    """Runs one kind of the process by itself; returns the rate that it takes, and its p99."""
    count, steady = pace.count(3_000), round(pace.seconds(10) * RATE)
    requests = [_hook(run * 1_000_000 + number) for number in range(_WARM + count + steady)]
    async with room.running("intake", program=program, env=env) as (process,):
        port = int(process.child.env["NOTYET_HTTP_PORT"])
        await posted(port, requests[:_WARM], _CONNECTIONS)
        await _at_rest(room)
        took = await paced(port, requests[_WARM : _WARM + steady], _CONNECTIONS, RATE)
        await _at_rest(room)
        rate = await posted(port, requests[_WARM + steady :], _CONNECTIONS)
        await _at_rest(room)
        return rate, percentile(took, 0.99)


async def _at_rest(room: Room) -> None:
    """Waits until what came before is made into events and recorded."""
    database = await room.databases("intake")
    async with database.connection() as conn:
        while await conn.fetchval("select true from deliveries where state = 'waiting' limit 1"):
            await asyncio.sleep(0.1)


def _hook(number: int) -> bytes:
    """Returns a rejection of somebody who was never heard of, as Greenhouse sends it."""
    body = turned_down(number)
    return request(f"/v1/webhooks/{_SOURCE}", signed(body, event_id=str(number)), body)
