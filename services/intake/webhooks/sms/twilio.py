"""Twilio: what it signs, and how it tells of text messages to us and of the end of ours."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from fastapi import Response

from services.intake.sms.domain import InboundMessage, StatusReport
from services.intake.sms.meaning import Meaning
from services.intake.web.forms import parameters
from services.intake.webhooks.sms.provider import Call, needed, normal_number, text_message
from services.intake.webhooks.sms.twilio_signature import is_genuine
from shared.contract.events.responses import DeliveryOutcome

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


class Twilio:
    """One account: it signs the URL and the form with its auth token."""

    def __init__(self, auth_token: str, country: str) -> None:
        self._auth_token = auth_token
        self._country = country

    def believes(self, call: Call) -> bool:
        """Tells whether Twilio signed this form for this URL."""
        given = call.headers.get("x-twilio-signature", "")
        return is_genuine(given, self._auth_token, call.url, parameters(call.body))

    def read(self, call: Call) -> InboundMessage | StatusReport | None:
        """Reads by the address that was called: a form does not always say what it is about."""
        form = dict(parameters(call.body))
        if urlsplit(call.url).path.endswith("/status"):
            return self._report(form, call.query)
        return self._message(form)

    def answer(self, words: str | None) -> Response:
        """Answers in TwiML, which sends the words."""
        said = _REPLY.format(escape(words)) if words else _EMPTY
        return Response(said, media_type="text/xml")

    def _message(self, form: Mapping[str, str]) -> InboundMessage:
        said = form.get("OptOutType", "").lower()
        verdict = Meaning(said) if said in set(Meaning) else None
        message_id, phone = needed(form, "MessageSid"), self._number(form, "From")
        return text_message("twilio", message_id, phone, form.get("Body", ""), verdict)

    def _report(self, form: Mapping[str, str], query: Mapping[str, str]) -> StatusReport | None:
        """Returns None if the message has not ended or is none of ours."""
        outcome = _OUTCOMES.get(form.get("MessageStatus", ""))
        if not (outcome and "message" in query and "candidate" in query):
            return None
        code = form.get("ErrorCode", "")
        return StatusReport(
            message_id=needed(query, "message"),
            candidate_id=needed(query, "candidate"),
            phone=self._number(form, "To"),
            outcome=DeliveryOutcome.OPTED_OUT if code == _OPTED_OUT else outcome,
            address_is_dead=code in _DEAD_NUMBER,
        )

    def _number(self, form: Mapping[str, str], name: str) -> str:
        """Returns a number, before which Twilio writes the channel where it is not SMS."""
        _, _, dialled = needed(form, name).strip().rpartition(":")
        return normal_number(dialled, name, self._country)
