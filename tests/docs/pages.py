"""The commands and links of the pages that people read first.

A fenced block whose info string says `run` is executed by the tests:

    ```console run
    $ command
    what it prints, where a … stands for anything
    ```

Lines that begin with `$ ` are given to bash, one after another, at the root of the repository;
the lines below each must be printed by it, in that order. With `run beside up` they are given,
all of a page, to one bash that has a running `make up` beside it; with `run chart`, beside
a checkout, with the programs of `make chart`. Other blocks are not executed.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]

_PROGRAMS = Path(sys.executable).parent
ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if not k.startswith(("NOTYET_", "MAKE", "MFLAGS"))},
    "PATH": f"{_PROGRAMS}:{os.environ['PATH']}",
    "COLUMNS": "120",
}
"""That of somebody who begins: nothing configured, the virtual environment active."""

PAGES = sorted(
    page.relative_to(ROOT)
    for pattern in ("*.md", "docs/**/*.md", "services/*/README.md", "deploy/**/*.md")
    for page in ROOT.glob(pattern)
)

_BLOCK = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_ADDRESS = re.compile(r"<(http://127\.0\.0\.1[^>\s]+)>")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"(?<!`)\[[^\]\n]+\]\((?P<target>[^)\s]+)\)")
_TARGET = re.compile(r"\bmake (?:[A-Z]+=\S+ )*([a-z]+)\b")


@dataclass
class Command:
    text: str
    printed: list[str] = field(default_factory=list)

    def agrees_with(self, output: str) -> bool:
        """Whether the output has the shown lines in their order."""
        lines = iter(output.splitlines())
        return all(any(_pattern(shown).search(line) for line in lines) for shown in self.printed)


def run(command: Command, *, within: float, at: Path = ROOT, beside: Path | None = None) -> str:
    """Runs in bash what a page shows at its prompt; it must succeed and print what is shown.

    Programs of the folder `beside` are on its path too. Returns all that it printed.
    """
    path = f"{beside}:{ENVIRONMENT['PATH']}" if beside else ENVIRONMENT["PATH"]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command.text],
        cwd=at,
        env={**ENVIRONMENT, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=within,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert command.agrees_with(done.stdout), done.stdout
    return done.stdout


def commands(page: Path, mark: str = "run") -> list[Command]:
    """Returns the commands of a page that are marked to be run."""
    return [command for block in _marked(page, mark) for command in _commands(block)]


def links(page: Path) -> list[str]:
    """Returns the files and folders of the repository that a page links to."""
    return [file for file, _ in _links(page) if file]


def anchors(page: Path) -> list[tuple[Path, str]]:
    """Returns the headings that a page links to: of which page, and as which anchor."""
    at = {file: _relative(page.parent / file) if file else page for file, _ in _links(page)}
    return [(at[file], anchor) for file, anchor in _links(page) if anchor]


def sections(page: Path) -> dict[str, str]:
    """Returns what stands under each heading of a page, by the heading's anchor."""
    parts = _HEADING.split(_BLOCK.sub("", (ROOT / page).read_text()))
    return {_anchor(title): text for title, text in zip(parts[1::2], parts[2::2], strict=True)}


def addresses(page: Path) -> list[str]:
    """Returns the addresses of the running system that a page names."""
    return _ADDRESS.findall((ROOT / page).read_text())


def make_targets(page: Path) -> set[str]:
    """Returns what a page tells its reader to `make`."""
    return {target for part in code(page) for target in _TARGET.findall(part)}


def code(page: Path) -> list[str]:
    """Returns what a page shows as code: each block, and each span in a line."""
    text = (ROOT / page).read_text()
    return [*(match["text"] for match in _BLOCK.finditer(text)), *spans(page)]


def spans(page: Path) -> list[str]:
    """Returns what a page shows as code in the midst of a line."""
    return re.findall(r"`([^`\n]+)`", _BLOCK.sub("", (ROOT / page).read_text()))


def _links(page: Path) -> list[tuple[str, str]]:
    text = _BLOCK.sub("", (ROOT / page).read_text())
    targets = [match["target"] for match in _LINK.finditer(text) if "://" not in match["target"]]
    return [(file, anchor) for file, _, anchor in (target.partition("#") for target in targets)]


def _relative(path: Path) -> Path:
    return (ROOT / path).resolve().relative_to(ROOT.resolve())


def _anchor(title: str) -> str:
    """Returns a heading's anchor as Git forges make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _marked(page: Path, mark: str) -> Iterator[str]:
    for match in _BLOCK.finditer((ROOT / page).read_text()):
        if match["info"].partition(" ")[2] == mark:
            yield match["text"]


def _commands(block: str) -> Iterator[Command]:
    command: Command | None = None
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield command
            command = Command(line.removeprefix("$ "))
        elif command and (command.text.endswith("\\") or command.text.count("'") % 2):
            command.text += f"\n{line}"
        elif command and line.strip():
            command.printed.append(line)
    if command:
        yield command


def _pattern(shown: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in shown.strip().split("…")))
