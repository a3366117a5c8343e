"""`keys`: who may post, and for which source."""

from typing import Annotated

import typer
from rich.table import Table

from services.intake.app import build
from services.intake.keys import store
from services.intake.settings import Settings
from shared.runtime.command_line import answered, configured, console, errors, with_database


def keys_commands() -> typer.Typer:
    """Returns the commands that create, list and revoke API keys."""
    commands = typer.Typer(
        help="API keys: who may post, and for which source.", no_args_is_help=True
    )

    @commands.command()
    def create(
        source: Annotated[str, typer.Option(help="The name of the system that posts.")],
    ) -> None:
        """Make a key and print it: it is shown only here, once."""
        service = build(configured(Settings))
        made = answered(
            with_database(service, lambda conn: store.create(conn, source, service.clock.now()))
        )
        typer.echo(made)

    @commands.command("list")
    def list_keys() -> None:
        """List all keys, without what is secret."""
        rows = answered(with_database(build(configured(Settings)), store.every))
        table = Table("id", "source", "created", "revoked")
        for row in rows:
            table.add_row(*(str(value) if value else "" for value in row.values()))
        console.print(table if rows else "There are no API keys yet.")

    @commands.command()
    def revoke(key_id: Annotated[str, typer.Argument(help="The id, as list shows it.")]) -> None:
        """End a key; within seconds nothing is accepted with it any more."""
        service = build(configured(Settings))
        ended = answered(
            with_database(service, lambda conn: store.revoke(conn, key_id, service.clock.now()))
        )
        if not ended:
            errors.print(f"There is no key {key_id} in use; see: keys list")
            raise typer.Exit(1)
        console.print(f"{key_id} is revoked")

    return commands
