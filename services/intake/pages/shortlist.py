"""The recruiter's page: whom the matcher found, why, and a POST to approve or decline them."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from services.intake import shortlists
from services.intake.domain.shortlists import Decision, Verdict, read_decision
from services.intake.forms import read_form
from services.intake.pages.door import Door
from services.intake.pages.shortlist_view import shortlist_view
from services.intake.shortlists import OpenShortlist
from services.intake.store import shortlists as store
from shared.runtime.links import LinkPurpose


def routes(door: Door, employer: str) -> APIRouter:
    """Makes `/s/{token}`."""
    router = APIRouter()

    @router.api_route("/s/{token}", methods=["GET", "HEAD"])
    async def show(token: str) -> Response:
        now = door.clock.now()
        claims = door.claims(token, LinkPurpose.SHORTLIST, now)
        if claims is None:
            return door.nothing_here()
        async with door.database.connection() as conn:
            opened = await _open(conn, claims, now)
            return await _page(door, conn, opened) if opened else door.nothing_here()

    @router.post("/s/{token}")
    async def decide(token: str, request: Request) -> Response:
        now = door.clock.now()
        claims = door.claims(token, LinkPurpose.SHORTLIST, now)
        if claims is None:
            return door.nothing_here()
        form = await read_form(request)
        async with door.database.transaction() as conn:
            opened = await _open(conn, claims, now, to_decide=True)
            if opened is None:
                return door.nothing_here()
            decision = read_decision(form, [one.place.candidate_id for one in opened.people])
            if decision is None:
                nothing = [door.texts.say("shortlist.done.nothing")]
                return await _page(door, conn, opened, nothing, status=422)
            decided, refused = await shortlists.decide(conn, opened, decision, employer, now)
            present = await _open(conn, claims, now)
            notes = _notes(door, decision, decided, refused)
            return await _page(door, conn, present or opened, notes)

    return router


async def _open(
    conn: asyncpg.Connection, claims: dict[str, str], now: datetime, *, to_decide: bool = False
) -> OpenShortlist | None:
    return await shortlists.open_shortlist(
        conn, claims["shortlist"], claims["recruiter"], now, to_decide=to_decide
    )


async def _page(
    door: Door,
    conn: asyncpg.Connection,
    opened: OpenShortlist,
    notes: Sequence[Markup] = (),
    *,
    status: int = 200,
) -> Response:
    histories = await store.histories(conn, [one.place.candidate_id for one in opened.people])
    view = shortlist_view(opened, histories)
    return door.page("shortlist.html", status=status, view=view, notes=notes)


def _notes(door: Door, decision: Decision, decided: int, refused: int) -> list[Markup]:
    notes = []
    if decided or decision.verdict is Verdict.DECLINED:
        notes.append(door.texts.say("shortlist.done", decision.verdict, count=decided))
    if refused:
        notes.append(door.texts.say("shortlist.done.refused", count=refused))
    return notes
