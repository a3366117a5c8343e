"""SendGrid's signed event webhook: a list of events, each with the mark of its mail.

Source: sendgrid-python's `helpers/eventwebhook`. The time is signed and its age is not judged: a
call that comes again, however late, says nothing new of a mail.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import Field, RootModel

from services.intake.mail.domain import ends_address
from services.intake.webhooks.mail.provider import Call, Ending, Heard, NotBelieved, reports_of
from services.intake.webhooks.saying import Read
from shared.contract.events.bodies import read_body
from shared.contract.events.responses import DeliveryOutcome
from shared.contract.mail_marks import read_mark

_SIGNATURE = "x-twilio-email-event-webhook-signature"
_TIMESTAMP = "x-twilio-email-event-webhook-timestamp"

_SAID: Mapping[str, DeliveryOutcome] = {
    "delivered": DeliveryOutcome.DELIVERED,
    "spamreport": DeliveryOutcome.COMPLAINED,
    "unsubscribe": DeliveryOutcome.OPTED_OUT,
    "group_unsubscribe": DeliveryOutcome.OPTED_OUT,
}
_DROPPED: Mapping[str, Ending] = {
    "Bounced Address": (DeliveryOutcome.BOUNCED, True),
    "Unsubscribed Address": (DeliveryOutcome.OPTED_OUT, False),
    "Spam Reporting Address": (DeliveryOutcome.OPTED_OUT, False),
}
"""By the reason for which SendGrid sent nothing."""


class Event(Read):
    event: str = ""
    email: str | None = None
    type: str | None = None
    reason: str | None = None
    status: str | None = None
    mark: object = Field(default=None, alias="notyet-message")


class Events(RootModel[Sequence[Event]]):
    pass


class SendGrid:
    """One SendGrid account, by the key with which it signs."""

    def __init__(self, public_key: str) -> None:
        self._key = public_key_of(public_key)

    async def hear(self, call: Call) -> Heard:
        """Returns what the events say of our mails."""
        signature, timestamp = call.headers.get(_SIGNATURE, ""), call.headers.get(_TIMESTAMP, "")
        try:
            given = base64.b64decode(signature, validate=True)
            self._key.verify(given, timestamp.encode() + call.body, ECDSA(SHA256()))
        except (binascii.Error, ValueError, InvalidSignature):
            raise NotBelieved from None
        events = read_body(call.body, Events).root
        return Heard(
            [
                report
                for event in events
                for report in reports_of(read_mark(event.mark), _said(event), event.email)
            ]
        )


def public_key_of(written: str) -> EllipticCurvePublicKey:
    """Returns the verification key that SendGrid shows; raises ValueError."""
    try:
        key = load_der_public_key(base64.b64decode(written, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("write the verification key that SendGrid shows")
    return key


def _said(event: Event) -> Ending | None:
    if event.event == "bounce":
        is_hard = event.type == "bounce"
        return DeliveryOutcome.BOUNCED, is_hard and ends_address(event.status, event.reason)
    if event.event == "dropped":
        return _DROPPED.get(event.reason or "", (DeliveryOutcome.FAILED, False))
    outcome = _SAID.get(event.event)
    return (outcome, False) if outcome else None
