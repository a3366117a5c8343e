"""What recruiters are told of a reply: that there is one, and no word of it."""

from datetime import datetime, timedelta

from services.notifier.domain import shortlists
from services.notifier.domain.content import REPLY, ReplyFacts
from services.notifier.domain.incoming import Row, as_json
from shared.contract.business_hours import Hours, hours_of
from shared.contract.events.payload import stable_id
from shared.contract.events.responses import HearingRecruiter, ReplyReceived

TOLD_FOR = timedelta(days=7)
"""For how long recruiters are still told that somebody wrote."""


def messages(
    reply: ReplyReceived, shortlist_id: str | None, here: Hours, now: datetime
) -> list[Row]:
    """Returns what the recruiters are sent, each in their own hours.

    Where the mail that was answered came of a shortlist, the thread is that of their own mail about
    it.
    """
    return [_to(reader, reply, shortlist_id, here, now) for reader in reply.recruiters]


def _to(
    reader: HearingRecruiter,
    reply: ReplyReceived,
    shortlist_id: str | None,
    here: Hours,
    now: datetime,
) -> Row:
    known = [shortlists.message_id(reader.recruiter_id, shortlist_id)] if shortlist_id else []
    facts = ReplyFacts(
        reply_id=reply.reply_id,
        purpose=reply.purpose,
        vacancy_title=reply.vacancy_title,
        said_at=reply.at,
        follows=[*known, reply.message_id],
    )
    hours = hours_of(reader.time_zone, None, here)
    return {
        "message_id": stable_id(reply.reply_id, reader.recruiter_id, "message"),
        "recipient_id": reader.recruiter_id,
        "about_id": reply.candidate_id,
        "application_id": reply.application_id,
        "purpose": REPLY,
        "facts": as_json(facts),
        **shortlists.by_mail(shortlists.windows(hours, now, now + TOLD_FOR)),
    }
