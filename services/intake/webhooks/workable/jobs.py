"""Workable's jobs, which it does not call about: those that are published, all of them each time.

A list of jobs does not tell when each of them changed, so that what was published at the last look
is remembered, and what differs from it is news: a job that is new or another, or that is gone.

Source: Workable's "API documentation", SPI v3, jobs (2026).
"""

from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, JsonValue
from pydantic_core import to_json

from services.intake.webhooks.hints import Found, Page, segment
from services.intake.webhooks.workable.payloads import ENDED, PUBLISHED, Jobs, ListedJob
from shared.contract.events.bodies import read_body
from shared.contract.events.cloudevents import Unreadable

_FIRST: Final = f"state={PUBLISHED}&limit=100"
MOST_PAGES: Final = 50
_LONGEST: Final = 1000


class _Place(BaseModel):
    """How far the jobs were read, and what they were at the last look."""

    looks: int = 0
    """Those that found something: by that no two changes of a job are taken for one."""
    known: dict[str, ListedJob] = {}
    """By short code, what was published at the last whole look."""
    seen: dict[str, ListedJob] = {}
    """What is published on the pages of this look so far."""
    pages: int = 0
    query: str = _FIRST
    """Of the next of them."""

    @classmethod
    def read(cls, written: str | None) -> "_Place":
        return cls() if written is None else cls.model_validate_json(written)

    def __str__(self) -> str:
        return self.model_dump_json(exclude_defaults=True)


class WorkableJobs:
    """Those of one account."""

    def path(self, until: str | None) -> str:
        """Returns the next page of the jobs that are published."""
        return f"/jobs?{_Place.read(until).query}"

    def page(self, until: str | None, answer: bytes) -> Page:
        """Returns, with the last page of a look, what has changed since the look before."""
        place, listed = _Place.read(until), read_body(answer, Jobs)
        place.seen |= {job.shortcode: job for job in listed.jobs if job.state == PUBLISHED}
        place.pages += 1
        if next_page := listed.paging and listed.paging.next:
            place.query = _query_of(next_page, place.pages)
            return Page((), str(place), has_more=True)
        found = [_found(place.looks, job) for job in _news(place)]
        looks = place.looks + bool(found)
        return Page(found, str(_Place(looks=looks, known=place.seen)), has_more=False)

    def again(self, until: str | None) -> str:
        """Returns where to begin when a page cannot be read: with the first of this look."""
        place = _Place.read(until)
        return str(_Place(looks=place.looks, known=place.known))


def _news(place: _Place) -> list[ListedJob]:
    changed = [job for code, job in place.seen.items() if place.known.get(code) != job]
    gone = [job for code, job in place.known.items() if code not in place.seen]
    return changed + [job.model_copy(update={"state": ENDED}) for job in gone]


def _found(looks: int, job: ListedJob) -> Found:
    path = f"/jobs/{segment(job.shortcode)}"
    written: dict[str, JsonValue] = job.model_dump(mode="json")
    return Found(path, to_json(written), f"{job.shortcode} {job.state} {looks}")


def _query_of(url: str, pages: int) -> str:
    """Returns what leads to the next page, which is read where all others are and nowhere else."""
    try:
        query = urlsplit(url).query
    except ValueError:
        query = ""
    if not query or len(query) > _LONGEST or not (query.isascii() and query.isprintable()):
        raise Unreadable("no_page", "paging.next: it leads to no further page")
    if " " in query or pages >= MOST_PAGES:
        raise Unreadable("no_page", f"paging.next: there are more than {MOST_PAGES} pages")
    return query
