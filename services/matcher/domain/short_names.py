"""Short names, which may be everyday words too, such as Go, R or Excel, or stand for longer ones.

An everyday word counts as a name where it stands alone among listed things, or is written in a
text as a name is: in its own capitals, not as a part of something else, and not where any word
has a capital.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

_WORDS = """
    access ada ant assembly basic chef confluence crystal dart docker elm ember excel express
    flask flow flux gin go hive illustrator impala java jest julia latex less linear logic maven
    mercury meteor nest net next notion numbers oracle outlook pages pascal pig premiere processing
    puppet python rails react ruby rust salt sap scala scratch sketch slack spark spring stata
    storm swift teams unity vault word
"""
_EVERYDAY = frozenset(_WORDS.split())
_STAND_FOR = {
    "HR": "Human Resources",
    "PR": "Public Relations",
    "IT": "Information Technology",
    "QA": "Quality Assurance",
    "QC": "Quality Control",
    "UAT": "User Acceptance Testing",
    "SEO": "Search Engine Optimization",
    "CRM": "Customer Relationship Management",
    "ERP": "Enterprise Resource Planning",
    "AI": "Artificial Intelligence",
    "ML": "Machine Learning",
    "UX": "User Experience",
    "R&D": "Research and Development",
    "RN": "Registered Nurse",
    "CNA": "Certified Nursing Assistant",
    "EMR": "Electronic Medical Records",
    "EHR": "Electronic Health Records",
    "CPA": "Certified Public Accountant",
    "CAD": "Computer Aided Design",
}
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
    return any(written_in(name, text))


def written_in(name: str, text: str) -> Iterator[re.Match[str]]:
    """Yields the places where an ambiguous name is written in a text as a name is."""
    for found in _pattern(name.strip()).finditer(text):
        is_any_word = _begins_sentence(text, found.start()) and _GOES_ON.match(text, found.end())
        if found[0].isupper() or not is_any_word:
            yield found


@lru_cache(maxsize=5000)
def spellings(name: str) -> tuple[str, ...]:
    """Returns a name as it is given, and with what its initials stand for, or the initials."""
    others = [
        pattern.sub(by, name)
        for short, long in _STAND_FOR.items()
        for pattern, by in ((_whole(short), long), (_whole(long), short))
    ]
    return tuple(dict.fromkeys([name, *others]))


def shortened(name: str) -> str:
    """Returns a name with the initials of what they stand for."""
    for short, long in _STAND_FOR.items():
        name = _whole(long).sub(short, name)
    return name


@lru_cache
def _whole(name: str) -> re.Pattern[str]:
    """Returns what finds a name in any capitals, as whole words, its last one in any number."""
    words = r"[\s-]+".join(re.escape(word) for word in name.removesuffix("s").split())
    plural = "s?" if " " in name else ""
    return re.compile(rf"(?<![\w&-]){words}{plural}(?![\w&-])", re.IGNORECASE)


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
