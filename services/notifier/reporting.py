"""Publishes what becomes of messages, in the transaction that writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import asyncpg

from services.notifier.domain import State, reports
from services.notifier.store.messages import Rows
from services.notifier.store.sending import Attempt
from shared.contract.events.cloudevents import Event
from shared.contract.events.payload import Payload, stable_id
from shared.contract.topics import NOTIFICATIONS
from shared.runtime import outbox


async def report(conn: asyncpg.Connection, rows: Rows, now: datetime) -> None:
    """Publishes the ends among these rows, each under an id that it alone can have."""
    ended = [row for row in rows if State(row["state"]) not in (State.PENDING, State.SENDING)]
    await publish(conn, ended, [reports.end(row) for row in ended], now)


async def tell_of_links(
    conn: asyncpg.Connection,
    rows: Mapping[str, asyncpg.Record],
    attempts: Sequence[Attempt],
    now: datetime,
) -> None:
    """Publishes what the short tokens in attempted messages stand for, given their rows by id.

    Each attempt is a fact of its own: the next one may have other words, or another key.
    """
    events = [
        _of_story(rows[attempt.message.message_id], reports.told(attempt.message, link), now)
        for attempt in attempts
        if attempt.message.message_id in rows and (link := attempt.words.told)
    ]
    await outbox.put(conn, NOTIFICATIONS, events)


async def publish(
    conn: asyncpg.Connection, rows: Rows, events: Sequence[Payload], now: datetime
) -> None:
    """Publishes one event about each row, with the ids of the story that its message belongs to."""
    published = [
        _of_story(row, data, now, stable_id(row["message_id"], data.type))
        for row, data in zip(rows, events, strict=True)
    ]
    await outbox.put(conn, NOTIFICATIONS, published)


def _of_story(row: asyncpg.Record, data: Payload, now: datetime, id: str | None = None) -> Event:
    return replace(
        Event.about(data, source="notifier", at=now, id=id),
        correlation_id=row["correlation_id"],
        causation_id=row["causation_id"],
    )
