"""What was asked for, what was broken on purpose, what left, and what was found in the end.

One JSON object a line, each with the real time (`at`, in seconds) and the product's (`product`).
The second command judges a run by this file alone.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import time
from typing import Any

from shared.runtime.clock import Clock

Line = dict[str, Any]


class History:
    """Writes lines as things happen."""

    def __init__(self, path: Path, clock: Clock) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", buffering=1)
        self._clock = clock

    def note(self, kind: str, **facts: Any) -> None:
        line = {"kind": kind, "at": time(), "product": self._clock.now().timestamp(), **facts}
        self._file.write(json.dumps(line, default=_as_text) + "\n")

    def close(self) -> None:
        self._file.close()


class Story:
    """A history that is read again, by kind."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            self._lines[line["kind"]].append(line)

    @classmethod
    def read(cls, path: Path) -> "Story":
        with path.open() as file:
            return cls(json.loads(text) for text in file)

    def of(self, kind: str) -> list[Line]:
        return self._lines.get(kind, [])

    def one(self, kind: str) -> Line:
        (line,) = self._lines[kind]
        return line

    def rows(self, table: str) -> list[Line]:
        """Returns what a table held in the end."""
        return [line for line in self.of("row") if line["table"] == table]

    def records(self, topic: str) -> list[Line]:
        """Returns what a topic held in the end, in order within each partition."""
        return [line for line in self.of("record") if line["topic"] == topic]

    def faults(self, *kinds: str) -> list[Line]:
        return [line for line in self.of("fault") if line["what"] in kinds]


def _as_text(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else str(value)
