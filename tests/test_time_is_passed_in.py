"""Rules about people take their time from the one clock; only machines look at their own.

Python that must know the machine's time says so on the line: `# machine clock`. SQL says
`clock_timestamp()`, and never one of the words that could mean either.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MACHINE_TIME = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("time", "time"),
    ("time", "time_ns"),
}
SAYS_SO = "# machine clock"

AMBIGUOUS = re.compile(
    r"\b(now|statement_timestamp|transaction_timestamp)\s*\("
    r"|\b(current_date|current_time|current_timestamp|localtime|localtimestamp)\b",
    re.IGNORECASE,
)
COMMENT_OR_PARAMETER = re.compile(r"--[^\n]*|'(?:[^']|'')*'|(?<!:):\w+")


def looks_at_the_machine(source: str) -> Iterator[int]:
    """Gives the lines that name the machine's clock without saying that it is meant."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = getattr(node.value, "id", getattr(node.value, "attr", ""))
            if (owner, node.attr) in MACHINE_TIME and SAYS_SO not in lines[node.lineno - 1]:
                yield node.lineno


def ambiguous(sql: str) -> list[str]:
    """Gives the words that read a clock without saying whose."""
    return [match[0] for match in AMBIGUOUS.finditer(COMMENT_OR_PARAMETER.sub("", sql))]


def files(pattern: str) -> list[str]:
    folders = ("services", "shared/contract")
    return sorted(
        str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).glob(pattern)
    )


@pytest.mark.parametrize("path", files("**/*.py"))
def test_no_rule_looks_at_the_machines_clock(path: str) -> None:
    assert list(looks_at_the_machine((ROOT / path).read_text())) == []


@pytest.mark.parametrize("path", files("**/*.sql"))
def test_no_statement_reads_a_clock_without_saying_whose(path: str) -> None:
    assert ambiguous((ROOT / path).read_text()) == []


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "field(default_factory=datetime.now)",
        "date.today()",
        "time.time()",
    ],
)
def test_every_way_to_the_machines_clock_is_found(line: str) -> None:
    assert list(looks_at_the_machine(line)) == [1]
    assert list(looks_at_the_machine(f"{line}  {SAYS_SO}")) == []


def test_time_that_is_passed_in_and_time_that_only_grows_are_free() -> None:
    assert list(looks_at_the_machine("clock.now(); time.monotonic(); now.time()")) == []


@pytest.mark.parametrize("sql", ["select NOW()", "where day < current_date", "default now ()"])
def test_every_ambiguous_word_of_sql_is_found(sql: str) -> None:
    assert ambiguous(sql)


@pytest.mark.parametrize(
    "sql", ["select :now", "-- now()\nselect 'now()'", "select clock_timestamp()", "known(1)"]
)
def test_parameters_comments_texts_and_the_named_clock_are_free(sql: str) -> None:
    assert ambiguous(sql) == []
