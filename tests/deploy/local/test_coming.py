"""What leaves a local stack next is told, also where a silence of recruiters brings it about."""

from datetime import timedelta

import asyncpg

from deploy.local.coming import SILENCE, next_message
from shared.runtime.clock import ManualClock


async def test_a_letter_that_a_silence_brings_about_is_told_as_one_that_is_not_planned_yet(
    administrator: asyncpg.Connection, clock: ManualClock
) -> None:
    now = clock.now()
    assert await next_message(administrator) is None
    await administrator.execute(
        "insert into intake.interests"
        " (interest_id, candidate_id, applicant_key, message_id, answer, vacancy_title, raised_at)"
        " values ('i', 'ada', 'ada', 'm', 'interested', 'Nurse', $1)",
        now,
    )
    coming = await next_message(administrator)
    assert coming is not None
    assert coming.at == now + SILENCE == now + timedelta(days=21)
    told = coming.told(now)
    assert told.startswith("Next, if no recruiter says what came of a yes: outcome, Nurse, from")
    assert told.endswith("skip 21d")
    ended = "update intake.interests set ended_at = $1, ended_as = 'hired'"
    await administrator.execute(ended, now)
    assert await next_message(administrator) is None
