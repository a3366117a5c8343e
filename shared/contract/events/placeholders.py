"""What systems write where they know nothing, or where nobody filled something in."""

import re
import unicodedata

NOTHING = frozenset({"null", "(null)", "none", "nan", "n/a", "undefined", "<na>"})
"""Words that programs write for nothing at all."""
UNKNOWN = NOTHING | {"nil", "na", "unknown", "tbd"}
"""These and what people write for it; "Na" may be a part of a name, but no whole one."""

_OF_PROGRAMS = re.compile(
    r"#(?:n/a|ref!|value!|name\?|null!|div/0!|num!|spill!|calc!|field!|blocked!|connect!|busy!"
    r"|unknown!|getting_data)"  # the errors of spreadsheets
    r"|\{\{.*\}\}|\{%.*%\}|\$\{.*\}|<%.*%>|<[a-z_][a-z_ .-]*>"  # templates that nobody filled in
    r"|\[object [a-z]+\]"
)
_NUMBERS = re.compile(r"-?0[0-]*|-1")
"""What databases and programs count from, and the nil of RFC 9562."""
_MARKS = frozenset(" ~|+=$^<>`")
"""Beside what Unicode calls punctuation."""


def says_nothing(text: str) -> bool:
    """Tells whether a text is what programs write where they know nothing."""
    lowered = text.strip().lower()
    return lowered in NOTHING or _OF_PROGRAMS.fullmatch(lowered) is not None


def names_nothing(text: str) -> bool:
    """Tells whether a text can be no id, title or address: many would have it in common."""
    return (
        says_nothing(text)
        or text.strip().lower() in UNKNOWN
        or _NUMBERS.fullmatch(text.strip()) is not None
        or all(unicodedata.category(each)[0] == "P" or each in _MARKS for each in text)
    )
