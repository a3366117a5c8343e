"""The README, word for word, and what the page that it leads to first adds beside `make up`."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.local.demo.story import KINDS
from deploy.local.ports import is_free
from deploy.local.stack_ports import WELL_KNOWN
from tests.bench.figures import kept
from tests.bench.table import headline
from tests.docs.pages import ENVIRONMENT, ROOT, Command, addresses, commands, run
from tests.scratch import scratch

README = Path("README.md")
BESIDE_UP = (README, Path("docs/connect.md"))
LOOKS = ("plan next", "list", "check")
UP_WITHIN_SECONDS = 120
AGREES_WITHIN_SECONDS = 60
MOST_OF_A_STORY = 4_000_000


class Shell:
    """One bash, given one command after another, as somebody types them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def __call__(self, command: str) -> str:
        """Runs a command that must succeed; returns what it printed."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{command}\necho; echo end:$?\n".encode())
        printed = ""
        while not (line := (await self._process.stdout.readline()).decode()).startswith("end:"):
            assert line, printed
            printed += line
        assert line == "end:0\n", printed
        return printed


@pytest.fixture
def directory() -> Iterator[Path]:
    """A checkout in which nothing has been stored yet."""
    with scratch("checkout") as checkout:
        for entry in ROOT.iterdir():
            if entry.name != ".notyet":
                (checkout / entry.name).symlink_to(entry)
        yield checkout


@pytest.fixture
async def shell(directory: Path) -> AsyncIterator[Shell]:
    """A terminal beside the one in which `make up` runs."""
    taken = [port for port in WELL_KNOWN.taken() if not is_free(port)]
    if taken:
        pytest.skip(f"`make up` needs ports that are taken here: {taken}")
    up = await _started(directory, "exec make up")
    bash = await _started(directory, "exec bash 2>&1")
    assert up.stdout
    try:
        async with asyncio.timeout(UP_WITHIN_SECONDS):
            while b"Not Yet is up" not in (line := await up.stdout.readline()):
                assert line, "make up ended"
        yield Shell(bash)
        bash.kill()
        os.killpg(up.pid, signal.SIGINT)
        assert b"Stopped." in await up.stdout.read()
    finally:
        for process in (bash, up):
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _started(directory: Path, command: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_shell(
        command,
        stdin=pipe,
        stdout=pipe,
        cwd=directory,
        env=ENVIRONMENT,
        start_new_session=True,
    )


async def test_what_is_to_be_typed_beside_make_up_works_and_what_is_named_answers(
    shell: Shell,
) -> None:
    for page in BESIDE_UP:
        for command in commands(page, "run beside up"):
            await _agrees(shell, command)
        for address in addresses(page):
            await shell(f"curl -fsS --output /dev/null {address}")


async def _agrees(shell: Shell, command: Command) -> None:
    """Allows what happens elsewhere a moment: whoever only looks may look again."""
    deadline = asyncio.get_running_loop().time() + AGREES_WITHIN_SECONDS
    while not command.agrees_with(printed := await shell(command.text)):
        assert any(look in command.text for look in LOOKS), printed
        assert asyncio.get_running_loop().time() < deadline, printed
        await asyncio.sleep(0.5)


def test_the_line_of_what_is_measured_is_that_of_the_run_that_is_kept() -> None:
    assert headline(kept()) in (ROOT / README).read_text()


def test_the_demo_tells_what_is_shown_keeps_its_promises_and_leaves_its_story() -> None:
    (demo,) = commands(README)
    printed = run(demo, within=300)
    story = ROOT / printed.splitlines()[-1]
    page = story.read_text()
    assert story.stat().st_size < MOST_OF_A_STORY
    assert "broken</strong>" not in page
    assert "<script" not in page
    shown_whole = " ".join(re.findall(r"<summary>.*?</summary>", page, re.DOTALL))
    assert [kind for kind in KINDS.values() if f", {kind}:" not in shown_whole] == []
