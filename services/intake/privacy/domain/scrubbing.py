"""Takes who somebody is out of what they can do.

E-mail addresses and links go, whoever's they are, and so do numbers with an international prefix
and the person's own in any spelling. Names go as `names` tells.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic_core import to_json

from services.intake.privacy.domain.names import Names
from shared.contract.events.profile import Profile

NAME, ADDRESS, LINK, NUMBER = "[name]", "[address]", "[link]", "[number]"

_GIVEN_AWAY_BY = {
    "@": ADDRESS,
    "://": LINK,
    "www.": LINK,
    "linkedin.com/": LINK,
    "xing.com/": LINK,
    "github.com/": LINK,
    "gitlab.com/": LINK,
}
"""What reveals an address or link; the whole word around it goes."""
_BETWEEN_TEXTS = "\x00"
_ENDS_A_WORD = frozenset(f" \t\r\n\u00a0<>()[]{{}}\"',;|{_BETWEEN_TEXTS}")
_NUMBER = re.compile(r"[+\d][\d \t().\-/–]{5,}\d")
_ESCAPE = re.compile(r"\\(?:u[0-9a-f]{4}|.)")
_INTERNATIONAL = ("+", "00")
_DIGITS_THAT_TELL = 7


class Scrubber:
    """Takes one person's names, addresses and numbers out of texts."""

    def __init__(self, also_known_as: Iterable[str], ordinary: Iterable[str] = ()) -> None:
        """Takes all that the person is known as, and texts whose words are ordinary."""
        known = list(also_known_as)
        names = [each for each in known if "@" not in each and not _digits(each)]
        self._names = Names(names, ordinary)
        self._numbers = [
            digits[-_DIGITS_THAT_TELL:]
            for digits in map(_digits, known)
            if len(digits) >= _DIGITS_THAT_TELL
        ]

    def scrub(self, text: str) -> str:
        """Returns the text without the person; all else stays as it is, in Unicode's NFC."""
        text = unicodedata.normalize("NFC", text)
        for sign, replacement in _GIVEN_AWAY_BY.items():
            text = _without_words_around(sign, replacement, text)
        text = _NUMBER.sub(self._number, text)
        kept, at = [], 0
        for start, end in self._names.spans(text):
            kept += [text[at:start], NAME]
            at = end
        return "".join([*kept, text[at:]])

    def finds_anything(self, text: str) -> bool:
        """Tells whether there may be something to take out; it is never wrong when it says no."""
        return (
            any(sign in text for sign in _GIVEN_AWAY_BY)
            or self._names.mentioned(text)
            or any(self._number(found) == NUMBER for found in _NUMBER.finditer(text))
        )

    def _number(self, match: re.Match[str]) -> str:
        digits = _digits(match[0])
        theirs = any(number in digits for number in self._numbers)
        return NUMBER if theirs or match[0].startswith(_INTERNATIONAL) else match[0]


def scrub_note(note: str, also_known_as: Iterable[str], vacancy_title: str) -> str:
    """Takes the person out of what a decider wrote."""
    return Scrubber(also_known_as, [vacancy_title]).scrub(note)


def scrub_profile(profile: Profile, body: str, also_known_as: Iterable[str]) -> str | None:
    """Returns the JSON of a profile with the person taken out of every text in it.

    None says that its JSON as it is, `body`, names nobody: most do not. Otherwise all texts are
    scrubbed as one, with a character between them that none can hold: a word that is ordinary in
    one of them is so in all.
    """
    headings = (
        *(job.position for job in profile.work),
        *(skill.name for skill in profile.skills),
        *(keyword for skill in profile.skills for keyword in skill.keywords),
        *(study.area for study in profile.education),
        *(certificate.name for certificate in profile.certificates),
    )
    scrubber = Scrubber(also_known_as, filter(None, headings))
    if not scrubber.finds_anything(unicodedata.normalize("NFC", _ESCAPE.sub(" ", body))):
        return None
    fields = profile.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    texts = scrubber.scrub(_BETWEEN_TEXTS.join(_texts(fields)))
    return to_json(_with_texts(fields, iter(texts.split(_BETWEEN_TEXTS)))).decode()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _with_texts(value: Any, texts: Iterator[str]) -> Any:
    if isinstance(value, str):
        return next(texts)
    if isinstance(value, dict):
        return {key: _with_texts(item, texts) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_texts(item, texts) for item in value]
    return value


def _without_words_around(sign: str, replacement: str, text: str) -> str:
    kept, at = [], 0
    while (hit := text.find(sign, at)) >= 0:
        start, end = hit, hit + len(sign)
        while start > at and text[start - 1] not in _ENDS_A_WORD:
            start -= 1
        while end < len(text) and text[end] not in _ENDS_A_WORD:
            end += 1
        is_more = end - start > len(sign)
        kept += [text[at:start], replacement if is_more else sign]
        at = end
    return "".join([*kept, text[at:]]) if kept else text


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
