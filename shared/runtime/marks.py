"""By what a text about somebody is recognised, kept as keyed hashes.

An id, an e-mail address, a telephone number, a full name: each in one normal form, so that a text
is recognised whatever case, accents and separators it is written with. The hashes outlive what they
were made from without telling it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

from shared.contract.events.decoding import Record
from shared.runtime.readings import readings

_BETWEEN_ADDRESSES = re.compile(r"[\s<>\"'\\,;:()\[\]{}|=&?/]+")
_WORD = re.compile(r"[^\W\d_]+")
_PACKED = re.compile(r"[A-Za-z0-9+/_-]{64,}")
"""What holds no name before it is unpacked."""
_ADDRESS = re.compile(r"[\w.!#$%&'*+^`~-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
"""What certainly is an address, of whomever."""
_NUMBER = re.compile(
    r"(?<![\dA-Za-z_])\+?\d(?:[ \t\u00a0\u2009\u202f().\-/\u00b7\u2010-\u2015]{0,3}\d){7,}"
    r"(?![\dA-Za-z_])"
)
_BETWEEN_GROUPS = re.compile(r"\D+")
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15
"""Of a whole telephone number: fewer tell nobody, and more are something else."""
_LONGEST_WRITTEN = _MOST_DIGITS + 3
"""With the zeros that are dialled before it."""
_TRUNK = re.compile(r"\(0\)")
_COUNTRY = re.compile(r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}")
"""Which of the first digits of an international number are its country's."""
_WORDS_APART = 4
"""How far the two ends of a name may stand from each other."""
_NO_NAMES = frozenset(
    (
        *("name", "names", "given", "family", "first", "last", "full", "surname", "middle"),
        *("givenname", "familyname", "firstname", "lastname", "fullname", "displayname"),
        *("forename", "vorname", "nachname", "prenom", "nom"),
        *("dr", "prof", "mr", "mrs", "ms", "herr", "frau", "phd", "msc", "jr", "sr", "ii", "iii"),
    )
)
"""Names of fields, and titles: they stand between the parts of a name."""
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


@dataclass(frozen=True, slots=True)
class Marks:
    """By what somebody is recognised in a record."""

    identities: frozenset[bytes] = frozenset()
    """Of ids and addresses: where there are any, they tell whom it is about."""
    likenesses: frozenset[bytes] = frozenset()
    """Of names and numbers, which may be anybody's."""

    @property
    def all(self) -> list[bytes]:
        return [*self.identities, *self.likenesses]


class Marker:
    """Makes marks that only the holder of the keys can make, the current key first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [blake2b(each.encode(), person=b"marks").digest() for each in keys]

    def of_id(self, entity_id: str) -> bytes:
        """Returns the mark of an id of ours."""
        return self._hashes(f"id {entity_id}")[0]

    def of_person(self, known_as: Iterable[str]) -> set[bytes]:
        """Returns the marks of all names, addresses and numbers that somebody is known by."""
        return {self._hashes(term)[0] for text in known_as for term in _terms_of(text)}

    def of_record(self, record: Record) -> Marks:
        """Returns the marks of everybody whom a record names, readable or not, under every key."""
        keys = [record.key, *(value for name, value in record.headers if name == "ce_subject")]
        identities = {f"id {key.decode(errors='replace')}" for key in keys if key}
        likenesses: set[str] = set()
        for text in texts_of(record):
            for address in addresses_in(text):
                certain = _ADDRESS.fullmatch(address)
                (identities if certain else likenesses).update(_emails(address))
            likenesses.update(_likenesses(text))
        return Marks(self._all(identities), self._all(likenesses))

    def _all(self, terms: Iterable[str]) -> frozenset[bytes]:
        return frozenset(chain.from_iterable(map(self._hashes, terms)))

    def _hashes(self, term: str) -> list[bytes]:
        text = term.encode(errors="replace")
        return [blake2b(text, key=key, digest_size=16).digest() for key in self._keys]


def key_of(record: Record) -> str:
    """Returns a record's key as far as it is text that a table can hold."""
    return (record.key or b"").decode(errors="ignore").replace("\0", "")


