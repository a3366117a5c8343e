"""Writes the tables of all settings into the page about them, from the classes that read them.

python -m tests.docs.settings
"""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from shared.contract.topics import ServiceName
from shared.runtime.environment import EnvironmentSettings
from shared.runtime.settings import MigrationSettings
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "configure.md"
BEGIN = "<!-- Made by python -m tests.docs.settings -->"
END = "<!-- Until here -->"

SERVICES: tuple[ServiceName, ...] = get_args(ServiceName)
READERS: dict[str, type[EnvironmentSettings]] = {
    **{service: import_module(f"services.{service}.settings").Settings for service in SERVICES},
    "the `migrate` command": MigrationSettings,
}

_HEAD = "| variable | value | if left out | what it is for |\n| --- | --- | --- | --- |"
_UNITS = {unit: unit for unit in ("seconds", "days", "months")}
_NAMES: dict[Any, str] = {
    SecretStr: "**secret**",
    Path: "a file",
    int: "a whole number",
    float: "a number",
    str: "text",
}


class Setting(NamedTuple):
    """One variable as the page shows it."""

    variable: str
    value: str
    default: str
    purpose: str

    def __str__(self) -> str:
        return f"| `{self.variable}` | {self.value} | {self.default} | {self.purpose} |"


def settings() -> dict[Setting, list[str]]:
    """Returns every setting, and who reads it."""
    found: dict[Setting, list[str]] = {}
    for reader, owner in READERS.items():
        for name, field in owner.model_fields.items():
            found.setdefault(_setting(name, field), []).append(reader)
    return found


def markdown() -> str:
    """Returns the tables: first what all services read, then what some do, then each one's own."""
    groups: dict[tuple[str, ...], list[Setting]] = {}
    for setting, readers in settings().items():
        groups.setdefault(tuple(readers), []).append(setting)
    ordered = sorted(groups.items(), key=lambda group: -len(group[0]))
    return "\n\n".join(_table(readers, found) for readers, found in ordered)


def write() -> None:
    """Puts the tables into the page, between their marks."""
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    made = f"{BEGIN}\n\n{markdown()}\n\n{END}"
    PAGE.write_text(between.sub(lambda _: made, PAGE.read_text()))


def _table(readers: Sequence[str], found: Sequence[Setting]) -> str:
    *others, last = readers
    who = f"{', '.join(others)} and {last}" if others else last
    title = "Every service" if set(SERVICES) <= {*readers} else who[:1].upper() + who[1:]
    return "\n".join([f"### {title}", "", _HEAD, *map(str, found)])


def _setting(name: str, field: FieldInfo) -> Setting:
    purpose = " ".join((field.description or "").split())
    return Setting(f"NOTYET_{name.upper()}", _value(name, field), _default(field), purpose)


def _value(name: str, field: FieldInfo) -> str:
    kind = next((it for it in _alternatives(field.annotation) if it is not NoneType), str)
    if get_origin(kind) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(kind))
    if get_origin(kind) in (tuple, frozenset):
        return "a list of **secrets**" if SecretStr in get_args(kind) else "a list"
    if name.endswith("_port"):
        return "a port"
    unit = _UNITS.get(name.rpartition("_")[2]) if kind in (int, float) else None
    return ", ".join([unit or _NAMES[kind], *_bounds(field)])


def _alternatives(annotation: Any) -> Sequence[Any]:
    """Returns the types of which a value may be one."""
    kinds = get_args(annotation)
    return kinds if NoneType in kinds else [annotation]


def _bounds(field: FieldInfo) -> Iterator[str]:
    for bound in field.metadata:
        if isinstance(bound, Ge):
            yield f"at least {bound.ge}"
        elif isinstance(bound, Gt):
            yield f"more than {bound.gt}"
        elif isinstance(bound, Le):
            yield f"at most {bound.le}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    return f"`{field.default}`" if field.default or field.default == 0 else "none"


if __name__ == "__main__":
    write()
