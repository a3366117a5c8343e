"""`applicant.rejected` in, `candidate.changed` out: what lies between, in empty Kafka hops."""

from statistics import median

from aiokafka import AIOKafkaProducer, ConsumerRecord

from shared.contract.topics import APPLICATIONS, CANDIDATES
from tests.bench.events import rejection
from tests.bench.figures import Line, at_most, percentile
from tests.bench.latency import HOP, Stopwatch, committing, hops, seeing, send, steadily
from tests.bench.pace import Pace
from tests.bench.stand import Room, Stand

RATES = (100, 500)


async def answering(stand: Stand, pace: Pace) -> list[Line]:
    seconds, lines = pace.seconds(5), []
    async with stand.room() as room, room.running("intake"), room.producer() as producer:
        await room.topic(HOP)
        await _times(room, producer, "warm", 200, 100)
        for rate in RATES:
            work = f"applicant.rejected to candidate.changed, {rate}/s"
            middle = Line(f"{work}: p50", "an empty hop", "ms", at_most(4))
            tail = Line(f"{work}: p99", "a commit's p99", "ms", None)
            for number in range(pace.rounds):
                count = round(rate * seconds)
                empty = await hops(room, producer, count // 2, rate)
                commits: list[float] = []
                async with committing(room, commits):
                    taken = await _times(room, producer, f"{rate}-{number}", count, rate)
                middle.add(median(taken), median(empty))
                tail.add(percentile(taken, 0.99), percentile(commits, 0.99))
            lines += [middle, tail]
    return lines


async def _times(
    room: Room, producer: AIOKafkaProducer, who: str, count: int, rate: float
) -> list[float]:
    """Returns how long so many rejections took, each of somebody else."""
    watch = Stopwatch()

    async def reject(number: int) -> None:
        event = rejection(f"{who}-{number}")
        watch.left(event.id)
        await send(producer, APPLICATIONS, event)

    async with seeing(room, CANDIDATES.name, watch, by=_cause):
        await steadily(count, rate, reject)
        await watch.all_came()
    return watch.milliseconds


def _cause(record: ConsumerRecord) -> str:
    headers: dict[str, bytes] = dict(record.headers)
    return headers["ce_causationid"].decode()
