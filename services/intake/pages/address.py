"""Whether a new address is theirs: a link sent there shows it, once a button is pressed."""

from fastapi import APIRouter, Request, Response

from services.intake.access import reading
from services.intake.consent.domain import LinkedMessage
from services.intake.pages.context import PageContext
from services.intake.pages.wording import texts
from shared.contract.events.purposes import Purpose
from shared.runtime.links import LinkPurpose


def routes(context: PageContext) -> APIRouter:
    """Makes `/v/{token}`."""
    router = APIRouter()

    @router.api_route("/v/{token}", methods=["GET", "HEAD"])
    async def ask(token: str, request: Request) -> Response:
        message = context.linked_message(token, LinkPurpose.ADDRESS)
        if message is None:
            return context.nothing_here(request)
        async with context.database.connection() as conn:
            stage = await reading.asked(conn, message)
        return _page(context, message, stage)

    @router.post("/v/{token}")
    async def confirm(token: str, request: Request) -> Response:
        message = context.linked_message(token, LinkPurpose.ADDRESS)
        if message is None:
            return context.nothing_here(request)
        async with context.database.transaction() as conn:
            await context.numbers.begin_recording(conn)
            shown = await reading.verify(conn, context.numbers, message, context.clock.now())
            left = await reading.asked(conn, message)
        return _page(context, message, _done(shown) or left, ended=shown.ended_for_number)

    return router


def _page(
    context: PageContext, message: LinkedMessage, stage: str, *, ended: bool = False
) -> Response:
    return context.page(
        "address.html",
        texts(message.language),
        stage=stage,
        ended_for_number=ended,
        choices=context.choices(message, Purpose.ADDRESS, context.clock.now()),
    )


def _done(shown: reading.Shown) -> str | None:
    """Names what was shown to be theirs, if anything was."""
    if not shown.any:
        return None
    return "done_number" if shown.is_number else "done"
