"""The recruiter's page about somebody who would like to talk; a POST says what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import asyncpg
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from services.intake.consent import answers
from services.intake.consent.domain import open_channels
from services.intake.interests import recording, store
from services.intake.interests.domain import choices, is_shown, read_end
from services.intake.interests.involvements import Involvement, involvements
from services.intake.interests.store import Interest
from services.intake.pages.context import PageContext
from services.intake.pages.interest_wording import ending_said, interest_url
from services.intake.pages.since_wording import gap_asked, going_on
from services.intake.pages.wording import Texts, texts
from services.intake.privacy import store as privacy
from services.intake.vacancies.domain import SourcePolicy
from services.intake.web.forms import read_form
from shared.contract.events.responses import Answer
from shared.contract.events.shortfalls import Shortfall
from shared.runtime import audit
from shared.runtime.links import LinkPurpose


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """Somebody who waits for an answer, and the page about them."""

    interest_id: str
    candidate_id: str
    name: str
    vacancy_title: str | None
    said: Markup
    """What they wait with, and since when."""
    url: str


def routes(context: PageContext, policy: SourcePolicy) -> APIRouter:
    """Makes `/i/{token}`."""
    router = APIRouter()
    show_page = partial(_page, context, policy)

    @router.api_route("/i/{token}", methods=["GET", "HEAD"])
    async def show(token: str, request: Request) -> Response:
        now = context.clock.now()
        claims = context.claims(token, LinkPurpose.INTEREST, now)
        if claims is None:
            return context.nothing_here(request)
        async with context.database.transaction() as conn:
            return await show_page(conn, claims, now, sees=request.method != "HEAD")

    @router.post("/i/{token}")
    async def end(token: str, request: Request) -> Response:
        now = context.clock.now()
        claims = context.claims(token, LinkPurpose.INTEREST, now)
        if claims is None:
            return context.nothing_here(request)
        ended_as = read_end(await read_form(request))
        async with context.database.transaction() as conn:
            if ended_as is None:
                return await show_page(conn, claims, now, note="unknown", status=422)
            interest = await store.find(conn, claims["interest"], claims["recruiter"])
            if interest is None:
                return await _gone(context, conn, claims)
            if not is_shown(interest.ending, now):
                return await show_page(conn, claims, now, note="over")
            news = await recording.end(conn, claims["interest"], claims["recruiter"], ended_as, now)
            if news:
                who, about = audit.recruiter(claims["recruiter"]), [interest.candidate_id]
                await audit.note(conn, who, f"interest_{ended_as}", about, now, claims["interest"])
            return await show_page(conn, claims, now, note=ended_as if news else "nothing")

    return router


async def links_to_waiting(
    context: PageContext,
    words: Texts,
    conn: asyncpg.Connection,
    recruiter_id: str,
    now: datetime,
    vacancy_id: str | None = None,
) -> Sequence[WaitingLink]:
    """Returns those who wait for an answer from a recruiter, each with the page about them."""
    waiting = await store.waiting(conn, recruiter_id, vacancy_id)
    return [
        WaitingLink(
            one.interest_id,
            one.candidate_id,
            one.name,
            one.vacancy_title,
            _waits_with(one, words),
            interest_url(context, words, recruiter_id, one.interest_id, now),
        )
        for one in waiting
    ]


async def _page(
    context: PageContext,
    policy: SourcePolicy,
    conn: asyncpg.Connection,
    claims: dict[str, str],
    now: datetime,
    *,
    note: str | None = None,
    status: int = 200,
    sees: bool = True,
) -> Response:
    words = texts(claims.get("language"))
    interest = await store.find(conn, claims["interest"], claims["recruiter"])
    if interest is None:
        return await _gone(context, conn, claims)
    shown = is_shown(interest.ending, now)
    elsewhere = await _elsewhere(conn, interest, policy) if shown else []
    if not shown:
        interest = replace(interest, name="", emails=[], phone=None)
    waiting = await links_to_waiting(context, words, conn, claims["recruiter"], now)
    if sees:
        others = {each.candidate_id for each in waiting}
        seen = {interest.candidate_id, *others} if shown else others
        who = audit.recruiter(claims["recruiter"])
        await audit.note(conn, who, "interest_seen", seen, now, interest.interest_id)
    person = await answers.state(conn, interest.candidate_id, now)
    particulars = (await store.particulars(conn, [interest.interest_id]))[interest.interest_id]
    told_no = interest.ending is not None and interest.ending.was_told_no
    return context.page(
        "interest.html",
        words,
        status=status,
        interest=interest,
        said=_said(interest, particulars.shortfalls, words),
        ended=ending_said(interest.ending, words, interest.hired_as) if interest.ending else None,
        choices=choices(interest.ending, now),
        note="told_no" if note == "nothing" and told_no else note,
        told_no=told_no,
        shown=shown,
        silent=shown and person is not None and not open_channels(person),
        elsewhere=going_on(elsewhere, now, words),
        waiting=[one for one in waiting if one.interest_id != interest.interest_id],
    )


async def _gone(context: PageContext, conn: asyncpg.Connection, claims: dict[str, str]) -> Response:
    """Says that whoever it was about has asked to be erased, if that is why there is nothing."""
    erased = await privacy.asked_to_be_erased(conn, claims["interest"])
    status, notice = (410, "person_erased") if erased else (404, "nothing_here")
    words = texts(claims.get("language"))
    return context.page("notice.html", words, status=status, notice=notice)


def _waits_with(one: Interest, words: Texts) -> Markup:
    said = "were_talking" if one.closed_at else one.answer
    return words.say("interest_page.waits", said, day=words.day(one.closed_at or one.raised_at))


async def _elsewhere(
    conn: asyncpg.Connection, interest: Interest, policy: SourcePolicy
) -> list[Involvement]:
    """Returns what else goes on with them that the vacancy's recruiters may learn of."""
    found = await involvements(conn, [interest.candidate_id], policy.sees(interest.source))
    return [
        one
        for one in found.get(interest.candidate_id, ())
        if one.interest_id != interest.interest_id
        and (one.answer or one.vacancy_id != interest.vacancy_id)
    ]


def _said(interest: Interest, shortfalls: Sequence[Shortfall], words: Texts) -> Markup:
    has_it_now = interest.answer is Answer.HAS_IT_NOW
    if has_it_now and shortfalls:
        has = Markup("; ").join(gap_asked(gap, words) for gap in shortfalls)
        return words.say("interest_page.has_it_now.named", what=has)
    said = "has_it_now" if has_it_now else "answer_to"
    return words.name("interest_page", said, interest.purpose or "unknown")
