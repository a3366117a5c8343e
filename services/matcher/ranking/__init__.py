"""Finds the candidates whose past fits a vacancy's text. What they are asked to prove comes later.

`Ranker` is the place to put another way of ranking: a sentence encoder, a learnt model. A ranker
knows people by number only and holds nothing but what it was given: dropped, it can be filled
again from the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from services.matcher.ranking.bags import Bag, Floats, Numbers
from shared.contract.events.vacancies import Vacancy


@dataclass(frozen=True)
class Document:
    """What a ranker knows of one person; empty where nothing is known, or not any more."""

    number: int
    words: Sequence[Bag] = ()
    """One bag of the profile's stems, or none."""
    titles: Sequence[Bag] = ()
    """A bag of n-grams for each job held or applied for, weighted by how long ago it was."""


@dataclass(frozen=True)
class Match:
    number: int
    relevance: float
    """Between 0 and 1, by how far the person stands out from the pool for this vacancy."""
    fit: float
    """How much text and titles have in common with the vacancy's, whatever the pool is like."""
    shared: tuple[str, ...] = ()
    """The vacancy's words that weighed most among those the person's profile has too."""


@dataclass(frozen=True)
class Ranking:
    """A pool of people in order, best first."""

    numbers: Numbers
    relevance: Floats
    fit: Floats
    best: tuple[Match, ...]
    """The first of them, with the words they share with the vacancy."""
    statistics: bytes
    """What was measured of the pool, to rank newcomers by."""
    searchable: bool = True
    """False if the vacancy has no words that one could search by."""

    def match(self, number: int) -> Match:
        """Returns how well somebody of the pool fits, however low they rank."""
        (at,) = np.flatnonzero(self.numbers == number)
        return Match(number, float(self.relevance[at]), float(self.fit[at]))


class Ranker(Protocol):
    name: str
    version: int
    """Grows whenever the same pool might be ranked differently."""

    def replace(self, documents: Sequence[Document]) -> None:
        """Forgets what was known of these people and remembers this instead."""
        ...

    def rank(self, vacancy: Vacancy, pool: Numbers, best: int) -> Ranking:
        """Ranks the pool, given in ascending order; the same pool always comes out the same."""
        ...

    def rank_newcomers(
        self, vacancy: Vacancy, statistics: bytes, newcomers: Sequence[Document]
    ) -> Ranking:
        """Ranks newcomers by what was measured of a pool, as if they had been in it.

        The best are those who would have been among the best of that pool.
        """
        ...
