"""Moves the clock of a stack to when something is next due, and waits until all is idle.

Idle means that all that could happen at that instant has: no event waits in an outbox or on a
topic, nothing due has not been emitted, and no message that may leave now has not left.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.child import CannotStart
from deploy.local.stack import SERVICES
from shared.contract.topics import ALL
from shared.runtime.clock import MappedClock, write_offset
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("simulated_time.sql"))

STRIDE = timedelta(minutes=40)
"""What falls due within one stride is let happen together; a window is open for much longer."""
IDLE_WITHIN_SECONDS = 60


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
        calm = 0
        while calm < 2:
            calm = calm + 1 if await self._is_idle() else 0
            if time.monotonic() > deadline:
                raise CannotStart("The services do not come to rest; their logs say why")
            await asyncio.sleep(0.04)

    async def advance_to(self, moment: datetime) -> None:
        """Advances the clock to that moment, stopping wherever something is due on the way."""
        async for _ in self.steps_to(moment):
            pass

    async def steps_to(self, moment: datetime) -> AsyncIterator[datetime]:
        """Yields this instant, and each on the way at which something was due, once it happened."""
        await self.wait_until_idle()
        yield self.now()
        while (now := self.now()) < moment:
            due = await _queries.next_due(self._conn, now=now)
            step = min(moment, max(due, now) + STRIDE) if due else moment
            write_offset(self._file, step - datetime.now(UTC))
            await self.wait_until_idle()
            yield step

    async def _is_idle(self) -> bool:
        if await _queries.unsettled(self._conn, now=self.now()):
            return False
        stored = {
            (row["service"], row["topic"], row["partition"]): row["next_offset"]
            for row in await _queries.stored_offsets(self._conn)
        }
        partitions = [
            TopicPartition(topic.name, number)
            for topic in ALL
            for number in range(topic.partitions)
        ]
        ends = await self._ends.end_offsets(partitions)
        return all(
            stored.get((service, topic.name, number), 0) >= ends[TopicPartition(topic.name, number)]
            for topic in ALL
            for service in SERVICES
            if service in topic.consumers
            for number in range(topic.partitions)
        )
