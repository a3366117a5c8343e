"""The `recipients` stream: to whom the notifier may write, where, and for what."""

from typing import ClassVar, Self

from shared.contract.events.instants import Moment
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import (
    Id,
    Line,
    Part,
    Payload,
    StandInPayload,
    StatePayload,
    Version,
)
from shared.contract.events.people import Channel, Consent, PersonName


class RecipientKind(OpenEnum):
    CANDIDATE = "candidate"
    RECRUITER = "recruiter"


class SpeakingOf(Part):
    """An application that the person may be written to about, consent or not."""

    application_id: Id
    answer_owed: bool
    """True until the person has been told the outcome."""
    name: PersonName | None = None
    """As the application has it, where that is another than the recipient's."""
    emails: list[Line] | None = None
    """Where it is spoken of elsewhere than the recipient is reached: the only addresses for it."""
    phone: Line | None = None
    """Beside addresses of its own, the only number for it."""

    @property
    def is_own(self) -> bool:
        """Whether it is spoken of at addresses of its own."""
        return self.emails is not None


class RecipientChanged(StatePayload):
    type: ClassVar[str] = "dev.notyet.recipient.changed.v1"

    recipient_id: Id
    version: Version
    kind: RecipientKind
    name: PersonName
    emails: list[Line] = []
    """The preferred one first."""
    phone: Line | None = None
    """E.164."""
    to_verify: Line | None = None
    """An address that they gave, which is asked whether it is theirs and written to for no more."""
    to_verify_request: Id | None = None
    """The request by which it is asked; what an earlier one asked for goes there no more."""
    phone_to_verify: Line | None = None
    """A number in the same way."""
    phone_to_verify_request: Id | None = None
    locale: Line = "en"
    time_zone: Line | None = None
    consents: list[Consent] = []
    stopped: list[Channel] = []
    held: list[Channel] = []
    """Nothing is sent over these for now: the person wrote something that a human has to read."""
    applications: list[SpeakingOf] = []
    closed_shortlists: list[Id] = []
    """The shortlists they were invited from of which the vacancy is closed now."""
    vacancies: list[Id] = []
    """The vacancies of a recruiter, whose shortlists they are sent."""
    closed_vacancies: list[Id] = []
    """The newest of theirs that have closed; who reads what is replied about those."""

    @property
    def entity_id(self) -> str:
        return self.recipient_id

    def speaking_of(self, application_id: str | None) -> Self:
        """Returns them as they are named and reached where an application is spoken of."""
        spoken_of = (it for it in self.applications if it.application_id == application_id)
        own = next(spoken_of, None) if application_id else None
        if own is None:
            return self
        reached = {"emails": own.emails, "phone": own.phone} if own.is_own else {}
        return self.model_copy(update={"name": own.name or self.name, **reached})


class RecipientUnpublished(StandInPayload):
    """Says that a newer state of the recipient exists, which the broker refused.

    Nothing is sent to them, because the newer state may be their stop, until a whole state follows.
    """

    type: ClassVar[str] = "dev.notyet.recipient.unpublished.v1"

    recipient_id: Id

    @classmethod
    def of(cls, entity_id: str) -> Self:
        return cls(recipient_id=entity_id)

    @property
    def entity_id(self) -> str:
        return self.recipient_id


class RecipientsHeartbeat(Payload):
    """Says that a partition holds every change that was recorded before `writtenAt`.

    intake writes one to each partition every few seconds, behind all changes before it, so the
    notifier knows how fresh its knowledge of consent is. It also lets a quiet partition's last
    segment roll, without which Kafka never compacts an erased person's state away.
    """

    type: ClassVar[str] = "dev.notyet.recipients.heartbeat.v1"

    partition: int
    partitions: int | None = None
    """How many partitions the topic has now, each of which gets its own heartbeat."""
    written_at: Moment
    """By the database's clock, which is also what the notifier compares it with."""

    @property
    def entity_id(self) -> str:
        return f"heartbeat-{self.partition}"
