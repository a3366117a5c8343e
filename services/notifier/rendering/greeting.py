"""By which name a letter greets somebody."""

from services.notifier.rendering.wording import plain
from shared.contract.events.people import PersonName

LONGEST = 60

_FAMILY_FIRST = frozenset({"hu", "ja", "ko", "vi", "zh"})
"""Languages whose people write the family's name before their own."""

_TITLES = frozenset({"Dr", "Dra", "Prof", "Mr", "Mrs", "Ms", "Miss", "Sir", "Dame", "Herr", "Frau"})


def greeted(name: PersonName, locale: str) -> str:
    """Returns the name that a letter begins with; empty where there is none.

    Where only the whole name is known it is the first of two words, unless these may be in another
    order (the reader's language, LOVELACE Ada) or are no two names (Dr Lovelace, A. Lovelace).
    """
    whole = name.display
    words = whole.split()
    if name.given_name or len(words) != 2 or not all(map(_is_name, words)):
        return plain(name.salutation, LONGEST)
    return plain(whole if _is_family_first(locale) else words[0], LONGEST)


def _is_name(word: str) -> bool:
    return word[:1].isupper() and word[1:2].islower() and word.isalpha() and word not in _TITLES


def _is_family_first(locale: str) -> bool:
    return locale.replace("_", "-").split("-")[0].lower() in _FAMILY_FIRST
