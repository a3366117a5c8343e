"""One-click unsubscribe (RFC 8058): the mail client's POST acts at once, a GET only asks."""

from fastapi import APIRouter, Request, Response

from services.intake import answers
from services.intake.domain.answers import Letter
from services.intake.forms import read_form
from services.intake.pages.door import Door
from shared.runtime.links import LinkPurpose


def routes(door: Door) -> APIRouter:
    """Makes `/u/{token}`."""
    router = APIRouter()

    @router.api_route("/u/{token}", methods=["GET", "HEAD"])
    async def ask(token: str) -> Response:
        if door.claims(token, LinkPurpose.UNSUBSCRIBE, door.clock.now()) is None:
            return door.nothing_here()
        return door.page("unsubscribe.html", done=False)

    @router.post("/u/{token}")
    async def unsubscribe(token: str, request: Request) -> Response:
        now = door.clock.now()
        claims = door.claims(token, LinkPurpose.UNSUBSCRIBE, now)
        if claims is None:
            return door.nothing_here()
        form = await read_form(request)
        if form.get("List-Unsubscribe") != ["One-Click"]:
            return door.page("unsubscribe.html", status=422, done=False)
        async with door.database.transaction() as conn:
            await answers.unsubscribe(conn, Letter.of(claims), now)
        return door.page("unsubscribe.html", done=True)

    return router
