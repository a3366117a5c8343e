"""What people take in tables, topics and memory: many are turned down, and have their letters."""

import re
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from deploy.local.child import CannotStart
from deploy.local.demo import personas
from deploy.local.demo.personas import Application, Attitude, Person
from deploy.local.demo.upstream import Upstream
from deploy.local.stack import SERVICES, Stack
from shared.contract.topics import ALL
from tests.bench.capacity import figures
from tests.faults.reading import reading
from tests.journeys.conftest import Stage, running
from tests.scratch import scratch

AT_FIRST = 500
"""Whom the first pages of tables are filled with: what is measured is what the others add."""
AT_ONCE = 100
LETTERS_WITHIN = timedelta(days=8)
UNLIMITED = {"NOTYET_MESSAGES_PER_SECOND": "5000", "NOTYET_EMIT_PER_SECOND": "100000"}

_KINDS = ("runner_up", "not_yet", "no")
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
_SIZES = """
select schemaname as name, sum(pg_total_relation_size(format('%I.%I', schemaname, tablename)))
from pg_tables where schemaname = any($1::text[]) group by 1
"""


@dataclass(frozen=True)
class _Topics:
    """How many records are on each topic, and how long they are; the last of each key alone too."""

    records: Counter[str]
    size: Counter[str]
    states: Counter[str]


async def measured(people: int) -> figures.Person:
    """Returns what each of so many people adds to those who were there at first."""
    with scratch("capacity") as directory:
        async with running(directory, broker="embedded", env=UNLIMITED) as stage:
            await _turn_down(stage, 1, AT_FIRST)
            before = await _tables(stage)
            await _turn_down(stage, 1 + AT_FIRST, people)
            after = await _tables(stage)
            topics, everybody = await _topics(stage.stack), AT_FIRST + people
            return figures.Person(
                people=people,
                database={name: (after[name] - before[name]) // people for name in SERVICES},
                states={name: size // everybody for name, size in topics.states.items()},
                events={name: topics.size[name] // count for name, count in topics.records.items()},
                events_each={
                    name: round(count / everybody, 2) for name, count in topics.records.items()
                },
                memory={name: _peak_memory(stage.stack, name) for name in SERVICES},
            )


async def _turn_down(stage: Stage, first: int, count: int) -> None:
    """Turns so many people down, and lets the days pass within which they all hear of it."""
    upstream = Upstream(stage.http, stage.stack.intake_url, stage.key, stage.producer)
    for start in range(first, first + count, AT_ONCE):
        some = [_application(number) for number in range(start, start + AT_ONCE)]
        await upstream.reject(some, stage.simulated_time.now())
    until = stage.simulated_time.now() + LETTERS_WITHIN
    while stage.simulated_time.now() < until:
        with suppress(CannotStart):  # on a busy machine it takes longer than anybody waits
            await stage.simulated_time.advance_to(until)


def _application(number: int) -> Application:
    person = Person(number, "Gina", f"Family{number}", "Europe/Berlin", "DE", Attitude.EAGER)
    kind = _KINDS[number % len(_KINDS)]
    opening = personas.OPENINGS[number % len(personas.OPENINGS)]
    place = 2 if kind == "runner_up" else None
    return Application(person, opening, kind, place, months=opening.months_needed + 6)


async def _tables(stage: Stage) -> dict[str, int]:
    await stage.conn.execute("vacuum (analyze)")
    return {row["name"]: int(row["sum"]) for row in await stage.conn.fetch(_SIZES, SERVICES)}


async def _topics(stack: Stack) -> _Topics:
    """Reads all that is about somebody: heartbeats are about nobody."""
    records, size, states = Counter[str](), Counter[str](), Counter[str]()
    async with reading(stack.bootstrap_servers) as reader:
        for topic in ALL:
            newest: dict[bytes, int] = defaultdict(int)
            async for record in reader.records(topic):
                if record.key and not record.key.startswith(b"heartbeat-"):
                    headers = sum(len(name) + len(value) for name, value in record.headers)
                    length = len(record.key) + len(record.value or b"") + headers
                    records[topic.stream] += 1
                    size[topic.stream] += length
                    newest[record.key] = length
            if topic.compacted and newest:
                states[topic.stream] = sum(newest.values())
    return _Topics(records, size, states)


def _peak_memory(stack: Stack, service: str) -> int:
    """Returns what a service's process held at the most, as the kernel counts it."""
    status = Path(f"/proc/{stack.processes[service][0].child.pid}/status").read_text()
    found = _PEAK.search(status)
    assert found
    return int(found[1]) * 1024
