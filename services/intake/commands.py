"""Intake's own commands: API keys, erasure, saying everything again."""

from collections.abc import Callable
from typing import Annotated

import asyncpg
import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.intake.app import build
from services.intake.domain.identity import normal_email
from services.intake.importing.command import import_file
from services.intake.restating import restate_everything
from services.intake.settings import Settings
from services.intake.store import keys, people
from shared.runtime.command_line import answered, configured, console, errors, with_database
from shared.runtime.service import Service


def add_commands(app: typer.Typer) -> None:
    """Adds intake's commands to those that every service has."""
    app.add_typer(_keys(), name="keys")
    app.command("import")(import_file)
    app.command()(erase)
    app.command()(restate)


def _keys() -> typer.Typer:
    shelf = typer.Typer(help="API keys: who may post, and for which source.", no_args_is_help=True)

    @shelf.command()
    def create(
        source: Annotated[str, typer.Option(help="The name of the system that posts.")],
    ) -> None:
        """Make a key and print it: it is shown only here, once."""
        service = build(configured(Settings))
        made = answered(
            with_database(service, lambda conn: keys.create(conn, source, service.clock.now()))
        )
        typer.echo(made)

    @shelf.command("list")
    def list_keys() -> None:
        """List all keys, without what is secret."""
        rows = answered(with_database(build(configured(Settings)), keys.every))
        table = Table("id", "source", "created", "revoked")
        for row in rows:
            table.add_row(*(str(value) if value else "" for value in row.values()))
        console.print(table if rows else "There are no API keys yet.")

    @shelf.command()
    def revoke(key_id: Annotated[str, typer.Argument(help="The id, as list shows it.")]) -> None:
        """End a key; within seconds nothing is accepted with it any more."""
        service = build(configured(Settings))
        ended = answered(
            with_database(service, lambda conn: keys.revoke(conn, key_id, service.clock.now()))
        )
        if not ended:
            errors.print(f"There is no key {key_id} in use; see: keys list")
            raise typer.Exit(1)
        console.print(f"{key_id} is revoked")

    return shelf


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
    service = build(settings)
    ids = {candidate} if candidate else set()
    erased = answered(with_database(service, lambda conn: _erase(service, conn, hashes, ids)))
    if not erased:
        errors.print("Nobody in the record is known by that")
        raise typer.Exit(1)
    console.print("Erased; mail that has left already cannot be called back.")


def restate() -> None:
    """Publish all states and tombstones again, for a reader or topic that has lost them."""
    service = build(configured(Settings))
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} said again"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("restate", total=None)
        answered(_restate(service, lambda count: progress.advance(task, count)))


async def _erase(
    service: Service, conn: asyncpg.Connection, hashes: set[bytes], ids: set[str]
) -> int:
    """Erases the people meant; gives how many there were."""
    found = await people.identities(conn, hashes)
    named = ids | {identity.candidate_id for identity in found.values()}
    present = await people.present_ids(conn, named)
    held = await people.lock(conn, present.values())
    await people.erase(conn, held.keys(), service.clock.now())
    return len(held)


async def _restate(service: Service, told: Callable[[int], None]) -> None:
    await service.database.start()
    try:
        await restate_everything(service.database, service.clock.now(), told)
    finally:
        await service.database.stop()
