"""Every command that a page names is there, with the options that it is named with."""

import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import pytest
from typer.core import TyperGroup

from shared.contract.topics import ServiceName
from tests.docs.pages import PAGES, code, spans
from tests.docs.programs import programs, unknown

CALLED = re.compile(
    r"(?:python3? -m services\.(?P<service>\w+)|(?:^(?:\$ )?|bin/)notyet)"
    r"(?P<words>(?: [^\s|&;)]+)+)",
    re.MULTILINE,
)
MODULE = re.compile(r"python3? -m ([\w.]*\w)")


def called(page: Path) -> Iterator[tuple[str, Sequence[str]]]:
    """Returns the calls that a page shows: which program, and with which words."""
    for part in code(page):
        for call in CALLED.finditer(part):
            yield call["service"] or "notyet", call["words"].split()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_call_on_a_page_is_one_that_its_program_knows(page: Path) -> None:
    wrong = [
        (program, word)
        for program, words in called(page)
        if (word := unknown(programs()[program], words))
    ]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_named_by_their_words_alone_are_those_of_some_service(page: Path) -> None:
    services = [programs()[name] for name in get_args(ServiceName)]
    groups = {
        name
        for service in services
        if isinstance(service, TyperGroup)
        for name, group in service.commands.items()
        if isinstance(group, TyperGroup)
    }
    named = [span.split() for span in spans(page) if span.split()[0] in groups]
    assert [words for words in named if all(unknown(it, words) for it in services)] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_module_that_a_page_runs_is_there(page: Path) -> None:
    modules = {name for part in code(page) for name in MODULE.findall(part)}
    assert [name for name in modules if find_spec(name) is None] == []


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("keys create --source ats", None),
        ("keys forge", "forge"),
        ("keys create --name ats", "--name"),
        ("quarantine discard 7 nobody-needs-it", None),
    ],
)
def test_a_word_that_is_no_command_is_found(words: str, wrong: str | None) -> None:
    assert unknown(programs()["intake"], words.split()) == wrong
