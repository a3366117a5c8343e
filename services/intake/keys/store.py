"""API keys: who may post and read what, and for which source. Only their hashes are kept."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import asyncpg

from services.intake.keys.domain import POSTING, KeyHolder, Scope
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))

_PREFIX = "ny"


async def create(
    conn: asyncpg.Connection, source: str, now: datetime, scopes: Collection[Scope] = POSTING
) -> str:
    """Makes a key that speaks for a source; it is given only here, once."""
    key_id, secret = secrets.token_hex(6), secrets.token_hex(32)
    await _queries.add(
        conn, key_id=key_id, source=source, scopes=sorted(scopes), hash=_hash(secret), now=now
    )
    return f"{_PREFIX}_{key_id}_{secret}"


async def holder_of(conn: asyncpg.Connection, key: str, now: datetime) -> KeyHolder | None:
    """Returns whom a key speaks for, and keeps that it was used; None for one that is not valid."""
    prefix, _, rest = key.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != _PREFIX or not secret.isascii():
        return None
    row = await _queries.find(conn, key_id=key_id)
    if row is None or not secrets.compare_digest(row["hash"], _hash(secret)):
        return None
    await _queries.used(conn, key_id=key_id, now=now)
    return KeyHolder(key_id, row["source"], frozenset(map(Scope, row["scopes"])))


async def every(conn: asyncpg.Connection, limit: int) -> list[asyncpg.Record]:
    """Lists keys, oldest first: id, source, scopes, since when, when used last, until when."""
    return list(await _queries.every(conn, limit=limit))


async def revoke(conn: asyncpg.Connection, key_id: str, now: datetime) -> bool:
    """Ends a key, given whole or by its id; False if there is none."""
    id_alone = key_id.removeprefix(f"{_PREFIX}_").partition("_")[0]
    return await _queries.revoke(conn, key_id=id_alone, now=now) is not None


def _hash(secret: str) -> bytes:
    """A plain hash is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()
