"""The candidate's page: GET shows and changes nothing, POST acts and shows what now holds."""

from datetime import datetime
from functools import partial

import asyncpg
from fastapi import APIRouter, Request, Response

from services.intake.consent import answers, store
from services.intake.consent.domain import InvalidAnswer, LinkedMessage
from services.intake.consent.verification import verify
from services.intake.pages.candidate_view import candidate_view
from services.intake.pages.context import PageContext
from services.intake.pages.wording import texts
from services.intake.web.forms import read_form
from shared.runtime.links import LinkPurpose


def routes(context: PageContext) -> APIRouter:
    """Makes `/c/{token}`."""
    router = APIRouter()

    @router.api_route("/c/{token}", methods=["GET", "HEAD"])
    async def show(token: str) -> Response:
        now = context.clock.now()
        message = _message(context, token, now)
        if message is None:
            return context.nothing_here()
        async with context.database.connection() as conn:
            return await _page(context, conn, message, now)

    @router.post("/c/{token}")
    async def answer(token: str, request: Request) -> Response:
        now = context.clock.now()
        message = _message(context, token, now)
        if message is None:
            return context.nothing_here()
        form = await read_form(request)
        async with context.database.transaction() as conn:
            try:
                done = await answers.take(conn, context.erasure, message, form, now)
                await verify(conn, message, partial(context.is_mark_of, message.sent_to), now)
            except InvalidAnswer as misread:
                return await _page(context, conn, message, now, fault=misread.fault)
            return await _page(context, conn, message, now, done=done)

    return router


def _message(context: PageContext, token: str, now: datetime) -> LinkedMessage | None:
    claims = context.claims(token, LinkPurpose.CANDIDATE, now)
    return LinkedMessage.of(claims) if claims else None


async def _page(
    context: PageContext,
    conn: asyncpg.Connection,
    message: LinkedMessage,
    now: datetime,
    *,
    done: str | None = None,
    fault: str | None = None,
) -> Response:
    words = texts(message.language)
    person = await answers.find(conn, message, now)
    if person is None:
        return context.page("notice.html", words, status=200 if done else 410, notice="erased")
    answered = await store.answered(conn, person.candidate_id, message.message_id)
    title = await store.vacancy_title(conn, message.vacancy_id)
    view = candidate_view(person.state, person.channels, message, answered, title, now)
    status = 422 if fault else 200
    return context.page("candidate.html", words, status=status, view=view, done=done, fault=fault)
