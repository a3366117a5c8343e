"""`/v1/mail/{provider}`: where those who carry our mails tell what became of them.

Calls come twice and out of order; each end of a mail counts once. A provider that is not configured
is believed nothing.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from services.intake.mail import reports, store
from services.intake.web.forms import read_body
from services.intake.web.problems import Problem
from services.intake.webhooks.mail.provider import Call, MailProvider, NotBelieved, NotNow
from shared.contract.events.cloudevents import Unreadable
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database

LARGEST = 1024 * 1024

_NOT_BELIEVED = "sign the request as this employer's account does"


def routes(database: Database, clock: Clock, providers: Mapping[str, MailProvider]) -> APIRouter:
    """Makes the one route for all providers."""
    router = APIRouter(include_in_schema=False)

    @router.post("/v1/mail/{provider}")
    async def receive(provider: str, request: Request) -> Response:
        body = await read_body(request, LARGEST)
        call = Call(body, request.headers, datetime.now(UTC))  # machine clock
        carrier = providers.get(provider)
        if carrier is None:
            raise Problem(403, _NOT_BELIEVED)
        try:
            heard = await carrier.hear(call)
        except NotBelieved:
            raise Problem(403, _NOT_BELIEVED) from None
        except NotNow:
            raise Problem(503, "send the same again later") from None
        except Unreadable as fault:
            raise Problem(400, fault.detail) from None
        async with database.transaction() as conn:
            if heard.token is None or await store.first(conn, heard.token, call.at):
                await reports.take(conn, heard.reports, clock.now())
        return Response(status_code=200)

    return router
