"""The candidate's page: GET shows and changes nothing, POST acts and shows what now holds."""

from datetime import datetime
from functools import partial

import asyncpg
from fastapi import APIRouter, Request, Response

from services.intake.consent import answers, store
from services.intake.consent.domain import LinkedMessage
from services.intake.consent.forms import Form, InvalidAnswer
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
    async def show(token: str, request: Request) -> Response:
        now = context.clock.now()
        message = context.linked_message(token, LinkPurpose.CANDIDATE)
        if message is None:
            return context.nothing_here()
        async with context.database.connection() as conn:
            return await _page(context, conn, message, now, asked_for=_asked_for(request))

    @router.post("/c/{token}")
    async def answer(token: str, request: Request) -> Response:
        now = context.clock.now()
        message = context.linked_message(token, LinkPurpose.CANDIDATE)
        if message is None:
            return context.nothing_here()
        form = await read_form(request)
        async with context.database.transaction() as conn:
            try:
                done = await answers.take(conn, context.erasure, message, form, now)
                await verify(conn, message, partial(context.is_mark_of, message.sent_to), now)
            except InvalidAnswer as misread:
                asked_for = _asked_for(request)
                return await _page(
                    context, conn, message, now, fault=misread.fault, sent=form, asked_for=asked_for
                )
            return await _page(context, conn, message, now, done=done)

    return router


def _asked_for(request: Request) -> bool:
    """Tells whether somebody who is asked nothing wants to see the question about the hat."""
    return "ask" in request.query_params


async def _page(
    context: PageContext,
    conn: asyncpg.Connection,
    message: LinkedMessage,
    now: datetime,
    *,
    done: str | None = None,
    fault: str | None = None,
    sent: Form | None = None,
    asked_for: bool = False,
) -> Response:
    words = texts(message.language)
    person = await answers.find(conn, message, now)
    if person is None:
        return context.page("notice.html", words, status=200 if done else 410, notice="erased")
    answered = await store.answered(conn, person.candidate_id, message.message_id)
    vacancy = await store.vacancy(conn, message.vacancy_id)
    view = candidate_view(
        person.state,
        message,
        answered,
        vacancy,
        now,
        vocabulary=await store.vocabulary(conn, person.state.sources),
        sent=sent,
        asked_for=asked_for,
    )
    status = 422 if fault else 200
    return context.page("candidate.html", words, status=status, view=view, done=done, fault=fault)
