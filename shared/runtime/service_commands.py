"""The commands that every service has: run it, migrate its schema, look into what was set aside."""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from shared.contract.asyncapi import document
from shared.contract.topics import ServiceName
from shared.runtime.command_line import (
    CommandLine,
    answered,
    configured,
    console,
    errors,
    run_with_uvloop,
    with_database,
)
from shared.runtime.doors import CannotListen
from shared.runtime.migrate import migrate
from shared.runtime.operator_commands import add_operator_commands
from shared.runtime.settings import MigrationSettings, ServiceSettings
from shared.runtime.terminal import tell
from shared.runtime.topics_commands import topics

if TYPE_CHECKING:
    from shared.runtime.service import Service

Settings = TypeVar("Settings", bound=ServiceSettings)
Result = TypeVar("Result")


def service_commands(
    name: ServiceName, settings: type[Settings], build: Callable[[Settings], "Service"]
) -> typer.Typer:
    """Returns a service's command line, to which it adds commands of its own."""
    app = CommandLine(help=f"The {name} service.", no_args_is_help=True, add_completion=False)
    app.add_typer(topics, name="topics")

    def on_database(
        work: Callable[["Service", Any], Awaitable[Result]],
        about: Callable[[Result], Iterable[str]] = lambda _: (),
    ) -> Result:
        service = build(configured(settings))
        return answered(with_database(service.database, lambda conn: work(service, conn), about))

    add_operator_commands(app, on_database)

    @app.command()
    def run() -> None:
        """Run the service until SIGTERM."""
        service = build(configured(settings))
        try:
            raise typer.Exit(run_with_uvloop(service.run()))
        except CannotListen as error:
            errors.print(str(error), soft_wrap=True)
            raise typer.Exit(1) from None

    @app.command("migrate")
    def migrate_schema() -> None:
        """Create or upgrade the service's schema and role; needs NOTYET_ADMIN_DATABASE_URL."""
        given = configured(MigrationSettings)
        admin_url = given.admin_database_url.get_secret_value()
        excess = answered(migrate(admin_url, name, password=given.role_password))
        console.print(f"{name}: schema is up to date")
        for what in excess:
            errors.print(f"notyet_{name} can also {what}: take that from public, if you can")

    @app.command()
    def asyncapi() -> None:
        """Print the service's AsyncAPI document."""
        tell(*json.dumps(document(name), indent=2).splitlines())

    return app
