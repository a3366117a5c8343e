"""What a matcher takes for everybody: memory, and the time of ranking them for one vacancy."""

import resource
import time
from pathlib import Path
from statistics import median

from tests.bench.capacity.figures import Pool
from tests.bench.rounds.matcher import SETTINGS, rounds
from tests.bench.rounds.place import place
from tests.databases import Template, server
from tests.scratch import scratch

_NO_BROKER = "127.0.0.1:9"
"""Nothing is said here to anybody."""
_TIMES = 5


async def measured(people: int) -> Pool:
    """Fills a pool, has everybody indexed by the matcher's own parts in this process, and ranks."""
    with server() as admin_url, scratch("pool") as directory:
        template = Template(admin_url)
        await template.make()
        async with place("matcher", template, _NO_BROKER, directory, people, **SETTINGS) as there:
            before = _resident()
            async with rounds(there) as found:
                held = _resident() - before
                (ranking,) = [each for each in found if each.grows]
                took = []
                for _ in range(_TIMES):
                    await ranking.lay()
                    began = time.process_time()
                    await ranking.work()
                    took.append(time.process_time() - began)
    return Pool(people, held // people, round(median(took), 4))


def _resident() -> int:
    """Returns how much memory this process has at the moment."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
