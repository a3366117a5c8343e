"""The candidate's page: GET shows and changes nothing, POST acts and shows what now holds."""

from datetime import datetime
from functools import partial

import asyncpg
import structlog
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from services.intake.consent import answers, leaving, store
from services.intake.consent.domain import InvalidAnswer, LinkedMessage
from services.intake.consent.verification import verify
from services.intake.pages.candidate_view import candidate_view
from services.intake.pages.context import PageContext
from services.intake.pages.wording import texts
from services.intake.web.forms import read_form
from shared.runtime.links import LinkPurpose

_log = structlog.get_logger()


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
        done, fault = None, None
        try:
            async with context.database.transaction() as conn:
                done = await answers.take(conn, context.erasure, message, form, now)
            await _verify(context, message, now)
        except InvalidAnswer as misread:
            fault = misread.fault
        async with context.database.connection() as conn:
            return await _page(context, conn, message, now, done=done, fault=fault)

    return router


def _message(context: PageContext, token: str, now: datetime) -> LinkedMessage | None:
    claims = context.claims(token, LinkPurpose.CANDIDATE, now)
    return LinkedMessage.of(claims) if claims else None


async def _verify(context: PageContext, message: LinkedMessage, now: datetime) -> None:
    """Learns from an answer who is one person; what was answered holds, whatever comes of it."""
    was_sent_to = partial(context.is_mark_of, message.sent_to)
    try:
        async with context.database.transaction() as conn:
            await verify(conn, message, was_sent_to, now)
    except ValidationError as error:
        _log.error("applicant.unreadable", error=type(error).__name__)


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
    person = await leaving.addressee(conn, message)
    if person is None:
        return context.page("notice.html", words, status=200 if done else 410, notice="erased")
    status = 422 if fault else 200
    state = await answers.state(conn, person.candidate_id, now)
    if state is None:
        return context.page("ways_out.html", words, status=status, done=done, fault=fault)
    answered = await store.answered(conn, person.candidate_id, message.message_id)
    vacancy = await store.vacancy(conn, message.vacancy_id)
    view = candidate_view(state, message, answered, vacancy, now)
    return context.page("candidate.html", words, status=status, view=view, done=done, fault=fault)
