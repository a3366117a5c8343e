"""The page at the door: what this is, for whoever comes by without a link."""

from fastapi import APIRouter, Request, Response

from services.intake.pages.context import PageContext


def routes(context: PageContext) -> APIRouter:
    """Makes `/`."""
    router = APIRouter()

    @router.api_route("/", methods=["GET", "HEAD"])
    async def show(request: Request) -> Response:
        return context.page("notice.html", context.words(request), notice="home")

    return router
