"""The recruiter's page about what somebody wrote; a POST says that it was read, or what it says.

Where it answers an invitation, that counts as though the person had said it on their page.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, Literal
from urllib.parse import quote, urlencode

import asyncpg
from fastapi import APIRouter, Request, Response

from services.intake.consent import answers
from services.intake.consent import store as consent
from services.intake.consent.domain import ContactAnswer, SimpleAnswer
from services.intake.consent.forms import InvalidAnswer
from services.intake.mailbox import store
from services.intake.mailbox.store import Reply
from services.intake.pages.context import PageContext
from services.intake.pages.wording import texts
from services.intake.replies.looking import read_mail
from services.intake.web.fields import one
from services.intake.web.forms import read_form
from shared.contract.events.purposes import INVITING
from shared.contract.events.responses import Answer
from shared.runtime import audit
from shared.runtime.links import LinkPurpose

_DONE = ("read", "stop")
_NOT_NOW: Final = ContactAnswer(Answer.NOT_NOW)
_SAYS: Final[Mapping[str, Sequence[ContactAnswer | Literal[SimpleAnswer.NOT_LOOKING]]]] = {
    Answer.INTERESTED: [ContactAnswer(Answer.INTERESTED)],
    Answer.NOT_NOW: [_NOT_NOW],
    SimpleAnswer.NOT_LOOKING: [_NOT_NOW, SimpleAnswer.NOT_LOOKING],
}
"""What a mail may say, and what each of it answers."""


def routes(context: PageContext) -> APIRouter:
    """Makes `/r/{token}`."""
    router = APIRouter()
    show_page = partial(_page, context)

    @router.api_route("/r/{token}", methods=["GET", "HEAD"])
    async def show(token: str, request: Request) -> Response:
        claims = context.claims(token, LinkPurpose.REPLY, context.clock.now())
        if claims is None:
            return context.nothing_here(request)
        async with context.database.connection() as conn:
            return await show_page(conn, claims)

    @router.post("/r/{token}")
    async def end(token: str, request: Request) -> Response:
        now = context.clock.now()
        claims = context.claims(token, LinkPurpose.REPLY, now)
        done = one(await read_form(request), "do")
        if claims is None:
            return context.nothing_here(request)
        async with context.database.transaction() as conn:
            if done not in _DONE and done not in _SAYS:
                return await show_page(conn, claims, note="unknown", status=422)
            try:
                news = done in _SAYS and await _answer(context, conn, claims, done, now)
            except InvalidAnswer:
                return await show_page(conn, claims, note="too_late")
            news |= await _read(conn, claims, now, stop=done == "stop")
            return await show_page(conn, claims, note=done if news else "nothing")

    return router


async def _answer(
    context: PageContext,
    conn: asyncpg.Connection,
    claims: dict[str, str],
    says: str,
    now: datetime,
) -> bool:
    """Has it count what a recruiter reads in a mail; tells whether that is news.

    Raises InvalidAnswer where it can be said no more.
    """
    reply = await store.find(conn, claims["reply"], claims["recruiter"])
    if reply is None:
        return False
    if says not in await _offered(conn, reply):
        raise InvalidAnswer("closed")
    news = False
    for each in _SAYS[says]:
        whose = (reply.applicant_key, reply.message)
        news |= await answers.take_as_read(conn, context.numbers, *whose, each, now)
    if news:
        who = audit.recruiter(claims["recruiter"])
        await audit.note(conn, who, f"reply_{says}", [reply.candidate_id], now, claims["reply"])
    return news


async def _offered(conn: asyncpg.Connection, reply: Reply) -> list[str]:
    """Lists what a mail may be said to say: nothing where they said more since.

    No vacancy that has closed is said yes to.
    """
    message = reply.message
    if message.purpose not in INVITING or reply.said_more_since:
        return []
    is_closed = (await consent.vacancy(conn, message.vacancy_id)).is_closed
    return [says for says in _SAYS if not (is_closed and says == Answer.INTERESTED)]


async def _read(
    conn: asyncpg.Connection, claims: dict[str, str], now: datetime, *, stop: bool
) -> bool:
    reply = await store.find(conn, claims["reply"], claims["recruiter"])
    return reply is not None and await read_mail(
        conn, reply.candidate_id, claims["reply"], now, stop=stop
    )


async def _page(
    context: PageContext,
    conn: asyncpg.Connection,
    claims: dict[str, str],
    *,
    note: str | None = None,
    status: int = 200,
) -> Response:
    words = texts(claims.get("language"))
    reply = await store.find(conn, claims["reply"], claims["recruiter"])
    if reply is None:
        return context.page("notice.html", words, status=404, notice="nothing_here")
    return context.page(
        "reply.html",
        words,
        status=status,
        reply=reply,
        answers_at=_answers_at(reply) if reply.email else None,
        says=await _offered(conn, reply),
        said_later=reply.said_more_since and reply.message.purpose in INVITING,
        note=note,
    )


def _answers_at(reply: Reply) -> str:
    """Links to a mail that goes on their own thread (RFC 6068)."""
    thread = {"In-Reply-To": reply.mail_id} if reply.mail_id else {}
    return f"mailto:{quote(reply.email or '')}?{urlencode(thread, quote_via=quote)}".rstrip("?")
