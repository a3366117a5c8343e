"""The languages that there are words in: each says all that English says, or nobody is written to.

What a language lacks would show only once somebody is to read it: as a message that cannot be made,
or as a reason that is left out. So all of it is found at the start.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter

from babel.core import Locale, UnknownLocaleError

FALLBACK = "en"

OTHER = "other"
"""The code of the sentences that are true of anything, and the plural form that all languages have.
"""

Sentences = dict[str, dict[str, str]]
"""The vetted sentences of one language, by what they are about and by code."""

_SENTENCES = "sentences.toml"
_PLURALS = frozenset({"zero", "one", "two", "few", "many", OTHER})
_SPOKEN = range(1, 101)
"""Counts whose plural forms a language must have; where it has none for one beyond, it is `other`.
"""


class Incomplete(Exception):
    """Something has no words; each line says what, and in which file."""


def languages_in(folder: Path) -> frozenset[str]:
    """Returns the languages of which there is a folder, however much is in it."""
    return frozenset(path.name for path in folder.iterdir() if path.is_dir())


def sentences_in(folder: Path, language: str) -> Sentences:
    """Reads the vetted sentences of a language."""
    text = (folder / language / _SENTENCES).read_text(encoding="utf-8")
    sentences: Sentences = tomllib.loads(text)
    return sentences


def lacking(folder: Path, kinds: Iterable[str]) -> Iterator[str]:
    """Says what is not there, or not as in English, of all languages together."""
    names = [_SENTENCES, *(f"{name}.jinja" for name in ("base", *kinds))]
    for language in sorted(languages_in(folder) | {FALLBACK}):
        gone = [name for name in names if not (folder / language / name).exists()]
        yield from (f"{language}/{name} is missing" for name in gone)
        if _SENTENCES not in gone and (folder / FALLBACK / _SENTENCES).exists():
            yield from (f"{language}/{_SENTENCES} {fault}" for fault in _faults(folder, language))


def _faults(folder: Path, language: str) -> Iterator[str]:
    try:
        plural_form = Locale.parse(language).plural_form
    except (UnknownLocaleError, ValueError):
        yield f"is of no language that is known: name its folder by a code such as {FALLBACK}"
        return
    written = sentences_in(folder, language)
    english = _wanted(sentences_in(folder, FALLBACK), set(map(plural_form, _SPOKEN)), written)
    for about, code in sorted(_codes(english) - _codes(written)):
        yield f"lacks {about}.{code}"
    for about, code in sorted(_codes(written) - _codes(english)):
        yield f"has {about}.{code}, which English does not"
    for about, code in sorted(_codes(written) & _codes(english)):
        for field in sorted(fields_of(written[about][code]) - fields_of(english[about][code])):
            yield f"puts {{{field}}} into {about}.{code}, which English does not"


def _wanted(english: Sentences, forms: set[str], written: Mapping[str, object]) -> Sentences:
    """Returns what a language should say: what depends on a number once for each of its forms.

    Forms of numbers that are hardly ever spoken of it may have as well.
    """
    wanted = {}
    for about, sentences in english.items():
        stem, _, form = about.rpartition("_")
        if not stem or form not in _PLURALS:
            wanted[about] = sentences
        elif form == OTHER:
            for each in _PLURALS:
                if each in forms | {OTHER} or f"{stem}_{each}" in written:
                    wanted[f"{stem}_{each}"] = sentences
    return wanted


def _codes(sentences: Sentences) -> set[tuple[str, str]]:
    return {(about, code) for about, said in sentences.items() for code in said}


@cache
def fields_of(sentence: str) -> frozenset[str]:
    """Returns the facts that a sentence needs."""
    return frozenset(field for _, field, _, _ in Formatter().parse(sentence) if field)
