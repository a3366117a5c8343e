"""What Twilio calls: text messages that people sent us, and how ours ended.

Twilio repeats and reorders its calls. A text message has one effect by its `MessageSid`, and a
message of ours ends once: no later report takes its end back.
"""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

import structlog
from fastapi import APIRouter, HTTPException, Request, Response

from services.intake.applicants.domain.identity import normal_phone
from services.intake.consent.numbers import StoppedNumbers
from services.intake.pages.wording import texts
from services.intake.sms import inbound
from services.intake.sms.domain import InboundMessage, StatusReport
from services.intake.sms.meaning import Meaning, meaning_of
from services.intake.web.forms import parameters, read_body
from services.intake.webhooks.twilio_signature import is_genuine
from shared.contract.events.responses import DeliveryOutcome
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database

PROVIDER = "twilio"
LONGEST_TEXT = 1600
"""Twilio's own limit, in characters."""
LONGEST_FIELD = 255
"""Far above any id or number of Twilio's."""

_ABROAD = re.compile(r"^00(?=[1-9])")
"""How a number that begins with a country is dialled in most of them."""

_log = structlog.get_logger()

_EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>{}</Message></Response>'

_OPTED_OUT = "21610"
_DEAD_NUMBER = {"30005", "30006", "21211", "21614"}
"""The codes for: unknown handset, landline or unreachable carrier, invalid, not mobile."""

_OUTCOMES = {
    "delivered": DeliveryOutcome.DELIVERED,
    "read": DeliveryOutcome.DELIVERED,
    "undelivered": DeliveryOutcome.BOUNCED,
    "failed": DeliveryOutcome.FAILED,
    "canceled": DeliveryOutcome.FAILED,
}
"""The final statuses; any other is on the way to one of them."""


def routes(
    database: Database,
    clock: Clock,
    numbers: StoppedNumbers,
    *,
    auth_token: str | None,
    public_url: str,
    employer: str,
    country: str,
) -> APIRouter:
    """Makes `/v1/twilio/inbound` and `/v1/twilio/status`; without an auth token they refuse all.

    `country` is where a number without one is dialled.
    """
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
        message = inbound_message(await signed_form(request), country)
        async with database.transaction() as conn:
            await inbound.receive(conn, numbers, message, clock.now())
            if message.meaning is not Meaning.HELP:
                return Response(_EMPTY, media_type="text/xml")
            words = texts(await inbound.language_of(conn, message.phone))
        answer = words.say("sms.help", employer=employer).unescape()
        return Response(_REPLY.format(escape(answer)), media_type="text/xml")

    @router.post("/v1/twilio/status")
    async def report_status(request: Request) -> Response:
        report = status_report(await signed_form(request), request.query_params, country)
        if report is not None:
            async with database.transaction() as conn:
                await inbound.take_report(conn, numbers, report, clock.now())
        return Response(status_code=204)

    return router


def inbound_message(form: Mapping[str, str], country: str) -> InboundMessage:
    """Reads a text message; Twilio's own verdict on opt-outs comes before the words."""
    text = form.get("Body", "").replace("\0", "")[:LONGEST_TEXT]
    verdict = form.get("OptOutType", "").lower()
    meaning = Meaning(verdict) if verdict in set(Meaning) else meaning_of(text)
    phone = _number(form, "From", country)
    return InboundMessage(PROVIDER, _needed(form, "MessageSid"), phone, meaning, text)


def status_report(
    form: Mapping[str, str], query: Mapping[str, str], country: str
) -> StatusReport | None:
    """Reads a status callback; None if the message has not ended or is none of ours."""
    outcome = _OUTCOMES.get(form.get("MessageStatus", ""))
    if not (outcome and "message" in query and "candidate" in query):
        return None
    code = form.get("ErrorCode", "")
    return StatusReport(
        message_id=_needed(query, "message"),
        candidate_id=_needed(query, "candidate"),
        phone=_number(form, "To", country),
        outcome=DeliveryOutcome.OPTED_OUT if code == _OPTED_OUT else outcome,
        address_is_dead=code in _DEAD_NUMBER,
    )


def _number(form: Mapping[str, str], name: str, country: str) -> str:
    """Returns a number as the record has it, however its channel writes it."""
    _, _, dialled = _needed(form, name).strip().rpartition(":")
    number = normal_phone(_ABROAD.sub("+", dialled), country)
    if number is None:
        _log.warning("twilio.unreadable_number", field=name)
        raise HTTPException(400, f"send {name} as a telephone number, such as +49 1512 3456789")
    return number


def _needed(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "")
    if not (value.isprintable() and 1 <= len(value) <= LONGEST_FIELD):
        raise HTTPException(400, f"send {name} as Twilio does, in up to {LONGEST_FIELD} characters")
    return value
