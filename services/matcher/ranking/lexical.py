"""The ranker that needs no model: words by BM25, job titles by their n-grams, fused by z-scores.

The two scores are of different kinds and spread differently for each vacancy, so each is first
measured in standard deviations from its mean over the pool. Small pools lean on typical values:
of three nurses none may look like an outlier.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.matcher.ranking import Document, Match, Ranking
from services.matcher.ranking.bags import Floats, Numbers
from services.matcher.ranking.query import Query, query_of
from services.matcher.ranking.segments import Occurrences, SegmentedIndex
from services.matcher.ranking.statistics import PoolStatistics, Rarity, Spread
from shared.contract.events.vacancies import Vacancy

K1, B = 1.5, 0.75
"""BM25's saturation of repeated words, and its allowance for long profiles."""

TITLE_SHARE = 2.0
"""Standard deviations of words that one of titles is worth."""

OTHERS = 1000
"""People without any of the terms who are always reckoned with: in a pool of ten nurses the word
is not worthless."""

WORDS = Spread(mean=0.08, deviation=0.04)
TITLES = Spread(mean=0.05, deviation=0.10)
"""What the scores are like in a pool of mixed occupations."""

SHARED_WORDS = 5

AT_ONCE = 100_000
"""Scores in one step that lets no other thread go on."""


@dataclass(frozen=True)
class Hits:
    """Where the terms of a query occur."""

    words: Occurrences
    titles: Sequence[Occurrences]
    """For each way in which the title is asked for."""


@dataclass(frozen=True)
class Scores:
    """How a pool does, person by person, and what each occurrence of a word gained."""

    words: Floats
    titles: Floats
    gains: Floats


@dataclass(frozen=True)
class _Order:
    """A pool from best to worst."""

    by_rank: Numbers
    numbers: Numbers
    fused: Floats
    best: int

    @classmethod
    def by(cls, pool: Numbers, fused: Floats, best: int) -> "_Order":
        by_rank = np.lexsort((pool, -fused))
        return cls(by_rank, pool[by_rank], fused[by_rank], best)

    @property
    def threshold(self) -> float:
        """What the last of the best came to; anybody will do where there are no more than those."""
        few = len(self.fused) < self.best
        return float("-inf") if few else float(self.fused[self.best - 1])


