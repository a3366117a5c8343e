"""intake's HTTP door: 202 after the commit."""

import asyncio
from datetime import UTC, datetime

from services.intake.keys import store as keys
from tests.bench.events import rejection
from tests.bench.figures import Line, at_least
from tests.bench.pace import Pace
from tests.bench.posting import posted, request
from tests.bench.stand import Room, Stand

_CONNECTIONS = 64
_WARM = 200
_KINDS = {
    "ours": "services.intake run",
    "unrecorded": "tests.bench.doors nothing",
    "alone": "tests.bench.doors alone",
}
_UNLIMITED = {
    f"NOTYET_{whose}_PER_MINUTE": "1000000000" for whose in ("ADDRESS_REQUESTS", "KEY_REQUESTS")
}


async def ingesting(stand: Stand, pace: Pace) -> list[Line]:
    work = "HTTP, 202 after the commit"
    limit = Line(work, "the same without a database", "/s", at_least(0.4))
    peer = Line(work, "a commit for each request", "/s", at_least(4))
    async with stand.room() as room:
        database = await room.databases("intake")
        async with database.transaction() as conn:
            key = await keys.create(conn, "ats", datetime.now(UTC))
        for number in range(pace.rounds):
            rates = {
                kind: await _rate(room, key, f"{kind}-{number}", kind, pace) for kind in _KINDS
            }
            limit.add(rates["ours"], rates["unrecorded"])
            peer.add(rates["ours"], rates["alone"])
    return [limit, peer]


async def _rate(room: Room, key: str, who: str, kind: str, pace: Pace) -> float:
    """Runs one kind of the process by itself, warms it up, and posts to it."""
    count = pace.count(1_000 if kind == "alone" else 3_000)
    requests = [_request(key, f"{who}-{number}") for number in range(count + _WARM)]
    async with room.running("intake", program=_KINDS[kind], env=_UNLIMITED) as (process,):
        port = int(process.child.env["NOTYET_HTTP_PORT"])
        await posted(port, requests[:_WARM], _CONNECTIONS)
        await asyncio.sleep(0.5)
        return await posted(port, requests[_WARM:], _CONNECTIONS)


def _request(key: str, person: str) -> bytes:
    data = rejection(person).data
    assert data
    body = data.model_dump_json(by_alias=True, exclude_none=True).encode()
    return request("/v1/rejections", {"Authorization": f"Bearer {key}"}, body)
