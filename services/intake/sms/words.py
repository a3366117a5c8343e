"""The words of a text, and the phrases that are looked for among them."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

_APOSTROPHES = "'’‘`´ʼ"

Phrase = tuple[str, ...]
Phrases = frozenset[Phrase]


def words_of(text: str) -> Phrase:
    """Splits a text into its words, without case, accents, marks and emoji."""
    letters = "".join(map(_letters, text))
    words = tuple(letters.split())
    spelled_out = len(words) > 1 and all(len(word) == 1 for word in words)
    return ("".join(words),) if spelled_out else words


def consists_of(phrases: Phrases, words: Phrase) -> bool:
    """Tells whether words are nothing but some phrases, one after the other."""
    return all(part in phrases for part in parts(phrases, words))


def parts(phrases: Phrases, words: Phrase) -> Iterator[Phrase]:
    """Yields the longest of some phrases at each place, and single words where there is none."""
    at = 0
    while at < len(words):
        sizes = reversed(_sizes(phrases))
        size = next((size for size in sizes if words[at : at + size] in phrases), 1)
        yield words[at : at + size]
        at += size


def found(phrases: Phrases, words: Phrase) -> Iterator[tuple[int, int]]:
    """Yields where any of some phrases begins and ends."""
    for at in range(len(words)):
        for size in _sizes(phrases):
            if words[at : at + size] in phrases:
                yield at, at + size


def holds(phrases: Phrases, words: Phrase) -> bool:
    """Tells whether any of some phrases is among words."""
    return any(found(phrases, words))


def begins(phrases: Phrases, words: Phrase) -> bool:
    """Tells whether words begin with one of some phrases."""
    return any(words[:size] in phrases for size in _sizes(phrases))


@cache
def _sizes(phrases: Phrases) -> Sequence[int]:
    return sorted(set(map(len, phrases)))


@lru_cache(maxsize=4096)
def _letters(character: str) -> str:
    """Keeps letters, digits and the vowel signs of scripts that need them.

    Each character is taken apart by itself: to order a long row of marks takes quadratic time.
    """
    return "".join(map(_kept, unicodedata.normalize("NFKD", character).casefold()))


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if unicodedata.combining(character) or category == "Cf" or character in _APOSTROPHES:
        return ""
    return character if category[0] in "LNM" else " "
