"""Intake's rounds: a request, a batch of rejections, heartbeats, and what its time is over.

Those that concern recruiters, and other systems, are `recruiting` and `systems`.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from services.intake.keys import store as keys
from services.intake.privacy.erasure import LOOKED_AT
from shared.contract.topics import APPLICATIONS
from shared.runtime.sql import Queries
from tests.bench.events import EXAMPLES, address_of, rejection
from tests.bench.rounds import recruiting, systems
from tests.bench.rounds.place import Place
from tests.bench.rounds.round import Round

SETTINGS = {"recruiting_email": "desk@hafenwerk.example"}
SOME = 100
REQUESTS = 20

_queries = Queries(Path(__file__).with_name("intake.sql"))
_REJECTION: dict[str, Any] = json.loads(
    (EXAMPLES / "dev.notyet.applicant.rejected.v1.not-yet.json").read_text()
)


async def fill(place: Place) -> None:
    """Fills the record: for each person what the first one has, two consents and a timeline."""
    owner, people = place.owner, place.people
    await place.hear(APPLICATIONS, [rejection("the-first")])
    for query in (
        _queries.fill_candidates,
        _queries.fill_identities,
        _queries.fill_applications,
        _queries.fill_profiles,
        _queries.fill_consents,
        _queries.fill_timeline,
        _queries.fill_former,
        _queries.fill_requests,
        _queries.fill_holds,
        _queries.fill_links,
        _queries.fill_tokens,
    ):
        await query(owner, people=people)
    await _queries.fill_waiting(owner, count=SOME)
    await recruiting.fill(place)
    await systems.fill(place)


@asynccontextmanager
async def rounds(place: Place) -> AsyncIterator[list[Round]]:
    turns = count()

    async def record() -> None:
        turn = next(turns)
        await place.hear(APPLICATIONS, [rejection(f"new-{turn}-{n}") for n in range(SOME)])

    async def again() -> None:
        await place.hear(APPLICATIONS, [rejection(f"again-{n}") for n in range(SOME)])

    async def kept() -> None:
        """Goes on from whoever was looked at last, at a time at which only consent keeps them."""
        await place.run("retention", place.now + timedelta(days=300))

    async with (
        _door(place) as door,
        recruiting.rounds(place) as with_recruiters,
        systems.rounds(place, door) as with_systems,
    ):

        async def post() -> None:
            turn = next(turns)
            for number in range(REQUESTS):
                (await door.post("/v1/rejections", json=_posted(turn, number))).raise_for_status()

        yield [
            Round(f"record {REQUESTS} requests, one by one", post),
            Round(f"record {SOME} rejections of new people", record),
            Round(f"record {SOME} rejections of the same people", again),
            place.round("heartbeats", "heartbeats"),
            place.round(
                "retention",
                f"forget {SOME} people whose time is over",
                place.lays(_queries.lay_old, SOME),
            ),
            Round(f"look at {LOOKED_AT} who agreed to be kept", kept, job="retention"),
            place.round(
                "quarantine search",
                f"search the quarantine for {SOME} erased",
                place.lays(_queries.lay_erased, SOME),
                grows=True,
            ),
            place.round(
                "old requests",
                f"forget {SOME} old requests",
                place.lays(_queries.lay_answered, SOME),
            ),
            place.round(
                "holds that are over",
                f"let go of {SOME} decisions",
                place.lays(_queries.lay_holds, SOME),
            ),
            place.round(
                "unverified addresses",
                f"forget {SOME} new addresses",
                place.lays(_queries.lay_unverified, SOME),
            ),
            place.round(
                "old short links",
                f"forget {SOME} short links",
                place.lays(_queries.lay_links, SOME),
            ),
            place.round(
                "old mail tokens",
                f"forget {SOME} mail tokens",
                place.lays(_queries.lay_tokens, SOME),
            ),
            place.round("old certificates", "forget certificates"),
            place.round("unread replies", f"count {SOME} who wrote"),
            place.round("unreachable people", f"count {SOME} whom nothing reaches"),
            *with_recruiters,
            *with_systems,
        ]


@asynccontextmanager
async def _door(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """Lends a client of the public door, inside this process, with a key of its own."""
    service = place.service
    for step in service._on_start:
        await step()
    async with service.database.transaction() as conn:
        key = await keys.create(conn, "bench", place.now)
    assert service._public
    transport = httpx.ASGITransport(service._public[0])
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://intake", headers=headers
    ) as door:
        yield door


def _posted(turn: int, number: int) -> dict[str, Any]:
    """Returns the body of a request about somebody who was never heard of."""
    person = f"posted-{turn}-{number}"
    applicant = _REJECTION["applicant"] | {"applicantId": person, "emails": [address_of(person)]}
    applicant.pop("phone", None)
    return _REJECTION | {"applicant": applicant, "applicationId": f"application-{person}"}
