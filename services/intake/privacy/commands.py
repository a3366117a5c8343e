"""`erase`: a person leaves the record for good. `privacy`: what is held of whom, and how long."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import asyncpg
import typer

from services.intake.access import file
from services.intake.access import store as access
from services.intake.privacy import store
from services.intake.privacy.erasure import Erasure
from services.intake.privacy.outliving import Outliving
from services.intake.privacy.whom import (
    Applicant,
    Candidate,
    Email,
    Source,
    Whom,
    read_whom,
    the_one,
)
from services.intake.settings import Settings
from shared.contract.topics import ALL
from shared.runtime import parking, whereabouts
from shared.runtime.command_line import answered, configured, console, errors, with_database
from shared.runtime.listings import AsJson, Row, show, when
from shared.runtime.operator_commands import table_and_rows
from shared.runtime.terminal import tell

Result = TypeVar("Result")


def erase(
    email: Email = None,
    source: Source = None,
    applicant: Applicant = None,
    candidate: Candidate = None,
) -> None:
    """Erase a person everywhere, for good: nothing about them is recorded again."""
    settings = configured(Settings)
    whom = read_whom(settings, email, source, applicant, candidate)
    erasure, now = _erasure(settings), settings.clock().now()

    async def leave(conn: asyncpg.Connection) -> list[str]:
        found = await whom.present(conn)
        if len(found) == 1:
            await erasure.erase(conn, found, now)
        return found

    def about(found: list[str]) -> list[str]:
        return found if len(found) == 1 else []

    found = answered(with_database(settings.database("intake"), leave, about))
    console.print(f"Erased, whichever systems knew them: candidate {the_one(found)}.")
    console.print("Mail that has left already cannot be called back.")


def privacy_commands() -> typer.Typer:
    """Returns the commands that answer for what is held of people."""
    commands = typer.Typer(
        help="What is held of people, where, and for how long.", no_args_is_help=True
    )
    commands.command("export")(export)
    commands.command("report")(report)
    commands.command("held")(held)
    commands.command("purge")(purge)
    commands.command("departures")(departures)
    return commands


def export(
    email: Email = None,
    source: Source = None,
    applicant: Applicant = None,
    candidate: Candidate = None,
    to: Annotated[Path | None, typer.Option(help="The file to write; printed if left out.")] = None,
) -> None:
    """Write all that is held of a person: the file that they can download themselves."""

    async def read(conn: asyncpg.Connection, ids: list[str]) -> bytes:
        keys = await store.applicants(conn, ids)
        return file.as_file(await access.held(conn, keys))

    settings = configured(Settings)
    whom = read_whom(settings, email, source, applicant, candidate)
    written = _of_one(settings, whom, read)
    if to is None:
        tell(*written.decode().splitlines())
        return
    try:
        to.write_bytes(written)
    except OSError as error:
        errors.print(f"{to} cannot be written: {error.strerror}")
        raise typer.Exit(1) from None
    console.print(f"{to} has all that is held of them")


def report(
    email: Email = None,
    source: Source = None,
    applicant: Applicant = None,
    candidate: Candidate = None,
    as_json: AsJson = False,
) -> None:
    """Show where something of a person is: in which tables, and what other services were told."""
    settings = configured(Settings)
    whom = read_whom(settings, email, source, applicant, candidate)

    async def read(conn: asyncpg.Connection, ids: list[str]) -> tuple[str, list[asyncpg.Record]]:
        return ids[0], await whereabouts.rows_about(conn, ids)

    person, rows = _of_one(settings, whom, read)
    show(rows, table_and_rows, as_json=as_json, limit=0, nothing="")
    if not as_json:
        for topic in filter(lambda each: each.is_about_people, ALL):
            for reader in sorted(topic.consumers):
                tell(f"{reader} reads {topic.name}: notyet {reader} person {person}")


def held(
    email: Email = None,
    source: Source = None,
    applicant: Applicant = None,
    candidate: Candidate = None,
    as_json: AsJson = False,
) -> None:
    """Show what is still held of decisions about somebody who has left, and until when."""
    settings = configured(Settings)
    whom = read_whom(settings, email, source, applicant, candidate)
    now, outliving = settings.clock().now(), Outliving(settings.seal(), settings.jurisdictions())

    async def read(conn: asyncpg.Connection) -> list[dict[str, Any]]:
        keys = await store.left_as(conn, whom.hashes)
        return outliving.opened(await store.held(conn, whom.ids, keys, now))

    def about(rows: list[dict[str, Any]]) -> set[str]:
        return {row["candidateId"] for row in rows}

    rows = answered(with_database(settings.database("intake"), read, about))
    nothing = "No decision is held of anybody who was known by that and has left."
    show(rows, _decision, as_json=as_json, limit=0, nothing=nothing)


def purge() -> None:
    """Let everybody go now whose time is over, as happens each hour, and say how many they were."""
    settings = configured(Settings)
    now, laws, erasure = settings.clock().now(), settings.jurisdictions(), _erasure(settings)
    database, left = settings.database("intake"), Counter[str]()
    reached: store.Idle | None = store.FROM_THE_BEGINNING
    parked = 0

    async def forget(
        conn: asyncpg.Connection, after: store.Idle
    ) -> tuple[Mapping[str, int], store.Idle | None, int]:
        some, reached = await erasure.forget_some(conn, laws, now, after)
        return some, reached, (await parking.counts(conn)).get(store.RETENTION, 0)

    while reached:
        some = with_database(database, partial(forget, after=reached))
        of_countries, reached, parked = answered(some)
        left.update(of_countries)
    for country, people in sorted(left.items()):
        console.print(f"{country}: {people} left, for nobody had heard of them for long enough")
    if parked:
        console.print(f"{parked} could not be let go; see `parked list`")
    elif not left:
        console.print("Nobody's time is over.")


def departures(
    since: Annotated[
        datetime | None, typer.Option(help="From which day on, such as 2026-03-01.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List how many people left the record: on which day, why, and by which country's law."""
    begin = since.date() if since else date.min
    database = configured(Settings).database("intake")
    rows = answered(with_database(database, lambda conn: store.departures(conn, begin)))
    show(rows, _departure, as_json=as_json, limit=0, nothing="Nobody has left.")


def _of_one(
    settings: Settings,
    whom: Whom,
    read: Callable[[asyncpg.Connection, list[str]], Awaitable[Result]],
) -> Result:
    """Returns what is read of the one person who is meant; ends the command if it is nobody."""

    async def work(conn: asyncpg.Connection) -> tuple[list[str], list[Result]]:
        ids = await whom.present(conn)
        return ids, [await read(conn, ids)] if len(ids) == 1 else []

    ids, read_of_them = answered(with_database(settings.database("intake"), work, lambda it: it[0]))
    the_one(ids)
    return read_of_them[0]


def _erasure(settings: Settings) -> Erasure:
    outliving = Outliving(settings.seal(), settings.jurisdictions())
    return Erasure(settings.quarantine().marker, settings.identity(), outliving)


def _decision(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    what = f"{row['vacancyTitle']} ({row['vacancyId']})"
    days = f"decided {row['decidedAt']}, told {row['toldAt'] or 'never'}, reason {row['reason']}"
    until = f"held until {when(row['keepUntil'])}"
    return (row["candidateId"], row["applicationId"]), (what, days, until)


def _departure(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    return (row["day"], row["reason"], row["country"], row["people"]), ()
