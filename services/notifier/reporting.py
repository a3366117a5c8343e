"""Publishes what became of messages, in the transaction that writes it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import asyncpg

from services.notifier.domain import State, reports
from services.notifier.store.messages import Rows
from shared.contract.events.cloudevents import Event
from shared.contract.events.payload import Payload, stable_id
from shared.contract.topics import NOTIFICATIONS
from shared.runtime import outbox


async def report(conn: asyncpg.Connection, rows: Rows, now: datetime) -> None:
    """Publishes the ends among these rows, each under an id that it alone can have."""
    ended = [row for row in rows if State(row["state"]) not in (State.PENDING, State.SENDING)]
    await publish(conn, ended, [reports.end(row) for row in ended], now)


async def publish(
    conn: asyncpg.Connection, rows: Rows, events: Sequence[Payload], now: datetime
) -> None:
    """Publishes one event about each row, with the ids of the story that its message belongs to."""
    published = [
        replace(
            Event.about(
                data, source="notifier", at=now, id=stable_id(row["message_id"], data.type)
            ),
            correlation_id=row["correlation_id"],
            causation_id=row["causation_id"],
        )
        for row, data in zip(rows, events, strict=True)
    ]
    await outbox.put(conn, NOTIFICATIONS, published)
