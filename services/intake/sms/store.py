"""What providers of text messages told us, each thing once."""

from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))


async def first(conn: asyncpg.Connection, provider: str, message_id: str, now: datetime) -> bool:
    """Tells whether this text message comes in for the first time."""
    kept = await _queries.first(conn, provider=provider, message_id=message_id, now=now)
    return kept is not None


async def locales(conn: asyncpg.Connection, phone: str) -> list[str | None]:
    """Returns the locale of each person with that number, None where it is not known."""
    return [row["locale"] for row in await _queries.locales(conn, phone=phone)]
