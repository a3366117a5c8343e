"""Names of skills that are everyday words too, such as Go, R or Excel, and what tells them apart.

Such a name counts where it stands alone among listed things, or is written in a text as a name is:
in its own capitals, not as a part of something else, and not where any word has a capital.
"""

import re
from functools import lru_cache

_WORDS = """
    access ada ant assembly basic chef confluence crystal dart docker elm ember excel express
    flask flow flux gin go hive illustrator impala java jest julia latex less linear logic maven
    mercury meteor nest net next notion numbers oracle outlook pages pascal pig premiere processing
    puppet python rails react ruby rust salt sap scala scratch sketch slack spark spring stata
    storm swift teams unity vault word
"""
_EVERYDAY = frozenset(_WORDS.split())
_LONGEST_INITIALS = 2
_LETTERS_JOINED = re.compile(r"\w\s?&\s?\w")
_BETWEEN_LISTED = re.compile(r"[,;/|\n]")
_SENTENCE_ENDS = (".", "!", "?", ":", "\n", "•", "*")
_GOES_ON = re.compile(r"\s+[^\W\d_A-Z]")


def is_ambiguous(name: str) -> bool:
    """Tells whether a name's letters could be another word, or a part of one."""
    plain = name.strip()
    if _LETTERS_JOINED.fullmatch(plain):
        return True
    return plain.isalnum() and (len(plain) <= _LONGEST_INITIALS or plain.casefold() in _EVERYDAY)


def is_listed(name: str, text: str) -> bool:
    """Tells whether an ambiguous name stands alone among things that are listed, or as a name."""
    wanted = name.strip().casefold()
    parts = _BETWEEN_LISTED.split(text)
    return any(part.strip().casefold() == wanted for part in parts) or is_written(name, text)


def is_written(name: str, text: str) -> bool:
    """Tells whether an ambiguous name is written in a text as a name is."""
    return any(
        not (_begins_sentence(text, found.start()) and _GOES_ON.match(text, found.end()))
        or found[0].isupper()
        for found in _pattern(name.strip()).finditer(text)
    )


@lru_cache(maxsize=5000)
def _pattern(name: str) -> re.Pattern[str]:
    """Returns what finds a name that is no part of a longer one, such as R in R&D or C in C++."""
    if _LETTERS_JOINED.fullmatch(name):
        first, last = map(re.escape, (name[0], name[-1]))
        return re.compile(rf"(?<!\w){first}\s?&\s?{last}(?!\w)", re.IGNORECASE)
    spellings = {name} if name != name.lower() else {name.upper(), name.capitalize()}
    hyphen = "" if name.isupper() and len(name) > 1 else "-"
    before = rf"(?<![\w.'’&{hyphen}])(?<!\w\s&\s)(?<!& )"
    after = rf"(?![\w+#'’&{hyphen}])(?!\.\w)(?!\s&\s?\w\b)"
    return re.compile(f"{before}(?:{'|'.join(map(re.escape, sorted(spellings)))}){after}")


def _begins_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 20) : at].rstrip(" \t-–")
    return not before or before.endswith(_SENTENCE_ENDS)
