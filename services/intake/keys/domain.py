"""What an API key allows."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What may be posted."""

    REJECTIONS = "rejections"
    """Rejections, and every other event about an applicant."""
    VACANCIES = "vacancies"
    IMPORTS = "imports"
    """Rejections in batches alone, as `import` sends them."""


EVERYTHING = frozenset(Scope)


OUR_OWN = "/notyet/"
"""Begins the names of our own services as sources."""

LONGEST_SOURCE = 300
NO_SOURCE = f"Name the source in 1 to {LONGEST_SOURCE} printable characters, not as {OUR_OWN}…"


def is_source(name: str) -> bool:
    """Tells whether a system upstream may go by that name."""
    fits = 1 <= len(name.strip()) == len(name) <= LONGEST_SOURCE
    return fits and name.isprintable() and not name.startswith(OUR_OWN)


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """The system that a key speaks for, and what it may post."""

    key_id: str
    source: str
    scopes: frozenset[Scope]
