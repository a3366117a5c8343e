"""Whether somebody is who erased themself, whose name nobody knows any more.

A copy of what was decided before an erasure is of whoever erased themself if it has their first
address, unless its name contradicts theirs. Of that name keyed hashes of its words, and of their
first letters, are left: no more is needed to tell whether one name is a part of the other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.applicants.domain.agreement import is_initial, words_of
from services.intake.applicants.domain.identity import IdentityHash
from shared.contract.events.people import PersonName

Hashed = Callable[[str], bytes]
"""Hashes a part of a name together with the address, so that it says nothing anywhere else."""

_SIZE = 16


@dataclass(frozen=True, slots=True)
class ErasedName:
    """What is left of the name of somebody who erased themself."""

    address: bytes
    """The hash of the first address."""
    parts: bytes
    """The hashes of the parts of the name, one behind the other."""
    erased_at: datetime

    def may_be(self, identity: IdentityHash, address: str, name: PersonName | None) -> bool:
        """Tells whether somebody has the first address, and no name that contradicts it."""
        hashes = identity.email(address)
        if self.address not in hashes:
            return False
        return self._fits(words_of(name), _hashing(identity, address, hashes.index(self.address)))

    def _fits(self, words: Sequence[str], hashed: Hashed) -> bool:
        left = {self.parts[at : at + _SIZE] for at in range(0, len(self.parts), _SIZE)}
        if all(any(hashed(it) in left for it in _answering(word)) for word in words):
            return True
        explained = {hashed(it) for word in words for it in (*_parts(word), *_answering(word))}
        initials = sum(is_initial(word) and hashed(f"{word}.") in left for word in words)
        return len(left - explained) <= initials


def kept_of(
    identity: IdentityHash, address: str, name: PersonName | None
) -> Iterator[tuple[bytes, bytes]]:
    """Yields what is kept of a first address and name, under each key: address and parts."""
    parts = sorted({it for word in words_of(name) for it in _parts(word)})
    for number, hashed in enumerate(identity.email(address)):
        yield hashed, b"".join(map(_hashing(identity, address, number), parts))


def _hashing(identity: IdentityHash, address: str, number: int) -> Hashed:
    """Returns what hashes with one of the keys that there have been."""
    return lambda part: identity.name_part(address, part)[number]


def _parts(word: str) -> tuple[str, str]:
    """Returns a word, and its first letter, which an initial stands for."""
    return word, f"{word[0]}."


def _answering(word: str) -> Iterator[str]:
    """Yields the parts by which a name may have this word, or what it is the initial of."""
    yield word
    if is_initial(word):
        yield f"{word}."
    elif is_initial(word[0]):
        yield word[0]
