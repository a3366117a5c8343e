"""What somebody means by a text message: the words that end, reopen or ask about them.

Whoever says one of these words in any of the usual dresses (capitals, marks, quotes, an emoji,
"please" and "thank you" around it) is understood. 47 CFR 64.1200(a)(10) names words that must be
honoured, and asks for every other reasonable way of saying so to be honoured too.
"""

import tomllib
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

LONGEST_COMMAND = 12
"""In words. Whoever writes more around a keyword tells a story, which a human reads."""

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
    asks = any(mark in text for mark in "?？؟")
    commands = _commands(words) or _commands(_bare(words))
    if _says_only(words, Meaning.STOP) or (not asks and commands):
        return Meaning.STOP
    return Meaning.REPLY


def is_bare_stop(text: str) -> bool:
    """Tells whether a text is one of the words that stop, and nothing else."""
    return _says_only(words_of(text), Meaning.STOP)


def _says_only(words: Phrase, meaning: Meaning) -> bool:
    return words in _ALONE[meaning] or _bare(words) in _ALONE[meaning]


def _bare(words: Phrase) -> Phrase:
    """Leaves out what is only polite."""
    return tuple(word for word in words if word not in _POLITE)


def _commands(words: Phrase) -> bool:
    """Tells whether a short message begins or ends with a stop that nothing turns around."""
    if len(words) > LONGEST_COMMAND:
        return False
    return any(
        phrase in _STOP and (rest in _NO or not _NOT.intersection(rest))
        for size in range(1, min(len(words), _LONGEST_STOP) + 1)
        for phrase, rest in ((words[:size], words[size:]), (words[-size:], words[:-size]))
    )


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
_POLITE = frozenset(word for phrase in _phrases("polite") for word in phrase)
_NO = frozenset(_phrases("no"))
_NOT = frozenset(word for phrase in _phrases("not") for word in phrase)
