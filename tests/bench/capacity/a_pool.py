"""What a matcher takes for everybody: memory, and the time of ranking them for one vacancy."""

import resource
import time
from pathlib import Path
from statistics import median

from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_admin import apply
from tests.bench.capacity.figures import Pool
from tests.bench.rounds.matcher import SETTINGS, rounds
from tests.bench.rounds.place import place
from tests.bench.stand import Stand

_TIMES = 5


async def measured(stand: Stand, people: int) -> Pool:
    """Fills a pool, has everybody indexed by the matcher's own parts in this process, and ranks."""
    await apply(KafkaSettings(kafka_bootstrap_servers=stand.kafka))
    async with place(
        "matcher", stand.template, stand.kafka, stand.directory, people, **SETTINGS
    ) as there:
        before = _resident()
        async with rounds(there) as found:
            held = _resident() - before
            (ranking,) = [each for each in found if each.ranking]
            took = []
            for _ in range(_TIMES):
                await ranking.lay()
                began = time.perf_counter()
                await ranking.work()
                took.append((time.perf_counter() - began) * 1000)
    return Pool(people, held // people, round(median(took), 1))


def _resident() -> int:
    """Returns how much memory this process has at the moment."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
