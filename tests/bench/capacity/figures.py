"""What one person takes, as it was measured."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "capacity.json"


@dataclass(frozen=True)
class Person:
    """What each who was turned down and has had a letter takes on average, in bytes."""

    people: int
    database: dict[str, int]
    """By service: tables and indexes."""
    states: dict[str, int]
    """By topic: what is kept for good of each."""
    events: dict[str, int]
    """By topic: one event, with its key and headers."""
    events_each: dict[str, float]
    """By topic: how many there were of each."""
    memory: dict[str, int]
    """By service: what a process held at the most, in all."""


@dataclass(frozen=True)
class Pool:
    """What a matcher takes for all of them."""

    people: int
    bytes_a_person: int
    ranking_seconds: float
    """One vacancy against everybody: processor time, which other work does not lengthen."""


@dataclass(frozen=True)
class Capacity:
    person: Person
    pool: Pool


def kept() -> Capacity:
    """Returns the results that lie here."""
    told = json.loads(RESULTS.read_text())
    return Capacity(Person(**told["person"]), Pool(**told["pool"]))


def keep(found: Capacity, path: Path = RESULTS) -> None:
    """Writes results down, in place of those from before."""
    path.write_text(json.dumps(asdict(found), indent=2) + "\n")
