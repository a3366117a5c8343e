"""Lever's postings, which it does not call about: those that changed since the last one known.

Source: Lever's "List all postings", API v1 (2026). Each posting tells when it last changed, so that
whatever Lever makes of `updated_at_start`, nothing is taken twice or left out.
"""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from pydantic_core import to_json

from services.intake.webhooks.hints import Found, Page, segment
from services.intake.webhooks.lever.payloads import Changing, Listed
from shared.contract.events.bodies import read_body

_AT_A_TIME: Final = 20
"""Each may be long; an answer may not be."""


@dataclass(frozen=True, slots=True)
class _Place:
    """How far the postings were read."""

    since: int = 0
    """All that changed until then, in milliseconds, is known."""
    newest: int = 0
    """The last change on the pages that were read since."""
    offset: str = ""
    """Where the next of those pages begins."""

    @classmethod
    def read(cls, written: str | None) -> "_Place":
        if written is None:
            return cls()
        since, newest, offset = written.split(" ", 2)
        return cls(int(since), int(newest), offset)

    def __str__(self) -> str:
        return f"{self.since} {self.newest} {self.offset}"


class LeverPostings:
    """Those of one account, from the first on."""

    def path(self, until: str | None) -> str:
        """Returns the next page of the postings that changed."""
        place = _Place.read(until)
        path = f"/postings?limit={_AT_A_TIME}&updated_at_start={place.since}"
        return f"{path}&offset={quote(place.offset, safe='')}" if place.offset else path

    def page(self, until: str | None, answer: bytes) -> Page:
        """Returns the postings that have changed since they were last known."""
        place, listed = _Place.read(until), read_body(answer, Listed)
        each = [(read_body(to_json(posting), Changing), posting) for posting in listed.data]
        found = [
            Found(
                f"/postings/{segment(of.id)}",
                to_json({"data": posting}),
                f"{of.id} {of.updated_at}",
            )
            for of, posting in each
            if of.updated_at > place.since
        ]
        newest = max([place.newest, *(of.updated_at for of, _ in each)])
        if listed.has_next and listed.next:
            return Page(found, str(_Place(place.since, newest, listed.next)), has_more=True)
        since = max(newest, place.since)
        return Page(found, str(_Place(since, since)), has_more=False)

    def again(self, until: str | None) -> str:
        """Returns where to begin when a page cannot be read: with the first of those pages."""
        return str(replace(_Place.read(until), offset=""))
