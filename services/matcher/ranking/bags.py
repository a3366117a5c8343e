"""Bags of terms: what a ranker knows of a text, and how it is stored."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Numbers: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"
Terms: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint32]]"
Counts: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.uint8]]"
Floats: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float64]]"

NOTHING = 0

_HEADER = struct.Struct("<fI")


@dataclass(frozen=True)
class Bag:
    """Terms, ascending, with how often each occurs (255 at most)."""

    terms: Terms
    counts: Counts
    weight: float = 1.0


def term_id(term: str) -> int:
    """Returns the number a term is known by; never NOTHING. Two of 100,000 terms may share one."""
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
