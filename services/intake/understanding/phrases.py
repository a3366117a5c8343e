"""The phrases by which an answer is understood: a file per language, all with the same tables.

Nobody says in which language they answer, so each is understood at once.
"""

import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from services.intake.sms.words import Phrases, words_of

FOLDER = Path(__file__).parent
Kinds = Mapping[str, Iterable[str]]


class Table(StrEnum):
    """What stands in each file; `en.toml` says for what."""

    KEYWORDS = "keywords"
    LIMITS = "limits"
    OPTOUTS = "optouts"
    AUTOMATIC = "automatic"
    PREFIXES = "prefixes"
    QUOTING = "quoting"


def phrases(table: Table, kind: str) -> Phrases:
    """Returns the phrases of a kind in every language, by their words."""
    return frozenset(map(words_of, as_written(table, kind)))


def as_written(table: Table, kind: str) -> tuple[str, ...]:
    """Returns the phrases of a kind in every language, each once, as they stand in the files."""
    languages = [tables_of(path.stem).get(table, {}) for path in sorted(FOLDER.glob("*.toml"))]
    return tuple({phrase: None for kinds in languages for phrase in kinds.get(kind, ())})


def words_in(*tables: Table) -> frozenset[str]:
    """Returns every word of the phrases that stand in some tables, of any kind and language."""
    kinds = (
        (table, kind)
        for path in FOLDER.glob("*.toml")
        for table in tables
        for kind in tables_of(path.stem).get(table, {})
    )
    return frozenset(word for each in kinds for phrase in phrases(*each) for word in phrase)


@cache
def tables_of(language: str) -> Mapping[str, Kinds]:
    """Returns what is known of a language."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
