"""An index of bags in segments of flat arrays, searched by reading them through.

A vacancy comes a few times an hour, a profile changes all the time. So there is no inverted index
to keep in order: adding appends, dropping overwrites with zeros, and a query reads every term of
the pool once, a few nanoseconds each. Document frequencies are counted in the same pass, so they
are exact whatever was added and dropped before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.matcher.ranking.bags import NOTHING, Bag, Counts, Floats, Numbers, Terms

NOBODY = 0

_ROWS_AT_ONCE = 4096
_LOW_BITS = 0xFFFF


@dataclass(frozen=True)
class Occurrences:
    """Where asked terms occur: parallel arrays of row, position in what was asked, and count."""

    rows: Numbers
    slots: Numbers
    counts: Floats


class Segment:
    """Bags as rows of flat arrays, each owned by a number; only ever appended as a whole."""

    def __init__(
        self,
        numbers: Numbers,
        weights: Floats,
        sizes: Numbers,
        terms: Terms,
        counts: Counts,
        lengths: Numbers,
    ) -> None:
        self.numbers, self.weights, self.sizes = numbers, weights, sizes
        self.terms, self.counts = terms, counts
        self._starts = np.concatenate(([0], np.cumsum(sizes)))
        self.lengths = lengths
        self._by_owner = np.argsort(numbers, kind="stable")
        self._owners = numbers[self._by_owner]
        self._live = len(numbers)

    @classmethod
    def of(cls, bags: Sequence[tuple[int, Bag]]) -> "Segment":
        return cls(
            np.array([number for number, _ in bags], np.int64),
            np.array([bag.weight for _, bag in bags], np.float64),
            np.array([len(bag.terms) for _, bag in bags], np.int64),
            np.concatenate([np.empty(0, np.uint32), *(bag.terms for _, bag in bags)]),
            np.concatenate([np.empty(0, np.uint8), *(bag.counts for _, bag in bags)]),
            np.array([int(bag.counts.sum()) for _, bag in bags], np.int64),
        )

    def drop(self, numbers: Numbers) -> None:
        """Overwrites what these own: nothing of it is left in memory, or found."""
        for row in self._owned_by(numbers):
            self.numbers[row] = NOBODY
            self.lengths[row] = 0
            self.terms[self._starts[row] : self._starts[row + 1]] = NOTHING
            self._live -= 1

    def _owned_by(self, numbers: Numbers) -> Numbers:
        """Finds the rows by their owners' order, so that few are found at once in any pool."""
        first = np.searchsorted(self._owners, numbers, "left")
        behind = np.searchsorted(self._owners, numbers, "right")
        found = [self._by_owner[first[at] : behind[at]] for at in np.flatnonzero(first < behind)]
        rows = np.concatenate([np.empty(0, np.int64), *found])
        return np.asarray(rows[self.numbers[rows] != NOBODY])

    def wasted(self) -> bool:
        """Tells whether more than half of the rows are dropped ones."""
        return 2 * self._live < len(self.numbers)

    @classmethod
    def merged(cls, parts: Sequence["Segment"]) -> "Segment":
        """Returns the rows of several without the dropped ones."""
        live = [part.numbers != NOBODY for part in parts]
        entries = [np.repeat(rows, at.sizes) for rows, at in zip(live, parts, strict=True)]
        return cls(
            np.concatenate([at.numbers[rows] for rows, at in zip(live, parts, strict=True)]),
            np.concatenate([at.weights[rows] for rows, at in zip(live, parts, strict=True)]),
            np.concatenate([at.sizes[rows] for rows, at in zip(live, parts, strict=True)]),
            np.concatenate([at.terms[kept] for kept, at in zip(entries, parts, strict=True)]),
            np.concatenate([at.counts[kept] for kept, at in zip(entries, parts, strict=True)]),
            np.concatenate([at.lengths[rows] for rows, at in zip(live, parts, strict=True)]),
        )

    def find(self, asked: Terms) -> Occurrences:
        """Finds the asked terms, given in ascending order.

        A table of their low bits drops almost everything at one look; the few left are compared.
        """
        table = np.zeros(_LOW_BITS + 1, np.bool_)
        table[asked & _LOW_BITS] = True
        parts = [
            self._find_in(first, asked, table)
            for first in range(0, len(self.numbers), _ROWS_AT_ONCE)
        ]
        return joined(parts)

    def _find_in(
        self, first: int, asked: Terms, table: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    ) -> Occurrences:
        last = min(first + _ROWS_AT_ONCE, len(self.numbers))
        begin, end = self._starts[first], self._starts[last]
        terms = self.terms[begin:end]
        near = np.flatnonzero(table[terms & _LOW_BITS])
        slots = np.minimum(np.searchsorted(asked, terms[near]), len(asked) - 1)
        same = asked[slots] == terms[near]
        hits = near[same]
        rows = np.repeat(np.arange(first, last), self.sizes[first:last])[hits]
        return Occurrences(rows, slots[same], self.counts[begin:end][hits].astype(np.float64))


def joined(parts: Sequence[Occurrences]) -> Occurrences:
    """Puts what was found in several places together."""
    return Occurrences(
        np.concatenate([np.empty(0, np.int64), *(part.rows for part in parts)]),
        np.concatenate([np.empty(0, np.int64), *(part.slots for part in parts)]),
        np.concatenate([np.empty(0, np.float64), *(part.counts for part in parts)]),
    )


class SegmentedIndex:
    """Bags that can be replaced: newer ones are appended, older ones dropped and merged away.

    Each part is at least twice the size of the next, so that adding costs little even to many.
    """

    def __init__(self) -> None:
        self._segments: list[Segment] = []

    def replace(self, numbers: Sequence[int], bags: Sequence[tuple[int, Bag]]) -> None:
        """Drops all that these numbers own, and adds bags of theirs."""
        owners = np.array(sorted(set(numbers)), np.int64)
        for segment in self._segments:
            segment.drop(owners)
        if bags:
            self._segments.append(Segment.of(bags))
        self._merge()

    @property
    def numbers(self) -> Numbers:
        return np.concatenate([np.empty(0, np.int64), *(part.numbers for part in self._segments)])

    @property
    def weights(self) -> Floats:
        return np.concatenate([np.empty(0, np.float64), *(part.weights for part in self._segments)])

    @property
    def lengths(self) -> Numbers:
        return np.concatenate([np.empty(0, np.int64), *(part.lengths for part in self._segments)])

    def find(self, asked: Terms) -> Occurrences:
        """Finds the asked terms, given in ascending order, by their rows in `numbers`."""
        found: list[Occurrences] = []
        rows = 0
        for part in self._segments if len(asked) else ():
            at = part.find(asked)
            found.append(Occurrences(at.rows + rows, at.slots, at.counts))
            rows += len(part.numbers)
        return joined(found)

    def _merge(self) -> None:
        segments = [Segment.merged([at]) if at.wasted() else at for at in self._segments]
        while len(segments) > 1 and len(segments[-2].terms) < 2 * len(segments[-1].terms):
            segments[-2:] = [Segment.merged(segments[-2:])]
        self._segments = segments
