"""What somebody means by a text message: the words that end, reopen or ask about them.

Whoever says one of these words in any of the usual dresses (capitals, marks, quotes, an emoji,
"please" and "thank you" around it) is understood. 47 CFR 64.1200(a)(10) names words that must be
honoured, and asks for every other reasonable way of saying so to be honoured too.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

LONGEST_COMMAND = 12
"""In words. Whoever writes more around a keyword tells a story, which a human reads."""

_ENDS = re.compile(r"[.!,;\n–—]|\s-|-\s")
"""What a clause ends with; a question asks something of what was said before it."""
_SHOUTED = re.compile(r"[^\w]*([A-Z]{4,})\b(?!\s*\?)(?=.*[a-z])(.*)", re.DOTALL)
"""A word in capitals at the beginning, as we write the words that end our messages, that does not
ask, and what follows it."""
_APOSTROPHES = "'’‘`´ʼ"


class Meaning(StrEnum):
    STOP = "stop"
    START = "start"
    YES = "yes"
    """Opens again what a STOP closed; where nothing is closed it answers something else."""
    HELP = "help"
    REPLY = "reply"


Phrase = tuple[str, ...]


def words_of(text: str) -> Phrase:
    """Splits a text into its words, without case, accents, marks and emoji."""
    letters = "".join(map(_letter, unicodedata.normalize("NFKD", text).casefold()))
    words = tuple(letters.split())
    spelled_out = len(words) > 1 and all(len(word) == 1 for word in words)
    return ("".join(words),) if spelled_out else words


def meaning_of(text: str) -> Meaning:
    """Reads a text message.

    Where two readings are possible it is a reply: that pauses text messages until a human looked,
    so nobody is written to against their will, and nobody who asked something is stopped for good.
    """
    words = words_of(text)
    for meaning in (Meaning.START, Meaning.YES, Meaning.HELP):
        if _says_only(words, meaning):
            return meaning
    if _says_only(words, Meaning.STOP) or _begins_with_stop(text):
        return Meaning.STOP
    asks = any(mark in text for mark in "?？؟") or not _ASKS.isdisjoint(words[:1])
    if not asks and (_commands(words) or _commands(_bare(words)) or _ends_with_stop(text)):
        return Meaning.STOP
    return Meaning.REPLY


def is_bare_stop(text: str) -> bool:
    """Tells whether a text is one of the words that stop, and nothing else."""
    return _says_only(words_of(text), Meaning.STOP)


def consists_of(phrases: frozenset[Phrase], words: Phrase) -> bool:
    """Tells whether words are nothing but some phrases, one after the other."""
    longest = max(map(len, phrases))
    at = 0
    while at < len(words):
        sizes = range(min(longest, len(words) - at), 0, -1)
        size = next((size for size in sizes if words[at : at + size] in phrases), 0)
        if not size:
            return False
        at += size
    return True


def _says_only(words: Phrase, meaning: Meaning) -> bool:
    return words in _ALONE[meaning] or _bare(words) in _ALONE[meaning]


def _begins_with_stop(text: str) -> bool:
    """Tells whether the first clause is a stop, or the first word is one as we write it."""
    clauses = filter(None, (words_of(clause) for clause in _ENDS.split(text)))
    if _bare(next(clauses, ())) in _STOP:
        rest = [word for clause in clauses for word in clause]
        return not rest or not consists_of(_NOT, tuple(rest))
    shouted = _SHOUTED.match(text)
    return (
        shouted is not None
        and words_of(shouted[1]) in _STOP
        and not consists_of(_NOT, words_of(shouted[2]))
    )


def _ends_with_stop(text: str) -> bool:
    """Tells whether the last clause is a stop, whatever was said before it."""
    clauses = (words_of(clause) for clause in reversed(_ENDS.split(text)))
    return _bare(next(filter(None, clauses), ())) in _STOP


def _bare(words: Phrase) -> Phrase:
    """Leaves out what is only polite, and a number typed at the end of a word that stops.

    What points at a thing is polite behind a stop ("stop this"), and makes a noun of one that it
    stands before ("this stop", "the end").
    """
    left: list[str] = []
    at = 0
    while at < len(words):
        polite = _POLITE if not left else _POLITE_AFTER
        sizes = range(min(_LONGEST_POLITE, len(words) - at), 0, -1)
        size = next((size for size in sizes if words[at : at + size] in polite), 0)
        if not size:
            short = words[at].rstrip("0123456789")
            left.append(short if (short,) in _STOP else words[at])
        at += size or 1
    return tuple(left)


def _commands(words: Phrase) -> bool:
    """Tells whether a short message holds a stop beside which nothing is told."""
    if len(words) > LONGEST_COMMAND:
        return False
    return any(
        _stops(words[:at], words[at : at + size], words[at + size :])
        for size in range(1, _LONGEST_STOP + 1)
        for at in range(len(words) - size + 1)
    )


def _stops(before: Phrase, phrase: Phrase, after: Phrase) -> bool:
    if phrase not in _ALONE[Meaning.STOP] or before[-1:] in _POINTING:
        return False
    around = _BESIDE if phrase in _STOP else _POLITE_AFTER | _NO
    return consists_of(around, before) and consists_of(around, after)


def _letter(character: str) -> str:
    """Keeps letters, digits and the vowel signs of scripts that need them."""
    category = unicodedata.category(character)
    if unicodedata.combining(character) or category == "Cf" or character in _APOSTROPHES:
        return ""
    return character if category[0] in "LNM" else " "


def _phrases(kind: str) -> Iterator[Phrase]:
    for language in tomllib.loads(Path(__file__).with_name("keywords.toml").read_text()).values():
        yield from map(words_of, language.get(kind, ()))


_STOP = frozenset(_phrases("stop"))
_LONGEST_STOP = max(map(len, _STOP))
_ALONE = {
    Meaning.STOP: _STOP.union(_phrases("stop_alone")),
    Meaning.START: frozenset(_phrases("start")),
    Meaning.YES: frozenset(_phrases("yes")),
    Meaning.HELP: frozenset(_phrases("help")),
}
_POLITE = frozenset(_phrases("polite"))
_POINTING = frozenset(_phrases("pointing"))
_POLITE_AFTER = _POLITE | _POINTING
_LONGEST_POLITE = max(map(len, _POLITE))
_ASKS = frozenset(word for phrase in _phrases("asks") for word in phrase)
_NO = frozenset(_phrases("no"))
_NOT = frozenset(_phrases("not"))
_BESIDE = _POLITE_AFTER | _NO | _STOP | frozenset(_phrases("beside"))
