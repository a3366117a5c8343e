"""What is kept of the shortlists that the matcher makes."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.intake.shortlists import store
from shared.contract.events.cloudevents import Event
from shared.contract.events.matches import ShortlistReady


async def keep_shortlists(
    conn: asyncpg.Connection,
    events: Sequence[Event],
    now: datetime,  # noqa: ARG001 - a handler
) -> None:
    """Keeps shortlists, for their recruiters to open."""
    await store.keep(
        conn, [event.data for event in events if isinstance(event.data, ShortlistReady)]
    )
