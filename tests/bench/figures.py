"""What was measured, against what, and whether the goal is met."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Literal

RESULTS = Path(__file__).with_name("bench.json")

Sense = Literal[">=", "<="]
Unit = Literal["/s", "ms"]


@dataclass(frozen=True)
class Goal:
    """What the ratio of ours to the other has to be."""

    sense: Sense
    ratio: float

    @classmethod
    def read(cls, text: str) -> "Goal":
        """Returns the goal that is written so."""
        return cls(">=" if text.startswith(">=") else "<=", float(text[2:].strip(" x")))

    def met_by(self, ratio: float) -> bool:
        return ratio >= self.ratio if self.sense == ">=" else ratio <= self.ratio

    def __str__(self) -> str:
        return f"{self.sense} {self.ratio:g}x"


@dataclass
class Line:
    """One line of the table: two figures that were taken in turns, and their ratio.

    Rates and times alike are per round; the ratio is that of the medians, and its spread goes from
    the least to the greatest ratio of one round.
    """

    work: str
    against: str
    unit: Unit
    goal: Goal | None
    ours: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)
    remark: str = ""

    def add(self, ours: float, other: float) -> None:
        """Adds one round."""
        self.ours.append(ours)
        self.other.append(other)

    @property
    def ratio(self) -> float:
        return median(self.ours) / median(self.other)

    @property
    def spread(self) -> tuple[float, float]:
        rounds = [ours / other for ours, other in zip(self.ours, self.other, strict=False)]
        return min(rounds), max(rounds)

    @property
    def met(self) -> bool | None:
        return self.goal.met_by(self.ratio) if self.goal else None

    @classmethod
    def read(cls, told: dict[str, Any]) -> "Line":
        """Returns the line that `as_json` has written."""
        facts = {name: told[name] for name in ("work", "against", "unit", "ours", "other")}
        goal = Goal.read(told["goal"]) if told["goal"] else None
        return cls(goal=goal, remark=told["remark"], **facts)

    def as_json(self) -> dict[str, Any]:
        return {
            "work": self.work,
            "against": self.against,
            "unit": self.unit,
            "ours": [round(value, 3) for value in self.ours],
            "other": [round(value, 3) for value in self.other],
            "ratio": round(self.ratio, 4),
            "spread": [round(value, 4) for value in self.spread],
            "goal": str(self.goal) if self.goal else None,
            "met": self.met,
            "remark": self.remark,
        }


def kept() -> list[Line]:
    """Returns the results that lie here."""
    return [Line.read(told) for told in json.loads(RESULTS.read_text())]


def at_least(ratio: float) -> Goal:
    return Goal(">=", ratio)


def at_most(ratio: float) -> Goal:
    return Goal("<=", ratio)


def percentile(values: Sequence[float], share: float) -> float:
    """Returns the value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
