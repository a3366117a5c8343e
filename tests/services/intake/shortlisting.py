"""Shortlists as the matcher makes them, and the link of a recruiter to one."""

from collections.abc import Sequence
from typing import Any

from services.intake.shortlists.handlers import keep_shortlists
from shared.contract.events.cloudevents import Event
from shared.contract.events.matches import ShortlistReady
from shared.runtime.links import LinkPurpose
from tests.services.intake.house import House

ASSUMED = {
    "code": "months_if_job_went_on",
    "name": "logistics",
    "months": 6,
    "projectedMonths": 30,
    "neededMonths": 24,
    "on": "2024-03-01",
}


def place(candidate_id: str, rank: int, **changes: Any) -> dict[str, Any]:
    return {
        "candidateId": candidate_id,
        "rank": rank,
        "score": 0.5,
        "tier": "runner_up",
        "readiness": "may_now_be_met",
        "reasonsFor": [{"code": "finished", "name": "Dispatcher", "place": 2, "on": "2026-01-20"}],
        "reasonsAgainst": [ASSUMED],
    } | changes


async def keep(
    house: House, places: Sequence[dict[str, Any]], shortlist_id: str = "s-1", **changes: Any
) -> None:
    shortlist = ShortlistReady.model_validate(
        {
            "shortlistId": shortlist_id,
            "vacancyId": "v-9",
            "vacancyTitle": "Dispatcher, day shift",
            "considered": 1148,
            "candidates": list(places),
            "rankedAt": house.clock.now(),
        }
        | changes
    )
    event = Event.about(shortlist, source="matcher", at=house.clock.now())
    async with house.database.transaction() as conn:
        await keep_shortlists(conn, [event], house.clock.now())


def link(house: House, recruiter: str = "rita", shortlist: str = "s-1", days: int = 90) -> str:
    return house.link(
        LinkPurpose.SHORTLIST, days=days, recruiter=recruiter, shortlist=shortlist, vacancy="v-9"
    )
