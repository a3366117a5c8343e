"""Named SQL statements, kept in `.sql` files beside the Python that calls them.

A statement begins with `-- name: NAME(parameters)` and ends where the next begins; it uses its
parameters as `:parameter`. What follows the parenthesis says what a call gives: nothing for all
rows, `^` for the first row or None, `$` for its first value, `!` for nothing. A line
`-- include: NAME` stands for the text of another statement of the file.

The files are aiosql's format; aiosql itself hands asyncpg's rows over one by one through an async
generator, which costs more than fetching a batch does.
"""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg

_HEADER = re.compile(r"^-- name: (\w+)\(([\w, ]*)\)([\^$!]?)\s*$", re.MULTILINE)
_INCLUDE = re.compile(r"^[ \t]*-- include: (\w+)[ \t]*$", re.MULTILINE)
_TOKEN = re.compile(r"'(?:[^']|'')*'|--[^\n]*|::|:([a-z_]\w*)")

_METHODS: dict[str, Callable[..., Awaitable[Any]]] = {
    "": asyncpg.Connection.fetch,
    "^": asyncpg.Connection.fetchrow,
    "$": asyncpg.Connection.fetchval,
    "!": asyncpg.Connection.execute,
}


class Queries:
    """The statements of one file as coroutines: `await queries.name(conn, parameter=value)`."""

    def __init__(self, path: Path) -> None:
        self.statements: dict[str, str] = {}
        """The text of each statement with numbered parameters, as PostgreSQL prepares it."""
        _, *parts = _HEADER.split(path.read_text())
        written = dict(zip(parts[::4], parts[3::4], strict=True))
        for name, declared, kind, own in zip(*[iter(parts)] * 4, strict=True):
            parameters = [parameter.strip() for parameter in declared.split(",") if declared]
            text = _INCLUDE.sub(lambda line: written[line[1]].rstrip().rstrip(";"), own)
            self.statements[name] = _numbered(text, parameters, f"{path.name}: {name}")
            setattr(self, name, _caller(self.statements[name], parameters, kind))

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        raise AttributeError(f"there is no statement named {name}")


def _numbered(text: str, parameters: list[str], where: str) -> str:
    """Turns `:parameter` into `$n`, leaving casts, string literals and comments alone."""
    used = {name for name in _TOKEN.findall(text) if name}
    if used != set(parameters):
        raise ValueError(f"{where} declares {sorted(parameters)} and uses {sorted(used)}")
    numbers = {name: f"${number}" for number, name in enumerate(parameters, 1)}
    numbered = _TOKEN.sub(lambda token: numbers.get(token[1], token[0]), text)
    return numbered.strip().rstrip(";")


def _caller(statement: str, parameters: list[str], kind: str) -> Callable[..., Awaitable[Any]]:
    method = _METHODS[kind]

    async def call(conn: asyncpg.Connection, **values: Any) -> Any:
        return await method(conn, statement, *[values.pop(name) for name in parameters])

    return call
