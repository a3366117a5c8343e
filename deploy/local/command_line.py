"""Brings the commands of all installed services under one name.

Beside a local stack they need no configuration: they take it from what the stack left behind.
"""

import importlib
import importlib.util
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, get_args

import typer
from typer.core import TyperGroup

from deploy.local.environment import nothing_runs, read_environment, runs_on
from shared.contract.topics import ServiceName
from shared.runtime.command_line import NotReached, errors

DATA_DIR_VARIABLE = "NOTYET_DATA_DIR"
DEFAULT_DATA_DIR = Path(".notyet")
DATABASE_VARIABLE = "NOTYET_DATABASE_URL"

OFFERED_BY: dict[str, ServiceName] = {
    "import": "intake",
    "erase": "intake",
    "restate": "intake",
    "keys": "intake",
    "people": "intake",
    "replies": "intake",
    "sources": "intake",
    "webhooks": "intake",
    "deliveries": "intake",
    "consent": "intake",
    "privacy": "intake",
    "plan": "scheduler",
    "match": "matcher",
    "ledger": "matcher",
    "hold": "notifier",
    "release": "notifier",
    "holds": "notifier",
    "messages": "notifier",
    "recipients": "notifier",
    "template": "notifier",
}
"""What only one service can do, which is found without its name too, and without the others."""


class WithServices(TyperGroup):
    """The commands of the local stack, and behind them those of every service that is installed.

    A service is imported, which takes a second, only for whoever asks for it.
    """

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if own := super().get_command(ctx, cmd_name):
            return own
        service = _service_of(cmd_name)
        if service is None:
            return None
        commands = _commands_of(service)
        return commands if cmd_name == service else commands.get_command(ctx, cmd_name)

    def list_commands(self, ctx: Any) -> list[str]:
        behind = [*get_args(ServiceName), *OFFERED_BY]
        return [*super().list_commands(ctx), *filter(_service_of, behind)]

    def invoke(self, ctx: Any) -> Any:
        """Says how to start a local stack where none runs, and a command was told of no other."""
        is_told_of_another = DATABASE_VARIABLE in os.environ
        try:
            return super().invoke(ctx)
        except NotReached:
            if not (is_told_of_another or runs_on(_data_dir())):
                errors.print(f"{nothing_runs(_data_dir())}, and do this beside it", soft_wrap=True)
            raise

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if name and (service := _service_of(name)):
            configuring(service)()
        return name, command, rest


def configuring(service: ServiceName) -> Callable[[], None]:
    """Makes what fills in from the local stack whatever the environment does not say."""

    def configure() -> None:
        for name, value in read_environment(_data_dir(), service).items():
            os.environ.setdefault(name, value)

    return configure


def _data_dir() -> Path:
    return Path(os.environ.get(DATA_DIR_VARIABLE, DEFAULT_DATA_DIR))


def _service_of(name: str) -> ServiceName | None:
    """Returns the installed service that a command is, or that alone offers it."""
    service = next((each for each in get_args(ServiceName) if each == name), OFFERED_BY.get(name))
    return service if service and _is_installed(service) else None


def _is_installed(service: ServiceName) -> bool:
    package = f"services.{service}"
    return bool(
        importlib.util.find_spec(package) and importlib.util.find_spec(f"{package}.__main__")
    )


@cache
def _commands_of(service: ServiceName) -> TyperGroup:
    app: typer.Typer = importlib.import_module(f"services.{service}.__main__").app
    commands = typer.main.get_group(app)
    commands.name = service
    return commands
