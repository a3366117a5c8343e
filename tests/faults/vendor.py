"""How hiring systems call with what they have to say: each call signed, and sent again if need be.

One of them sends our own events as Standard Webhooks has it, the other is Greenhouse.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import time
from typing import Any

from services.intake.webhooks.standard_webhooks import ID, SIGNATURE, TIMESTAMP, signature
from shared.contract.events.applications import ReasonCode, Stage
from tests.faults.ask import VENDORS, Ask
from tests.services.intake.webhooks import greenhouse

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "generic": {},
    "greenhouse": {
        "stages": {stage: stage for stage in Stage},
        "reasons": {code: code for code in ReasonCode},
    },
}
"""What their words mean, by system."""

Call = tuple[dict[str, str], bytes]
"""Headers and body."""

_TELLS = {3: "portal", 4: "careers"}


def of(person: int) -> str | None:
    """Returns which vendor tells of somebody, if the first source does not."""
    return _TELLS.get(person % 5)


def told(source: str, life: Sequence[Ask]) -> list[Ask]:
    """Returns what a vendor calls with of somebody's life.

    Greenhouse does not say when somebody was taken back, so that counts from when it comes: of
    those it tells no other rejection that was before.
    """
    first = [ask for ask in life if ask is life[0] or ask.what != "rejected"]
    said = first if VENDORS[source] == "greenhouse" else life
    return [replace(ask, source=source, door="hook") for ask in said]


def call(ask: Ask) -> tuple[str, dict[str, str], bytes]:
    """Returns the path, the headers and the body with which something is said."""
    headers, body = _CALLS[VENDORS[ask.source]](ask)
    return f"/v1/webhooks/{ask.source}", headers, body


def _standard(ask: Ask) -> Call:
    said = {"id": ask.event_id, "type": ask.type, "time": ask.time.isoformat(), "data": ask.data}
    body, now = json.dumps(said).encode(), int(time())
    signed = signature(greenhouse.SECRET, ask.event_id, now, body)
    return {ID: ask.event_id, TIMESTAMP: str(now), SIGNATURE: signed}, body


def _greenhouse(ask: Ask) -> Call:
    body = greenhouse.written(_HOOKS[ask.what](ask))
    return greenhouse.signed(body, event_id=ask.event_id), body


def _rejected(ask: Ask) -> dict[str, Any]:
    vacancy = ask.data["vacancy"]
    return greenhouse.a_rejection(
        id=ask.application,
        rejected_at=ask.data["decidedAt"],
        applied_at=ask.data["decidedAt"],
        rejection_reason={"name": ask.data["reason"]["code"], "type": greenhouse.WE_DID},
        current_stage={"name": ask.data["stage"]},
        candidate=_candidate(ask.data["applicant"]),
        jobs=[greenhouse.a_job(id=vacancy["vacancyId"], name=vacancy["title"])],
    )


def _withdrawn(ask: Ask) -> dict[str, Any]:
    return greenhouse.a_rejection(
        id=ask.application,
        rejected_at=ask.data["decidedAt"],
        rejection_reason={"name": "Withdrew", "type": greenhouse.THEY_DID},
        candidate=_bare(ask),
    )


def _candidate(applicant: Mapping[str, Any]) -> dict[str, Any]:
    phone = applicant.get("phone")
    return greenhouse.a_candidate(
        id=applicant["applicantId"],
        first_name=applicant["name"]["givenName"],
        last_name=applicant["name"]["familyName"],
        email_addresses=[{"value": each, "type": "personal"} for each in applicant["emails"]],
        phone_numbers=[{"value": phone, "type": "mobile"}] if phone else [],
    )


def _bare(ask: Ask) -> dict[str, Any]:
    return greenhouse.a_candidate(id=ask.key)


_CALLS: Mapping[str, Callable[[Ask], Call]] = {"generic": _standard, "greenhouse": _greenhouse}
_HOOKS: Mapping[str, Callable[[Ask], dict[str, Any]]] = {
    "rejected": _rejected,
    "withdrawn": _withdrawn,
    "unrejected": lambda ask: greenhouse.unrejected(id=ask.application, candidate=_bare(ask)),
    "hired": lambda ask: greenhouse.hook(
        "hire_candidate", application={"id": ask.application, "candidate": _bare(ask)}
    ),
    "updated": lambda ask: greenhouse.hook(
        "update_candidate", candidate=_candidate(ask.data["applicant"])
    ),
    "erased": lambda ask: greenhouse.hook("delete_candidate", person={"id": ask.key}),
}
