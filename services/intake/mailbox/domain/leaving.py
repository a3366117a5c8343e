"""Whether an answer says that somebody wants to hear no more.

Whoever says so in a sentence that says nothing else, in one of four languages, is understood, if
they do not ask elsewhere to be reached in another way; so is one of the short commands for text
messages that stands alone. Anything else is an answer: nobody is written to until a human read it.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from services.intake.sms.meaning import Phrase, consists_of, is_bare_stop, words_of

MOST_SENTENCES = 60
_LONGEST_SENTENCE = 40
"""In words. Whoever says more in one tells a story."""
_WRAPPED = 50
"""In characters: a line as long goes on in the next; mail programs break no shorter ones."""
_ENDS = re.compile(r"[.!\n;:]|(?<=\?)")
_OPENS = re.compile(r",|\s[-–—]+\s")


def wants_no_more(text: str) -> bool:
    """Reads what somebody wrote."""
    if is_bare_stop(text):
        return True
    said = _sentences(text)
    return any(map(_is_wish, said)) and not any(_finds(_GOES_ON, words_of(one)) for one in said)


def _sentences(text: str) -> list[str]:
    found = (one for one in _ENDS.split(_unwrapped(text)) if one.strip())
    return [one for _, one in zip(range(MOST_SENTENCES), found, strict=False)]


def _unwrapped(text: str) -> str:
    """Joins the lines that a mail program broke."""
    return "".join(
        line + (" " if len(line) >= _WRAPPED and not line.isspace() else "\n")
        for line in text.splitlines()
    )


def _is_wish(sentence: str) -> bool:
    """Tells whether a sentence asks for no more and says nothing else.

    "No more mails" also tells that none came, so it is a wish only where somebody wants or asks. So
    is an infinitive beside "not interested": it may be what they are not interested in.
    """
    words = _addressed(sentence)
    if len(words) > _LONGEST_SENTENCE:
        return False
    if "?" in sentence and not any(words[: len(asks)] == asks for asks in _ASKS):
        return False
    wants = bool(_finds(_WANTS, words))
    if not wants and _finds(_WANTED, words):
        return False
    asks = wants or bool(_finds(_ASKS, words))
    beside_lack = [_THANKS]
    if asks:
        beside_lack.append(_AROUND | _WANTS)
    wishes = _WISHES
    if asks or _finds(_WILLS, words) or not _finds(_UNINTERESTED, words):
        wishes |= _INFINITIVES
    return _stands_within(_AROUND, wishes, words) or any(
        _stands_within(around, _LACKS, words) for around in beside_lack
    )


def _stands_within(around: frozenset[Phrase], phrases: frozenset[Phrase], words: Phrase) -> bool:
    """Tells whether words are one of some phrases and nothing else than what may stand around."""
    return any(
        consists_of(around, words[:at]) and consists_of(around, words[end:])
        for at, end in _finds(phrases, words)
    )


def _addressed(sentence: str) -> Phrase:
    """Returns a sentence's words without the salutation, or the bare stop, that it begins with."""
    opening, *rest = _OPENS.split(sentence, maxsplit=1)
    greets = words_of(opening)[:1]
    is_apart = rest and greets and (greets[0] in _GREETS or is_bare_stop(opening))
    return words_of(rest[0] if is_apart else sentence)


def _finds(phrases: frozenset[Phrase], words: Phrase) -> list[tuple[int, int]]:
    """Returns where any of some phrases begins and ends."""
    sizes = {len(phrase) for phrase in phrases}
    return [
        (at, at + size)
        for at in range(min(len(words), _LONGEST_SENTENCE))
        for size in sizes
        if words[at : at + size] in phrases
    ]


def _phrases(kind: str) -> Iterator[Phrase]:
    languages = tomllib.loads(Path(__file__).with_name("optouts.toml").read_text()).values()
    return (words_of(phrase) for said in languages for phrase in said[kind])


_WISHES, _INFINITIVES, _UNINTERESTED, _WILLS, _LACKS, _WANTS, _WANTED, _ASKS, _GOES_ON = (
    frozenset(_phrases(kind))
    for kind in (
        *("wish", "infinitive", "uninterested", "wills"),
        *("lack", "wants", "wanted", "asks", "goes_on"),
    )
)
_AROUND, _THANKS = (_UNINTERESTED.union(_phrases(kind)) for kind in ("around", "thanks"))
_GREETS = frozenset(word for phrase in _phrases("greets") for word in phrase)
