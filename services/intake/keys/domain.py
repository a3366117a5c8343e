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


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """The system that a key speaks for, and what it may post."""

    key_id: str
    source: str
    scopes: frozenset[Scope]
