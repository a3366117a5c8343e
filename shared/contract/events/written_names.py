"""Which names can be written to somebody: a name is a stranger's text in a letter of ours."""

import re
import unicodedata
from functools import lru_cache

from shared.contract.events.blank_text import FILLERS, is_blank
from shared.contract.events.placeholders import UNKNOWN, WAITS, says_nothing

LONGEST_NAME = 100

_NO_NAME = UNKNOWN | {""}

_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
"""Controls, marks of direction, zero-width characters and what has no meaning."""

_NEVER_IN_A_NAME = re.compile(
    r"=\?"  # begins an encoded word (RFC 2047), which some programs decode wherever it stands
    r"|[/\\@<>{}\[\]|=!?$€£%#*^~;:]"
    r"|\.[a-z]|\w{2}\.\w{2}"  # mail programs make links of these
    r"|(?i:\b(?:https?|www)\b|\bdot\s+\w)"
    rf"|\d{{3}}|(?i:^{WAITS})"
)
"""What makes a text an address, an offer or a command rather than a name."""


@lru_cache(maxsize=4096)
def written_name(text: str) -> str:
    """Returns a name as one line of visible text; empty if it does not look like a name."""
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace()
        or (unicodedata.category(character) not in _INVISIBLE and character not in FILLERS)
    )
    line = " ".join(visible.split())
    if (
        len(line) > LONGEST_NAME
        or _NEVER_IN_A_NAME.search(_as_programs_read(line))
        or is_placeholder(line)
        or says_nothing(line)
        or is_blank(line)
    ):
        return ""
    return line


def _as_programs_read(line: str) -> str:
    """Returns a text with wide and small forms of letters and dots as those that they stand for."""
    return unicodedata.normalize("NFKC", line).replace("\u3002", ".")


def is_placeholder(text: str) -> bool:
    """Tells whether a text is what systems write where they know no name.

    "Null" and "Na" beside another word are names.
    """
    return all(word.strip("-,.").lower() in _NO_NAME for word in text.split())
