"""The candidate's page: GET shows and changes nothing, POST acts and shows what now holds."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import structlog
from fastapi import APIRouter, Request, Response

from services.intake.applicants.store.people import RecordUnreadable
from services.intake.consent import addressee, answers, store
from services.intake.consent.domain import LinkedMessage, lacking
from services.intake.consent.forms import InvalidAnswer
from services.intake.consent.verification import verify
from services.intake.interests.store import course, recruiters, sent_at
from services.intake.pages import history
from services.intake.pages.candidate_view import candidate_view
from services.intake.pages.context import PageContext
from services.intake.pages.wording import texts
from services.intake.web.fields import Form
from services.intake.web.forms import read_form
from shared.contract.events.people import Consent
from shared.contract.events.purposes import RULES, Purpose
from shared.contract.events.responses import Answer
from shared.runtime.links import LinkPurpose

_log = structlog.get_logger()

_ABOUT_ROLES = frozenset({Answer.HAS_IT_NOW, Answer.NEWS, Answer.STILL_LOOKING})
"""The answers that make us look for a role, for whoever agreed to hear of one."""


def routes(context: PageContext) -> APIRouter:
    """Makes `/c/{token}`."""
    router = APIRouter()

    @router.api_route("/c/{token}", methods=["GET", "HEAD"])
    async def show(token: str, request: Request) -> Response:
        now = context.clock.now()
        message = await context.own_message(token, LinkPurpose.CANDIDATE)
        if message is None:
            return context.nothing_here(request)
        async with context.database.connection() as conn:
            return await _page(context, conn, message, now, asked_for=_asked_for(request))

    @router.post("/c/{token}")
    async def answer(token: str, request: Request) -> Response:
        now = context.clock.now()
        message = await context.own_message(token, LinkPurpose.CANDIDATE)
        if message is None:
            return context.nothing_here(request)
        form = await read_form(request)
        done, fault = None, None
        try:
            async with context.database.transaction() as conn:
                done = await answers.take(
                    conn, context.erasure, context.numbers, message, form, now
                )
            await _verify(context, message, now)
        except InvalidAnswer as misread:
            fault = misread.fault
        sent, asked_for = (form, _asked_for(request)) if fault else (None, False)
        async with context.database.connection() as conn:
            return await _page(
                context, conn, message, now, done=done, fault=fault, sent=sent, asked_for=asked_for
            )

    return router


def _asked_for(request: Request) -> bool:
    """Tells whether somebody who is asked nothing wants to see the question about the hat."""
    return "ask" in request.query_params


async def _verify(context: PageContext, message: LinkedMessage, now: datetime) -> None:
    """Learns from an answer who is one person; what was answered holds, whatever comes of it."""
    try:
        async with context.database.transaction() as conn:
            await verify(conn, message, message.was_sent_to, now)
    except RecordUnreadable as error:
        _log.error("applicant.unreadable", error=type(error).__name__)


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
    person = await addressee.find(conn, message)
    if person is None:
        return context.page("notice.html", words, status=200 if done else 410, notice="erased")
    status = 422 if fault else 200
    state = await answers.state(conn, person.candidate_id, now)
    if state is None:
        return context.page("ways_out.html", words, status=status, done=done, fault=fault)
    answered = await store.answered(conn, person.candidate_id, message.message_id)
    vacancy = await store.vacancy(conn, message.vacancy_id)
    lacked = lacking(state, message)
    role = {
        Answer.INTERESTED: message.vacancy_id,
        Answer.HAS_IT_NOW: lacked.vacancy_id if lacked else message.vacancy_id,
    }
    hearing = await recruiters(conn, set(role.values()))
    unheard = {answer for answer, vacancy_id in role.items() if not hearing[vacancy_id]}
    left_at = await sent_at(conn, person.candidate_id, message.message_id)
    view = candidate_view(
        state,
        await answers.channels(conn, context.numbers, message, person, state),
        message,
        answered,
        vacancy,
        now,
        vocabulary=await store.vocabulary(conn, state.sources),
        course=await course(conn, person.candidate_id, message),
        told_news=await store.told(conn, person.candidate_id, left_at or now),
        continued=await store.continued(conn, person.candidate_id),
        letter=history.of_letter(message, left_at or now),
        has_it=await course(conn, person.candidate_id, message, Answer.HAS_IT_NOW),
        unheard=unheard,
        sent=sent,
        asked_for=asked_for,
    )
    said = _said(done, state.consents)
    if done in unheard:
        said = f"{said}_unheard"
    return context.page("candidate.html", words, status=status, view=view, done=said, fault=fault)


def _said(done: str | None, consents: Sequence[Consent]) -> str | None:
    """Returns what is said of an answer; of roles only to whoever agreed to hear of one."""
    agreed = {consent.purpose for consent in consents}
    if done not in _ABOUT_ROLES or agreed & RULES[Purpose.INVITATION].consents:
        return done
    return f"{done}_now_and_then" if agreed else f"{done}_outside_hat"
