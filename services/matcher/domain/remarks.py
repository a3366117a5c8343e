"""What an operator should know of a search that its result does not say."""

from dataclasses import dataclass
from enum import StrEnum


class RemarkCode(StrEnum):
    ASKED_TWICE = "asked_twice"
    """The vacancy contradicts itself about `name`; the stricter counts."""
    NOTHING_TO_SEARCH_BY = "nothing_to_search_by"
    """The vacancy has no words that one could search by."""


@dataclass(frozen=True)
class Remark:
    code: RemarkCode
    name: str | None = None
    """The requirement that it is about, if it is about one."""
