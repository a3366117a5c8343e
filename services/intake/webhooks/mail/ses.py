"""Amazon SES through SNS: what became of a mail, whose own headers come along.

The identity or the configuration set must be told to include the original headers.
"""

from collections.abc import Mapping, Sequence

from pydantic import AliasChoices, ConfigDict, Field
from pydantic.alias_generators import to_camel

from services.intake.mail.domain import ends_address
from services.intake.webhooks.mail.provider import Call, Ending, Heard, reports_of
from services.intake.webhooks.mail.sns import SnsTopics
from services.intake.webhooks.saying import Read
from shared.contract.events.bodies import read_body
from shared.contract.events.responses import DeliveryOutcome
from shared.contract.mail_marks import HEADER, Mark, read_mark

_SAID: Mapping[str, Ending] = {
    "Delivery": (DeliveryOutcome.DELIVERED, False),
    "Reject": (DeliveryOutcome.FAILED, False),
}


class _Read(Read):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Header(_Read):
    name: str
    value: str


class Mail(_Read):
    destination: Sequence[str] = ()
    headers: Sequence[Header] = ()


class Recipient(_Read):
    status: str | None = None
    diagnostic_code: str | None = None


class Bounce(_Read):
    bounce_type: str
    bounce_sub_type: str | None = None
    bounced_recipients: Sequence[Recipient] = ()

    @property
    def is_answer(self) -> bool:
        """Whether a machine answered, such as that of somebody who is away.

        SES calls that a general bounce too; but there is no delivery status in it.
        """
        is_general = (self.bounce_type, self.bounce_sub_type) == ("Transient", "General")
        return is_general and not any(each.status for each in self.bounced_recipients)


class Complaint(_Read):
    complaint_feedback_type: str | None = None


class Notice(_Read):
    kind: str = Field(default="", validation_alias=AliasChoices("eventType", "notificationType"))
    mail: Mail = Mail()
    bounce: Bounce | None = None
    complaint: Complaint | None = None


class AmazonSes:
    """Amazon SES, as it publishes to topics of Amazon SNS."""

    def __init__(self, topics: SnsTopics) -> None:
        self._topics = topics

    async def hear(self, call: Call) -> Heard:
        """Returns what a notice says of the mail that it is about."""
        message = await self._topics.message(call)
        if message is None or not message.startswith("{"):
            return Heard(())  # SES greets a new topic in words
        notice = read_body(message.encode(), Notice)
        mark, said = _mark(notice.mail), _said(notice)
        address = next(iter(notice.mail.destination), None)
        return Heard(reports_of(mark, said, address))


def _mark(mail: Mail) -> Mark | None:
    written = [each.value for each in mail.headers if each.name.lower() == HEADER.lower()]
    return read_mark(written[0]) if len(written) == 1 else None


def _said(notice: Notice) -> Ending | None:
    if notice.bounce and notice.bounce.is_answer:
        return None
    if notice.bounce:
        is_dead = notice.bounce.bounce_type == "Permanent" and all(
            ends_address(each.status, each.diagnostic_code)
            for each in notice.bounce.bounced_recipients
        )
        return DeliveryOutcome.BOUNCED, is_dead
    if notice.complaint:
        is_one = notice.complaint.complaint_feedback_type != "not-spam"
        return (DeliveryOutcome.COMPLAINED, False) if is_one else None
    return _SAID.get(notice.kind)
