"""Brings the commands of all installed services under one name.

Beside a local stack they need no configuration: they take it from what the stack left behind.
"""

import importlib
import importlib.util
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, get_args

import typer

from deploy.local.environment import left_behind
from shared.topics import ServiceName

DATA_DIR_VARIABLE = "NOTYET_DATA_DIR"
DEFAULT_DATA_DIR = Path(".notyet")

_OF_EVERY_SERVICE = {"run", "migrate", "asyncapi"}


def add_installed_services(app: typer.Typer) -> None:
    """Adds `notyet SERVICE …`, and what one service alone can do as `notyet …` too."""
    for service in get_args(ServiceName):
        name = f"services.{service}"
        if importlib.util.find_spec(name) and importlib.util.find_spec(f"{name}.__main__"):
            _add(app, service, importlib.import_module(f"{name}.__main__").app)


def _add(app: typer.Typer, service: ServiceName, own: typer.Typer) -> None:
    app.add_typer(own, name=service, callback=lambda: _configure(service))
    for command in own.registered_commands:
        if command.callback is None:
            continue
        name = command.name or command.callback.__name__.replace("_", "-")
        if name not in _OF_EVERY_SERVICE:
            app.command(name, help=command.help)(_configured(service, command.callback))


def _configured(service: ServiceName, callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        _configure(service)
        return callback(*args, **kwargs)

    return run


def _configure(service: ServiceName) -> None:
    """Fills in from the local stack what the environment does not say."""
    data_dir = Path(os.environ.get(DATA_DIR_VARIABLE, DEFAULT_DATA_DIR))
    for name, value in left_behind(data_dir, service).items():
        os.environ.setdefault(name, value)
