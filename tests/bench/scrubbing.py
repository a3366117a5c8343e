"""Measures what goes out of texts: of planted people how much, and of other texts which words.

`python -m tests.bench.scrubbing [--people N] [--texts FILE.jsonl ...]`: each line of a file is JSON
with texts in it, such as a résumé. What is taken out of those is shown in part, for a human to
judge.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from rich.console import Console

from services.intake.privacy.domain.scrubbing import PLACEHOLDERS, Scrubber
from tests.services.intake.privacy.planted import people
from tests.services.intake.privacy.test_scrubbing_recall import measure

SHOWN, AROUND = 40, 50

console = Console(highlight=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    asked = parser.parse_args()
    planted = measure(asked.people)
    for kind, count in planted.planted.items():
        console.print(f"{kind:10} {planted.recall(kind):8.2%} of {count} went")
    console.print(f"of {planted.words} words around them {len(planted.taken_wrongly)} went")
    for path in asked.texts:
        _taken_out_of(path)


def _taken_out_of(path: Path) -> None:
    """Scrubs texts that have nobody planted in them, each as somebody else's."""
    words, gone, characters, began = 0, 0, 0, time.process_time()
    examples: list[str] = []
    with path.open() as lines:
        for line, person in zip(lines, cycle(people(200)), strict=False):
            text = "\n".join(_texts(json.loads(line)))
            scrubbed = Scrubber(person.known_as).scrub(text)
            missing = Counter(text.split()) - Counter(scrubbed.split())
            words, gone = words + len(text.split()), gone + missing.total()
            characters += len(text)
            if missing and len(examples) < SHOWN:
                examples.append(f"{_around(scrubbed)}   <- {' '.join(missing)}"[:300])
    seconds = time.process_time() - began
    console.print(f"{path}: {gone} of {words} words went ({1000 * gone / words:.2f} in 1,000)")
    console.print(f"{characters / seconds / 1e6:.2f} million characters a second")
    console.print(*examples, sep="\n", markup=False)


def _around(scrubbed: str) -> str:
    """Returns the first place where something was taken out."""
    at = min((scrubbed.find(each) for each in PLACEHOLDERS if each in scrubbed), default=0)
    return scrubbed[max(0, at - AROUND) : at + AROUND].replace("\n", "/")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


if __name__ == "__main__":
    main()
