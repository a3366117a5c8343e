"""The recruiter's page about what somebody wrote back; a POST says that it was read."""

from datetime import datetime
from functools import partial
from urllib.parse import quote, urlencode

import asyncpg
from fastapi import APIRouter, Request, Response

from services.intake.mailbox import store
from services.intake.mailbox.store import Reply
from services.intake.pages.context import PageContext
from services.intake.pages.wording import texts
from services.intake.replies.looking import read_mail
from services.intake.web.fields import one
from services.intake.web.forms import read_form
from shared.runtime.links import LinkPurpose

_DONE = ("read", "stop")


def routes(context: PageContext) -> APIRouter:
    """Makes `/r/{token}`."""
    router = APIRouter()
    show_page = partial(_page, context)

    @router.api_route("/r/{token}", methods=["GET", "HEAD"])
    async def show(token: str) -> Response:
        claims = context.claims(token, LinkPurpose.REPLY, context.clock.now())
        if claims is None:
            return context.nothing_here()
        async with context.database.connection() as conn:
            return await show_page(conn, claims)

    @router.post("/r/{token}")
    async def end(token: str, request: Request) -> Response:
        now = context.clock.now()
        claims = context.claims(token, LinkPurpose.REPLY, now)
        done = one(await read_form(request), "do")
        if claims is None:
            return context.nothing_here()
        async with context.database.transaction() as conn:
            if done not in _DONE:
                return await show_page(conn, claims, note="unknown", status=422)
            news = await _read(conn, claims, now, stop=done == "stop")
            return await show_page(conn, claims, note=done if news else "nothing")

    return router


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
    reply = await store.find(conn, claims["reply"], claims["recruiter"])
    if reply is None:
        return context.nothing_here()
    words = texts(claims.get("language"))
    answers = _answers_at(reply) if reply.email else None
    return context.page(
        "reply.html", words, status=status, reply=reply, answers_at=answers, note=note
    )


def _answers_at(reply: Reply) -> str:
    """Links to a mail that goes on their own thread (RFC 6068)."""
    thread = {"In-Reply-To": reply.mail_id} if reply.mail_id else {}
    return f"mailto:{quote(reply.email or '')}?{urlencode(thread, quote_via=quote)}".rstrip("?")
