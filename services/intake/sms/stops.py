"""The words that end text messages.

Whoever says one of these words in any of the usual dresses (capitals, marks, quotes, an emoji,
"please" and "thank you" around it) is understood. 47 CFR 64.1200(a)(10) names words that must be
honoured, and asks for every other reasonable way of saying so to be honoured too.
"""

import re
from functools import partial

from services.intake.sms.limits import leaves_open
from services.intake.sms.words import (
    Phrase,
    Phrases,
    begins,
    consists_of,
    found,
    parts,
    words_of,
)
from services.intake.understanding.phrases import Table, phrases
from shared.contract.events.people import Channel

LONGEST_COMMAND = 12
"""In words. Whoever writes more around a keyword tells a story, which a human reads."""

_ENDS = re.compile(r"[.!,;\n–—]|\s-|-\s")
"""What a clause ends with; a question asks something of what was said before it."""
_SHOUTED = re.compile(r"[^\w]*([A-Z]{4,})\b(?!\s*\?)(?=.*[a-z])(.*)", re.DOTALL)
"""A word in capitals at the beginning, as we write the words that end our messages, that does not
ask, and what follows it."""


def is_bare_stop(text: str) -> bool:
    """Tells whether a text is one of the words that stop, and nothing else.

    A word that means other things too is one only beside courtesy: "cancel that" may be an answer.
    """
    words = words_of(text)
    said = {words, without_courtesy(words, _COURTESY)}
    is_stop = _is_stop(words) or not said.isdisjoint(_STOP | _STOP_ALONE)
    return is_stop and not has_question(text) and not leaves_open(words, Channel.SMS)


def clauses_of(text: str) -> list[Phrase]:
    """Parts a text at the marks between clauses."""
    return [words for clause in _ENDS.split(text) if (words := words_of(clause))]


def has_question(text: str) -> bool:
    """Tells whether a text asks anything."""
    return any(mark in text for mark in "?？؟")


def begins_with_stop(text: str) -> bool:
    """Tells whether the first clause is a stop, or the first word is one as we write it."""
    first, *others = [clause for clause in _ENDS.split(text) if words_of(clause)] or [""]
    if _is_stop(words_of(first)) and not has_question(first):
        rest = words_of(" ".join(others))
        return not rest or not consists_of(_NOT, rest)
    shouted = _SHOUTED.match(text)
    return (
        shouted is not None
        and words_of(shouted[1]) in _STOP
        and not consists_of(_NOT, words_of(shouted[2]))
    )


def ends_with_stop(text: str) -> bool:
    """Tells whether the last clause is a stop, unless the one before it may forbid that."""
    before, last = ((), (), *clauses_of(text))[-2:]
    return _is_stop(last) and without_courtesy(before) not in _FORBIDS


def _is_stop(words: Phrase) -> bool:
    """Tells whether words are a stop, and what is only polite."""
    return without_courtesy(words) in _STOP and not _complains(words)


def _complains(words: Phrase) -> bool:
    """Tells whether words say of us that we do not write: a wish that we do not has no subject."""
    return any(
        not _SUBJECTS.isdisjoint(parts(_BESIDE, words[:at])) for at, _ in found(_FORBIDDING, words)
    )


def without_courtesy(words: Phrase, polite: Phrases | None = None) -> Phrase:
    """Leaves out what is only polite, and a number typed at the end of a word that stops.

    What points at a thing is polite behind a stop ("stop this"), and makes a noun of one that it
    stands before ("this stop", "the end").
    """
    left: list[str] = []
    at = 0
    while at < len(words):
        around = polite or (_POLITE_AFTER if left else _POLITE)
        sizes = range(min(_LONGEST_POLITE, len(words) - at), 0, -1)
        size = next((size for size in sizes if words[at : at + size] in around), 0)
        if not size:
            short = words[at].rstrip("0123456789")
            left.append(short if (short,) in _STOP else words[at])
        at += size or 1
    return tuple(left)


def is_command(text: str) -> bool:
    """Tells whether a text is a short message that stops, and complains of nothing."""
    words = words_of(text)
    commands = _commands(words, _STOP | _STOP_ALONE) or _commands(without_courtesy(words), _STOP)
    return commands and not any(map(_complains, clauses_of(text)))


def complains(text: str) -> bool:
    """Tells whether a text says of us that we do not write, or what else we do."""
    return begins(_SUBJECTS, words_of(text)) or any(map(_complains, clauses_of(text)))


def _commands(words: Phrase, stops: Phrases) -> bool:
    """Tells whether a short message holds a stop beside which nothing is told."""
    if len(words) > LONGEST_COMMAND:
        return False
    return any(_stops(words[:at], words[at:end], words[end:]) for at, end in found(stops, words))


def _stops(before: Phrase, phrase: Phrase, after: Phrase) -> bool:
    if before[-1:] in _POINTING:
        return False
    around = _BESIDE if phrase in _STOP else _COURTESY | _NO
    return consists_of(around, before) and consists_of(around, after)


def adds_nothing(clause: Phrase) -> bool:
    """Tells whether nothing stands behind the last stop of a clause but what goes with one."""
    behind = max((end for _, end in found(_STOP | _STOP_ALONE, clause)), default=0)
    return consists_of(_PLAIN, clause[behind:])


_phrases = partial(phrases, Table.KEYWORDS)
_STOP = _phrases("stop")
_STOP_ALONE = _phrases("stop_alone")
_COURTESY = _phrases("courtesy")
_POLITE = _COURTESY | _phrases("polite")
_POINTING = _phrases("pointing")
_POLITE_AFTER = _POLITE | _POINTING
_LONGEST_POLITE = max(map(len, _POLITE))
_NO = _phrases("no")
_NOT = _phrases("not")
_FORBIDS = _phrases("forbids")
_SUBJECTS = _phrases("subjects")
_FORBIDDING = frozenset(stop for stop in _STOP if begins(_FORBIDS, stop))
_WANTS = _phrases("wants")
_BESIDE = _POLITE_AFTER | _NO | _STOP | _WANTS | _phrases("beside")
_PLAIN = _BESIDE - _WANTS