def texts_of(record: Record) -> Iterator[str]:
    """Yields all that the key, the headers and the body of a record may say."""
    for raw in (record.key, record.value, *(value for _, value in record.headers)):
        if raw:
            yield from readings(raw)


def addresses_in(text: str) -> list[str]:
    """Returns whatever in a text may be an e-mail address."""
    if "@" not in text:
        return []
    return [word.strip(".") for word in _BETWEEN_ADDRESSES.split(text) if "@" in word]


def _terms_of(known_as: str) -> Iterator[str]:
    """Names whom one name, address or number tells of."""
    if "@" in known_as:
        yield from chain.from_iterable(map(_emails, addresses_in(known_as)))
    elif len(digits := _digits(known_as)) >= _FEWEST_DIGITS:
        number = digits.lstrip("0")
        yield from _whole(number)
        if known_as.lstrip(" (").startswith(("+", "00")) and (country := _COUNTRY.match(number)):
            yield from _whole(number[country.end() :])
    else:
        for spelt in {known_as, known_as.lower().translate(_SPELT_OUT)}:
            words = [word for word in _words(spelt) if len(word) > 1]
            if words and (len(words) > 1 or _is_unspaced(words[0])):
                yield _name(words[0], words[-1])


def _likenesses(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        yield from _numbers(match[0])
    words = _words(_PACKED.sub(" ", text))
    for apart in range(1, _WORDS_APART + 1):
        yield from map(_name, words, words[apart:])
    yield from (_name(word, word) for word in words if _is_unspaced(word))


def _emails(address: str) -> set[str]:
    """Names whom an address tells of, as it is written and in the letters that its domain means."""
    local, at, domain = address.lower().rpartition("@")
    written = ".".join(map(_letters, domain.split(".")))
    return {f"email {local}{at}{domain}", f"email {local}{at}{written}"}


def _letters(label: str) -> str:
    """Returns a label of a domain in its own letters (RFC 3492), if it can be read."""
    try:
        return label[4:].encode().decode("punycode") if label.startswith("xn--") else label
    except UnicodeError:
        return label


def _numbers(run: str) -> Iterator[str]:
    """Yields each row of whole groups of digits that may be a number: others may stand beside it.

    It begins where the digits do, or where a zero is dialled before it.
    """
    groups = [_digits(group) for group in _BETWEEN_GROUPS.split(_TRUNK.sub(" ", run.lstrip("+")))]
    for first, begins in enumerate(groups):
        if first and (run.startswith("+") or not begins.startswith("0")):
            continue
        digits = ""
        for group in groups[first:]:
            digits += group
            if len(digits) > _LONGEST_WRITTEN:
                break
            yield from _whole(digits)


def _whole(digits: str) -> Iterator[str]:
    """Names whom a whole number tells of, without the zeros that are dialled before it."""
    number = digits.lstrip("0")
    if _FEWEST_DIGITS <= len(number) <= _MOST_DIGITS:
        yield f"phone {number}"


def _name(one: str, other: str) -> str:
    """Names somebody by the ends of their name, in whichever order it is written."""
    return f"name {one} {other}" if one < other else f"name {other} {one}"


def _words(text: str) -> list[str]:
    folded = text.casefold()
    if not folded.isascii():
        apart = unicodedata.normalize("NFKD", folded)
        folded = "".join(each for each in apart if not unicodedata.combining(each))
    return [word for word in _WORD.findall(folded) if word not in _NO_NAMES]


def _is_unspaced(word: str) -> bool:
    """Whether it is of a script that writes a whole name as one word."""
    return len(word) > 1 and "\u3040" <= word[0] <= "\ud7ff"


def _digits(text: str) -> str:
    """Returns the digits of a number, without a zero that is not dialled from abroad."""
    digits = (each for each in _TRUNK.sub("", text) if each.isdecimal())
    return "".join(str(unicodedata.digit(each)) for each in digits)
