"""Whether an answer says that somebody wants to hear no more.

Whoever says so in a sentence of their own, in one of four languages, is understood wherever it
stands; one of the short commands for text messages only where they say nothing else. Where two
readings are possible it is an answer, which a human reads before anything else is written.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from services.intake.sms.meaning import Meaning, Phrase, meaning_of, words_of

LONGEST_SENTENCE = 40
"""In words. Whoever says more in one tells a story."""
MOST_SENTENCES = 60
_ENDS = re.compile(r"[.!\n;:]|(?<=\?)")


def wants_no_more(text: str) -> bool:
    """Reads what somebody wrote."""
    return meaning_of(text) is Meaning.STOP or any(map(_is_wish, _sentences(text)))


def _sentences(text: str) -> list[str]:
    """Returns the first sentences; a line's end ends one only before an empty line."""
    paragraphs = (part.replace("\n", " ") for part in text.split("\n\n"))
    found = (one for part in paragraphs for one in _ENDS.split(part) if one.strip())
    return [one for _, one in zip(range(MOST_SENTENCES), found, strict=False)]


def _is_wish(sentence: str) -> bool:
    words = words_of(sentence)
    if len(words) > LONGEST_SENTENCE:
        return False
    is_question = "?" in sentence
    if is_question and not any(words[: len(asks)] == asks for asks in _ASKS):
        return False
    return any(
        _NOT.isdisjoint(before) and _LIMITS.isdisjoint(after[:1])
        for before, after in _around_wishes(words)
    )


def _around_wishes(words: Phrase) -> Iterator[tuple[Phrase, Phrase]]:
    """Yields what stands before and after each wish."""
    for at in range(len(words)):
        for size in _SIZES:
            if words[at : at + size] in _WISHES:
                yield words[:at], words[at + size :]


def _phrases(kind: str) -> frozenset[Phrase]:
    languages = tomllib.loads(Path(__file__).with_name("optouts.toml").read_text()).values()
    return frozenset(words_of(phrase) for said in languages for phrase in said[kind])


_WISHES, _ASKS = _phrases("wish"), _phrases("asks")
_NOT, _LIMITS = (
    frozenset(word for phrase in _phrases(kind) for word in phrase) for kind in ("not", "limits")
)
_SIZES = sorted({len(phrase) for phrase in _WISHES})
