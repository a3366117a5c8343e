"""Where a mistake is made: in somebody's values, or in a file of the chart."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

GONE = object()
"""Says that a value is left out."""


@dataclass(frozen=True)
class InValues:
    """What somebody wrote into their values."""

    what: str
    case: str
    place: str
    value: Any = GONE

    def make(self, chart: Path) -> Path:
        """Writes the values with the mistake beside the chart; returns where."""
        values = yaml.safe_load((chart / "ci" / f"{self.case}-values.yaml").read_text())
        *above, last = self.place.split(".")
        inner = values
        for key in above:
            inner = inner.setdefault(key, {})
        if self.value is GONE:
            del inner[last]
        else:
            inner[last] = self.value
        mistaken = chart / "mistaken.yaml"
        mistaken.write_text(yaml.safe_dump(values))
        return mistaken


@dataclass(frozen=True)
class InChart:
    """What somebody changed in a file of the chart."""

    what: str
    case: str
    file: str
    old: str
    new: str

    def make(self, chart: Path) -> Path:
        """Changes the chart, wherever the old text stands; returns the values to render it with."""
        path = chart / self.file
        text = path.read_text()
        assert self.old in text, f"{self.file} has no {self.old!r}"
        path.write_text(text.replace(self.old, self.new))
        return chart / "ci" / f"{self.case}-values.yaml"
