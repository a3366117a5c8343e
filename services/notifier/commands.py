"""The notifier's own commands: stop sending, let go again, and look at messages."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import asyncpg
import typer
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from rich.table import Table

from services.notifier.domain import EVERYTHING
from services.notifier.settings import Settings
from services.notifier.store import operating, recipients
from shared.contract.topics import NOTIFICATIONS
from shared.runtime import audit
from shared.runtime.command_line import (
    answered,
    configured,
    console,
    errors,
    started,
    with_database,
)
from shared.runtime.listings import AsJson, Limit, Row, show, when
from shared.runtime.postgres import Database


class Scope(StrEnum):
    EVERYTHING = EVERYTHING
    EMAIL = "email"
    SMS = "sms"


ScopeArgument = Annotated[Scope, typer.Argument(help="What to stop or let go.")]


def add_commands(app: typer.Typer) -> None:
    """Adds the notifier's commands to those that every service has."""
    _add_recipients(app)
    shelf = typer.Typer(help="Messages under way, and how they ended.", no_args_is_help=True)
    app.add_typer(shelf, name="messages")

    @app.command()
    def hold(
        scope: ScopeArgument = Scope.EVERYTHING,
        because: Annotated[str, typer.Option(help="For those who will wonder.")] = "by hand",
    ) -> None:
        """Stop sending, in all processes, before the next message; what waits stays."""
        answered(_hold(configured(Settings), scope, because))
        console.print(f"{scope}: on hold")

    @app.command()
    def release(scope: ScopeArgument = Scope.EVERYTHING) -> None:
        """Let go what was on hold, once all that had been sent is known."""
        released = answered(_release(configured(Settings), scope))
        console.print(f"{scope}: {'released' if released else 'was not on hold'}")

    @app.command()
    def holds() -> None:
        """List what is on hold, since when, why and by whom."""
        rows = answered(with_database(_database(), operating.holds))
        _print(rows, "Nothing is on hold.")

    @shelf.command("waiting")
    def waiting(limit: Limit = 100, as_json: AsJson = False) -> None:
        """List messages that wait for their time, or for another try, the next first."""
        rows = answered(with_database(_database(), lambda conn: operating.waiting(conn, limit)))
        show(rows, _waits, as_json=as_json, limit=limit, nothing="No message waits.")

    @shelf.command("uncertain")
    def uncertain(limit: int = 100) -> None:
        """List messages that may or may not have arrived; none is ever sent again by itself."""
        rows = answered(with_database(_database(), lambda conn: operating.uncertain(conn, limit)))
        _print(rows, "No message is uncertain.")

    @shelf.command("show")
    def show_message(message_id: str) -> None:
        """Show how a message stands, without who it is for."""
        row = answered(with_database(_database(), lambda conn: operating.message(conn, message_id)))
        if row is None:
            errors.print("There is no message with this id.")
            raise typer.Exit(1)
        table = Table("field", "value", show_header=False)
        for field, value in row.items():
            if value is not None:
                table.add_row(field, str(value))
        console.print(table)


def _add_recipients(app: typer.Typer) -> None:
    shelf = typer.Typer(help="Those who are written to, by id alone.", no_args_is_help=True)
    app.add_typer(shelf, name="recipients")

    @shelf.command("unread")
    def unread(limit: int = 100) -> None:
        """List those nothing is sent to until a newer state of theirs can be read."""
        rows = answered(with_database(_database(), lambda conn: recipients.unread(conn, limit)))
        _print(rows, "Every recipient's newest state is read.")


def _waits(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    times = f"leaves from {when(row['next_attempt_at'])}, until {when(row['expires_at'])}"
    put_off = f"put off: {row['because']}, tries: {row['tries']}" if row["because"] else ""
    kind = (row["message_id"], row["purpose"], " or ".join(row["channels"]))
    return kind, filter(None, (f"to {row['recipient_id']}", times, put_off))


def _print(rows: operating.Rows, otherwise: str) -> None:
    if not rows:
        console.print(otherwise)
        return
    table = Table(*rows[0].keys())
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    console.print(table)


def _database() -> Database:
    return configured(Settings).database("notifier")


async def _hold(settings: Settings, scope: Scope, because: str) -> None:
    async def work(conn: asyncpg.Connection) -> None:
        by = audit.operator().name
        await operating.hold(conn, scope, because, settings.clock().now(), by)

    await with_database(settings.database("notifier"), work)


async def _release(settings: Settings, scope: Scope) -> bool:
    async with started(settings.database("notifier")) as database:
        await _demand_read_back(settings, database)
        async with database.transaction() as conn:
            return await operating.release(conn, scope)


async def _demand_read_back(settings: Settings, database: Database) -> None:
    """Refuses to go on while there may be sendings that this database does not know of."""
    from services.notifier.restore_guard import RestoreGuard
    from shared.runtime.partitions import PartitionCount

    partitions = PartitionCount(lambda: AIOKafkaProducer(**settings.kafka_client()), NOTIFICATIONS)
    try:
        done = await RestoreGuard(database, settings, partitions).caught_up()
    except (KafkaError, OSError, TimeoutError):
        errors.print("The broker does not answer, so what was sent cannot be known. Try later.")
        raise typer.Exit(1) from None
    finally:
        await partitions.stop()
    if not done:
        errors.print("The service is still reading back what was sent. Try again in a moment.")
        raise typer.Exit(1)
