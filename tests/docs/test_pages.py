"""What the pages tell a reader to do works."""

import re
from pathlib import Path

import pytest

from services.intake.webhooks.systems import SYSTEMS
from tests.docs.metrics import unmeasured
from tests.docs.pages import (
    PAGES,
    ROOT,
    Command,
    anchors,
    commands,
    links,
    make_targets,
    run,
    sections,
    spans,
)

MAKEFILE = (ROOT / "Makefile").read_text()
METRIC = re.compile(r"notyet_[a-z]+_[a-z_]+")

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
    run(command, within=60)


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    missing = [link for link in links(page) if not (ROOT / page.parent / link).exists()]
    assert missing == []


@each_page
def test_links_to_headings_lead_to_them(page: Path) -> None:
    assert [it for it in anchors(page) if it[1] not in sections(it[0])] == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_page_about_connecting_names_every_system_that_can_be(system: str) -> None:
    page = (ROOT / "docs" / "connect.md").read_text()
    assert f"sources add {system}" in page or f"`{system}`" in page


@each_page
def test_make_knows_what_the_page_makes(page: Path) -> None:
    known = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    assert make_targets(page) <= known


@each_page
def test_metrics_that_a_page_names_are_measured(page: Path) -> None:
    assert unmeasured(name for span in spans(page) for name in METRIC.findall(span)) == []


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
