"""Intake's rounds with other systems: what they call with, are asked, and are told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import cast
from unittest.mock import patch

import httpx

from services.intake.deliveries import asking, recording, store
from services.intake.outgoing import sending
from services.intake.outgoing import store as endpoints
from services.intake.settings import Settings
from services.intake.sources import store as sources
from services.intake.sources.domain import APPLIED_DAYS, LETTER_DAYS
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.lever.postings import LeverPostings
from services.intake.webhooks.systems import APIS, LISTINGS, SYSTEMS
from shared.runtime.sealing import Seal
from shared.runtime.sql import Queries
from tests.bench.events import turned_down
from tests.bench.rounds.place import Place
from tests.bench.rounds.round import Round
from tests.services.intake.deliveries.calling import connect
from tests.services.intake.deliveries.hinting import TOKEN, Hinting, HintingApi, a_hint
from tests.services.intake.deliveries.stand_in import StandIn, page, standing_in
from tests.services.intake.outgoing.listening import HOOK, SECRET, TAKEN
from tests.services.intake.webhooks.greenhouse import a_rejection, written

SOME = 100
CALLING, ASKED = "careers", "jobs"
"""A system that says all in its calls, and one that only hints at it."""

_queries = Queries(Path(__file__).with_name("systems.sql"))


async def fill(place: Place) -> None:
    """Fills in a month: a call for each ten people, and what was told of each of them."""
    seal, now = _seal(place), place.now
    async with place.service.database.transaction() as conn:
        for name, system in ((CALLING, "greenhouse"), (ASKED, "hinting")):
            await connect(conn, name, system, seal, now)
            began = now - timedelta(days=1)
            await sources.start(conn, name, LETTER_DAYS, APPLIED_DAYS, began)
        await endpoints.add(conn, CALLING, "http://127.0.0.1", SECRET, seal, now)
    record = store.sealed(place.service.quarantine, CALLING, Delivery(turned_down(0), {}, now))
    await _queries.fill_deliveries(place.owner, people=place.people, source=CALLING, record=record)
    await _queries.fill_outgoing(place.owner, people=place.people)


@asynccontextmanager
async def rounds(place: Place, door: httpx.AsyncClient) -> AsyncIterator[list[Round]]:
    """Lends the rounds, with an API in this process that answers all that it is asked."""
    owner, turns = place.owner, count()

    async def calls() -> None:
        first = 1_000_000 + next(turns) * recording.AT_A_TIME
        numbers = range(first, first + recording.AT_A_TIME)
        await _arrive(place, CALLING, {number: turned_down(number) for number in numbers})

    async def hints() -> None:
        first = 1 + next(turns) * asking.AT_A_TIME
        bodies = (written(a_hint(id=number)) for number in range(1, 1 + asking.AT_A_TIME))
        await _arrive(place, ASKED, dict(enumerate(bodies, first)), are_hints=True)

    async def refused() -> None:
        answer = await door.post(f"/v1/webhooks/{CALLING}", content=b"{}")
        assert answer.status_code == httpx.codes.UNAUTHORIZED

    async def noted() -> None:
        first = place.first_of(next(turns), sending.AT_A_TIME)
        await _queries.lay_outgoing(owner, first=first, count=sending.AT_A_TIME)

    async def tell() -> None:
        """Returns when the last of them has been told."""
        await place.run("outgoing")
        while await _queries.waits_to_be_told(owner):
            await asyncio.sleep(0.001)

    async with _answered(place):
        yield [
            place.round("deliveries", f"record {recording.AT_A_TIME} deliveries", calls),
            place.round("hints", f"ask about {asking.AT_A_TIME} hints", hints),
            place.round(
                "listings", "look through a system", lambda: _queries.lay_look(owner, source=ASKED)
            ),
            place.round("resumes", "look for résumés to read"),
            place.round("refused deliveries", "note a call that was not believed", refused),
            place.round("measures of deliveries", "count deliveries"),
            place.round(
                "old deliveries",
                f"forget {SOME} old deliveries",
                place.lays(_queries.lay_old_deliveries, SOME),
            ),
            Round(f"tell a system of {sending.AT_A_TIME}", tell, noted, job="outgoing"),
            place.round("outgoing", "look for something to tell"),
            place.round("measures of outgoing", "count what systems are told"),
            place.round(
                "old outgoing",
                f"forget {SOME} that were told",
                place.lays(_queries.lay_old_outgoing, SOME),
            ),
        ]


@asynccontextmanager
async def _answered(place: Place) -> AsyncIterator[StandIn]:
    """Lets an invented system answer in this process, which may be asked a thousand a second."""
    with (
        patch.dict(SYSTEMS, hinting=Hinting()),
        patch.dict(APIS, hinting=HintingApi()),
        patch.dict(LISTINGS, hinting=LeverPostings()),
    ):
        async with standing_in() as api:
            for number in range(1, 1 + asking.AT_A_TIME):
                api.says(f"/people/{number}", page({"id": number}))
                api.says(f"/people/{number}/applications", page(a_rejection(id=number)))
            api.says(LeverPostings().path(None), page({"data": [], "hasNext": False}))
            api.says(HOOK, TAKEN)
            async with place.service.database.transaction() as conn:
                await sources.set_token(conn, ASKED, TOKEN, api.url, _seal(place))
            await _queries.call_at(place.owner, url=api.url + HOOK)
            yield api


async def _arrive(
    place: Place, source: str, bodies: dict[int, bytes], *, are_hints: bool = False
) -> None:
    arrivals = [
        store.arrival(
            place.service.quarantine,
            source,
            str(number),
            Delivery(body, {}, place.now),
            is_hint=are_hints,
        )
        for number, body in bodies.items()
    ]
    async with place.service.database.transaction() as conn:
        await store.keep(conn, arrivals)


def _seal(place: Place) -> Seal:
    return cast(Settings, place.service.settings).seal()
