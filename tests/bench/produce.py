"""Handing records to Kafka as fast as the client can."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from shared.contract.events.cloudevents import Event, encode
from shared.runtime.publisher import partition_of

Record = tuple[bytes, bytes | None, list[tuple[str, bytes]]]
Prepared = list[dict[int, list[Record]]]
"""For each turn the records of each partition: key, value and headers."""


def prepared(events: Sequence[Event], partitions: int, at_once: int) -> Prepared:
    """Encodes events ahead of time, in turns of so many."""
    turns = []
    for start in range(0, len(events), at_once):
        turn: dict[int, list[Record]] = defaultdict(list)
        for event in events[start : start + at_once]:
            headers, value = encode(event)
            turn[partition_of(event.key, partitions)].append((event.key.encode(), value, headers))
        turns.append(turn)
    return turns


async def produce(producer: AIOKafkaProducer, topic: str, turns: Prepared) -> None:
    """Sends whole batches for each partition, one turn after the other."""
    for turn in turns:
        sent = []
        for partition, records in turn.items():
            batch = producer.create_batch()
            for key, value, headers in records:
                if batch.append(key=key, value=value, timestamp=None, headers=headers) is None:
                    sent.append(await producer.send_batch(batch, topic, partition=partition))
                    batch = producer.create_batch()
                    batch.append(key=key, value=value, timestamp=None, headers=headers)
            sent.append(await producer.send_batch(batch, topic, partition=partition))
        await asyncio.gather(*sent)
