"""What an API key allows."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a key may do: the first three post, the others read what is its source's own."""

    REJECTIONS = "rejections"
    """Rejections, and every other event about an applicant."""
    VACANCIES = "vacancies"
    IMPORTS = "imports"
    """Rejections in batches alone, as `import` sends them."""
    CANDIDATES = "candidates"
    """What was said to its applicants, what is planned, what they agreed to."""
    DELIVERIES = "deliveries"
    """What was made of its web hooks."""


POSTING = frozenset({Scope.REJECTIONS, Scope.VACANCIES, Scope.IMPORTS})
"""To read of people a key has to be asked for."""


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """The system that a key speaks for, and what it may do."""

    key_id: str
    source: str
    scopes: frozenset[Scope]
