"""What Twilio calls: text messages that people sent us, and how ours ended.

Twilio repeats and reorders its calls. A text message has one effect by its `MessageSid`, and a
message of ours ends once: no later report takes its end back.
"""

from xml.sax.saxutils import escape

from fastapi import APIRouter, HTTPException, Request, Response

from services.intake.sms import inbound
from services.intake.sms.domain import InboundMessage, StatusReport
from services.intake.web.forms import parameters, read_body
from services.intake.webhooks.twilio_signature import is_genuine
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database

_EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>{}</Message></Response>'


def routes(
    database: Database, clock: Clock, *, auth_token: str | None, public_url: str, help_text: str
) -> APIRouter:
    """Makes `/v1/twilio/inbound` and `/v1/twilio/status`; without an auth token they refuse all."""
    router = APIRouter(include_in_schema=False)

    async def signed_form(request: Request) -> dict[str, str]:
        """Returns the form if Twilio signed it for this URL as it is known in public."""
        form = parameters(await read_body(request))
        url = f"{public_url.rstrip('/')}{request.url.path}"
        if request.url.query:
            url = f"{url}?{request.url.query}"
        given = request.headers.get("x-twilio-signature", "")
        if auth_token is None or not is_genuine(given, auth_token, url, form):
            raise HTTPException(403, "sign the request with this account's auth token")
        return dict(form)

    @router.post("/v1/twilio/inbound")
    async def receive(request: Request) -> Response:
        message = InboundMessage.of(await signed_form(request))
        async with database.transaction() as conn:
            asked_for_help = await inbound.receive(conn, message, clock.now())
        answer = _REPLY.format(escape(help_text)) if asked_for_help else _EMPTY
        return Response(answer, media_type="text/xml")

    @router.post("/v1/twilio/status")
    async def report_status(request: Request) -> Response:
        report = StatusReport.of(await signed_form(request), request.query_params)
        if report is not None:
            async with database.transaction() as conn:
                await inbound.take_report(conn, report, clock.now())
        return Response(status_code=204)

    return router
