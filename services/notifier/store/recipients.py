"""To whom the notifier may write: the one place where names and addresses are kept."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from services.notifier.addresses import AddressHash
from services.notifier.domain import Recipient
from shared.contract.events.people import Channel
from shared.contract.events.recipients import RecipientChanged, RecipientsHeartbeat
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("recipients.sql"))


async def remember(
    conn: asyncpg.Connection, hashed: AddressHash, states: Sequence[RecipientChanged]
) -> None:
    """Keeps the newest state of each, and opens again what a later yes has opened."""
    rows = [
        {
            "recipient_id": state.recipient_id,
            "kind": state.kind,
            "vacancies": state.vacancies,
            "state": state.model_dump(mode="json", by_alias=True, exclude_none=True),
        }
        for state in states
    ]
    await _queries.remember(conn, rows=json.dumps(rows))
    agreed = [
        (every, consent.since)
        for state in states
        for consent in state.consents
        if consent.channel not in state.stopped
        for address in Recipient(state).addresses(consent.channel)
        for every in hashed.every(address)
    ]
    await _queries.revive(
        conn, hashes=[every for every, _ in agreed], consented_at=[since for _, since in agreed]
    )


async def forget(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
    """Deletes all that identifies these people."""
    await _queries.forget(conn, ids=list(ids))


async def remember_heartbeats(
    conn: asyncpg.Connection, heartbeats: Sequence[RecipientsHeartbeat]
) -> None:
    """Moves each partition's mark forward, never back."""
    newest: dict[int, datetime] = {}
    for beat in heartbeats:
        newest[beat.partition] = max(beat.written_at, newest.get(beat.partition, beat.written_at))
    await _queries.remember_heartbeats(
        conn, partitions=list(newest), written_at=list(newest.values())
    )


async def bury(
    conn: asyncpg.Connection, hashes: Sequence[str], because: Sequence[str], *, now: datetime
) -> None:
    """Has nothing sent to these addresses any more, known by their hashes."""
    await _queries.bury(conn, hashes=list(hashes), because=list(because), now=now)


async def read(
    conn: asyncpg.Connection, hashed: AddressHash, texts: Sequence[str | None]
) -> list[Recipient | None]:
    """Reads states as rows hold them, each with those of its addresses that are dead."""
    states = [RecipientChanged.model_validate_json(text) if text else None for text in texts]
    hashes = {
        address: hashed.every(address) for state in states if state for address in _addresses(state)
    }
    rows = await _queries.dead(conn, hashes=[each for every in hashes.values() for each in every])
    buried = {row["address_hash"] for row in rows}
    dead = {address for address, every in hashes.items() if not buried.isdisjoint(every)}
    return [
        Recipient(state, frozenset(dead.intersection(_addresses(state)))) if state else None
        for state in states
    ]


def _addresses(state: RecipientChanged) -> list[str]:
    return [address for channel in Channel for address in Recipient(state).addresses(channel)]
