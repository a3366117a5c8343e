"""The short links in text messages: each leads to the link of full length that it stands for."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.intake.messages import short_links
from services.intake.pages.context import PageContext
from services.intake.pages.rendering import HEADERS


def routes(context: PageContext) -> APIRouter:
    """Makes `/t/{token}`."""
    router = APIRouter()

    @router.api_route("/t/{token}", methods=["GET", "HEAD"])
    async def lead_on(token: str, request: Request) -> Response:
        now, hashes = context.clock.now(), context.links.short_hashes(token)
        async with context.database.connection() as conn:
            link = await short_links.find(conn, hashes, now)
        if link is None:
            return context.nothing_here(request)
        url = context.links.url(link.purpose, link.claims, link.expires_at)
        return RedirectResponse(url, status_code=302, headers=HEADERS)

    return router
