"""The ways out: the end of messages, and the end of the record.

They take nothing but whom a message was sent to, and read nothing else that is known of them: no
part of a record that cannot be read closes them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import applications, people, timeline
from services.intake.consent import addressee, mailboxes, store
from services.intake.consent.domain import LinkedMessage, SimpleAnswer
from services.intake.consent.forms import InvalidAnswer
from services.intake.outgoing import telling
from services.intake.privacy.erasure import Erasure
from shared.contract.events.people import Channel

PAGE: Final = "page"
ONE_CLICK = "one_click"
BY_MAIL: Final = "mail"
READ_BY_RECRUITER: Final = "recruiter"
"""By a recruiter, who has read it in what they wrote."""


async def stop(
    conn: asyncpg.Connection, message: LinkedMessage, now: datetime, how: str = PAGE
) -> bool:
    """Ends every message to somebody, as they asked; tells whether that was new."""
    return await _stop(conn, message, list(Channel), SimpleAnswer.STOP, how, now)


async def unsubscribe(
    conn: asyncpg.Connection, message: LinkedMessage, now: datetime, how: str = ONE_CLICK
) -> bool:
    """Ends every e-mail to somebody, as their mail client asked; tells whether that was new."""
    return await _stop(conn, message, [Channel.EMAIL], "unsubscribed", how, now)


async def erase(
    conn: asyncpg.Connection,
    erasure: Erasure,
    message: LinkedMessage,
    now: datetime,
) -> None:
    """Deletes all that is known of somebody.

    Raises InvalidAnswer where it would delete one who is not written to where the link was sent: an
    old link is that of one applicant, who is one with others only since.
    """
    if person := await addressee.hold(conn, message):
        theirs = await people.reached(conn, person.candidate_id)
        at, about = person.candidate_id, message.application_id
        owners = await applications.taken(conn, [at])
        is_alone = len(theirs) == 1 and (not about or (at, about) in owners)
        if not is_alone and not all(any(map(message.was_sent_to, it.addresses)) for it in theirs):
            raise InvalidAnswer("elsewhere")
        await erasure.erase(conn, [person.candidate_id], now)


def origin(message: LinkedMessage, how: str) -> dict[str, Any]:
    """Returns what the timeline says of where an answer came from."""
    return {"how": how, "messageId": message.message_id, "wordingVersion": message.wording_version}


async def _stop(
    conn: asyncpg.Connection,
    message: LinkedMessage,
    channels: Sequence[Channel],
    kind: str,
    how: str,
    now: datetime,
) -> bool:
    person = await addressee.hold(conn, message)
    if not (person and await store.stop(conn, [person.candidate_id], channels, how, now)):
        return False
    await telling.tell_stopped(conn, [person.candidate_id], channels, now)
    facts = origin(message, how)
    await timeline.note_applicant(conn, person.applicant_key, kind, facts, now)
    await publishing.publish_candidates(conn, [person.candidate_id], now)
    await mailboxes.pass_on(conn, [person.candidate_id], now)
    return True
