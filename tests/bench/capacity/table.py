"""The tables of docs/capacity.md: what was measured, and what follows from it for more people."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median

from services.notifier.settings import Settings
from shared.contract.topics import APPLICATIONS
from tests.bench.capacity.figures import Capacity
from tests.bench.figures import Line
from tests.bench.works.sending import RATES

PEOPLE = (10_000, 1_000_000, 100_000_000)
BUSIEST = 10
"""How many times as much comes in the busiest hour as in all others on average."""

CARRIED = RATES[0]
"""Messages a second that a notifier certainly hands over as they fall due; more of them queue."""

ALLOWED: int = Settings.model_fields["messages_per_second"].default
"""So many a second each notifier hands over at most, if nothing else is set."""

EACH_DIFFERENT_BYTES = 7_000
"""What the matcher's README reckons for a person: those of the pool here are of few kinds."""

_YEAR_SECONDS = 365 * 86400
_PARTITIONS = APPLICATIONS.partitions
_RATES = {
    "intake, events from Kafka": "intake, Kafka to committed record",
    "intake, requests over HTTP": "HTTP, 202 after the commit",
    "scheduler (two), contacts that are due": "scheduler, 100,000 due contacts to Kafka",
    "the outbox (two relays)": "outbox relay, 2 instances, order kept",
}


Row = tuple[str, ...]


def figures_table(found: Capacity, lines: Sequence[Line]) -> str:
    """Returns what was measured, each with how."""
    rows = [*_carried(found, lines), *_taken(found)]
    return _table(("what", "measured", "how"), rows)


def growth_table(found: Capacity, lines: Sequence[Line]) -> str:
    """Returns what follows for more people, each of whom is turned down once a year."""
    person, pool = found.person, found.pool
    recording = _rate(lines, _RATES["intake, events from Kafka"])
    written = sum(size * person.events_each[name] for name, size in person.events.items())
    ranked = pool.people / pool.ranking_seconds
    busiest = BUSIEST / _YEAR_SECONDS
    follows: dict[str, Callable[[int], str]] = {
        "rejections a second, in the busiest hour": lambda n: f"{n * busiest:.2g}",
        "what that is of one intake": lambda n: f"{n * busiest / recording:.2%}",
        "database, all four": lambda n: _bytes(n * sum(person.database.values())),
        "the largest, where each has its own": lambda n: _bytes(n * max(person.database.values())),
        "Kafka, kept for good": lambda n: _bytes(n * sum(person.states.values())),
        "Kafka, written in a year": lambda n: _bytes(n * written),
        "memory of each matcher": lambda n: _bytes(n * EACH_DIFFERENT_BYTES),
        "ranking all for a vacancy": lambda n: _time(n / ranked),
        f"a message to all, by {_PARTITIONS} notifiers at {ALLOWED} a second": lambda n: _time(
            n / ALLOWED / _PARTITIONS
        ),
    }
    rows = [(what, *(of(n) for n in PEOPLE)) for what, of in follows.items()]
    return _table(("", *(f"{n:,} people" for n in PEOPLE)), rows)


def _carried(found: Capacity, lines: Sequence[Line]) -> Iterator[Row]:
    """Yields what one replica does in a second."""
    for what, work in _RATES.items():
        yield what, f"{_rate(lines, work):,.0f} a second", "`make bench`"
    late = median(_line(lines, f"contact.due to SMTP 250, {CARRIED}/s: p50").ours)
    yield (
        "notifier, messages over SMTP",
        f"{CARRIED} a second",
        f"`make bench`, half of them within {late:,.0f} ms",
    )


def _taken(found: Capacity) -> Iterator[Row]:
    """Yields what people take."""
    person, pool = found.person, found.pool
    turned_down = f"{person.people:,} turned down and told so"
    for name, size in person.database.items():
        yield f"{name}, database for a person", _bytes(size), turned_down
    for name, size in person.memory.items():
        yield f"{name}, memory in all", _bytes(size), f"the peak, {turned_down}"
    held = f"{pool.people:,} in the pool"
    yield "matcher, ranking all for a vacancy", _time(pool.ranking_seconds), f"{held}, processor"
    yield "matcher, memory for a person", _bytes(pool.bytes_a_person), f"{held}, of 200 kinds"
    each = "where everybody is different, as its README reckons"
    yield "matcher, memory for a person", _bytes(EACH_DIFFERENT_BYTES), each
    for stream, size in person.events.items():
        often = f"{person.events_each[stream]:g} for each person"
        yield f"Kafka, an event of {stream}", _bytes(size), often


def _rate(lines: Iterable[Line], work: str) -> float:
    return median(_line(lines, work).ours)


def _line(lines: Iterable[Line], work: str) -> Line:
    return next(line for line in lines if line.work == work)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _bytes(size: float) -> str:
    for unit, bytes_ in {"TB": 1e12, "GB": 1e9, "MB": 1e6, "kB": 1e3}.items():
        if size >= bytes_:
            shown = size / bytes_
            return f"{shown:,.0f} {unit}" if shown >= 10 else f"{shown:,.1f} {unit}"
    return f"{size:,.0f} B"


def _time(seconds: float) -> str:
    for unit, length in {"days": 86400, "hours": 3600, "minutes": 60}.items():
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:,.2g} seconds"
