"""Postmark's webhooks: they sign nothing, so that they come with a password of ours."""

import base64
import binascii
from collections.abc import Mapping

from pydantic import Field, JsonValue

from services.intake.mail.domain import ends_address
from services.intake.webhooks.mail.provider import Call, Ending, Heard, NotBelieved, reports_of
from services.intake.webhooks.saying import Read
from services.intake.webhooks.signatures import any_equal
from shared.contract.events.bodies import read_body
from shared.contract.events.responses import DeliveryOutcome
from shared.contract.mail_marks import NAME, read_mark

DEAD = ("HardBounce", "BadEmailAddress")
NO_END = {
    *("Transient", "DnsError"),
    *("AutoResponder", "Subscribe", "AddressChange", "ChallengeVerification", "OpenRelayTest"),
}
"""Of what Postmark calls bounces: it goes on trying, or the mail was answered by a machine."""


class Record(Read):
    kind: str = Field(default="", alias="RecordType")
    type: str | None = Field(default=None, alias="Type")
    details: str | None = Field(default=None, alias="Details")
    recipient: str | None = Field(default=None, alias="Recipient")
    email: str | None = Field(default=None, alias="Email")
    suppresses: bool = Field(default=False, alias="SuppressSending")
    reason: str | None = Field(default=None, alias="SuppressionReason")
    metadata: Mapping[str, JsonValue] = Field(default={}, alias="Metadata")


class Postmark:
    """One Postmark server, by the password in the address that it calls."""

    def __init__(self, password: str) -> None:
        self._password = password

    async def hear(self, call: Call) -> Heard:
        """Returns what a record says of our mail."""
        if not any_equal([_password(call)], [self._password]):
            raise NotBelieved
        record = read_body(call.body, Record)
        mark, said = read_mark(record.metadata.get(NAME)), _said(record)
        address = record.recipient or record.email
        return Heard(reports_of(mark, said, address))


def _password(call: Call) -> str:
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _said(record: Record) -> Ending | None:
    match record.kind:
        case "Delivery":
            return DeliveryOutcome.DELIVERED, False
        case "SpamComplaint":
            return DeliveryOutcome.COMPLAINED, False
        case "Bounce" if record.type == "SpamComplaint":
            return DeliveryOutcome.COMPLAINED, False
        case "Bounce" if record.type == "Unsubscribe":
            return DeliveryOutcome.OPTED_OUT, False
        case "Bounce" if record.type not in NO_END:
            return DeliveryOutcome.BOUNCED, record.type in DEAD and ends_address(record.details)
        case "SubscriptionChange" if record.suppresses and record.reason == "ManualSuppression":
            return DeliveryOutcome.OPTED_OUT, False
        case _:
            return None
