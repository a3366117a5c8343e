"""What an API answers about a hint, without any API."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.intake.deliveries.reading import Reader, Reading
from services.intake.sources.domain import Source, Speaks
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import unread
from services.intake.webhooks.systems import APIS, SYSTEMS
from shared.contract.events.cloudevents import Unreadable
from tests.services.intake.upstream import NOW, RECEIVING

READ_AT = NOW + timedelta(minutes=3)


def answered(system: str, delivery: Delivery, pages: Mapping[str, Any]) -> Delivery:
    """Asks for all that is to be read; what is not among the pages is not there."""
    try:
        paths = unread(APIS[system], delivery)
    except Unreadable:
        return delivery
    if paths:
        found = {
            path: json.dumps(pages[path]).encode() if path in pages else None for path in paths
        }
        more = replace(delivery, answers={**delivery.answers, **found}, read_at=READ_AT)
        return answered(system, more, pages)
    return delivery


def read(
    system: str,
    delivery: Delivery,
    pages: Mapping[str, Any],
    *,
    speaks: Speaks = Speaks.US,
    **options: Mapping[str, str],
) -> Reading:
    source = Source("careers", system, speaks=speaks, options=options)
    reader = Reader(source, SYSTEMS[system], RECEIVING)
    return reader.read(b"k" * 32, answered(system, delivery, pages))
