"""The recruiter's page: whom the matcher found, why, and a POST to approve or decline them."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from services.intake.pages.context import PageContext
from services.intake.pages.interest import links_to_waiting
from services.intake.pages.shortlist_view import shortlist_view
from services.intake.pages.wording import Texts, texts
from services.intake.shortlists import decisions, store
from services.intake.shortlists.decisions import OpenShortlist
from services.intake.shortlists.domain import Choice, ShortlistDecision, read_decision
from services.intake.web.forms import read_form
from shared.runtime.links import LinkPurpose


def routes(context: PageContext, employer: str) -> APIRouter:
    """Makes `/s/{token}`."""
    router = APIRouter()

    @router.api_route("/s/{token}", methods=["GET", "HEAD"])
    async def show(token: str) -> Response:
        now = context.clock.now()
        claims = context.claims(token, LinkPurpose.SHORTLIST, now)
        if claims is None:
            return context.nothing_here()
        async with context.database.connection() as conn:
            opened = await _open(conn, claims, now)
            words = texts(claims.get("language"))
            if opened is None:
                return context.nothing_here()
            return await _page(context, words, conn, opened, now)

    @router.post("/s/{token}")
    async def decide(token: str, request: Request) -> Response:
        now = context.clock.now()
        claims = context.claims(token, LinkPurpose.SHORTLIST, now)
        if claims is None:
            return context.nothing_here()
        words = texts(claims.get("language"))
        form = await read_form(request)
        async with context.database.transaction() as conn:
            opened = await _open(conn, claims, now, to_decide=True)
            if opened is None:
                return context.nothing_here()
            decision = read_decision(form, [one.place.candidate_id for one in opened.people])
            if decision is None:
                nothing = [words.say("shortlist.done.nothing")]
                return await _page(context, words, conn, opened, now, nothing, status=422)
            decided, refused = await decisions.decide(conn, opened, decision, employer, now)
            present = await _open(conn, claims, now)
            notes = _notes(words, decision, decided, refused)
            return await _page(context, words, conn, present or opened, now, notes)

    return router


async def _open(
    conn: asyncpg.Connection, claims: dict[str, str], now: datetime, *, to_decide: bool = False
) -> OpenShortlist | None:
    return await decisions.open_shortlist(
        conn, claims["shortlist"], claims["recruiter"], now, to_decide=to_decide
    )


async def _page(
    context: PageContext,
    words: Texts,
    conn: asyncpg.Connection,
    opened: OpenShortlist,
    now: datetime,
    notes: Sequence[Markup] = (),
    *,
    status: int = 200,
) -> Response:
    histories = await store.histories(conn, [one.place.candidate_id for one in opened.people])
    view = shortlist_view(opened, histories, words)
    vacancy_id = opened.shortlist.vacancy_id
    waiting = await links_to_waiting(context, words, conn, opened.recruiter_id, now, vacancy_id)
    return context.page(
        "shortlist.html", words, status=status, view=view, notes=notes, waiting=waiting
    )


def _notes(words: Texts, decision: ShortlistDecision, decided: int, refused: int) -> list[Markup]:
    notes = []
    if decided or decision.choice is Choice.DECLINED:
        notes.append(words.say("shortlist.done", decision.choice, count=decided))
    if refused:
        notes.append(words.say("shortlist.done.refused", count=refused))
    return notes
