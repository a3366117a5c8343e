"""One-click unsubscribe (RFC 8058): the mail client's POST acts at once, a GET only asks."""

from fastapi import APIRouter, Request, Response

from services.intake.consent import leaving
from services.intake.pages.context import PageContext
from services.intake.pages.wording import texts
from services.intake.web.forms import read_form
from shared.runtime.links import LinkPurpose


def routes(context: PageContext) -> APIRouter:
    """Makes `/u/{token}`."""
    router = APIRouter()

    @router.api_route("/u/{token}", methods=["GET", "HEAD"])
    async def ask(token: str, request: Request) -> Response:
        message = await context.own_message(token, LinkPurpose.UNSUBSCRIBE)
        if message is None:
            return context.nothing_here(request)
        return context.page("unsubscribe.html", texts(message.language), done=False)

    @router.post("/u/{token}")
    async def unsubscribe(token: str, request: Request) -> Response:
        now = context.clock.now()
        message = await context.own_message(token, LinkPurpose.UNSUBSCRIBE)
        if message is None:
            return context.nothing_here(request)
        words = texts(message.language)
        form = await read_form(request)
        if form.get("List-Unsubscribe") != ["One-Click"]:
            return context.page("unsubscribe.html", words, status=422, done=False)
        async with context.database.transaction() as conn:
            await leaving.unsubscribe(conn, message, now)
        return context.page("unsubscribe.html", words, done=True)

    return router
