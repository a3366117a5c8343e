"""One thing that an upstream system says, and how its people are named."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

SOURCE = "/upstream"
LIAR = "/agency"
"""A second system, which speaks of the first one's people and vacancies by their own ids."""
VENDORS = {"portal": "generic", "careers": "greenhouse"}
"""Systems that call with web hooks, each of people of its own."""
HONEST = {SOURCE, *VENDORS}
DECIDING = {"rejected", "unrejected", "withdrawn", "hired"}

Door = Literal["kafka", "http", "hook"]

CANARY = re.compile("canary([b-df-hj-m]+)x", re.IGNORECASE)
"""The family name of one of the first source's people, as their address has it too."""
_LETTERS = "bcdfghjklm"
"""Without vowels: two of them may be an umlaut that is spelt out, and then two people's agree."""
_APPLICANT = re.compile(r"applicant-(\d+)")


def family_name(person: int) -> str:
    """Returns a name with the person's number in it, in letters: no digit is part of a name."""
    letters = "".join(_LETTERS[int(digit)] for digit in str(person))
    return f"Canary{letters}x"


def person_in(text: str) -> int | None:
    """Returns the number of whoever is named first."""
    found = CANARY.search(text)
    if found is None:
        return None
    return int("".join(str(_LETTERS.index(letter)) for letter in found[1].lower()))


def applicant_in(application: str) -> int:
    """Returns the number of the person; 0 where another application has the id by which it went."""
    found = _APPLICANT.match(application)
    return int(found[1]) if found else 0


@dataclass(frozen=True, slots=True)
class Ask:
    """One delivery of one event; a repetition has the same id."""

    event_id: str
    type: str
    key: str
    door: Door
    time: datetime
    data: dict[str, Any]
    person: int | None = None
    application: str | None = None
    source: str = SOURCE

    @property
    def what(self) -> str:
        return self.type.split(".")[3] if self.type.startswith("dev.notyet") else self.type
