"""What is written down about messages when the streams speak of them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.notifier.domain.drafts import SHORTLIST, ShortlistFacts
from services.notifier.domain.judging import next_moment
from services.notifier.domain.reports import ending_of
from shared.contract.events.contacts import ContactDue, Window
from shared.contract.events.matches import ShortlistReady
from shared.contract.events.notifications import MessagePayload
from shared.contract.events.payload import Part, stable_id
from shared.contract.events.people import Channel

Row = dict[str, Any]

REASONS_SHOWN = 3


def due(contact: ContactDue, now: datetime) -> Row:
    """Gives the message for a contact; both have the same id again after a restore."""
    last_moment = max(window.closes_at for window in contact.windows)
    expires_at = min(contact.expires_at, last_moment)
    return {
        "message_id": stable_id(contact.contact_id, "message"),
        "recipient_id": contact.candidate_id,
        "contact_id": contact.contact_id,
        "application_id": contact.application_id,
        "purpose": contact.purpose,
        "channels": list(contact.channels),
        "asks_hat": contact.facts.asks_hat,
        "facts": as_json(contact.facts),
        "windows": multirange(contact.windows),
        "expires_at": expires_at.isoformat(),
        "next_attempt_at": (next_moment(contact.windows, now) or expires_at).isoformat(),
    }


def summary(ready: ShortlistReady) -> ShortlistFacts:
    """Sums a shortlist up without telling who is on it."""
    reasons = Counter(reason for listed in ready.candidates for reason in listed.reasons_for)
    return ShortlistFacts(
        shortlist_id=ready.shortlist_id,
        vacancy_id=ready.vacancy_id,
        vacancy_title=ready.vacancy_title,
        continues=ready.continues,
        considered=ready.considered,
        listed=len(ready.candidates),
        tiers=dict(Counter(listed.tier for listed in ready.candidates)),
        reasons=[reason for reason, _ in reasons.most_common(REASONS_SHOWN)],
    )


def told(facts: ShortlistFacts, recruiter_id: str, now: datetime, expires_at: datetime) -> Row:
    """Gives the message that tells one recruiter of a shortlist, at any hour."""
    return {
        "message_id": stable_id(facts.shortlist_id, recruiter_id, "message"),
        "recipient_id": recruiter_id,
        "shortlist_id": facts.shortlist_id,
        "purpose": SHORTLIST,
        "channels": [Channel.EMAIL],
        "asks_hat": False,
        "facts": as_json(facts),
        "windows": multirange([Window(opens_at=now, closes_at=expires_at)]),
        "expires_at": expires_at.isoformat(),
        "next_attempt_at": now.isoformat(),
    }


def ended(event: MessagePayload) -> Row | None:
    """Gives what a report says about the end of its message, if it is one."""
    state = ending_of(event)
    if state is None:
        return None
    return {
        "message_id": event.message_id,
        "recipient_id": event.recipient_id,
        "contact_id": event.contact_id,
        "shortlist_id": event.shortlist_id,
        "application_id": event.application_id,
        "purpose": event.purpose or SHORTLIST,
        "channel": event.channel,
        "asks_hat": getattr(event, "asked_hat", False),
        "state": state,
        "because": getattr(event, "because", None),
        "wording_version": getattr(event, "wording_version", None),
        "ended_at": event.at.isoformat(),
    }


def as_json(part: Part) -> Any:
    """Writes a value as it stands in events."""
    return part.model_dump(mode="json", by_alias=True, exclude_none=True)


def multirange(windows: Sequence[Window]) -> str:
    """Writes windows as PostgreSQL reads a `tstzmultirange`."""
    spans = (f"[{w.opens_at.isoformat()},{w.closes_at.isoformat()})" for w in windows)
    return "{" + ",".join(spans) + "}"
