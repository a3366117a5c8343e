"""The command lines of the services, and whether they know what somebody types."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, get_args

import typer
from typer.core import TyperGroup

from deploy.local import command
from shared.contract.topics import ServiceName

Program = Any
"""One of typer's commands: what they have in common is not public."""


@cache
def programs() -> dict[str, Program]:
    """Returns the command line of each service, and `notyet`, which has those of all."""
    apps = {name: import_module(f"services.{name}.__main__").app for name in get_args(ServiceName)}
    every = {**apps, "notyet": command.app}
    return {name: typer.main.get_command(app) for name, app in every.items()}


def unknown(program: Any, words: Sequence[str]) -> str | None:
    """Returns the first word that is no command or option where it stands."""
    for word in words:
        if word.startswith("--"):
            if word not in options(program):
                return word
        elif isinstance(program, TyperGroup):
            program = program.get_command(typer.Context(program), word)
            if program is None:
                return word
    return None


def options(program: Program) -> set[str]:
    return {"--help", *(name for given in program.params for name in given.opts)}
