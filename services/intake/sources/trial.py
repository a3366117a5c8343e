"""Tries the door from outside: a rejection of nobody goes in, and what would be made of it is read.

It is posted as a web hook of a source that nobody starts, so that it is read as every other one is,
and nothing of it is recorded: nobody hears anything, and nobody is kept but sealed, for as long as
any delivery is.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from services.intake.deliveries.domain import State
from services.intake.webhooks.standard_webhooks import ID, SIGNATURE, TIMESTAMP, signature
from shared.contract.events.applications import ApplicantRejected

SECONDS = 60.0
"""How long each step may not come through, as while a release is still starting."""
_PAUSE_SECONDS = 0.2

Result = TypeVar("Result")


class NotThrough(Exception):
    """It has not come through yet; the text says how far it came."""


def made_of_a_rejection(url: str, source: str, secret: str, key: str, now: datetime) -> str:
    """Returns what would be made of a rejection, in words; raises NotThrough."""
    with httpx.Client(base_url=url.rstrip("/"), timeout=10) as client:
        client.headers["authorization"] = f"Bearer {key}"
        before = _patiently(lambda: _newest(client))
        body = _rejection(now)
        _patiently(lambda: _post(client, source, secret, body))
        made = _patiently(lambda: _made(client, before))
    if made["state"] != State.TRIED:
        raise NotThrough(f"it was taken in, and is {made['state']}: {made['summary']}")
    return str(made["summary"])


def _patiently(step: Callable[[], Result]) -> Result:
    until = time.monotonic() + SECONDS
    while True:
        try:
            return step()
        except NotThrough:
            if time.monotonic() > until:
                raise
        time.sleep(_PAUSE_SECONDS)


def _newest(client: httpx.Client) -> dict[str, Any] | None:
    """Returns the delivery that came last; None before the first."""
    items = _answered(client, "GET", "/v1/deliveries?limit=1").json()["items"]
    return items[0] if items else None


def _post(client: httpx.Client, source: str, secret: str, body: bytes) -> None:
    delivery, at = str(uuid4()), int(time.time())  # machine clock
    headers = {
        ID: delivery,
        TIMESTAMP: str(at),
        SIGNATURE: signature(secret, delivery, at, body),
    }
    _answered(client, "POST", f"/v1/webhooks/{source}", content=body, headers=headers)


def _made(client: httpx.Client, before: dict[str, Any] | None) -> dict[str, Any]:
    newest = _newest(client)
    is_new = newest and (before is None or newest["id"] > before["id"])
    if not newest or not is_new or newest["state"] == State.WAITING:
        raise NotThrough("it was taken in, and nobody has read it")
    return newest


def _answered(client: httpx.Client, method: str, path: str, **given: Any) -> httpx.Response:
    try:
        response = client.request(method, path, **given)
    except httpx.TransportError as error:
        raise NotThrough(f"{client.base_url} does not answer ({type(error).__name__})") from None
    if response.status_code != 200:
        problem = response.headers.get("content-type") == "application/problem+json"
        detail = response.json()["detail"] if problem else response.reason_phrase
        raise NotThrough(f"{method} {path} was answered {response.status_code}: {detail}")
    return response


def _rejection(now: datetime) -> bytes:
    """Returns an event about somebody who is not there, at an address that nobody can have."""
    data = {
        "applicationId": "nobody",
        "applicant": {
            "applicantId": "nobody",
            "name": {"givenName": "Nobody"},
            "emails": ["nobody@people.example"],
        },
        "vacancy": {"vacancyId": "no-vacancy", "title": "No vacancy"},
        "stage": "interviewed",
        "reason": {"code": "other_candidate_stronger"},
        "decidedAt": now.isoformat(),
    }
    event = {"id": str(uuid4()), "type": ApplicantRejected.type, "data": data}
    return json.dumps({"specversion": "1.0", "source": "trial", **event}).encode()
