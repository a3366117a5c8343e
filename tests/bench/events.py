"""The events that the benchmarks send."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from deploy.local.broker import ROOT
from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactDue, Window
from shared.contract.events.people import PersonName
from shared.contract.events.recipients import (
    RecipientChanged,
    RecipientKind,
    RecipientsHeartbeat,
    SpeakingOf,
)
from shared.contract.topics import RECIPIENTS
from tests.services.intake.webhooks.greenhouse import a_candidate, a_rejection, written

EXAMPLES = ROOT / "tests" / "contracts" / "examples"
_REJECTED = ApplicantRejected.model_validate_json(
    (EXAMPLES / "dev.notyet.applicant.rejected.v1.not-yet.json").read_text()
)
_LETTER = ContactDue.model_validate_json(
    (EXAMPLES / "dev.notyet.contact.due.v1.letter.json").read_text()
)
LETTER_BODY = _LETTER.model_dump_json(by_alias=True, exclude_none=True).encode()


def address_of(person: str) -> str:
    return f"{person}@mail.example"


def recipient(person: str, version: int = 1) -> Event:
    """Somebody who may be told the outcome of an application, by e-mail."""
    data = RecipientChanged(
        recipient_id=person,
        version=version,
        kind=RecipientKind.CANDIDATE,
        name=PersonName(given_name="Mira", family_name="Okafor"),
        emails=[address_of(person)],
        time_zone="Europe/Berlin",
        applications=[SpeakingOf(application_id="app-55012", answer_owed=True)],
    )
    return Event.about(data, source="intake", at=datetime.now(UTC))


def heartbeats() -> list[Event]:
    """Says for each partition of `recipients` that it is known up to now."""
    now = datetime.now(UTC)
    return [
        Event.about(RecipientsHeartbeat(partition=at, written_at=now), source="intake", at=now)
        for at in range(RECIPIENTS.partitions)
    ]


def letter(person: str) -> Event:
    """A letter that is due to that person at once; all of it is the contract's own example."""
    now = datetime.now(UTC)
    due = _LETTER.model_copy(
        update={
            "contact_id": str(uuid4()),
            "candidate_id": person,
            "windows": [Window(opens_at=now, closes_at=now + timedelta(hours=8))],
            "expires_at": now + timedelta(days=3),
        }
    )
    return Event.about(due, source="scheduler", at=now)


def rejection(person: str) -> Event:
    """A rejection of somebody who was never heard of; the rest is the contract's own example."""
    applicant = _REJECTED.applicant.model_copy(
        update={"applicant_id": person, "emails": [address_of(person)], "phone": None}
    )
    data = _REJECTED.model_copy(
        update={"applicant": applicant, "application_id": f"application-{person}"}
    )
    return Event(
        id=str(uuid4()),
        source="https://ats.example",
        type=data.type,
        key=data.entity_id,
        time=data.decided_at,
        data=data,
    )


def turned_down(number: int) -> bytes:
    """The body with which Greenhouse calls about somebody who was never heard of."""
    address = {"value": f"p{number}@people.example", "type": "personal"}
    somebody = a_candidate(id=number, email_addresses=[address], phone_numbers=[])
    now = datetime.now(UTC)
    return written(
        a_rejection(
            id=number,
            candidate=somebody,
            rejected_at=now.isoformat(),
            applied_at=(now - timedelta(days=20)).isoformat(),
        )
    )
