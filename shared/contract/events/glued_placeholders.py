"""Which ids tell nobody apart because a part of them was never filled in.

`candidate_None` is what a program makes of a person without an id, and makes of each of them.
"""

import re

from shared.contract.events.empty_words import (
    BESIDE_A_HEADING,
    CALLED,
    DENIED,
    IDS,
    NAME_HEADINGS,
    NOT,
    NOTHING,
    TRIED,
    words_of,
)

_PREFIX = re.compile(r"([^\W\d_]+)[-:/|=_. ]+")
_UNFILLED = re.compile(
    r"\{\{|\}\}|\$\{|<%|%>|\{%|#\{|\[object \w+\]|«[^«»]*»|%(?:\([^()]*\))?[sd]$"
    r"|\{[^\W\d]+(?:[ .:>\[-]+[^\W\d]+\]?)*\}"
    r"|[<\[](?:[^\W\d_]+[ ._-])*(?:id|no|nr|number|key)[>\]]"
    r"|%!\w\(|<(?:nil|null|none|undefined|no value)>"
    r"|#(?:n/a|(?:ref|value|null|num|wert|bezug|zahl|div/0)!|name\?)"
)
"""What a template leaves within an id; the GUIDs that Windows puts into braces have digits."""
_ENDS_EMPTY = re.compile(
    r".*(?:[-:/|=#_ ](?:undefined|NaN)|[-:/|=#_](?:NULL|None)|[:/|=#_](?:null|nil)|[:/|=#]nan"
    r"|[0-9]-(?:null|none|nan))"
)
"""As programs spell it, behind what joins a system's name and an id rather than two names."""
_NO_VALUE = re.compile(
    r"[A-Za-z_][\w.]*\((?:null|nil|none|None|undefined|\"\"|'')?\)|=(?:\w+\(.*|[A-Z]{1,3}[0-9]+|'.*'!.*)"
    r"|System\.(?:Object|String|DBNull|__ComObject|Data\.\w+)(?:\[\])?|java\.lang\.\w+"
    r"|urn:(?:[\w-]+:)+|\w+://.*/(?:undefined|null|None|NaN)(?:[/?#].*)?|.*[?&]\w+="
    r"|-2147483648|2147483647|4294967295|-9223372036854775808|9223372036854775807"
    r"|18446744073709551615|3fa85f64-5717-4562-b3fc-2c963f66afa6"
)
"""A call, a type, an address without the id at its end, where integers end, Swagger's example."""
_COLLECTION = re.compile(r"\w+://[^/]+/(?:.*/)?([^\W\d_]+?)s?/?")


def is_unfilled(text: str) -> bool:
    """Tells whether a part of an id stands for none, and the rest for any."""
    return (
        _UNFILLED.search(text.lower()) is not None
        or _ENDS_EMPTY.fullmatch(text) is not None
        or _NO_VALUE.fullmatch(without_prefix(text)) is not None
        or _is_a_collection(text)
        or _is_of_empty_words(text)
    )


def without_prefix(text: str) -> str:
    """Returns an id without the words before it that say what it is an id of."""
    while (prefix := _PREFIX.match(text)) and prefix[1].lower() in CALLED:
        text = text[prefix.end() :]
    return text


def _is_a_collection(text: str) -> bool:
    """Tells whether a link leads to all of a kind, and to none of them."""
    found = _COLLECTION.fullmatch(text)
    return found is not None and found[1].lower() in CALLED


def _is_of_empty_words(text: str) -> bool:
    """Tells whether an id has no digit, and no word but what stands for none or for any."""
    if any(map(str.isdecimal, text)):
        return False
    found = words_of(text)
    words = frozenset(found)
    if words <= TRIED | IDS:
        return not words.isdisjoint(TRIED)
    if words <= NAME_HEADINGS | BESIDE_A_HEADING:
        return not words.isdisjoint(NAME_HEADINGS)
    if not words <= CALLED | NOTHING | NOT | DENIED:
        return False
    is_denied = not words.isdisjoint(NOT) and not words.isdisjoint(DENIED)
    is_a_heading = len(found) > 1 and words <= CALLED and not words.isdisjoint(IDS)
    return is_denied or is_a_heading or not words.isdisjoint(NOTHING)
