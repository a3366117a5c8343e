"""Answers to our mails, as far as recruiters may read them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from services.intake.applicants.store.people import Addressee
from services.intake.consent.domain import LinkedMessage
from services.intake.consent.leaving import READ_BY_RECRUITER
from shared.contract.events.people import PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Answer
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote, who they are and how they can be reached."""

    candidate_id: str
    applicant_key: str
    message: LinkedMessage
    """Ours, which they answered."""
    answer: Answer | None
    """What counts as their answer to it."""
    said_more_since: bool
    """Whether they have answered it once more, by mail or on their page."""
    name: str
    email: str | None
    phone: str | None
    vacancy_title: str | None
    received_at: datetime
    text: str
    attachments: int
    is_cut: bool
    mail_id: str | None
    """By which a mail to them goes on their own thread."""
    waits: bool
    """Whether nobody has said yet that it was read."""


async def keep(
    conn: asyncpg.Connection,
    reply_id: str,
    to: Addressee,
    message: LinkedMessage,
    now: datetime,
    *,
    waits: bool,
) -> None:
    """Keeps an answer of the applicant a mail was sent to, and whether it waits to be read."""
    await _queries.keep(
        conn,
        reply_id=reply_id,
        applicant_key=to.applicant_key,
        message_id=message.message_id,
        purpose=message.purpose,
        vacancy_id=message.vacancy_id,
        about=message.about_application_id,
        contact_id=message.contact_id,
        wording=message.wording_version,
        now=now,
        waits=waits,
    )


async def count_since(conn: asyncpg.Connection, applicant_key: str, since: datetime) -> int:
    """Returns how often an applicant has answered since then."""
    number: int = await _queries.count_since(conn, applicant_key=applicant_key, since=since)
    return number


async def find(conn: asyncpg.Connection, reply_id: str, recruiter_id: str) -> Reply | None:
    """Returns an answer to a mail about a vacancy of theirs; the desk's are those without any."""
    row = await _queries.find(
        conn, reply_id=reply_id, recruiter_id=recruiter_id, read_by=READ_BY_RECRUITER
    )
    if row is None:
        return None
    return Reply(
        candidate_id=row["candidate_id"],
        applicant_key=row["applicant_key"],
        message=_message(row),
        answer=Answer(row["answer"]) if row["answer"] else None,
        said_more_since=row["said_more_since"],
        name=PersonName.model_validate_json(row["name"]).display if row["name"] else "",
        email=row["email"],
        phone=row["phone"],
        vacancy_title=row["vacancy_title"],
        received_at=row["received_at"],
        text=row["text"] or "",
        attachments=row["attachments"] or 0,
        is_cut=row["is_cut"] or False,
        mail_id=row["mail_id"],
        waits=row["waits"],
    )


def _message(row: asyncpg.Record) -> LinkedMessage:
    return LinkedMessage(
        candidate_id=row["candidate_id"],
        message_id=row["message_id"],
        wording_version=row["wording_version"],
        purpose=Purpose(row["purpose"]) if row["purpose"] else None,
        contact_id=row["contact_id"],
        about_application_id=row["application_id"],
        vacancy_id=row["vacancy_id"],
    )
