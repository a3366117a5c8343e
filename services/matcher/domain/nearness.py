"""Where the words of a name stand together in a sentence, or nearly.

Measured on real résumés: where its words follow one another a name of several words is nearly
always meant; with one word between them in half of the sentences, but mostly where each is also
written as in the name (regional *sales* manager, project *and resource* management); with more,
hardly ever. The other way round they mean an activity: managed inventory, development of business.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from services.matcher.domain.tokenisation import STOP_WORDS, folded, singular, split, stem

_OF = frozenset(("de", "del", "des", "du", "of", "von"))
_ARTICLES = frozenset(
    ("a", "an", "das", "den", "der", "die", "el", "la", "las", "le", "les", "the")
)
_AND = frozenset(("and", "e", "et", "o", "oder", "or", "ou", "und", "y"))
_ACTIVITY = re.compile(r"\w{2,}(?:ing|ed)")
_ALIKE = 5
"""So many letters at the beginning of a word are not inflected, but for its last."""
_WORD = re.compile(r"[^\W_]+[+#]*")


@dataclass(frozen=True)
class Words:
    """A sentence, or one thing among several, word by word."""

    text: str
    language: str

    @cached_property
    def written(self) -> list[str]:
        return split(self.text)

    @cached_property
    def stems(self) -> list[str | None]:
        """The stem of each word; none of those that say nothing."""
        stop = STOP_WORDS[self.language]
        return [None if word in stop else stem(word, self.language) for word in self.written]

    @cached_property
    def telling(self) -> list[int]:
        """The places of the words that say something."""
        return [at for at, stem in enumerate(self.stems) if stem]

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(stem for stem in self.stems if stem)

    @cached_property
    def beginnings(self) -> list[str]:
        """What any text has that has these words, whatever their endings there."""
        return [folded(stem[: min(_ALIKE, max(1, len(stem) - 1))]) for stem in self.known]

    def places(self, first: int, last: int) -> tuple[int, int]:
        """Returns where in the text some of its words begin and end."""
        found = list(_WORD.finditer(unicodedata.normalize("NFKC", self.text)))
        if len(found) != len(self.written):
            return 0, len(self.text)
        return found[first].start(), found[last].end()


def together(name: Words, sentence: Words) -> Iterator[tuple[int, int]]:
    """Yields the places where a sentence has the words of a name together, or nearly."""
    if not name.known or not name.known <= sentence.known:
        return
    for start in range(len(sentence.telling)):
        for end in (_in_order(name, sentence, start), _as_activity(name, sentence, start)):
            if end is not None:
                yield sentence.telling[start], end


def _in_order(name: Words, sentence: Words, start: int) -> int | None:
    """Returns the last word of the name where it begins here; one other word may come between."""
    places: list[int] = []
    at = start
    for wanted in name.telling:
        if places and at - start == len(places) and not _is(name, wanted, sentence, at):
            at += 1
        if not _is(name, wanted, sentence, at):
            return None
        places.append(sentence.telling[at])
        at += 1
    nearly = at - start > len(places)
    meant = _joined(name, sentence, places) and _written_alike(name, sentence, places, nearly)
    return places[-1] if meant else None


def _as_activity(name: Words, sentence: Words, start: int) -> int | None:
    """Returns the last word of the name where it is turned round: managed inventory."""
    *before, head = name.telling
    places = sentence.telling[start : start + len(name.telling)]
    wanted = [head, *before]
    if not before or len(places) < len(wanted):
        return None
    if not all(_is(name, one, sentence, start + at) for at, one in enumerate(wanted)):
        return None
    passed = set(sentence.written[places[0] + 1 : places[1]])
    verb, last = sentence.written[places[0]], places[-1]
    if passed & _OF:
        return last if passed <= _OF | _ARTICLES else None
    if not _ACTIVITY.fullmatch(verb) or verb.startswith(name.written[head]):
        return None
    is_whole = last + 1 == len(sentence.written) or sentence.stems[last + 1] is None
    return last if is_whole and passed <= _ARTICLES else None


def _is(name: Words, wanted: int, sentence: Words, at: int) -> bool:
    if at >= len(sentence.telling):
        return False
    return name.stems[wanted] == sentence.stems[sentence.telling[at]]


def _joined(name: Words, sentence: Words, places: list[int]) -> bool:
    """Tells whether no more than "of", or one other word, stands between two of them.

    What follows an "and" at once is another thing, unless the name has an "and" itself.
    """
    own_and = _AND if "&" in name.text else frozenset()
    passed_over = _OF | _ARTICLES | own_and | set(name.written)
    return all(
        _is_one_thing(
            [
                (sentence.written[at], sentence.stems[at] is not None)
                for at in range(first + 1, second)
                if sentence.written[at] not in passed_over
            ]
        )
        for first, second in pairwise(places)
    )


def _is_one_thing(between: list[tuple[str, bool]]) -> bool:
    match between:
        case [] | [(_, True)]:
            return True
        case [(joining, False), (_, True)]:
            return joining in _AND
        case _:
            return False


def _written_alike(name: Words, sentence: Words, places: list[int], nearly: bool) -> bool:
    """Tells whether the words are written as in the name, as far as they have to be.

    Only the last may be inflected, and only where the words follow one another: project managers do
    project management, but accounting is no account. Other languages inflect the others too.
    """
    written = [
        (name.written[wanted], sentence.written[place])
        for wanted, place in zip(name.telling, places, strict=True)
    ]
    *before, last = written
    if nearly:
        return all(one == other for one, other in before) and singular(last[0]) == singular(last[1])
    if name.language != "english":
        return True
    return all(singular(one) == singular(other) for one, other in before)
