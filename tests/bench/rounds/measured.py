"""How long each round took with how many people, and whether it follows the work alone."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

RESULTS = Path(__file__).parents[1] / "rounds.json"

GOAL = 1.5
"""How much more a round may take in the largest pool than in the smallest."""


@dataclass
class Measured:
    """One round of one service; times in milliseconds, by the number of people."""

    service: str
    name: str
    grows: bool
    took: dict[int, list[float]] = field(default_factory=dict)
    gaps: dict[int, list[float]] = field(default_factory=dict)
    """The longest gap of the event loop in each of those rounds."""

    def add(self, people: int, took: float, gap: float) -> None:
        """Adds one round."""
        self.took.setdefault(people, []).append(round(took, 3))
        self.gaps.setdefault(people, []).append(round(gap, 3))

    @property
    def ratio(self) -> float:
        """How many times as long it takes in the largest pool as in the smallest."""
        return median(self.took[max(self.took)]) / median(self.took[min(self.took)])

    @property
    def met(self) -> bool | None:
        return None if self.grows else self.ratio <= GOAL

    @classmethod
    def read(cls, told: dict[str, Any]) -> "Measured":
        """Returns what `as_json` has written."""
        took, gaps = (
            {int(people): values for people, values in told[name].items()}
            for name in ("took", "gaps")
        )
        return cls(told["service"], told["name"], told["grows"], took, gaps)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def kept() -> list[Measured]:
    """Returns the results that lie here."""
    return [Measured.read(told) for told in json.loads(RESULTS.read_text())]


def keep(found: Sequence[Measured], path: Path = RESULTS) -> None:
    """Writes results down, in place of those from before, each round on a line of its own."""
    lines = ",\n".join(json.dumps(each.as_json()) for each in found)
    path.write_text(f"[\n{lines}\n]\n")
