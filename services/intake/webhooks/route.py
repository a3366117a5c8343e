"""`/v1/webhooks/{source}`: where other systems call us with what happens in them.

A call is answered once what came is kept, and before anything is made of it: 200 means that it is
not lost. Whatever does not come from the source gets one and the same answer; but some systems try
an address before they sign, and of such a call nothing is kept.
"""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, Request, Response

from services.intake.api.operations import WEBHOOK
from services.intake.deliveries import store
from services.intake.deliveries.store import Arrival
from services.intake.sources.door import SourceDoor
from services.intake.web.forms import read_body
from services.intake.web.problems import Problem
from services.intake.web.rate_limits import RateLimits
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import needs_asking
from shared.runtime.batcher import Batcher
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine

LARGEST = 1024 * 1024
MOST_AT_ONCE, MOST_WAITING = 8 * LARGEST, 64 * LARGEST
"""Both in bytes."""
SECONDS = 10.0
"""How long keeping a group of deliveries may take."""

_NOT_BELIEVED = (
    "sign the request with the secret of this source, as its system does; "
    "to the operators `notyet sources check` tells why it was not believed"
)


def kept_together(
    database: Database, read: Callable[[], None], ask: Callable[[], None]
) -> Batcher[Arrival, None]:
    """Returns what lets deliveries that arrive together share a commit.

    It wakes who reads them, and who asks about those that are hints.
    """

    async def keep(arrivals: Sequence[Arrival]) -> list[None]:
        # One statement commits by itself, and wakes no relay: nothing goes out of what is kept.
        async with database.connection() as conn:
            await store.keep(conn, arrivals)
        read()
        if any(arrival.is_hint for arrival in arrivals):
            ask()
        return [None] * len(arrivals)

    return Batcher(
        keep,
        size=lambda arrival: len(arrival.record),
        most_at_once=MOST_AT_ONCE,
        most_waiting=MOST_WAITING,
        seconds=SECONDS,
    )


def routes(
    door: SourceDoor,
    limits: RateLimits,
    quarantine: Quarantine,
    keep: Batcher[Arrival, None],
    clock: Clock,
) -> APIRouter:
    """Makes the one route for all systems."""
    router = APIRouter()

    @router.post("/v1/webhooks/{source}", **WEBHOOK)
    async def receive(request: Request) -> Response:
        limits.take_address(request)
        source = request.path_params["source"]
        body = await read_body(request, LARGEST)
        caller = await door.caller(source)
        headers = {
            name: request.headers[name]
            for name in caller.adapter.headers
            if name in request.headers
        }
        delivery = Delivery(body, headers, clock.now())
        adapter = caller.adapter
        if (answer := adapter.test_answer(delivery)) is not None:
            return Response(status_code=200, headers=answer)
        if not door.believes(source, caller, delivery):
            raise Problem(401, _NOT_BELIEVED)
        # Who cannot sign uses up nothing of the source's.
        limits.sources.take(source)
        kept = store.arrival(
            quarantine,
            source,
            adapter.key(delivery),
            adapter.kept(delivery),
            is_hint=needs_asking(caller.api, delivery),
        )
        await keep(kept)
        return Response(status_code=200)

    return router
