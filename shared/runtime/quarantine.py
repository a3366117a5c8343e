"""Records that could not be processed, kept encrypted until somebody looks.

Not a dead-letter topic: personal data must not gain another home. Rows are purged after thirty
days, and `erasures` searches them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import structlog

from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.decoding import Record, identifying
from shared.runtime.marks import Marker
from shared.runtime.sealing import Seal
from shared.runtime.sql import Queries
from shared.runtime.telemetry import redact

_queries = Queries(Path(__file__).with_name("quarantine.sql"))
SEARCHED = Queries(Path(__file__).with_name("quarantine_search.sql"))
"""How the search for erased people goes through it."""

_log = structlog.get_logger()


@dataclass(frozen=True)
class Copy:
    """What is left of a Kafka record to process it once more."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]
    timestamp: int

    @property
    def source(self) -> str | None:
        """Who it says that it is from."""
        said = dict(self.headers).get("ce_source")
        return said.decode(errors="replace") if said else None


class Quarantine:
    """One service's quarantine: sealed with its key, opened with former ones too."""

    def __init__(self, key: str, former_keys: Sequence[str] = ()) -> None:
        self._seal = Seal((key, *former_keys))
        self.marker = Marker((key, *former_keys))

    async def set_aside(
        self, conn: asyncpg.Connection, faults: Sequence[tuple[Any, Unreadable]]
    ) -> None:
        """Keeps the records with their reasons, each topic's offset at most once."""
        await _queries.set_aside(
            conn,
            topics=[record.topic for record, _ in faults],
            partitions=[record.partition for record, _ in faults],
            offsets=[record.offset for record, _ in faults],
            reasons=[fault.reason for _, fault in faults],
            details=[fault.detail for _, fault in faults],
            records=[self.seal(record) for record, _ in faults],
        )

    def open(self, sealed: bytes) -> Copy | None:
        """Returns the record of a row, or None if it was sealed with a key that is not known."""
        plain = self._seal.open(sealed)
        if plain is None:
            return None
        fields = json.loads(plain)
        return Copy(
            key=_bytes(fields["key"]),
            value=_bytes(fields["value"]),
            headers=[(name, _bytes(value)) for name, value in fields["headers"]],
            timestamp=fields["timestamp"],
        )

    async def waiting(self, conn: asyncpg.Connection, limit: int) -> list[dict[str, Any]]:
        """Lists what waits, oldest first: id, topic, partition, offset, reason, detail, when.

        Also which event it is, as far as the record says so: its source, id and type.
        """
        rows = [dict(row) for row in await _queries.waiting(conn, limit=limit)]
        for row in rows:
            copy = self.open(row.pop("record"))
            if copy:
                row |= {f"event_{name}": text for name, text in identifying(copy).items()}
        return rows

    def seal(self, record: Record) -> bytes:
        """Returns a record as it is kept, for `open`."""
        fields = {
            "key": _text(record.key),
            "value": _text(record.value),
            "headers": [(name, _text(value)) for name, value in record.headers],
            "timestamp": record.timestamp,
        }
        return self._seal.close(json.dumps(fields).encode())


async def take(conn: asyncpg.Connection, ids: Sequence[int]) -> list[asyncpg.Record]:
    """Locks rows for replay: all that wait if no ids are given."""
    return list(await _queries.take(conn, ids=list(ids)))


async def mark_replayed(conn: asyncpg.Connection, ids: Sequence[int]) -> None:
    """Takes rows off the list; they are kept until the purge."""
    await _queries.mark_replayed(conn, ids=list(ids))


async def discard(conn: asyncpg.Connection, id: int, reason: str) -> bool:
    """Takes a row off the list for good, and logs where it came from; it is kept until the purge.

    False if no such row waits. Whatever looks like an address or a number in the reason is blotted
    out.
    """
    reason = redact(reason)
    row = await _queries.discard(conn, id=id, reason=reason)
    if row:
        place = {name: row[name] for name in ("topic", "partition", "offset")}
        _log.warning("quarantine.discarded", id=id, **place, fault=row["reason"], because=reason)
    return row is not None


async def counts(conn: asyncpg.Connection) -> dict[str, int]:
    """Returns how many records of each topic wait, where there are any."""
    return {row["topic"]: row["count"] for row in await _queries.counts(conn)}


async def purge(conn: asyncpg.Connection) -> bool:
    """Deletes what has lain here for thirty days, a thousand a time; True if there is more."""
    return bool(await _queries.purge(conn))


def _text(raw: bytes | None) -> str | None:
    """Latin-1 maps every byte to one character and back, so any body survives JSON."""
    return None if raw is None else raw.decode("latin-1")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("latin-1")
