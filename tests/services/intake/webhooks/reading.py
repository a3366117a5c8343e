"""What the adapter of a system makes of a body, for a source that counts and leaves noes to us."""

import json
from datetime import datetime
from typing import Any

from services.intake.deliveries.domain import State
from services.intake.deliveries.reading import Reader, Reading
from services.intake.sources.domain import Source, Speaks
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.systems import SYSTEMS
from shared.contract.events.applications import ApplicantRejected
from tests.services.intake.upstream import NOW, RECEIVING

KEY = b"k" * 32


def read(system: str, body: Any, *, at: datetime = NOW, **options: Any) -> Reading:
    source = Source("careers", system, speaks=Speaks.US, options=options)
    return Reader(source, SYSTEMS[system], RECEIVING).read(KEY, delivery_of(body, at=at))


def delivery_of(body: Any, *, at: datetime = NOW, **headers: str) -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Delivery(raw, named, at)


def the_rejection(reading: Reading) -> ApplicantRejected:
    [event] = reading.events
    assert isinstance(event.data, ApplicantRejected)
    return event.data


def assert_ignored(reading: Reading, why: str) -> None:
    assert (reading.state, list(reading.events)) == (State.IGNORED, [])
    assert why in reading.summary


def kinds(reading: Reading) -> list[tuple[str, str]]:
    """Returns of each event what it says, and of whom."""
    return [(event.type.removeprefix("dev.notyet."), event.key) for event in reading.events]
