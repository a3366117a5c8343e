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
            "address_hashes": [hashed(address) for address in _addresses(state)],
            "state": state.model_dump(mode="json", by_alias=True, exclude_none=True),
        }
        for state in states
    ]
    await _queries.remember(conn, rows=json.dumps(rows))
    agreed = [
        (hashed(address), consent.since)
        for state in states
        for consent in state.consents
        if consent.channel not in state.stopped
        for address in Recipient(state).addresses(consent.channel)
    ]
    await _queries.revive(
        conn, hashes=[address for address, _ in agreed], consented_at=[since for _, since in agreed]
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


def read(text: str | None, dead_hashes: Sequence[str], hashed: AddressHash) -> Recipient | None:
    """Reads somebody's state as a row holds it, with those of their addresses that are dead."""
    if text is None:
        return None
    state = RecipientChanged.model_validate_json(text)
    dead = {address for address in _addresses(state) if hashed(address) in dead_hashes}
    return Recipient(state, frozenset(dead))


def _addresses(state: RecipientChanged) -> list[str]:
    return [address for channel in Channel for address in Recipient(state).addresses(channel)]
