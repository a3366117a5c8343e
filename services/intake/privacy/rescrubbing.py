"""Takes people out of their texts: of new ones, and of kept ones once more names are known."""

from collections.abc import Iterable, Mapping

import asyncpg
import structlog

from services.intake.applicants.domain.bounds import MOST_BYTES_OF_A_PROFILE, bounded
from services.intake.applicants.store import applications, profiles
from services.intake.privacy.domain.scrubbing import scrub_note, scrub_profile
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.profile import Profile
from shared.runtime.threads import beside

_log = structlog.get_logger()

Names = Iterable[str]

_NOTHING = "{}"


def scrubbed_profile(profile: Profile, body: str, names: Names) -> str | None:
    """Returns a profile's JSON without the person, or None if `body` names nobody.

    Raises Unreadable for one with more in it than could be published.
    """
    scrubbed = scrub_profile(profile, body, names)
    bounded("profile", scrubbed or body, MOST_BYTES_OF_A_PROFILE)
    return scrubbed


async def scrub_again(conn: asyncpg.Connection, names: Mapping[str, Names]) -> set[str]:
    """Takes these names of people out of what was kept; returns those whose profile changed.

    A profile that has become too large to be published is published empty: it stands in the way of
    nothing else that happens to the person.
    """
    if not names:
        return set()

    def note(known: asyncpg.Record) -> tuple[str, str, str]:
        theirs = names[known["candidate_id"]]
        scrubbed = scrub_note(known["note"], theirs, known["vacancy_title"])
        return known["candidate_id"], known["application_id"], scrubbed

    def text(known: profiles.Row) -> tuple[str, str | None]:
        key, candidate_id, body, *_ = known
        profile = Profile.model_validate_json(body)
        try:
            return key, scrubbed_profile(profile, body, names[candidate_id])
        except Unreadable as too_large:
            _log.warning("profile.not_published", reason=too_large.reason)
            return key, _NOTHING

    notes = await applications.notes(conn, names)
    await applications.put_notes(conn, await beside(note, notes))
    kept = await profiles.of_people(conn, names)
    changed = await profiles.put_scrubbed(conn, await beside(text, kept))
    return {candidate_id for key, candidate_id, *_ in kept if key in changed}
