"""No regular expression of the product takes more than linear time, whatever text it meets.

Every pattern is a constant of its module, or made by a function that is named here, so that it is
found and tried on hostile texts: each of its characters, and each two of them, again and again, and
each of them after another one.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from tests.linear import MOST_GROWTH, growth

ROOT = Path(__file__).parents[2]
MODULES = [
    path
    for folder in ("services", "shared", "deploy")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if re.search(r"^import re$|^from re ", path.read_text(), re.MULTILINE)
]
SIZE = 2_000
MADE = {
    "services.matcher.domain.short_names._pattern": ("R", "R&D", "IT", "go"),
    "services.matcher.domain.short_names._whole": ("HR", "Human Resources", "R&D"),
}
"""Functions that make a pattern of what they are given, with examples of that."""
FEW = {"compile", "escape", "Match", "Pattern"}
"""What a module may use of `re`, besides flags."""


def anchored(path: Path, name: str) -> bool:
    """Tells whether a module asks a pattern about beginnings of texts and nothing else."""
    used = set(re.findall(rf"\b{name}\.(\w+)", path.read_text()))
    return bool(used) and used <= {"match", "fullmatch"}


def names(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def patterns(path: Path) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yields the patterns that stand at the top of a module, in containers too.

    One for bytes is asked about texts as the same one for texts.
    """
    for name, value in vars(importlib.import_module(names(path))).items():
        yield from ((name, each) for each in _patterns_in(value))


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, bytes):
        yield re.compile(value.pattern.decode(), value.flags)
    elif isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _patterns_in(each)


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_every_pattern_is_a_constant_of_its_module(path: Path) -> None:
    tree = ast.parse(path.read_text())
    inside = {
        each
        for part in ast.walk(tree)
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if f"{names(path)}.{getattr(part, 'name', '')}" not in MADE
        for each in ast.walk(part)
    }
    used = [
        each
        for each in ast.walk(tree)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and each.value.id == "re"
    ]
    wrong = [
        f"line {each.lineno}: re.{each.attr}"
        for each in used
        if not (each.attr in FEW or each.attr.isupper())
        or (each.attr == "compile" and each in inside)
    ]
    assert not wrong, f"make it a constant of the module: {wrong}"


ALL = {
    f"{names(path)}:{name}:{at}": (pattern, anchored(path, name))
    for path in MODULES
    for at, (name, pattern) in enumerate(patterns(path))
} | {
    f"{maker}:{given}": (
        getattr(importlib.import_module(maker.rpartition(".")[0]), maker.rpartition(".")[2])(given),
        False,
    )
    for maker, examples in MADE.items()
    for given in examples
}


@pytest.mark.parametrize("name", ALL)
def test_no_pattern_takes_more_than_linear_time(name: str) -> None:
    pattern, is_anchored = ALL[name]
    slow = {}
    for first, unit in hostile(pattern.pattern):

        def make(times: int, first: str = first, unit: str = unit) -> str:
            return first + unit * (SIZE * times // len(unit)) + "\x01"

        if (grown := growth(make, lambda text: use(pattern, text, is_anchored))) > MOST_GROWTH:
            slow[first + unit] = round(grown, 1)
    assert not slow, f"{pattern.pattern} grows faster than these texts, repeated: {slow}"


def use(pattern: re.Pattern[str], text: str, is_anchored: bool) -> None:
    """Uses a pattern as its module does: at the beginning of texts alone, or anywhere in them."""
    if is_anchored:
        pattern.match(text)
        pattern.fullmatch(text)
    for _ in () if is_anchored else pattern.finditer(text):
        pass


def hostile(pattern: str) -> list[tuple[str, str]]:
    """Returns what, behind a beginning and repeated, may keep a pattern busy.

    That is its own characters, and some others.
    """
    written = re.sub(r"\\[a-zA-Z]|\(\?[^)]{0,3}|\{\d+,?\d*\}", "", pattern)
    signs = [each for each in dict.fromkeys(written) if each not in "\\[]|?^$"][:24]
    some = list(dict.fromkeys([*signs, "a", "A", "1", " ", "\n", ".", "-"]))
    literal = re.findall(r"[a-zA-Z]{3,}", written)[:12]
    pairs = [*permutations(some, 2)][:200]
    again = [*some, *literal, *(f"{word} " for word in literal), *map("".join, pairs)]
    return [*(("", unit) for unit in again), *pairs]
