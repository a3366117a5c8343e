"""Sees from outside when events have arrived in Kafka."""

import asyncio
import time

from aiokafka import AIOKafkaConsumer

_PATIENCE_SECONDS = 120.0
_LOOK_SECONDS = 0.01


async def total(reader: AIOKafkaConsumer) -> int:
    """Returns how many records the reader's partitions hold."""
    ends = await reader.end_offsets(list(reader.assignment()))
    return sum(ends.values())


async def arrived(reader: AIOKafkaConsumer, goal: int) -> float:
    """Returns when the partitions hold that many records; returns the instant."""
    deadline = time.perf_counter() + _PATIENCE_SECONDS
    while await total(reader) < goal:
        if time.perf_counter() > deadline:
            raise TimeoutError(f"of {goal} records {await total(reader)} have arrived")
        await asyncio.sleep(_LOOK_SECONDS)
    return time.perf_counter()
