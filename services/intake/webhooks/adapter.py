"""What an adapter is: all that is known of how one kind of system calls us.

It does no input or output. It is given a delivery as it came, and tells whether the system signed
it, by what it is known when it comes again, and what it means in our own words.
"""

import hashlib
import secrets
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.contract.events.payload import Payload


class Options(BaseModel):
    """What the words of one source mean, as its operators say: `sources map` adds to its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


Options_contra = TypeVar("Options_contra", bound=Options, contravariant=True)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call of a system, as it came."""

    body: bytes
    headers: Mapping[str, str]
    """Those that its adapter names."""
    received_at: datetime
    answers: Mapping[str, bytes | None] = field(default_factory=dict)
    """What the system's API answered, in JSON, by path; None where it has no such thing."""
    read_at: datetime | None = None
    """When it did."""
    left_out: dict[str, str] = field(default_factory=dict, compare=False)
    """The details that were found to be unreadable, and why."""

    @property
    def known_at(self) -> datetime:
        """When all that it says had happened."""
        return self.read_at or self.received_at

    @property
    def digest(self) -> str:
        """By what it is known where nothing in it tells."""
        return hashlib.sha256(self.body).hexdigest()

    def under(self, id: str) -> str:
        """Returns by what it is known under an id; whatever else comes under that is another."""
        return f"{self.digest} {id}"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a delivery says, in our own words."""

    model: type[Payload]
    """The event that it becomes."""
    body: Mapping[str, Any]
    """Its fields as they are on the wire; a detail at fault is left out and costs only itself."""
    at: datetime
    """When it was said in that system: of two things said about one the later one holds."""
    applied_at: datetime | None = None
    """When a rejected person had applied; where that is not known, nothing of ours leaves."""
    is_record: bool = True
    """Whether it may be a record that is cleared up; what is said in our own words is not."""
    id: str | None = None
    """The event's id, where the system gives one; otherwise it is made from the delivery's key."""
    words: str | None = None
    """What it is, where the event's own name does not tell."""


@dataclass(frozen=True, slots=True)
class OfJob:
    """Whether a job is confidential, where the system says so itself, and not of each rejection."""

    job_id: str
    is_confidential: bool
    at: datetime
    """When it was said in that system."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a delivery says."""

    said: Sequence[Said]
    notes: Sequence[str] = ()
    """What was taken for granted, and how to say otherwise; nothing of anybody."""
    of_job: OfJob | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A delivery that says nothing to us."""

    why: str
    """In words, with what to do if that is wrong; nothing of anybody."""


MAP = "sources map NAME"
"""The command by which a word gets a meaning; NAME stands for the source."""


def how_to_map(kind: str, word: str, meanings: Iterable[str]) -> str:
    """Returns the command that says what a word of a source means."""
    return f"notyet {MAP} {kind} {shlex.quote(word)} {'|'.join(meanings)}"


class Adapter(Protocol[Options_contra]):
    """One kind of system."""

    @property
    def headers(self) -> frozenset[str]:
        """The names, in lower case, of the headers that are read and kept."""

    @property
    def options(self) -> type[Options]:
        """What can be said of the words of one source."""

    @property
    def setup(self) -> Sequence[str]:
        """What to do in that system, a line each, with {url}, {secret} and {name} of the source."""

    def new_secret(self) -> str:
        """Makes a secret in the form in which that system takes it."""

    def test_answer(self, delivery: Delivery) -> Mapping[str, str] | None:
        """Returns the headers that answer a test call, which may come unsigned; None for any other.

        Nothing is kept of one, so nothing may be in it that ought to count.
        """

    def kept(self, delivery: Delivery) -> Delivery:
        """Returns a genuine delivery without what nobody needs to know."""

    def refusal(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Returns why a delivery is not believed, with what to do; None for a genuine one.

        Where the system signs when it called, that must be about now, by the machine's clock.
        It hashes the body under every secret whatever the headers say, so that the time it takes
        tells nothing.
        """

    def key(self, delivery: Delivery) -> str:
        """Returns by what a genuine delivery is known when it comes again.

        No two that say different things are known by the same, unless what they say is not signed.
        """

    def translate(self, delivery: Delivery, options: Options_contra) -> Told | Ignored:
        """Returns what a genuine delivery says; the same each time.

        Raises Unreadable where this version cannot tell: it is kept until one can.
        """

    def stops(self, delivery: Delivery) -> Said | None:
        """Returns who may not be written to, as a genuine delivery says beside all else.

        It is an update that says nothing else, and counts whatever becomes of the rest.
        """


class Usual:
    """What holds of most systems: any text is a secret, test calls are signed, all is kept."""

    def new_secret(self) -> str:
        """Makes 32 random bytes; nobody signs with them where the system makes its own."""
        return secrets.token_hex(32)

    def test_answer(self, delivery: Delivery) -> Mapping[str, str] | None:
        """Returns None: a test call is a delivery like any other."""
        return None

    def kept(self, delivery: Delivery) -> Delivery:
        """Returns the delivery as it came."""
        return delivery

    def stops(self, delivery: Delivery) -> Said | None:
        """Returns None: who may not be written to is told with all else, or not at all."""
        return None
