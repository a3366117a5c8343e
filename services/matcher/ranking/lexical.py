"""The ranker that needs no model: words by BM25, job titles by their n-grams, fused by z-scores.

The two scores are of different kinds and spread differently for each vacancy, so each is first
measured in standard deviations from its mean over the pool. Small pools lean on typical values:
of three nurses none may look like an outlier.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.matcher.domain.words import content_words, grams, head_of, language_of, stem
from services.matcher.ranking import Document, Match, Ranking
from services.matcher.ranking.bags import Floats, Found, Numbers, Shelf, Terms, term_id
from shared.contract.events.vacancies import Vacancy

K1, B = 1.5, 0.75
"""BM25's saturation of repeated words, and its allowance for long profiles."""

TITLE_WORD, SKILL_WORD, DESCRIPTION = 8.0, 3.0, 60.0
"""What one word of the title weighs, one skill's, and all of the description together at most."""
REPEATED = 4.0
"""How soon a word that is repeated stops counting more."""

TITLE_SHARE = 2.0
"""Standard deviations of words that one of titles is worth."""

OTHERS = 1000
"""People without any of the terms who are always reckoned with: in a pool of ten nurses the word
is not worthless."""

SHARED_WORDS = 5


@dataclass(frozen=True)
class Typical:
    """What a score is like in a pool of mixed occupations, worth as much as that many people."""

    mean: float
    deviation: float
    people: int = 25


WORDS = Typical(mean=0.08, deviation=0.04)
TITLES = Typical(mean=0.05, deviation=0.10)


class Lexical:
    name = "lexical"
    version = 1

    def __init__(self) -> None:
        self._words = Shelf()
        self._titles = Shelf()

    def replace(self, documents: Sequence[Document]) -> None:
        numbers = [document.number for document in documents]
        self._words.replace(numbers, [(at.number, bag) for at in documents for bag in at.words])
        self._titles.replace(numbers, [(at.number, bag) for at in documents for bag in at.titles])

    def rank(self, vacancy: Vacancy, pool: Numbers, best: int) -> Ranking:
        query = query_of(vacancy)
        text, found, gains = self._text_scores(query)
        words = _by_person(pool, self._words.numbers, text)
        titles = self._title_scores(vacancy.title, pool)
        fused = _standing_out(words, WORDS) + TITLE_SHARE * _standing_out(titles, TITLES)
        relevance = 1 / (1 + np.exp(-fused / 4))
        fit = titles + 2 * words
        order = np.lexsort((pool, -fused))
        shared = self._shared(pool[order[:best]], query, found, gains)
        matches = tuple(
            Match(int(pool[at]), float(relevance[at]), float(fit[at]), shared[int(pool[at])])
            for at in order[:best]
        )
        return Ranking(
            pool[order], relevance[order], fit[order], matches, searchable=bool(len(query.terms))
        )

    def _text_scores(self, query: "Query") -> tuple[Floats, Found, Floats]:
        """Scores each row by BM25, as a share of what a row with all the words would have."""
        lengths = self._words.lengths
        found = self._words.find(query.terms)
        rarity = _rarity(found, len(query.terms), self._words.numbers)
        most = float((query.weights * rarity).sum() * (K1 + 1)) or 1.0
        average = lengths.sum() / max(1, np.count_nonzero(lengths))
        damping = K1 * (1 - B + B * lengths / max(1.0, average))
        gains = (
            (query.weights * rarity)[found.slots]
            * found.counts
            * (K1 + 1)
            / (found.counts + damping[found.rows])
        )
        return np.bincount(found.rows, gains, len(lengths)) / most, found, gains

    def _title_scores(self, title: str, pool: Numbers) -> Floats:
        """Gives each person's most similar title; the vacancy's may be cut at its first comma."""
        scores = self._title_score(title)
        head = head_of(title)
        if len(head) > 3 and head != title:
            scores = np.maximum(scores, self._title_score(head))
        return _by_person(pool, self._titles.numbers, scores * self._titles.weights)

    def _title_score(self, title: str) -> Floats:
        """Scores each row by Dice's coefficient of n-grams, in which rare ones weigh more."""
        asked = np.unique(np.array([term_id(gram) for gram in grams(title)], np.uint32))
        lengths = self._titles.lengths
        if not len(asked):
            return np.zeros(len(lengths))
        found = self._titles.find(asked)
        rarity = _rarity(found, len(asked), self._titles.numbers)
        both = np.bincount(found.rows, rarity[found.slots], len(lengths))
        return np.asarray(2 * both / (rarity.sum() + lengths * rarity.mean()))

    def _shared(
        self, people: Numbers, query: "Query", found: Found, gains: Floats
    ) -> dict[int, tuple[str, ...]]:
        owners = self._words.numbers[found.rows]
        wanted = np.isin(owners, people)
        owners, slots, gains = owners[wanted], found.slots[wanted], gains[wanted]
        shared: dict[int, list[str]] = {int(number): [] for number in people}
        for at in np.lexsort((slots, -gains)):
            words = shared[int(owners[at])]
            if len(words) < SHARED_WORDS:
                words.append(query.spelled[slots[at]])
        return {number: tuple(words) for number, words in shared.items()}


@dataclass(frozen=True)
class Query:
    """A vacancy's stems, ascending by id, with their weights and as the vacancy spells them."""

    terms: Terms
    weights: Floats
    spelled: list[str]


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
    )


def _rarity(found: Found, asked: int, numbers: Numbers) -> Floats:
    """Gives each asked term's inverse document frequency, as if in a pool of some size at least."""
    rows = np.count_nonzero(numbers) + OTHERS
    having = np.bincount(found.slots, minlength=asked)
    return np.asarray(np.log(1 + (rows - having + 0.5) / (having + 0.5)))


def _by_person(pool: Numbers, owners: Numbers, scores: Floats) -> Floats:
    """Gives each of the pool the best of the scores they own; nothing where they own none."""
    best = np.zeros(len(pool))
    if len(pool):
        at = np.minimum(np.searchsorted(pool, owners), len(pool) - 1)
        theirs = pool[at] == owners
        np.maximum.at(best, at[theirs], scores[theirs])
    return best


def _standing_out(scores: Floats, typical: Typical) -> Floats:
    """Measures scores in standard deviations from the mean, both held to what is typical."""
    everyone = len(scores) + typical.people
    mean = (scores.sum() + typical.people * typical.mean) / everyone
    spread = ((scores - mean) ** 2).sum() + typical.people * typical.deviation**2
    return np.asarray((scores - mean) / np.sqrt(spread / everyone))
