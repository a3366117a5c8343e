"""Brings the commands of all installed services under one name.

Beside a local stack they need no configuration: they take it from what the stack left behind.
"""

import importlib
import importlib.util
import os
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, get_args

import typer

from deploy.local.environment import read_environment
from shared.contract.topics import ServiceName

DATA_DIR_VARIABLE = "NOTYET_DATA_DIR"
DEFAULT_DATA_DIR = Path(".notyet")


def add_installed_services(app: typer.Typer) -> None:
    """Adds `notyet SERVICE …`, and what only one service can do as `notyet …` too."""
    installed: dict[ServiceName, typer.Typer] = {
        service: importlib.import_module(f"services.{service}.__main__").app
        for service in get_args(ServiceName)
        if _is_installed(service)
    }
    offers = Counter(name for own in installed.values() for name in _names(own))
    for service, own in installed.items():
        app.add_typer(own, name=service, callback=configuring(service))
        _add_shortcuts(app, service, own, {name for name in _names(own) if offers[name] == 1})


def configuring(service: ServiceName) -> Callable[[], None]:
    """Makes what fills in from the local stack whatever the environment does not say."""

    def configure() -> None:
        data_dir = Path(os.environ.get(DATA_DIR_VARIABLE, DEFAULT_DATA_DIR))
        for name, value in read_environment(data_dir, service).items():
            os.environ.setdefault(name, value)

    return configure


def _is_installed(service: ServiceName) -> bool:
    package = f"services.{service}"
    return bool(
        importlib.util.find_spec(package) and importlib.util.find_spec(f"{package}.__main__")
    )


def _names(own: typer.Typer) -> list[str]:
    commands = [_name(command) for command in own.registered_commands]
    return [*commands, *(group.name or "" for group in own.registered_groups)]


def _name(command: typer.models.CommandInfo) -> str:
    return command.name or getattr(command.callback, "__name__", "").replace("_", "-")


def _add_shortcuts(
    app: typer.Typer, service: ServiceName, own: typer.Typer, names: set[str]
) -> None:
    for group in own.registered_groups:
        if group.name in names and group.typer_instance:
            app.add_typer(group.typer_instance, name=group.name, callback=configuring(service))
    for command in own.registered_commands:
        if _name(command) in names and command.callback:
            callback = _configured(service, command.callback)
            app.command(_name(command), help=command.help)(callback)


def _configured(service: ServiceName, callback: Callable[..., Any]) -> Callable[..., Any]:
    configure = configuring(service)

    @wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        configure()
        return callback(*args, **kwargs)

    return run
