"""Reads a file in a process of its own, which is over when this returns.

The program is in `child.py`. If intake ends meanwhile the program ends too; nothing is kept of the
file but its text, where the delivery is kept that named it.
"""

import asyncio
import contextlib
import signal
import sys
from dataclasses import dataclass
from typing import cast

from pydantic import TypeAdapter, ValidationError

from services.intake.resumes import child
from services.intake.resumes.outcomes import MOST_BYTES, MOST_CHARACTERS, Problem

_COMMAND = (sys.executable, "-E", "-s", "-B", "-m", child.__name__)
_MOST_OUTPUT = 12 * MOST_CHARACTERS + 1000
"""In bytes: JSON writes a rare character as twelve."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was found in a file: its text, or why there is none."""

    text: str | None = None
    is_cut: bool = False
    """Whether only its beginning was kept."""
    problem: Problem | None = None


_READ = TypeAdapter(Read)


class Ended(Exception):
    """The process was over before it had read the file, and that may be no fault of the file."""


async def read(file: bytes, seconds: float = child.SECONDS) -> Read:
    """Returns what was found in a file, or why it cannot be read; raises Ended."""
    if len(file) > MOST_BYTES:
        return Read(problem=Problem.TOO_LARGE)
    process = await _started()
    try:
        # It was given two pipes, and so has them.
        async with asyncio.timeout(seconds):
            _, output = await asyncio.gather(
                _give(cast(asyncio.StreamWriter, process.stdin), file),
                _taken(cast(asyncio.StreamReader, process.stdout)),
            )
            await process.wait()
    except TimeoutError:
        raise Ended from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return _judged(process.returncode, output)


async def _started() -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *_COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
        )
    except OSError:
        raise Ended from None


async def _give(stdin: asyncio.StreamWriter, file: bytes) -> None:
    # It may end before it has taken all.
    with contextlib.suppress(ConnectionError):
        stdin.write(file)
        await stdin.drain()
    stdin.close()


async def _taken(stdout: asyncio.StreamReader) -> bytes:
    """Returns what it says, and no more than it can have to say."""
    try:
        return await stdout.readexactly(_MOST_OUTPUT)
    except asyncio.IncompleteReadError as all_of_it:
        return all_of_it.partial


def _judged(returncode: int | None, output: bytes) -> Read:
    if returncode == -signal.SIGXCPU:
        return Read(problem=Problem.TOO_MUCH_WORK)
    if returncode:
        raise Ended
    try:
        return _READ.validate_json(output)
    except ValidationError:
        raise Ended from None
