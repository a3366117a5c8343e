"""`erase`: a person leaves the record for good."""

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
    email: Annotated[str | None, typer.Option(help="An e-mail address they ever had.")] = None,
    source: Annotated[str | None, typer.Option(help="A system that knows them …")] = None,
    applicant: Annotated[str | None, typer.Option(help="… and their id there.")] = None,
    candidate: Annotated[str | None, typer.Option(help="Their candidate id.")] = None,
) -> None:
    """Erase a person everywhere, for good: nothing about them is recorded again."""
    settings = configured(Settings)
    identity = settings.identity()
    hashes: set[bytes] = set()
    if email and (normal := normal_email(email)):
        hashes.update(identity.email(normal))
    if source and applicant:
        hashes.update(identity.applicant(source, applicant))
    if not hashes and not candidate:
        errors.print("Say whom: --email, --source with --applicant, or --candidate")
        raise typer.Exit(2)
    now, database = settings.clock().now(), settings.database("intake")
    ids = {candidate} if candidate else set()
    erasure = Erasure(settings.quarantine().marker)
    erased = answered(with_database(database, lambda conn: _erase(conn, erasure, hashes, ids, now)))
    if not erased:
        errors.print("Nobody in the record is known by that")
        raise typer.Exit(1)
    console.print("Erased; mail that has left already cannot be called back.")


async def _erase(
    conn: asyncpg.Connection, erasure: Erasure, hashes: set[bytes], ids: set[str], now: datetime
) -> int:
    """Erases the people meant; returns how many there were."""
    found = await people.identities(conn, hashes)
    named = ids | {identity.candidate_id for identity in found.values()}
    present = await people.present_ids(conn, named)
    held = await people.lock(conn, present.values())
    await erasure.erase(conn, held.keys(), now)
    return len(held)
