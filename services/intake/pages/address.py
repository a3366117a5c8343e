"""Whether a new address is theirs: a link sent there shows it, once a button is pressed."""

from fastapi import APIRouter, Response

from services.intake.access import reading
from services.intake.pages.context import PageContext
from services.intake.pages.wording import texts
from shared.runtime.links import LinkPurpose


def routes(context: PageContext) -> APIRouter:
    """Makes `/v/{token}`."""
    router = APIRouter()

    @router.api_route("/v/{token}", methods=["GET", "HEAD"])
    async def ask(token: str) -> Response:
        message = context.linked_message(token, LinkPurpose.ADDRESS)
        if message is None:
            return context.nothing_here()
        async with context.database.connection() as conn:
            stage = await reading.asked(conn, message)
        return context.page(
            "address.html", texts(message.language), stage=stage, ended_for_number=False
        )

    @router.post("/v/{token}")
    async def confirm(token: str) -> Response:
        message = context.linked_message(token, LinkPurpose.ADDRESS)
        if message is None:
            return context.nothing_here()
        async with context.database.transaction() as conn:
            await context.numbers.begin_recording(conn)
            shown = await reading.verify(conn, context.numbers, message, context.clock.now())
            left = await reading.asked(conn, message)
        return context.page(
            "address.html",
            texts(message.language),
            stage=_done(shown) or left,
            ended_for_number=shown.ended_for_number,
        )

    return router


def _done(shown: reading.Shown) -> str | None:
    """Names what was shown to be theirs, if anything was."""
    if not shown.any:
        return None
    return "done_number" if shown.is_number else "done"
