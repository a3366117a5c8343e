"""Takes who somebody is out of what they can do.

E-mail addresses and links go, whoever's they are, and so do telephone numbers, the person's own in
any spelling, and those of papers and accounts; what tells where they live, when they were born and
what nobody may be judged by; and their names. `names`, `links`, `numbers`, `papers` and
`particulars` say how each is found.

What stands there instead can be longer than what was there: a text that becomes too long for its
field is cut, which its last character says.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic_core import from_json, to_json

from services.intake.privacy.domain.folding import fold, visible, words
from services.intake.privacy.domain.links import ADDRESS, LINK, links
from services.intake.privacy.domain.names import Names
from services.intake.privacy.domain.numbers import DIGITS_THAT_TELL, Numbers
from services.intake.privacy.domain.papers import papers
from services.intake.privacy.domain.particulars import PERSONAL, particulars
from services.intake.privacy.domain.postal import postal_addresses
from services.intake.privacy.domain.spans import BETWEEN_TEXTS, Finding, replaced, within
from shared.contract.events.applications import MOST_OF_A_NOTE
from shared.contract.events.payload import MOST_OF_A_LINE, MOST_OF_A_TEXT
from shared.contract.events.profile import Profile

NAME, NUMBER = "[name]", "[number]"
PLACEHOLDERS = (ADDRESS, LINK, NAME, NUMBER, PERSONAL)

_DATES = frozenset(("startDate", "endDate", "date"))
"""Fields of a profile that hold dates and nothing else."""
_LONG = frozenset(("summary", "highlights", "resumeText"))
"""Fields of a profile that hold more than a line."""
_SHORTEST_HANDLE, _MOST_HANDLES = 5, 20


class Scrubber:
    """Takes one person's names, addresses and numbers out of texts."""

    def __init__(self, also_known_as: Iterable[str], ordinary: Iterable[str] = ()) -> None:
        """Takes all that the person is known as, and texts whose words are ordinary."""
        names: list[str] = []
        numbers: list[str] = []
        handles: list[str] = []
        for known in also_known_as:
            if "@" in known:
                addresses = [word for word in known.split() if "@" in word]
                handles += map(_handle, addresses)
                names.append(" ".join(word for word in known.split() if "@" not in word))
            elif _is_number(known):
                numbers.append(_digits(known))
            else:
                names.append(known)
        self._names = Names(names, ordinary)
        self._numbers = Numbers(numbers)
        self._handles = list(filter(None, handles))[:_MOST_HANDLES]

    def scrub(self, text: str) -> str:
        """Returns the text without the person; what else is visible stays, in Unicode's NFC."""
        text = visible(text)
        folded = fold(text)
        found = words(folded)
        scrubbed = replaced(text, self._findings(text, folded, set(found)))
        if not self._names.may_stand_in(folded, found):
            return scrubbed
        return replaced(scrubbed, (Finding(span, NAME) for span in self._names.spans(scrubbed)))

    def _findings(self, text: str, folded: str, found: set[str]) -> Iterator[Finding]:
        yield from links(text, folded, self._names, self._handles)
        yield from (Finding(span, NUMBER) for span in self._numbers.spans(folded))
        yield from postal_addresses(text, folded, found)
        yield from particulars(folded, found)
        yield from papers(folded, found, NUMBER)


def scrub_note(note: str, also_known_as: Iterable[str], vacancy_title: str) -> str:
    """Takes the person out of what a decider wrote."""
    return within(Scrubber(also_known_as, [vacancy_title]).scrub(note), MOST_OF_A_NOTE)


def scrub_profile(profile: Profile, body: str, also_known_as: Iterable[str]) -> str | None:
    """Returns the JSON of a profile with the person taken out of every text in it.

    None says that its JSON as it is, `body`, names nobody: most do not. All texts are scrubbed as
    one, with a character between them that none can hold: a word that is ordinary in one of them
    is so in all.
    """
    headings = (
        *(job.position for job in profile.work),
        *(skill.name for skill in profile.skills),
        *(keyword for skill in profile.skills for keyword in skill.keywords),
        *(study.area for study in profile.education),
        *(certificate.name for certificate in profile.certificates),
    )
    scrubber = Scrubber(also_known_as, filter(None, headings))
    fields = from_json(body)
    texts: list[str] = []
    _collect(fields, texts)
    together = BETWEEN_TEXTS.join(texts)
    scrubbed = scrubber.scrub(together)
    if scrubbed == together:
        return None
    return to_json(_with_texts(fields, iter(scrubbed.split(BETWEEN_TEXTS)))).decode()


def _room(field: str) -> int:
    return MOST_OF_A_TEXT if field in _LONG else MOST_OF_A_LINE


def _collect(value: Any, texts: list[str]) -> None:
    """Adds every text inside a value to the others, in order."""
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in _DATES:
                _collect(item, texts)
    elif isinstance(value, list):
        for item in value:
            _collect(item, texts)


def _with_texts(value: Any, texts: Iterator[str], most: int = MOST_OF_A_LINE) -> Any:
    """Returns a value with the next texts in place of its own, none longer than its field takes."""
    if isinstance(value, str):
        return within(next(texts), most)
    if isinstance(value, dict):
        return {
            key: item if key in _DATES else _with_texts(item, texts, _room(key))
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_texts(item, texts, most) for item in value]
    return value


def _handle(address: str) -> str:
    """Returns the part of an address that somebody may also go by elsewhere, if it is special."""
    local = address.strip("<>()").partition("@")[0].partition("+")[0].lower()
    is_special = len(local) >= _SHORTEST_HANDLE and not local.isalpha()
    return local if is_special else ""


def _is_number(known: str) -> bool:
    """Tells a telephone number from a name with digits in it."""
    return len(_digits(known)) >= DIGITS_THAT_TELL and not any(map(str.isalpha, known))


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, fold(text)))
