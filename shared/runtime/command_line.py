"""The commands that every service has: run it, migrate its schema, look into what was set aside."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from aiokafka.errors import KafkaError
from pydantic import ValidationError
from rich.console import Console

from shared.contract.asyncapi import document
from shared.contract.topics import ServiceName
from shared.runtime.migrate import migrate
from shared.runtime.operator_commands import add_operator_commands
from shared.runtime.postgres import UNAVAILABLE
from shared.runtime.service import Service
from shared.runtime.settings import EnvironmentSettings, MigrationSettings, ServiceSettings
from shared.runtime.topics_admin import apply

Settings = TypeVar("Settings", bound=ServiceSettings)
Configured = TypeVar("Configured", bound=EnvironmentSettings)
Result = TypeVar("Result")

console = Console()
errors = Console(stderr=True)


def service_commands(
    name: ServiceName, settings: type[Settings], build: Callable[[Settings], Service]
) -> typer.Typer:
    """Returns a service's command line, to which it adds its own commands."""
    app = typer.Typer(help=f"The {name} service.", no_args_is_help=True, add_completion=False)

    def on_database(work: Callable[[Service, Any], Awaitable[Result]]) -> Result:
        service = build(configured(settings))
        return answered(with_database(service, lambda conn: work(service, conn)))

    add_operator_commands(app, on_database)

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

    @app.command("apply-topics")
    def apply_topics(
        bootstrap_servers: Annotated[str, typer.Option(envvar="NOTYET_KAFKA_BOOTSTRAP_SERVERS")],
        replication_factor: Annotated[int, typer.Option(min=1)] = 1,
    ) -> None:
        """Create, widen and configure all topics as they are declared."""
        try:
            changes = asyncio.run(apply(bootstrap_servers, replication_factor=replication_factor))
        except KafkaError:
            errors.print(
                f"No broker answers at {bootstrap_servers}. Is it up, and the address right?"
            )
            raise typer.Exit(1) from None
        console.print("\n".join(changes) or "All topics are as declared.")

    @app.command()
    def asyncapi() -> None:
        """Print the service's AsyncAPI document."""
        typer.echo(json.dumps(document(name), indent=2))

    return app


def configured(settings: type[Configured]) -> Configured:
    """Returns the settings; what is missing or wrong is one clear line, and exit code 2."""
    try:
        return settings()
    except ValidationError as error:
        faults = ", ".join(
            f"NOTYET_{str(fault['loc'][0]).upper()} ({fault['msg'].lower()})"
            for fault in error.errors()
        )
        errors.print(f"Set these environment variables: {faults}")
        raise typer.Exit(2) from None


def answered(work: Awaitable[Result]) -> Result:
    """Runs a command's work; trouble with the database is one clear line, and exit code 1."""

    async def main() -> Result:
        return await work

    try:
        return asyncio.run(main())
    except UNAVAILABLE as error:
        errors.print(
            f"The database does not answer ({type(error).__name__}). Is it up, and the URL right?"
        )
        raise typer.Exit(1) from None


async def with_database(service: Service, work: Callable[[Any], Awaitable[Result]]) -> Result:
    """Lends a command a transaction on the service's database."""
    await service.database.start()
    try:
        async with service.database.transaction() as conn:
            return await work(conn)
    finally:
        await service.database.stop()


def run_with_uvloop(main: Awaitable[int]) -> int:
    """Runs on uvloop, which handles batches a quarter faster."""
    import uvloop

    async def run() -> int:
        return await main

    return uvloop.run(run())
