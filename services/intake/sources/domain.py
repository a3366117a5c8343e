"""What may be done with what a source says: recorded or only looked at, told to whom, by whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

LETTER_DAYS: Final = 14
APPLIED_DAYS: Final = 180
"""After so long nobody is written to any more, if nobody says otherwise."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
NO_NAME: Final = "Name the source in up to 63 small letters, digits and hyphens, such as careers"


def is_name(name: str) -> bool:
    """Tells whether a source may go by that name, which stands in the address that is called."""
    return _NAME.fullmatch(name) is not None


NO_API_URL: Final = (
    "Write where it is, such as https://api.example.com: https, unless on this machine"
)


def is_api_url(url: str) -> bool:
    """Tells whether a token may be sent there: by TLS, or without leaving this machine."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


def is_loopback(host: str) -> bool:
    """Tells whether a host is named as this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Speaks(StrEnum):
    """Who tells somebody no, and who asks whether their name may stay in the hat."""

    US = "us"
    """We do both, in one letter."""
    QUESTION = "question"
    """The system tells them, or those who work with it; we only ask."""
    SOURCE = "source"
    """The system does both; nothing of ours leaves."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What of a rejection somebody else says, so that we do not."""

    told: bool
    asked: bool
    because: str

    def beside(self, *, told: bool, asked: bool) -> "Voice":
        """Returns the same where the source says itself that it has told or asked somebody."""
        if (self.told or not told) and (self.asked or not asked):
            return self
        return Voice(self.told or told, self.asked or asked, self.because or "the source says so")

    @property
    def words(self) -> str:
        """Says what leaves."""
        if not self.told:
            return f"a letter of ours leaves{', without the question' if self.asked else ''}"
        return f"{'nothing of ours' if self.asked else 'our question alone'} leaves: {self.because}"


VOICES: Final = {
    Speaks.US: Voice(told=False, asked=False, because=""),
    Speaks.QUESTION: Voice(told=True, asked=False, because="the source tells them"),
    Speaks.SOURCE: Voice(told=True, asked=True, because="the source tells and asks them"),
}
"""Of a rejection that is not too old."""


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
    confidential_jobs: tuple[str, ...] = ()
    """Those that it said itself are so, by their ids there."""
    letter_days: int = LETTER_DAYS
    applied_days: int = APPLIED_DAYS
    started_at: datetime | None = None
    paused_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Whether what it says is recorded; until it is started it is only looked at."""
        return self.started_at is not None and self.paused_at is None

    @property
    def words(self) -> Mapping[str, Any]:
        """What its own words mean: of a job that it calls confidential itself, nothing else."""
        if not self.confidential_jobs:
            return self.options
        jobs = self.options.get("jobs", {}) | dict.fromkeys(self.confidential_jobs, "confidential")
        return {**self.options, "jobs": jobs}

    def voice(
        self,
        vacancy_id: str,
        received_at: datetime,
        decided_at: datetime,
        applied_at: datetime | None,
        *,
        is_record: bool = True,
    ) -> Voice:
        """Returns who tells and asks whoever was rejected; nobody where that was too long ago.

        So it may have been where nothing tells when they applied, and a record is cleared up.
        It depends on nothing but when things were said, so that it is the same each time.
        """
        heard_at = max(received_at, self.started_at or received_at)
        if decided_at < heard_at - timedelta(days=self.letter_days):
            return _nobodys(f"decided more than {self.letter_days} days before")
        if applied_at is None and is_record:
            return _nobodys("nothing tells when they applied")
        if applied_at and applied_at < heard_at - timedelta(days=self.applied_days):
            return _nobodys(f"applied more than {self.applied_days} days before")
        return VOICES[self.speaks_of.get(vacancy_id, self.speaks)]


def _nobodys(because: str) -> Voice:
    return Voice(told=True, asked=True, because=because)
