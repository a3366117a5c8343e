"""`/v1/{provider}/inbound` and `/v1/{provider}/status`: what those call who carry our texts.

Calls come twice and out of order. A text message has one effect by its provider's id, and a message
of ours ends once: no later report takes its end back.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, HTTPException, Request, Response

from services.intake.consent.numbers import StoppedNumbers
from services.intake.pages.wording import texts
from services.intake.sms import inbound
from services.intake.sms.domain import InboundMessage, StatusReport
from services.intake.sms.meaning import Meaning
from services.intake.web.forms import read_body
from services.intake.webhooks.sms.provider import Call, SmsProvider
from shared.contract.events.cloudevents import Unreadable
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database
from shared.runtime.threads import beside

_log = structlog.get_logger()


def routes(
    database: Database,
    clock: Clock,
    numbers: StoppedNumbers,
    providers: Mapping[str, SmsProvider | None],
    *,
    public_url: str,
    employer: str,
) -> APIRouter:
    """Makes both routes for each provider; where there is None, they refuse all."""
    router = APIRouter(include_in_schema=False)

    def heard_by(provider: SmsProvider | None) -> Callable[[Request], Awaitable[Response]]:
        async def hear(request: Request) -> Response:
            call = await _call(request, public_url)
            if provider is None or not provider.believes(call):
                raise HTTPException(403, "sign the request as this employer's account does")
            [said] = await beside(partial(_read, provider), [call])
            if said is None:
                return Response(status_code=204)
            async with database.transaction() as conn:
                if isinstance(said, StatusReport):
                    await inbound.take_report(conn, numbers, said, clock.now())
                    return Response(status_code=204)
                await inbound.receive(conn, numbers, said, clock.now())
                if said.meaning is not Meaning.HELP:
                    return provider.answer(None)
                words = texts(await inbound.language_of(conn, said.phone))
            return provider.answer(words.say("sms.help", employer=employer).unescape())

        return hear

    for name, provider in providers.items():
        for about in ("inbound", "status"):
            router.add_api_route(f"/v1/{name}/{about}", heard_by(provider), methods=["POST"])
    return router


async def _call(request: Request, public_url: str) -> Call:
    url = f"{public_url.rstrip('/')}{request.url.path}"
    if request.url.query:
        url = f"{url}?{request.url.query}"
    return Call(url, request.query_params, request.headers, await read_body(request))


def _read(provider: SmsProvider, call: Call) -> InboundMessage | StatusReport | None:
    try:
        return provider.read(call)
    except Unreadable as fault:
        _log.warning("sms.unreadable_call", path=urlsplit(call.url).path, reason=fault.reason)
        raise HTTPException(400, fault.detail) from None
