"""Bags of terms in flat arrays, searched by reading them through.

A vacancy comes a few times an hour, a profile changes all the time. So there is no inverted index
to keep in order: adding appends, dropping overwrites with zeros, and a query reads every term of
the pool once, a few nanoseconds each. Document frequencies are counted in the same pass, so they
are exact whatever was added and dropped before.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Numbers: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"
Terms: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint32]]"
Counts: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint8]]"
Floats: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float64]]"

NOBODY = 0
NOTHING = 0

_HEADER = struct.Struct("<fI")
_ROWS_AT_ONCE = 4096
_LOW_BITS = 0xFFFF


@dataclass(frozen=True)
class Bag:
    """Terms, ascending, with how often each occurs (255 at most)."""

    terms: Terms
    counts: Counts
    weight: float = 1.0


@dataclass(frozen=True)
class Found:
    """Where asked terms occur: parallel arrays of row, position in what was asked, and count."""

    rows: Numbers
    slots: Numbers
    counts: Floats


def term_id(term: str) -> int:
    """Gives the number a term is known by; never NOTHING. Two of 100,000 terms may share one."""
    return zlib.crc32(term.encode("utf-8", "surrogatepass")) or 1


def bag_of(terms: Iterable[str], weight: float = 1.0) -> Bag:
    """Counts terms."""
    counts: Counter[int] = Counter()
    for term, count in Counter(terms).items():
        counts[term_id(term)] += count
    ids = sorted(counts)
    return Bag(
        np.array(ids, np.uint32),
        np.array([min(counts[term], 255) for term in ids], np.uint8),
        weight,
    )


def pack(bags: Iterable[Bag]) -> bytes:
    """Writes bags one behind the other, five bytes a term."""
    return b"".join(
        _HEADER.pack(bag.weight, len(bag.terms)) + bag.terms.tobytes() + bag.counts.tobytes()
        for bag in bags
    )


def unpack(packed: bytes) -> list[Bag]:
    """Reads what `pack` wrote."""
    bags, at = [], 0
    while at < len(packed):
        weight, size = _HEADER.unpack_from(packed, at)
        at += _HEADER.size
        terms = np.frombuffer(packed, "<u4", size, at)
        counts = np.frombuffer(packed, np.uint8, size, at + 4 * size)
        bags.append(Bag(terms, counts, weight))
        at += 5 * size
    return bags


class Rows:
    """Bags as rows of flat arrays, each owned by a number; only ever appended as a whole."""

    def __init__(
        self,
        numbers: Numbers,
        weights: Floats,
        sizes: Numbers,
        terms: Terms,
        counts: Counts,
    ) -> None:
        self.numbers, self.weights, self.sizes = numbers, weights, sizes
        self.terms, self.counts = terms, counts
        self._starts = np.concatenate(([0], np.cumsum(sizes)))
        self.lengths = np.zeros(len(sizes), np.int64)
        if len(counts):
            filled = sizes > 0
            first = self._starts[:-1][filled]
            self.lengths[filled] = np.add.reduceat(counts, first, dtype=np.int64)

    @classmethod
    def of(cls, bags: Sequence[tuple[int, Bag]]) -> "Rows":
        return cls(
            np.array([number for number, _ in bags], np.int64),
            np.array([bag.weight for _, bag in bags], np.float64),
            np.array([len(bag.terms) for _, bag in bags], np.int64),
            np.concatenate([np.empty(0, np.uint32), *(bag.terms for _, bag in bags)]),
            np.concatenate([np.empty(0, np.uint8), *(bag.counts for _, bag in bags)]),
        )

    def drop(self, numbers: Numbers) -> None:
        """Overwrites what these own: nothing of it is left in memory, or found."""
        for row in np.flatnonzero(np.isin(self.numbers, numbers)):
            self.numbers[row] = NOBODY
            self.lengths[row] = 0
            self.terms[self._starts[row] : self._starts[row + 1]] = NOTHING

    def wasted(self) -> bool:
        """Tells whether more than half of the rows are dropped ones."""
        return 2 * int(np.count_nonzero(self.numbers)) < len(self.numbers)

    @classmethod
    def merged(cls, parts: Sequence["Rows"]) -> "Rows":
        """Gives the rows of several without the dropped ones."""
        live = [part.numbers != NOBODY for part in parts]
        entries = [np.repeat(rows, at.sizes) for rows, at in zip(live, parts, strict=True)]
        return cls(
            np.concatenate([at.numbers[rows] for rows, at in zip(live, parts, strict=True)]),
            np.concatenate([at.weights[rows] for rows, at in zip(live, parts, strict=True)]),
            np.concatenate([at.sizes[rows] for rows, at in zip(live, parts, strict=True)]),
            np.concatenate([at.terms[kept] for kept, at in zip(entries, parts, strict=True)]),
            np.concatenate([at.counts[kept] for kept, at in zip(entries, parts, strict=True)]),
        )

    def find(self, asked: Terms) -> Found:
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
    ) -> Found:
        last = min(first + _ROWS_AT_ONCE, len(self.numbers))
        begin, end = self._starts[first], self._starts[last]
        terms = self.terms[begin:end]
        near = np.flatnonzero(table[terms & _LOW_BITS])
        slots = np.minimum(np.searchsorted(asked, terms[near]), len(asked) - 1)
        same = asked[slots] == terms[near]
        hits = near[same]
        rows = np.repeat(np.arange(first, last), self.sizes[first:last])[hits]
        return Found(rows, slots[same], self.counts[begin:end][hits].astype(np.float64))


def joined(parts: Sequence[Found]) -> Found:
    """Puts what was found in several places together."""
    return Found(
        np.concatenate([np.empty(0, np.int64), *(part.rows for part in parts)]),
        np.concatenate([np.empty(0, np.int64), *(part.slots for part in parts)]),
        np.concatenate([np.empty(0, np.float64), *(part.counts for part in parts)]),
    )


class Shelf:
    """Rows that can be replaced: newer ones are appended, older ones dropped and merged away.

    Each part is at least twice the size of the next, so that adding costs little even to many.
    """

    def __init__(self) -> None:
        self._parts: list[Rows] = []

    def replace(self, numbers: Sequence[int], bags: Sequence[tuple[int, Bag]]) -> None:
        """Drops all that these numbers own, and adds bags of theirs."""
        dropped = np.array(numbers, np.int64)
        for part in self._parts:
            part.drop(dropped)
        if bags:
            self._parts.append(Rows.of(bags))
        self._merge()

    @property
    def numbers(self) -> Numbers:
        return np.concatenate([np.empty(0, np.int64), *(part.numbers for part in self._parts)])

    @property
    def weights(self) -> Floats:
        return np.concatenate([np.empty(0, np.float64), *(part.weights for part in self._parts)])

    @property
    def lengths(self) -> Numbers:
        return np.concatenate([np.empty(0, np.int64), *(part.lengths for part in self._parts)])

    def find(self, asked: Terms) -> Found:
        """Finds the asked terms, given in ascending order, by their rows in `numbers`."""
        found: list[Found] = []
        rows = 0
        for part in self._parts if len(asked) else ():
            at = part.find(asked)
            found.append(Found(at.rows + rows, at.slots, at.counts))
            rows += len(part.numbers)
        return joined(found)

    def _merge(self) -> None:
        self._parts = [Rows.merged([part]) if part.wasted() else part for part in self._parts]
        while len(self._parts) > 1 and len(self._parts[-2].terms) < 2 * len(self._parts[-1].terms):
            self._parts[-2:] = [Rows.merged(self._parts[-2:])]
