"""What of a vacancy is searched for: its weighted stems, and the n-grams of its title."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from services.matcher.domain.tokenisation import content_words, grams, head_of, language_of, stem
from services.matcher.ranking.bags import Floats, Terms, term_id
from shared.contract.events.vacancies import Vacancy

TITLE_WORD, SKILL_WORD, DESCRIPTION = 8.0, 3.0, 60.0
"""What one word of the title weighs, one skill's, and all of the description together at most."""
REPEATED = 4.0
"""How soon a word that is repeated stops counting more."""


@dataclass(frozen=True)
class Query:
    """A vacancy's stems, ascending by id, with their weights and as the vacancy spells them."""

    terms: Terms
    weights: Floats
    spelled: list[str]
    titles: list[Terms]
    """The n-grams of the title, for each way in which it is asked for."""


def query_of(vacancy: Vacancy) -> Query:
    """Reads a vacancy; a query without terms means that it says nothing one could search for."""
    asked = [*vacancy.skills, *(requirement.name for requirement in vacancy.requirements)]
    language = language_of("\n".join((vacancy.title, vacancy.description, *asked)))
    weights: dict[str, float] = defaultdict(float)
    spelled: dict[str, str] = {}

    def add(text: str, weight: float, most: float = float("inf")) -> None:
        words = content_words(text, language)
        for word in words:
            spelled.setdefault(stem(word, language), word)
        counts = Counter(stem(word, language) for word in words)
        gains = {key: (REPEATED + 1) * count / (REPEATED + count) for key, count in counts.items()}
        share = min(weight, most / (sum(gains.values()) or 1.0))
        for key, gain in gains.items():
            weights[key] += share * gain

    add(vacancy.title, TITLE_WORD)
    add("\n".join(asked), SKILL_WORD)
    add(vacancy.description, 1.0, DESCRIPTION)
    ids = {term_id(key): key for key in weights}
    ordered = sorted(ids)
    return Query(
        np.array(ordered, np.uint32),
        np.array([weights[ids[term]] for term in ordered], np.float64),
        [spelled[ids[term]] for term in ordered],
        _title_grams(vacancy.title),
    )


def _title_grams(title: str) -> list[Terms]:
    """Returns the title's n-grams; where it has a comma or the like, also of what is before it."""
    head = head_of(title)
    ways = [title, head] if len(head) > 3 and head != title else [title]
    return [np.unique(np.array([term_id(gram) for gram in grams(way)], np.uint32)) for way in ways]
