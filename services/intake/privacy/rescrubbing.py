"""Takes people out of their texts: of new ones, and of kept ones once more names are known."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TypeVar

import asyncpg

from services.intake.applicants.domain.bounds import MOST_BYTES_OF_A_PROFILE, bounded
from services.intake.applicants.store import applications, profiles
from services.intake.privacy.domain.scrubbing import scrub_note, scrub_profile
from shared.contract.events.profile import Profile

Item = TypeVar("Item")

_AT_A_TIME = 50
"""How many profiles are scrubbed before the event loop gets its turn."""

Names = Iterable[str]


def scrubbed_profile(profile: Profile, body: str, names: Names) -> str | None:
    """Returns a profile's JSON without the person, or None if `body` names nobody.

    Raises Unreadable for one with more in it than could be published.
    """
    scrubbed = scrub_profile(profile, body, names)
    bounded("profile", scrubbed or body, MOST_BYTES_OF_A_PROFILE)
    return scrubbed


async def scrub_again(conn: asyncpg.Connection, names: Mapping[str, Names]) -> set[str]:
    """Takes these names of people out of what was kept; returns those whose profile changed."""
    if not names:
        return set()
    notes = await applications.notes(conn, names)
    await applications.put_notes(
        conn,
        [
            (it["candidate_id"], it["application_id"], scrub_note(it["note"], theirs, title))
            for it in notes
            if (theirs := names[it["candidate_id"]]) and (title := it["vacancy_title"])
        ],
    )
    whose, texts = {}, []
    async for key, candidate_id, body, *_ in in_turns(await profiles.of_people(conn, names)):
        whose[key] = candidate_id
        profile = Profile.model_validate_json(body)
        texts.append((key, scrubbed_profile(profile, body, names[candidate_id])))
    return {whose[key] for key in await profiles.put_scrubbed(conn, texts)}


async def in_turns(items: Iterable[Item]) -> AsyncIterator[Item]:
    """Yields items, and lets the event loop run now and then: reading long texts takes a while."""
    for number, item in enumerate(items, 1):
        yield item
        if number % _AT_A_TIME == 0:
            await asyncio.sleep(0)
