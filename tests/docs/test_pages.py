"""What the pages tell a reader to do works."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, Command, commands, links, make_targets

MAKEFILE = (ROOT / "Makefile").read_text()

each_page = pytest.mark.parametrize("page", PAGES, ids=str)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(command, id=f"{page}: {command.text}")
        for page in PAGES
        if page != Path("README.md")
        for command in commands(page)
    ],
)
def test_marked_command_works_and_prints_what_is_shown(command: Command) -> None:
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "COLUMNS": "100"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command.text],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert command.agrees_with(done.stdout), done.stdout


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    missing = [link for link in links(page) if not (ROOT / page.parent / link).exists()]
    assert missing == []


@each_page
def test_make_knows_what_the_page_makes(page: Path) -> None:
    known = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    assert make_targets(page) <= known


@pytest.mark.parametrize(
    ("printed", "output", "agrees"),
    [
        ([], "anything\n", True),
        (["two words"], "one\ntwo words\n", True),
        (["1 … 3"], "1 2 3", True),
        (["first", "second"], "second\nfirst\n", False),
        (["missing"], "", False),
    ],
)
def test_shown_lines_must_be_printed_in_order(
    printed: list[str], output: str, *, agrees: bool
) -> None:
    assert Command("true", printed).agrees_with(output) == agrees
