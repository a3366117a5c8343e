"""`erase`: a person leaves the record for good."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import asyncpg
import typer

from services.intake.applicants.domain.identity import normal_email
from services.intake.applicants.store import people
from services.intake.privacy.erasure import Erasure
from services.intake.settings import Settings
from shared.runtime.command_line import answered, configured, console, errors, with_database


def erase(
    email: Annotated[str | None, typer.Option(help="An email address they ever had.")] = None,
    source: Annotated[str | None, typer.Option(help="A system that knows them …")] = None,
    applicant: Annotated[str | None, typer.Option(help="… and their id there.")] = None,
    candidate: Annotated[str | None, typer.Option(help="Their candidate id.")] = None,
) -> None:
    """Erase a person everywhere, for good: nothing about them is recorded again."""
    settings = configured(Settings)
    identity = settings.identity()
    normal = normal_email(email) if email else None
    if email and not normal:
        errors.print("Nobody was erased: --email is no email address such as name@example.com")
        raise typer.Exit(2)
    whom = _Whom(
        likenesses=identity.email(normal) if normal else (),
        identities=identity.applicant(source, applicant) if source and applicant else (),
        candidate_id=candidate,
    )
    if not (whom.likenesses or whom.identities or candidate):
        errors.print("Say whom: --email, --source with --applicant, or --candidate")
        raise typer.Exit(2)
    now, database = settings.clock().now(), settings.database("intake")
    erasure = Erasure(settings.quarantine().marker, identity)
    found = answered(with_database(database, lambda conn: _erase(conn, erasure, whom, now)))
    if not found:
        errors.print("Nobody in the record is known by that")
        raise typer.Exit(1)
    if len(found) > 1:
        errors.print("Nobody was erased: several people are known by that. Choose --candidate")
        errors.print(*found, sep="\n")
        raise typer.Exit(1)
    console.print(f"Erased, whichever systems knew them: candidate {found[0]}.")
    console.print("Mail that has left already cannot be called back.")


@dataclass(frozen=True, slots=True)
class _Whom:
    likenesses: Collection[bytes]
    identities: Collection[bytes]
    candidate_id: str | None


async def _erase(
    conn: asyncpg.Connection, erasure: Erasure, whom: _Whom, now: datetime
) -> list[str]:
    """Erases the person meant, if it is one; returns the people who could be meant."""
    ids = [
        *await people.with_likeness(conn, whom.likenesses),
        *await people.with_identity(conn, whom.identities),
        *(await people.present_ids(conn, filter(None, [whom.candidate_id]))).values(),
    ]
    held = await people.lock(conn, set(ids))
    if len(held) == 1:
        await erasure.erase(conn, held, now)
    return sorted(held)
