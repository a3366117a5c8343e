"""Mailgun's webhooks: they sign a time and a token, and not what they say.

So a token is taken once, and only about now; Mailgun tries again for eight hours.
"""

from collections.abc import Mapping

from pydantic import Field, JsonValue

from services.intake.mail.domain import ends_address
from services.intake.webhooks.mail.provider import Call, Ending, Heard, NotBelieved, reports_of
from services.intake.webhooks.saying import Read
from services.intake.webhooks.signatures import any_equal, hmac_sha256, is_fresh, unix_seconds
from shared.contract.events.bodies import read_body
from shared.contract.events.responses import DeliveryOutcome
from shared.contract.mail_marks import NAME, read_mark

_SAID: Mapping[str, Ending] = {
    "delivered": (DeliveryOutcome.DELIVERED, False),
    "complained": (DeliveryOutcome.COMPLAINED, False),
    "unsubscribed": (DeliveryOutcome.OPTED_OUT, False),
}
_NOT_SENT: Mapping[str, Ending] = {
    "suppress-bounce": (DeliveryOutcome.BOUNCED, True),
    "suppress-unsubscribe": (DeliveryOutcome.OPTED_OUT, False),
    "suppress-complaint": (DeliveryOutcome.OPTED_OUT, False),
}
"""By the reason for which Mailgun tried nothing."""


class Signature(Read):
    timestamp: str
    token: str = Field(max_length=200)
    signature: str


class DeliveryStatus(Read):
    code: int | None = None
    enhanced_code: str | None = Field(default=None, alias="enhanced-code")
    message: str | None = None
    description: str | None = None

    @property
    def ends_address(self) -> bool:
        """Whether the server refused for good, and for no other reason than the address."""
        said = (self.enhanced_code, self.message, self.description)
        return 500 <= (self.code or 0) < 600 and ends_address(str(self.code), *said)


class EventData(Read):
    event: str = ""
    recipient: str | None = None
    severity: str | None = None
    reason: str | None = None
    status: DeliveryStatus = Field(default=DeliveryStatus(), alias="delivery-status")
    variables: Mapping[str, JsonValue] = Field(default={}, alias="user-variables")


class Body(Read):
    signature: Signature
    event: EventData = Field(alias="event-data")


class Mailgun:
    """One Mailgun account, by its signing key."""

    def __init__(self, signing_key: str) -> None:
        self._key = signing_key.encode()

    async def hear(self, call: Call) -> Heard:
        """Returns what an event says of our mail, with the token that was signed."""
        body = read_body(call.body, Body)
        signed = body.signature
        expected = hmac_sha256(self._key, f"{signed.timestamp}{signed.token}".encode()).hex()
        made_at = unix_seconds(signed.timestamp)
        if not any_equal([signed.signature], [expected]):
            raise NotBelieved
        if made_at is None or not is_fresh(made_at, call.at):
            raise NotBelieved
        mark, said = read_mark(body.event.variables.get(NAME)), _said(body.event)
        return Heard(reports_of(mark, said, body.event.recipient), signed.token)


def _said(event: EventData) -> Ending | None:
    """Returns how a mail ended; what failed for now is on its way still."""
    if event.event != "failed":
        return _SAID.get(event.event)
    if event.severity != "permanent":
        return None
    if not_sent := _NOT_SENT.get(event.reason or ""):
        return not_sent
    return DeliveryOutcome.BOUNCED, event.status.ends_address
