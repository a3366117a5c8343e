"""Where people ask for a link that they have lost; nobody learns whose address is known."""

from fastapi import APIRouter, Request, Response

from services.intake.access.lost_links import is_reachable, request_link
from services.intake.pages.context import PageContext
from services.intake.shortlists.lost_links import request_links
from services.intake.web.fields import one
from services.intake.web.forms import read_form

PATH = "/lost-link"


def routes(context: PageContext, country: str) -> APIRouter:
    """Makes the page, which answers the same to every address and number of that country.

    What can be neither tells nothing of anybody, so it is given back to be written anew.
    """
    router = APIRouter()

    @router.api_route(PATH, methods=["GET", "HEAD"])
    async def ask(request: Request) -> Response:
        return context.page("lost_link.html", context.words(request))

    @router.post(PATH)
    async def send(request: Request) -> Response:
        address = one(await read_form(request), "address")
        if not is_reachable(address, country):
            return context.page("lost_link.html", context.words(request), status=422, wrong=address)
        now = context.clock.now()
        async with context.database.transaction() as conn:
            await request_links(conn, address, now)
            await request_link(conn, context.numbers, address, country, now)
        return context.page("lost_link.html", context.words(request), done=True)

    return router
