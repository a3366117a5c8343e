"""The commands that every service has: run it, migrate its schema, look into its quarantine."""

import json
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer
from rich.table import Table

from shared.contract.asyncapi import document
from shared.contract.events.cloudevents import Unreadable, decode
from shared.contract.topics import BY_NAME, ServiceName
from shared.runtime import quarantine
from shared.runtime.command_line import (
    answered,
    configured,
    console,
    errors,
    run_with_uvloop,
    with_database,
)
from shared.runtime.inbox import admit
from shared.runtime.migrate import migrate
from shared.runtime.service import Service
from shared.runtime.settings import MigrationSettings, ServiceSettings
from shared.runtime.topics_commands import topics

Settings = TypeVar("Settings", bound=ServiceSettings)


def service_commands(
    name: ServiceName, settings: type[Settings], build: Callable[[Settings], Service]
) -> typer.Typer:
    """Returns a service's command line, to which it adds commands of its own."""
    app = typer.Typer(help=f"The {name} service.", no_args_is_help=True, add_completion=False)
    app.add_typer(_quarantine(settings, build), name="quarantine")
    app.add_typer(topics, name="topics")

    @app.command()
    def run() -> None:
        """Run the service until SIGTERM."""
        raise typer.Exit(run_with_uvloop(build(configured(settings)).run()))

    @app.command("migrate")
    def migrate_schema() -> None:
        """Create or upgrade the service's schema and role; needs NOTYET_ADMIN_DATABASE_URL."""
        given = configured(MigrationSettings)
        admin_url = given.admin_database_url.get_secret_value()
        answered(migrate(admin_url, name, password=given.role_password))
        console.print(f"{name}: schema is up to date")

    @app.command()
    def asyncapi() -> None:
        """Print the service's AsyncAPI document."""
        typer.echo(json.dumps(document(name), indent=2))

    return app


def _quarantine(settings: type[Settings], build: Callable[[Settings], Service]) -> typer.Typer:
    shelf = typer.Typer(help="Records that could not be processed.", no_args_is_help=True)

    @shelf.command("list")
    def list_quarantine(limit: int = 100) -> None:
        """List what waits, with the reason, and without what is inside."""
        service = build(configured(settings))
        rows = answered(with_database(service, lambda conn: quarantine.waiting(conn, limit)))
        table = Table("id", "topic", "partition", "offset", "reason", "what to do", "since")
        for row in rows:
            table.add_row(*(str(value) for value in row.values()))
        console.print(table if rows else "Nothing is in quarantine.")

    @shelf.command("replay")
    def replay(ids: Annotated[list[int] | None, typer.Argument()] = None) -> None:
        """Process records once more: the given ids, or all that wait."""
        service = build(configured(settings))
        done, left = answered(
            with_database(service, lambda conn: _replay(service, conn, ids or []))
        )
        console.print(f"{done} processed, {left} still refused")

    return shelf


async def _replay(service: Service, conn: Any, ids: list[int]) -> tuple[int, int]:
    handlers = {consumer.topic.name: consumer.handler for consumer in service.consumers}
    rows = await quarantine.take(conn, ids)
    done: list[int] = []
    for row in rows:
        copy = service.quarantine.open(row["record"])
        topic = BY_NAME[row["topic"]]
        if copy is None or topic.name not in handlers:
            continue
        try:
            async with conn.transaction():
                admitted = await admit(conn, topic, [decode(copy, topic)])
                if admitted:
                    await handlers[topic.name](conn, admitted, service.clock.now())
        except Exception as fault:  # noqa: BLE001 - one refused record must not stop the others
            reason = fault.detail if isinstance(fault, Unreadable) else type(fault).__name__
            errors.print(f"{row['id']}: {reason}")
            continue
        done.append(row["id"])
    await quarantine.mark_replayed(conn, done)
    return len(done), len(rows) - len(done)
