"""`deliveries`: what other systems called us with, and what was made of it."""

from collections.abc import Iterable
from functools import partial
from typing import Annotated

import asyncpg
import typer

from services.intake.applicants.store import people
from services.intake.deliveries import store
from services.intake.deliveries.domain import State
from services.intake.settings import Settings
from shared.runtime.command_line import answered, configured, console, errors, with_database
from shared.runtime.listings import AsJson, Limit, Row, show, when
from shared.runtime.operator_commands import Id, Ids
from shared.runtime.terminal import tell

Source = Annotated[str | None, typer.Option(help="Those of one source alone.")]

TRIED_AGAIN = (State.ASKING, State.IGNORED, State.UNTRANSLATABLE)
"""What a repair may make something else of."""


def deliveries_commands() -> typer.Typer:
    """Returns the commands that list what came, and have it read again."""
    commands = typer.Typer(
        help="What other systems called us with, and what was made of it.", no_args_is_help=True
    )

    @commands.command("list")
    def list_deliveries(
        source: Source = None,
        state: Annotated[State | None, typer.Option(help="Those in one state alone.")] = None,
        limit: Limit = 100,
        as_json: AsJson = False,
    ) -> None:
        """List what came, what was made of it or why nothing, and without what is inside."""
        database = configured(Settings).database("intake")
        rows = answered(
            with_database(database, lambda conn: store.listed(conn, source, state, limit))
        )
        show(rows, _delivery, as_json=as_json, limit=limit, nothing="Nothing has come.")

    @commands.command("show")
    def show_delivery(
        id: Id,
        body: Annotated[
            bool, typer.Option("--body", help="What came and was read too: it tells of people.")
        ] = False,
    ) -> None:
        """Show one delivery, and with --body what is inside."""
        settings = configured(Settings)
        look = partial(_look, id=id, body=body)
        row, _ = answered(with_database(settings.database("intake"), look, lambda it: it[1]))
        if row is None:
            errors.print(f"There is no delivery {id}; see: deliveries list")
            raise typer.Exit(1)
        show([row], _delivery, as_json=False, limit=0, nothing="")
        if body:
            delivery = store.opened(settings.quarantine(), row)
            if delivery is None:
                errors.print("It was sealed with another key: NOTYET_QUARANTINE_KEYS_FORMER")
                raise typer.Exit(1)
            tell(*_lines(delivery.body))
            for path, answer in delivery.answers.items():
                tell(f"{path}:", *_lines(answer or b"there is none"))

    @commands.command()
    def replay(
        ids: Ids = None,
        source: Source = None,
        everything: Annotated[
            bool, typer.Option("--all", help="What was recorded too: it has no second effect.")
        ] = False,
    ) -> None:
        """Have deliveries read again: the given ids, or all that nothing was made of."""
        database = configured(Settings).database("intake")
        states = tuple(State) if ids or everything else TRIED_AGAIN

        async def again(conn: asyncpg.Connection) -> int:
            return await store.replay(conn, ids or [], source, states)

        count = answered(with_database(database, again))
        console.print(f"{count} will be read again; see: deliveries list")
        if ids and (left := len(set(ids)) - count):
            errors.print(f"Not there, not of that source, or waiting already: {left}")
            raise typer.Exit(1)

    return commands


async def _look(
    conn: asyncpg.Connection, *, id: int, body: bool
) -> tuple[asyncpg.Record | None, list[str]]:
    """Returns a delivery, and whom it is about if it is shown with what is inside."""
    row = await store.one(conn, id)
    return row, await people.with_identity(conn, row["about"]) if row and body else []


def _lines(body: bytes) -> list[str]:
    return body.decode(errors="replace").splitlines()


def _delivery(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    again = [f"came {row['repeats'] + 1} times"] if row["repeats"] else []
    first = (row["id"], row["state"], when(row["received_at"]), row["source"])
    return first, (row["summary"], *row["notes"], *again)
