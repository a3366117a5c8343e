"""Whether somebody is who erased themself, whose name nobody knows any more.

A copy of what was decided before an erasure is of whoever erased themself if it has an address that
they ever had, unless its name contradicts all of theirs. Of each name keyed hashes of its words and
of their first letters are left: no more is needed to tell whether one name is a part of another.
By the same it is known who may be somebody who said stop before they left.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.applicants.domain.agreement import is_initial, name_words, words_of
from services.intake.applicants.domain.identity import IdentityHash, normal_email
from shared.contract.events.people import PersonName

Hashed = Callable[[str], bytes]
"""Hashes a part of a name together with the address, so that it says nothing anywhere else."""

_SIZE = 16


@dataclass(frozen=True, slots=True)
class KeptName:
    """What is left of a name of somebody who has left."""

    address: bytes
    """The hash of an address of theirs."""
    parts: bytes
    """The hashes of the parts of the name, one behind the other."""

    def may_be(self, identity: IdentityHash, address: str, name: PersonName | None) -> bool:
        """Tells whether somebody has the address, and no name that contradicts this one."""
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


@dataclass(frozen=True, slots=True)
class ErasedName(KeptName):
    """What is left of a name of somebody who erased themself."""

    erased_at: datetime


def kept_of(
    identity: IdentityHash, address: str, name: PersonName | None
) -> Iterator[tuple[bytes, bytes]]:
    """Yields what is kept of a first address and name, under each key: address and parts."""
    yield from _kept(identity, address, words_of(name))


def addresses_and_names(known_as: Iterable[str]) -> tuple[set[str], set[tuple[str, ...]]]:
    """Parts what somebody was known as into addresses, and names by their words."""
    by_email = {text: normal_email(text) for text in known_as}
    names = {name_words(text) for text, email in by_email.items() if not email}
    return set(filter(None, by_email.values())), names - {()}


def kept_of_all(identity: IdentityHash, known_as: Collection[str]) -> set[tuple[bytes, bytes]]:
    """Returns what is kept of all that somebody was known as: each name at each address.

    Sources correct both, and another one may still tell of the former ones.
    """
    addresses, names = addresses_and_names(known_as)
    return {
        kept for address in addresses for words in names for kept in _kept(identity, address, words)
    }


def _kept(
    identity: IdentityHash, address: str, words: Sequence[str]
) -> Iterator[tuple[bytes, bytes]]:
    parts = sorted({it for word in words for it in _parts(word)})
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
