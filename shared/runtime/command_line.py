"""What every command does: read the settings, do its work, and say in a line what is wrong."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from traceback import format_exc
from typing import Any, NoReturn, TypeVar

import asyncpg
import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError
from typer._click.globals import get_current_context

from shared.runtime import audit
from shared.runtime.clock_settings import ClockSettings
from shared.runtime.environment import EnvironmentSettings
from shared.runtime.postgres import UNAVAILABLE, Database
from shared.runtime.terminal import Terminal, tell

Configured = TypeVar("Configured", bound=EnvironmentSettings)
Result = TypeVar("Result")

SWITCH_SECONDS = 0.0005
"""For so long a thread keeps the interpreter at most that the event loop waits for. With the usual
5 ms each of the many steps of a request waits as long while a thread reads."""

console = Terminal()
errors = Terminal(stderr=True)


class NotReached(typer.Exit):
    """Ends a command that was not told where its service is, or found nothing there."""


class CommandLine(typer.Typer):
    """Commands of which a fault is printed as text too: its message may quote what came in."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with faults_as_text():
            return super().__call__(*args, **kwargs)


@contextmanager
def faults_as_text() -> Iterator[None]:
    """Ends the process at a fault with exit code 1, and says on plain lines where it was."""
    try:
        yield
    except Exception:  # noqa: BLE001 - Python itself would print whatever it is, and so do we
        tell(*format_exc().rstrip("\n").split("\n"), to_stderr=True)
        raise SystemExit(1) from None


def configured(settings: type[Configured], **given: Any) -> Configured:
    """Reads the settings; what is missing or wrong is one clear line, and exit code 2."""
    try:
        return settings(**given)
    except ValidationError as error:
        told = ", ".join(map(_told, error.errors()))
        errors.print(f"The settings are not right: {told}", soft_wrap=True)
        if any(fault["type"] == "missing" for fault in error.errors()):
            raise NotReached(2) from None
    except SettingsError as error:
        errors.print(f"A setting cannot be read: {error.__cause__ or error}", soft_wrap=True)
    raise typer.Exit(2)


def _told(fault: ErrorDetails) -> str:
    """Returns what is wrong with one variable, or why several do not go together."""
    message = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"]:
        return message
    return f"NOTYET_{str(fault['loc'][0]).upper()} ({message[:1].lower()}{message[1:]})"


def fail(problem: str) -> NoReturn:
    """Ends a command that was asked for what cannot be: one line says why, and exit code 2."""
    errors.print(problem, soft_wrap=True)
    raise typer.Exit(2)


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
        raise NotReached(1) from None


async def with_database(
    database: Database,
    work: Callable[[Any], Awaitable[Result]],
    about: Callable[[Result], Iterable[str]] = lambda _: (),
) -> Result:
    """Runs a command's work in a transaction on its service's database.

    The same transaction keeps who ran it, and about whom it was, if `about` tells by its result.
    """
    async with _lent(database), database.transaction() as conn:
        result = await work(conn)
        await _note(conn, about(result))
        return result


@asynccontextmanager
async def started(database: Database) -> AsyncIterator[Database]:
    """Lends a command its service's database for several transactions; who ran it is kept first."""
    async with _lent(database):
        async with database.transaction() as conn:
            await _note(conn)
        yield database


@asynccontextmanager
async def _lent(database: Database) -> AsyncIterator[None]:
    await database.start()
    try:
        yield
    finally:
        await database.stop()


async def _note(conn: asyncpg.Connection, about: Iterable[str] = ()) -> None:
    now = configured(ClockSettings).clock().now()
    await audit.note(conn, audit.operator(), _command(), about, now)


def _command() -> str:
    """Returns the words that name the command, without what was given to it."""
    words, context = [], get_current_context(silent=True)
    while context and context.parent:
        words.append(str(context.info_name))
        context = context.parent
    return " ".join(reversed(words)) or "a program"


def run_with_uvloop(main: Awaitable[int]) -> int:
    """Runs on uvloop, which handles batches a quarter faster; threads beside it give way to it."""
    import uvloop

    sys.setswitchinterval(SWITCH_SECONDS)

    async def run() -> int:
        return await main

    return uvloop.run(run())
