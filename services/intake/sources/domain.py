"""What may be done with what a source says: recorded or only looked at, told to whom, by whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

LETTER_DAYS: Final = 14
APPLIED_DAYS: Final = 180
"""To whom somebody is written at the latest, if nobody says otherwise."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
NO_NAME: Final = "Name the source in up to 63 small letters, digits and hyphens, such as careers"


def is_name(name: str) -> bool:
    """Tells whether a source may go by that name, which stands in the address that is called."""
    return _NAME.fullmatch(name) is not None


class Speaks(StrEnum):
    """Who tells somebody no."""

    US = "us"
    """We do, in a letter that asks whether their name may stay in the hat."""
    SOURCE = "source"
    """The system does, or those who work with it; we never say a second no."""


@dataclass(frozen=True, slots=True)
class Source:
    """A system that calls us, as its operators set it up."""

    name: str
    system: str
    speaks: Speaks = Speaks.SOURCE
    speaks_of: Mapping[str, Speaks] = field(default_factory=dict)
    """By vacancy, by its id there."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What its own words mean, for its adapter."""
    letter_days: int = LETTER_DAYS
    applied_days: int = APPLIED_DAYS
    started_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Whether what it says is recorded; until it is started it is only looked at."""
        return self.started_at is not None

    def no_letter(
        self,
        vacancy_id: str,
        received_at: datetime,
        decided_at: datetime,
        applied_at: datetime | None,
    ) -> str | None:
        """Returns why we tell somebody nothing of a rejection; None if a letter is ours to write.

        It depends on nothing but when things were said, so that it is the same each time.
        """
        heard_at = max(received_at, self.started_at or received_at)
        if self.speaks_of.get(vacancy_id, self.speaks) is Speaks.SOURCE:
            return "the source tells them"
        if decided_at < heard_at - timedelta(days=self.letter_days):
            return f"decided more than {self.letter_days} days before"
        if applied_at and applied_at < heard_at - timedelta(days=self.applied_days):
            return f"applied more than {self.applied_days} days before"
        return None
