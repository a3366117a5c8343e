"""Makes Kafka compact the streams of people at once, as it does in time, and notes what is left.

Everything is said again first, by the operators' command: the segment that is written to is never
compacted, so a later write must close it.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Collection, Sequence
from time import monotonic

from aiokafka import ConsumerRecord

from deploy.local.stack import Stack
from shared.contract.topics import CANDIDATES, PROFILES, RECIPIENTS
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_admin import apply
from tests.faults.history import History
from tests.faults.reading import reading
from tests.journeys.conftest import commanded

PEOPLE = (CANDIDATES, PROFILES, RECIPIENTS)
WITHIN_SECONDS = 90
AT_ONCE = {
    "segment.ms": "1000",
    "min.cleanable.dirty.ratio": "0.01",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "2000",
    "delete.retention.ms": "1000",
}
MOST_OF_A_KEY = 2
"""What compaction has left of it, and what was said again behind that."""


async def compact(stack: Stack, history: History, gone: Collection[str]) -> None:
    """Returns when little enough is left, or it takes too long; what is left is judged."""
    await apply(
        KafkaSettings(kafka_bootstrap_servers=stack.bootstrap_servers), PEOPLE, overrides=AT_ONCE
    )
    await asyncio.to_thread(commanded, stack, "intake", "restate")
    deadline = monotonic() + WITHIN_SECONDS
    async with reading(stack.bootstrap_servers) as reader:
        for topic in PEOPLE:
            while True:
                left = [record async for record in reader.records(topic)]
                if _is_compact(left, gone) or monotonic() > deadline:
                    break
                await asyncio.sleep(1)
            for record in left:
                body = json.loads(record.value) if record.value else None
                history.note(
                    "compacted",
                    topic=topic.name,
                    key=_key(record),
                    body=body and {"version": body.get("version")},
                )


def _is_compact(records: Sequence[ConsumerRecord], gone: Collection[str]) -> bool:
    counts = Counter(_key(record) for record in records)
    heartbeats = [key for key in counts if key.startswith("heartbeat-")]
    for key in heartbeats:
        del counts[key]
    return max(counts.values(), default=0) <= MOST_OF_A_KEY and not any(
        record.value is not None and _key(record) in gone for record in records
    )


def _key(record: ConsumerRecord) -> str:
    return bytes(record.key).decode()
