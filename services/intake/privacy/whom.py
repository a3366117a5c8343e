"""Whom an operator means: by an address, by a source's id, or by the candidate id."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

import asyncpg
import typer

from services.intake.applicants.domain.identity import normal_email
from services.intake.applicants.store import people
from services.intake.settings import Settings
from shared.runtime.command_line import errors

Email = Annotated[str | None, typer.Option(help="An email address they ever had.")]
Source = Annotated[str | None, typer.Option(help="A system that knows them …")]
Applicant = Annotated[str | None, typer.Option(help="… and their id there.")]
Candidate = Annotated[
    str | None, typer.Option("--candidate", "--person", help="Their candidate id.")
]


@dataclass(frozen=True, slots=True)
class Whom:
    """By what somebody is known."""

    likenesses: Collection[bytes]
    identities: Collection[bytes]
    candidate_id: str | None

    @property
    def hashes(self) -> list[bytes]:
        return [*self.likenesses, *self.identities]

    @property
    def ids(self) -> list[str]:
        return [self.candidate_id] if self.candidate_id else []

    async def present(self, conn: asyncpg.Connection) -> list[str]:
        """Returns the people in the record who could be meant; nobody else changes them."""
        ids = [
            *await people.with_likeness(conn, self.likenesses),
            *await people.with_identity(conn, self.identities),
            *(await people.present_ids(conn, filter(None, [self.candidate_id]))).values(),
        ]
        return sorted(await people.lock(conn, set(ids)))


def read_whom(
    settings: Settings,
    email: str | None,
    source: str | None,
    applicant: str | None,
    candidate: str | None,
) -> Whom:
    """Returns whom the options of a command name; ends it where they name nobody."""
    identity = settings.identity()
    normal = normal_email(email) if email else None
    if email and not normal:
        errors.print("Nothing was done: --email is no email address such as name@example.com")
        raise typer.Exit(2)
    whom = Whom(
        likenesses=identity.email(normal) if normal else (),
        identities=identity.applicant(source, applicant) if source and applicant else (),
        candidate_id=candidate,
    )
    if not (whom.hashes or candidate):
        errors.print("Say whom: --email, --source with --applicant, or --candidate")
        raise typer.Exit(2)
    return whom


def the_one(found: list[str], otherwise: str = "Nobody in the record is known by that") -> str:
    """Returns the one person who is meant; ends the command where it is nobody, or several."""
    if not found:
        errors.print(otherwise)
        raise typer.Exit(1)
    if len(found) > 1:
        errors.print("Nothing was done: several people are known by that. Choose --candidate")
        errors.print(*found, sep="\n")
        raise typer.Exit(1)
    return found[0]
