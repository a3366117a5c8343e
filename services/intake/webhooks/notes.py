"""What is known of how a note is written in one kind of system, beside its applicant.

None of them takes a key by which it would know a note again, so one whose answer was lost may be
written twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class NoteOn:
    """Where a note belongs, by the system's own ids."""

    applicant_id: str
    application_id: str | None


@dataclass(frozen=True, slots=True)
class Login:
    """How a key is exchanged for what opens the API a while."""

    url: str
    headers: Mapping[str, str]
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Post:
    """What is written where."""

    path: str
    body: Mapping[str, Any]


class Notes(Protocol):
    """How one kind of system takes notes; like an adapter it does no input or output."""

    @property
    def url(self) -> str:
        """Where its API is for everybody, without a slash at the end."""

    @property
    def per_second(self) -> float:
        """How often it may be called for one source."""

    @property
    def key(self) -> str:
        """What operators give as its token, in words."""

    def login(self, key: str, url: str | None) -> Login | None:
        """Returns how a key is exchanged, at `url` if that is given; None if it opens the API."""

    def headers(self, access: str) -> Mapping[str, str]:
        """Returns the headers that carry what opens the API."""

    def post(self, on: NoteOn, words: str, key: str) -> Post | None:
        """Returns what is to be written; None where the ids lead to nobody there."""

    def tag(self, on: NoteOn, tag: str, *, is_on: bool) -> Post | None:
        """Returns how a tag is put there, or taken away; None where no tags are written.

        It is there or not, however often that is done.
        """

    def problem(self, answer: bytes) -> str | None:
        """Returns what an answer that is no error says to be wrong, without what is inside."""


class UsualNotes:
    """What holds of most systems: the key opens the API, and only a status tells what is wrong."""

    def login(self, key: str, url: str | None) -> Login | None:
        """Returns None: the key itself opens it."""
        return None

    def tag(self, on: NoteOn, tag: str, *, is_on: bool) -> Post | None:
        """Returns None: no tags are written."""
        return None

    def problem(self, answer: bytes) -> str | None:
        """Returns None: what was taken is there."""
        return None
