"""`people`: who may be one person, who is, and what a human says to it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated

import asyncpg
import typer

from services.intake.applicants import deciding
from services.intake.applicants.deciding import Decided
from services.intake.applicants.domain.people import Applicant
from services.intake.applicants.store import joining, people
from services.intake.applicants.store.joining import Pair
from services.intake.settings import Settings
from shared.runtime.command_line import answered, configured, console, errors, with_database
from shared.runtime.terminal import tell

MOST_LISTED = 100

JoinId = Annotated[str, typer.Argument(help="The id in front of the line.", metavar="ID")]
Look = Callable[[asyncpg.Connection, int], Awaitable[list[Pair]]]


def people_commands() -> typer.Typer:
    """Makes the commands under `people`."""
    commands = typer.Typer(help="Who is one person.", no_args_is_help=True)

    @commands.command()
    def suggestions() -> None:
        """List who may be one person: they share an address or a telephone, no name that agrees."""
        _show(joining.suggestions, "No two records look like one person")

    @commands.command()
    def joins() -> None:
        """List whom several applicants of one or more sources were found to be, and why."""
        _show(joining.joined, "Nobody in the record is more than one applicant")

    @commands.command()
    def accept(join_id: JoinId) -> None:
        """Make one person of two who were suggested, or taken apart before."""
        _decide(deciding.accept, join_id, "They are one person now.")

    @commands.command()
    def reject(join_id: JoinId) -> None:
        """Keep two who were suggested apart, for good."""
        _decide(deciding.reject, join_id, "They stay two people.")

    @commands.command()
    def undo(join_id: JoinId) -> None:
        """Take a join back: each has what its own sources said, and what was answered to it."""
        owed = _decide(deciding.undo, join_id, "They are two people now.").owed
        if owed:
            console.print("Of these they are told now, each in a letter that was not owed before:")
            for no in owed:
                tell(f"    {no.vacancy_title}, decided {no.decided_at:%Y-%m-%d}")
            console.print(
                "notyet hold keeps it back, so that you can look: notyet messages waiting"
            )

    return commands


def _show(look: Look, nothing: str) -> None:
    async def read(conn: asyncpg.Connection) -> tuple[list[Pair], dict[str, Applicant]]:
        pairs = await look(conn, MOST_LISTED + 1)
        shown = pairs[:MOST_LISTED]
        keys = {key for pair in shown for key in (pair.applicant_key, pair.other_key)}
        return pairs, await people.by_key(conn, keys)

    def about(read: tuple[list[Pair], dict[str, Applicant]]) -> set[str]:
        return {one.candidate_id for one in read[1].values()}

    database = configured(Settings).database("intake")
    pairs, found = answered(with_database(database, read, about))
    if not pairs:
        console.print(nothing)
    for pair in pairs[:MOST_LISTED]:
        one, other = (_told(found[key]) for key in (pair.applicant_key, pair.other_key))
        tell(f"{pair.join_id}  {pair.because}: {one} | {other}")
    if len(pairs) > MOST_LISTED:
        console.print("… and more")


def _decide(
    decide: Callable[[asyncpg.Connection, str, datetime], Awaitable[Decided | None]],
    join_id: str,
    done: str,
) -> Decided:
    def about(decided: Decided | None) -> set[str]:
        return decided.people if decided else set()

    settings = configured(Settings)
    now, database = settings.clock().now(), settings.database("intake")
    decided = answered(with_database(database, lambda conn: decide(conn, join_id, now), about))
    if decided is None:
        errors.print(f"There is no {join_id} to decide about")
        raise typer.Exit(1)
    console.print(done)
    return decided


def _told(one: Applicant) -> str:
    name = one.name.display if one.name else "no name"
    emails: Sequence[str] = one.personal_data.emails.value if one.personal_data.emails else ()
    return f"{name} <{', '.join(emails)}> of {one.source}, person {one.candidate_id}"
