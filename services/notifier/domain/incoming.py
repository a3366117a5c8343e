"""What is written down about messages when the streams speak of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.notifier.domain.content import INTEREST, LINKS, SHORTLIST, LinksFacts
from services.notifier.domain.messages import Because, State
from services.notifier.domain.reports import ending_of
from services.notifier.domain.send_policy import is_known, next_slot
from shared.contract.events.contacts import ContactDue, ContactFacts, InterestDue, Window
from shared.contract.events.notifications import MessagePayload
from shared.contract.events.payload import Part, stable_id
from shared.contract.events.people import Channel
from shared.contract.events.responses import LinkRequested, LinksRequested

Row = dict[str, Any]

LINKS_LAST = timedelta(hours=1)
"""After so long whoever asked for links would rather ask again."""


def due(contact: ContactDue | InterestDue, now: datetime) -> Row:
    """Returns the message for a contact; both have the same id again after a restore.

    What this version could never send, because it does not know what it is, has ended already.
    """
    if isinstance(contact, InterestDue):
        said: Row = {
            "recipient_id": contact.recruiter_id,
            "about_id": contact.candidate_id,
            "purpose": INTEREST,
            "asks_hat": False,
            "shortlist_id": None,
        }
    else:
        said = {
            "recipient_id": contact.candidate_id,
            "purpose": contact.purpose,
            "asks_hat": contact.facts.asks_hat,
            "shortlist_id": contact.shortlist_id,
        }
    last_moment = max(window.closes_at for window in contact.windows)
    expires_at = min(contact.expires_at, last_moment)
    because = _not_understood(contact)
    return {
        **said,
        "message_id": stable_id(contact.contact_id, "message"),
        "contact_id": contact.contact_id,
        "application_id": contact.application_id,
        "channels": list(contact.channels),
        "facts": None if because else as_json(contact.facts),
        "windows": multirange(contact.windows),
        "expires_at": expires_at.isoformat(),
        "next_attempt_at": (next_slot(contact.windows, now) or expires_at).isoformat(),
        "state": State.DROPPED if because else State.PENDING,
        "because": because,
        "ended_at": now.isoformat() if because else None,
    }


def asked(request: LinkRequested | LinksRequested, now: datetime) -> Row:
    """Returns the message that somebody asked for, which may leave at any hour while it is new."""
    if isinstance(request, LinksRequested):
        return _to_recruiter(request, now)
    return _to_candidate(request)


def _to_recruiter(request: LinksRequested, now: datetime) -> Row:
    until = now + LINKS_LAST
    return {
        "message_id": stable_id(request.request_id, "message"),
        "recipient_id": request.recruiter_id,
        "purpose": LINKS,
        "channels": [Channel.EMAIL],
        "asks_hat": False,
        "facts": as_json(LinksFacts(shortlists=request.shortlists)),
        "windows": multirange([Window(opens_at=now, closes_at=until)]),
        "expires_at": until.isoformat(),
        "next_attempt_at": now.isoformat(),
    }


def _to_candidate(request: LinkRequested) -> Row:
    facts = ContactFacts(application_id=request.application_id)
    contact = ContactDue(
        contact_id=request.request_id,
        candidate_id=request.candidate_id,
        purpose=request.purpose,
        application_id=request.application_id,
        channels=[request.channel] if request.channel else [Channel.EMAIL, Channel.SMS],
        facts=facts,
        windows=[Window(opens_at=request.at, closes_at=request.expires_at)],
        expires_at=request.expires_at,
    )
    return due(contact, request.at)


def _not_understood(contact: ContactDue | InterestDue) -> Because | None:
    if isinstance(contact, ContactDue) and not is_known(contact.purpose):
        return Because.UNKNOWN_PURPOSE
    if not any(channel.is_known for channel in contact.channels):
        return Because.NO_WAY_OUT
    return None


def ended(event: MessagePayload) -> Row | None:
    """Returns what a report says about the end of its message, if it is one."""
    state = ending_of(event)
    if state is None:
        return None
    return {
        "message_id": event.message_id,
        "recipient_id": event.recipient_id,
        "contact_id": event.contact_id,
        "shortlist_id": event.shortlist_id,
        "application_id": event.application_id,
        "purpose": event.purpose or _purpose_of(event),
        "channel": event.channel,
        "asks_hat": getattr(event, "asked_hat", False),
        "state": state,
        "because": getattr(event, "because", None),
        "wording_version": getattr(event, "wording_version", None),
        "ended_at": event.at.isoformat(),
    }


def _purpose_of(event: MessagePayload) -> str:
    """Tells what a message was for that names no purpose of the contract: it is a recruiter's."""
    if event.contact_id:
        return INTEREST
    return SHORTLIST if event.shortlist_id else LINKS


def as_json(part: Part) -> Any:
    """Writes a value as it stands in events."""
    return part.model_dump(mode="json", by_alias=True, exclude_none=True)


def multirange(windows: Sequence[Window]) -> str:
    """Writes windows as PostgreSQL reads a `tstzmultirange`."""
    spans = (f"[{w.opens_at.isoformat()},{w.closes_at.isoformat()})" for w in windows)
    return "{" + ",".join(spans) + "}"
