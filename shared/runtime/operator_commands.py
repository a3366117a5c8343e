"""The commands with which operators look at what was set aside, and have it tried again.

`quarantine` holds records that could not be processed, `outbox` events that the broker refused,
`parked` rows on which a job fails. Lists show where something stands and why, never what is inside.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Protocol, TypeVar

import asyncpg
import typer
from rich.table import Table

from shared.contract.events.cloudevents import Unreadable, decode
from shared.contract.topics import BY_NAME
from shared.runtime import outbox, parking, quarantine
from shared.runtime.command_line import console, errors
from shared.runtime.inbox import admit
from shared.runtime.processing import received
from shared.runtime.service import Service

Result = TypeVar("Result")
Ids = Annotated[list[int] | None, typer.Argument()]


class OnDatabase(Protocol):
    """Does a command's work in one transaction of its service, and returns the result."""

    def __call__(self, work: Callable[[Service, Any], Awaitable[Result]]) -> Result: ...


def add_operator_commands(app: typer.Typer, on_database: OnDatabase) -> None:
    """Adds `quarantine`, `outbox` and `parked` to a service's command line."""
    for name, commands in (
        ("quarantine", _quarantine_commands),
        ("outbox", _outbox_commands),
        ("parked", _parked_commands),
    ):
        app.add_typer(commands(on_database), name=name)


def _quarantine_commands(on_database: OnDatabase) -> typer.Typer:
    app = typer.Typer(help="Records that could not be processed.", no_args_is_help=True)

    @app.command("list")
    def list_quarantine(limit: int = 100) -> None:
        """List what waits, with the reason, and without what is inside."""
        rows = on_database(lambda _, conn: quarantine.waiting(conn, limit))
        columns = ("id", "topic", "partition", "offset", "reason", "what to do", "since")
        _show(columns, rows, "Nothing is in quarantine.")

    @app.command("replay")
    def replay(ids: Ids = None) -> None:
        """Process records once more: the given ids, or all that wait."""
        done, left = on_database(lambda service, conn: _replay(service, conn, ids or []))
        console.print(f"{done} processed, {left} still refused")

    return app


def _outbox_commands(on_database: OnDatabase) -> typer.Typer:
    app = typer.Typer(help="Events that the broker refused.", no_args_is_help=True)

    @app.command("list")
    def list_outbox(limit: int = 100) -> None:
        """List what was set aside, with its size and the reason, and without what is inside."""
        rows = on_database(lambda _, conn: outbox.list_set_aside(conn, limit))
        columns = ("id", "topic", "type", "bytes", "reason", "since")
        _show(columns, rows, "The broker has refused nothing.")

    @app.command("retry")
    def retry(ids: Ids = None) -> None:
        """Publish events once more, states as they are now: the given ids, or all."""
        count = on_database(lambda service, conn: outbox.retry(conn, ids or [], service.restate))
        console.print(f"{count} will be published again")

    return app


def _parked_commands(on_database: OnDatabase) -> typer.Typer:
    app = typer.Typer(help="Rows on which a job fails.", no_args_is_help=True)

    @app.command("list")
    def list_parked(limit: int = 100) -> None:
        """List what is parked, with the reason and until when."""
        rows = on_database(lambda _, conn: parking.list_parked(conn, limit))
        columns = ("job", "key", "reason", "attempts", "first", "last", "until")
        _show(columns, rows, "Nothing is parked.")

    @app.command("release")
    def release(job: Annotated[str | None, typer.Argument()] = None) -> None:
        """Let rows be tried again at once: those of one job, or of all."""
        count = on_database(lambda _, conn: parking.release_all(conn, job))
        console.print(f"{count} will be tried again")

    return app


def _show(columns: Sequence[str], rows: Sequence[asyncpg.Record], nothing: str) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    console.print(table if rows else nothing)


async def _replay(service: Service, conn: asyncpg.Connection, ids: list[int]) -> tuple[int, int]:
    consumers = {consumer.topic.name: consumer for consumer in service.consumers}
    now = service.clock.now()
    rows = await quarantine.take(conn, ids)
    done: list[int] = []
    for row in rows:
        copy = service.quarantine.open(row["record"])
        topic = BY_NAME[row["topic"]]
        consumer = consumers.get(topic.name)
        if copy is None or consumer is None:
            continue
        try:
            event = received(decode(copy, topic), topic, now, consumer.receive)
            async with conn.transaction():
                if admitted := await admit(conn, topic, [event]):
                    await consumer.handler(conn, admitted, now)
        except Exception as fault:  # noqa: BLE001 - one refused record must not stop the others
            reason = fault.detail if isinstance(fault, Unreadable) else type(fault).__name__
            errors.print(f"{row['id']}: {reason}")
            continue
        done.append(row["id"])
    await quarantine.mark_replayed(conn, done)
    return len(done), len(rows) - len(done)
