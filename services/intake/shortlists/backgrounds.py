"""What a recruiter can look up of somebody on a shortlist, beside the reasons for and against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from pydantic import TypeAdapter

from services.intake.shortlists import store
from services.intake.shortlists.store import SentMessage
from shared.contract.events.profile import NewsKind, Profile

MOST_SHOWN = 10
LONGEST_RESUME = 20_000


@dataclass(frozen=True, slots=True)
class ApplicationLink:
    """An earlier application, and where the system that told of it shows it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ToldNews:
    """What somebody told us has changed: their own word."""

    kind: NewsKind
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Background:
    contacts: Sequence[SentMessage] = ()
    """What they were sent, the latest first."""
    applications: Sequence[ApplicationLink] = ()
    profiles: Sequence[Profile] = ()
    """The newest of each system, as they are published: without who they are."""
    news: Sequence[ToldNews] = ()

    @property
    def resume(self) -> str:
        """The text of their résumé."""
        texts = (one.resume_text or one.summary for one in self.profiles)
        return "\n\n".join(text for text in texts if text)[:LONGEST_RESUME]


async def backgrounds(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], sees: str | None
) -> dict[str, Background]:
    """Returns what there is to look up of each of these people, as one source told it, or all."""
    rows = await store.backgrounds(conn, candidate_ids, MOST_SHOWN, sees)
    return {row["candidate_id"]: _background(row) for row in rows}


_CONTACTS = TypeAdapter(list[SentMessage])
_APPLICATIONS = TypeAdapter(list[ApplicationLink])
_PROFILES = TypeAdapter(list[Profile])
_NEWS = TypeAdapter(list[ToldNews])


def _background(row: asyncpg.Record) -> Background:
    return Background(
        _CONTACTS.validate_json(row["contacts"] or "[]"),
        _APPLICATIONS.validate_json(row["applications"] or "[]"),
        _PROFILES.validate_json(row["profiles"] or "[]"),
        _NEWS.validate_json(row["news"] or "[]"),
    )
