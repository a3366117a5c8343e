"""How much of a person goes out of a text, and how much else: on people planted in résumés."""

import random
from collections import Counter
from dataclasses import dataclass, field

from services.intake.privacy.domain.folding import fold, visible
from services.intake.privacy.domain.scrubbing import Scrubber
from services.intake.privacy.domain.spans import BETWEEN_TEXTS
from tests.services.intake.privacy.carriers import FRAMES, LINES
from tests.services.intake.privacy.planted import Person, Plant, people, plants

LEAST_RECALL = 0.99
MOST_TAKEN_WRONGLY = 0.001
PEOPLE = 200


@dataclass
class Measured:
    planted: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    words: int = 0
    taken_wrongly: list[str] = field(default_factory=list)

    def recall(self, kind: str) -> float:
        return 1 - self.left[kind] / self.planted[kind]


def measure(count: int, seed: int = 1) -> Measured:
    """Plants people in lines of résumés, scrubs each résumé whole, and looks at what is left."""
    dice, measured = random.Random(seed), Measured()
    for person in people(count, seed):
        _measure_one(person, dice, measured)
    return measured


def _measure_one(person: Person, dice: random.Random, measured: Measured) -> None:
    planted = plants(person, dice)
    lines = [*dice.sample(LINES, 8), *(dice.choice(FRAMES).format(each.text) for each in planted)]
    order = list(range(len(lines)))
    dice.shuffle(order)
    scrubbed = (
        Scrubber(person.known_as)
        .scrub(BETWEEN_TEXTS.join(lines[at] for at in order))
        .split(BETWEEN_TEXTS)
    )
    after = dict(zip(order, scrubbed, strict=True))
    for at, each in enumerate(planted, 8):
        measured.planted[each.kind] += 1
        if is_left(each, after[at]):
            measured.left[each.kind] += 1
            measured.examples.append(
                f"{each.kind}: {person.known_as} {lines[at]!r} -> {after[at]!r}"
            )
    for at in range(8):
        before = lines[at].split()
        measured.words += len(before)
        missing = Counter(before) - Counter(after[at].split())
        measured.taken_wrongly += [f"{word}: {person.known_as[0]}: {after[at]}" for word in missing]


def is_left(plant: Plant, after: str) -> bool:
    if plant.kind == "phone":
        digits = "".join(filter(str.isdecimal, after))
        return len(digits) > 3
    folded = fold(visible(after))
    return any(fold(visible(telling)) in folded for telling in plant.telling)


def test_who_somebody_is_goes_out_of_a_resume_in_nearly_all_spellings() -> None:
    measured = measure(PEOPLE)
    recall = {kind: measured.recall(kind) for kind in measured.planted}
    assert min(recall.values()) >= LEAST_RECALL, (recall, measured.examples[:20])


def test_hardly_a_word_is_taken_out_wrongly() -> None:
    measured = measure(PEOPLE)
    share = len(measured.taken_wrongly) / measured.words
    assert share <= MOST_TAKEN_WRONGLY, (share, measured.taken_wrongly[:20])
