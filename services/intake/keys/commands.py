"""`keys`: who may post and read, and for which source."""

from collections.abc import Iterable
from typing import Annotated

import asyncpg
import typer

from services.intake.keys import store
from services.intake.keys.domain import POSTING, Scope
from services.intake.settings import Settings
from shared.contract.events.sources import NO_SOURCE, is_source
from shared.runtime.command_line import answered, configured, console, errors, with_database
from shared.runtime.listings import AsJson, Limit, Row, show, when
from shared.runtime.terminal import tell


def keys_commands() -> typer.Typer:
    """Returns the commands that create, list and revoke API keys."""
    commands = typer.Typer(
        help="API keys: who may post and read, and for which source.", no_args_is_help=True
    )

    @commands.command()
    def create(
        source: Annotated[str, typer.Option(help="The name of the system that has it.")],
        scope: Annotated[
            list[Scope] | None,
            typer.Option(
                help="What it may do; repeat it. If left out it may post, and read nothing."
            ),
        ] = None,
    ) -> None:
        """Make a key and print it: it is shown only here, once."""
        if not is_source(source):
            errors.print(NO_SOURCE)
            raise typer.Exit(2)
        settings = configured(Settings)
        scopes, now = frozenset(scope or POSTING), settings.clock().now()

        async def make(conn: asyncpg.Connection) -> str:
            return await store.create(conn, source, now, scopes)

        tell(answered(with_database(settings.database("intake"), make)))

    @commands.command("list")
    def list_keys(limit: Limit = 100, as_json: AsJson = False) -> None:
        """List keys, without what is secret."""
        rows = answered(
            with_database(
                configured(Settings).database("intake"), lambda conn: store.every(conn, limit)
            )
        )
        show(rows, _key, as_json=as_json, limit=limit, nothing="There are no API keys yet.")

    @commands.command()
    def revoke(key_id: Annotated[str, typer.Argument(help="The id, as list shows it.")]) -> None:
        """End a key; within seconds nothing is accepted with it any more."""
        settings = configured(Settings)
        now, database = settings.clock().now(), settings.database("intake")
        ended = answered(with_database(database, lambda conn: store.revoke(conn, key_id, now)))
        if not ended:
            errors.print(f"There is no key {key_id} in use; see: keys list")
            raise typer.Exit(1)
        console.print(f"{key_id} is revoked")

    return commands


def _key(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    state = f"revoked {when(row['revoked_at'])}" if row["revoked_at"] else "in use"
    used = f"last used {when(row['last_used_at'])}" if row["last_used_at"] else "never used"
    times = f"created {when(row['created_at'])}, {used}"
    return (row["key_id"], row["source"], state), (" ".join(row["scopes"]), times)
