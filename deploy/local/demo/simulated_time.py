"""Moves the clock of a stack to when something is next due, and waits until all is idle.

Idle means that all that could happen at that instant has: no event waits in an outbox or on a
topic, nothing due has not been emitted, and no message that may leave now has not left. What a
service has said itself is no news to it, and is not waited for. What the services hold is looked
at in one statement, and only then where the topics end: whatever was between the two at that
instant is a record that nobody has read.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.child import CannotStart
from services.notifier.domain.settling import FOR_A_HUMAN
from shared.contract.events.purposes import UNANSWERED_AFTER
from shared.contract.topics import ALL
from shared.runtime.clock import MappedClock, write_offset
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("simulated_time.sql"))

STRIDE = timedelta(hours=3)
"""What falls due within one stride is let happen together; a window is open for much longer."""
TURNS = timedelta(hours=6)
"""So often it is looked whose turn has come; they have two working days, of their own hours."""
ASKED_LATELY = timedelta(days=14)
"""Who was asked before is waited for no longer, whatever holidays there are."""
IDLE_WITHIN_SECONDS = 60
LOOK_SECONDS = 0.03
NOTICED_SECONDS = 0.05
"""Within this all processes have noticed that the clock was moved."""
UNANSWERED = UNANSWERED_AFTER + timedelta(hours=1)
"""So old an interest is ended at the latest, if no recruiter ever says anything."""
_ENDS = [TopicPartition(topic.name, number) for topic in ALL for number in range(topic.partitions)]


class SimulatedTime:
    """Moves the clock of a running stack."""

    def __init__(self, clock_file: Path, conn: asyncpg.Connection, ends: AIOKafkaConsumer) -> None:
        self._file = clock_file
        self._clock = MappedClock(clock_file)
        self._conn = conn
        self._ends = ends

    def now(self) -> datetime:
        return self._clock.now()

    async def wait_until_idle(self) -> None:
        """Returns when everything has settled; raises CannotStart if it does not in time."""
        deadline = time.monotonic() + IDLE_WITHIN_SECONDS
        while under_way := await self._under_way():
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"The services do not come to rest within {IDLE_WITHIN_SECONDS} seconds:"
                    f" {', '.join(under_way)}"
                )
            await asyncio.sleep(LOOK_SECONDS)

    async def advance_to(self, moment: datetime) -> None:
        """Advances the clock to that moment, stopping wherever something is due on the way."""
        async for _ in self.steps_to(moment):
            pass

    async def steps_to(self, moment: datetime) -> AsyncIterator[datetime]:
        """Yields this instant, and each on the way at which something was due, once it happened."""
        await self.wait_until_idle()
        yield self.now()
        while (now := self.now()) < moment:
            due = await _queries.next_due(
                self._conn,
                now=now,
                stride=STRIDE,
                unanswered_since=now - UNANSWERED,
                turns=TURNS,
                lately=ASKED_LATELY,
                for_a_human=sorted(FOR_A_HUMAN),
            )
            step = min(moment, due or moment)
            write_offset(self._file, step - datetime.now(UTC))
            await asyncio.sleep(NOTICED_SECONDS)
            await self.wait_until_idle()
            yield step

    async def _under_way(self) -> list[str]:
        """Returns which service has what to do; where none has, which events it has not read."""
        now = self.now()
        rows = await _queries.at_rest(self._conn, now=now, unanswered_since=now - UNANSWERED)
        if under_way := rows[0]["under_way"]:
            return list(under_way)
        read = {
            (row["service"], row["topic"], row["partition"]): row["next_offset"] for row in rows
        }
        ends = await self._ends.end_offsets(_ENDS)
        return [
            f"{service} has events of {topic.name} to read"
            for topic in ALL
            for service in sorted(set(topic.consumers) - set(topic.producers))
            if any(
                read.get((service, topic.name, number), 0)
                < ends[TopicPartition(topic.name, number)]
                for number in range(topic.partitions)
            )
        ]
