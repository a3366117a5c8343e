"""The candidate's page: GET shows and changes nothing, POST acts and shows what now holds."""

from datetime import datetime

import asyncpg
from fastapi import APIRouter, Request, Response

from services.intake import answers
from services.intake.domain.answers import Letter, Misread
from services.intake.forms import read_form
from services.intake.pages.door import Door
from services.intake.pages.views import candidate_view
from services.intake.store import answers as store
from shared.runtime.links import LinkPurpose


def routes(door: Door) -> APIRouter:
    """Makes `/c/{token}`."""
    router = APIRouter()

    @router.api_route("/c/{token}", methods=["GET", "HEAD"])
    async def show(token: str) -> Response:
        now = door.clock.now()
        letter = _letter(door, token, now)
        if letter is None:
            return door.nothing_here()
        async with door.database.connection() as conn:
            return await _page(door, conn, letter, now)

    @router.post("/c/{token}")
    async def answer(token: str, request: Request) -> Response:
        now = door.clock.now()
        letter = _letter(door, token, now)
        if letter is None:
            return door.nothing_here()
        form = await read_form(request)
        async with door.database.transaction() as conn:
            try:
                done = await answers.take(conn, letter, form, now)
            except Misread as misread:
                return await _page(door, conn, letter, now, fault=misread.fault)
            return await _page(door, conn, letter, now, done=done)

    return router


def _letter(door: Door, token: str, now: datetime) -> Letter | None:
    claims = door.claims(token, LinkPurpose.CANDIDATE, now)
    return Letter.of(claims) if claims else None


async def _page(
    door: Door,
    conn: asyncpg.Connection,
    letter: Letter,
    now: datetime,
    *,
    done: str | None = None,
    fault: str | None = None,
) -> Response:
    person = await answers.find(conn, letter.candidate_id, now)
    if person is None:
        return door.page("notice.html", status=200 if done else 410, notice="erased")
    answered = await store.answered(conn, person.candidate_id, letter.message_id)
    title = await store.vacancy_title(conn, letter.vacancy_id)
    view = candidate_view(person, letter, answered, title, now)
    status = 422 if fault else 200
    return door.page("candidate.html", status=status, view=view, done=done, fault=fault)