class Lexical:
    name = "lexical"
    version = 1

    def __init__(self) -> None:
        self._words = SegmentedIndex()
        self._titles = SegmentedIndex()

    def replace(self, documents: Sequence[Document]) -> None:
        numbers = [document.number for document in documents]
        self._words.replace(numbers, [(at.number, bag) for at in documents for bag in at.words])
        self._titles.replace(numbers, [(at.number, bag) for at in documents for bag in at.titles])

    def rank(self, vacancy: Vacancy, pool: Numbers, best: int) -> Ranking:
        query = query_of(vacancy)
        hits = self._find(query)
        rarity = self._rarity(query, hits)
        scores = self._scores(query, hits, rarity, pool)
        words, titles = WORDS.held_to(scores.words), TITLES.held_to(scores.titles)
        order = _Order.by(pool, _fused(scores, words, titles), best)
        statistics = PoolStatistics(rarity, words, titles, order.threshold)
        return self._ranking(query, hits, scores, order, statistics)

    def rank_newcomers(
        self, vacancy: Vacancy, statistics: bytes, newcomers: Sequence[Document]
    ) -> Ranking:
        measured, query = PoolStatistics.unpack(statistics), query_of(vacancy)
        alone = Lexical()
        alone.replace(newcomers)
        pool = np.array(sorted(document.number for document in newcomers), np.int64)
        hits = alone._find(query)
        scores = alone._scores(query, hits, measured.rarity, pool)
        fused = _fused(scores, measured.words, measured.titles)
        near = int(np.count_nonzero(fused >= measured.threshold))
        return alone._ranking(query, hits, scores, _Order.by(pool, fused, near), measured)

    def _find(self, query: Query) -> Hits:
        return Hits(
            self._words.find(query.terms), [self._titles.find(asked) for asked in query.titles]
        )

    def _rarity(self, query: Query, hits: Hits) -> Rarity:
        lengths, everybody = self._words.lengths, self._words.numbers
        titled = self._titles.numbers
        return Rarity(
            words=_inverse_frequency(hits.words, len(query.terms), everybody),
            average_length=float(lengths.sum() / max(1, np.count_nonzero(lengths))),
            titles=[
                _inverse_frequency(found, len(asked), titled)
                for found, asked in zip(hits.titles, query.titles, strict=True)
            ],
        )

    def _scores(self, query: Query, hits: Hits, rarity: Rarity, pool: Numbers) -> Scores:
        gains = self._gains(query, hits.words, rarity)
        most = float((query.weights * rarity.words).sum() * (K1 + 1)) or 1.0
        text = np.bincount(hits.words.rows, gains, len(self._words.lengths)) / most
        likeness = [
            self._likeness(found, weights)
            for found, weights in zip(hits.titles, rarity.titles, strict=True)
        ]
        titles = np.maximum.reduce(likeness) * self._titles.weights
        return Scores(
            words=_by_person(pool, self._words.numbers, text),
            titles=_by_person(pool, self._titles.numbers, titles),
            gains=gains,
        )

    def _gains(self, query: Query, found: Occurrences, rarity: Rarity) -> Floats:
        """Returns what each occurrence of a word adds to its row's BM25."""
        average = max(1.0, rarity.average_length)
        damping = K1 * (1 - B + B * self._words.lengths / average)
        return np.asarray(
            (query.weights * rarity.words)[found.slots]
            * found.counts
            * (K1 + 1)
            / (found.counts + damping[found.rows])
        )

    def _likeness(self, found: Occurrences, rarity: Floats) -> Floats:
        """Scores each row by Dice's coefficient of n-grams, in which rare ones weigh more."""
        lengths = self._titles.lengths
        if not len(rarity):
            return np.zeros(len(lengths))
        both = np.bincount(found.rows, rarity[found.slots], len(lengths))
        return np.asarray(2 * both / (rarity.sum() + lengths * rarity.mean()))

    def _ranking(
        self,
        query: Query,
        hits: Hits,
        scores: Scores,
        order: "_Order",
        statistics: PoolStatistics,
    ) -> Ranking:
        relevance = 1 / (1 + np.exp(-order.fused / 4))
        fit = (scores.titles + 2 * scores.words)[order.by_rank]
        best = order.numbers[: order.best]
        shared = self._shared(best, query, hits.words, scores.gains)
        matches = tuple(
            Match(number, float(relevance[at]), float(fit[at]), shared[number])
            for at, number in enumerate(best.tolist())
        )
        return Ranking(
            order.numbers,
            relevance,
            fit,
            matches,
            statistics.pack(),
            searchable=bool(len(query.terms)),
        )

    def _shared(
        self, people: Numbers, query: Query, found: Occurrences, gains: Floats
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


def _fused(scores: Scores, words: Spread, titles: Spread) -> Floats:
    outstanding = words.standing_out(scores.words)
    return np.asarray(outstanding + TITLE_SHARE * titles.standing_out(scores.titles))


def _inverse_frequency(found: Occurrences, asked: int, numbers: Numbers) -> Floats:
    """Returns each asked term's rarity, as if in a pool of some size at least."""
    rows = np.count_nonzero(numbers) + OTHERS
    having = np.bincount(found.slots, minlength=asked)
    return np.asarray(np.log(1 + (rows - having + 0.5) / (having + 0.5)))


def _by_person(pool: Numbers, owners: Numbers, scores: Floats) -> Floats:
    """Returns each of the pool the best of the scores they own; nothing where they own none."""
    best = np.zeros(len(pool))
    if len(pool):
        at = np.minimum(np.searchsorted(pool, owners), len(pool) - 1)
        theirs = pool[at] == owners
        at, scores = at[theirs], scores[theirs]
        for first in range(0, len(at), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            np.maximum.at(best, at[part], scores[part])
    return best
