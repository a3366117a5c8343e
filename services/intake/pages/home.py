"""The page at the door: what this is, for whoever comes by without a link."""

from fastapi import APIRouter, Response

from services.intake.pages.context import PageContext
from services.intake.pages.wording import texts


def routes(context: PageContext) -> APIRouter:
    """Makes `/`."""
    router = APIRouter()

    @router.api_route("/", methods=["GET", "HEAD"])
    async def show() -> Response:
        return context.page("notice.html", texts(), notice="home")

    return router
