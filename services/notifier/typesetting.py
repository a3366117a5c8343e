"""The templates, compiled once: one file of words per kind and language, set in three forms.

A kind's file holds its words only. How they are set is decided by the layout and the parts of the
form (`html/`, `text/`, `sms/`), so the HTML and the text of an e-mail cannot say different things.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from services.notifier.domain import SHORTLIST, Purposes
from shared.events.contacts import Purpose

FOLDER = Path(__file__).with_name("templates")
FALLBACK = "en"
KINDS: tuple[Purposes, ...] = (*Purpose, SHORTLIST)

Form = Literal["html", "text", "sms"]

BREAK = "\u2028"
"""How a part of the text form breaks a line; no value holds one, as its blanks are collapsed."""

_PARAGRAPH = Markup('<p style="margin:0 0 16px">{}</p>')
_GAP = re.compile(r"\n\s*\n")


class Templates:
    """Every kind of message in every language; one that is incomplete fails here, at the start."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.languages = frozenset(path.parent.name for path in folder.glob("*/sentences.toml"))
        forms: tuple[Form, ...] = ("html", "text", "sms")
        environments = {form: _environment(folder, form) for form in forms}
        self._templates = {
            (form, language, kind): environment.get_template(f"{language}/{kind}.jinja")
            for form, environment in environments.items()
            for language in self.languages
            for kind in KINDS
        }
        self._versions = {
            (language, kind): _version(folder / language, kind)
            for language in self.languages
            for kind in KINDS
        }

    def set(self, form: Form, kind: Purposes, variables: Mapping[str, object]) -> str:
        """Sets a kind's words, in the `language` of the variables, in one form.

        Raises jinja2.UndefinedError for a variable that the words need and do not get.
        """
        return self._templates[form, str(variables["language"]), kind].render(variables)

    def version(self, language: str, kind: Purposes) -> str:
        """Names the wording: it changes with every change of the words, and with nothing else."""
        return self._versions[language, kind]


def _environment(folder: Path, form: Form) -> ImmutableSandboxedEnvironment:
    html = form == "html"
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([folder / form, folder]),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["paragraphs"] = _html_paragraphs if html else _text_paragraphs
    environment.globals["BREAK"] = BREAK
    environment.globals.update(_parts(environment.get_template("parts.jinja")))
    return environment


def _parts(template: Template) -> dict[str, object]:
    parts = vars(template.module)
    return {name: part for name, part in parts.items() if not name.startswith("_")}


def _chunks(body: str) -> list[str]:
    return [chunk.strip() for chunk in _GAP.split(body) if chunk.strip()]


def _html_paragraphs(body: str) -> Markup:
    """Makes a paragraph of each chunk that is no part; values are escaped, so only parts have tags."""
    return Markup("\n").join(
        chunk if chunk.startswith("<") else _PARAGRAPH.format(chunk) for chunk in _chunks(body)
    )


def _text_paragraphs(body: str) -> str:
    return "\n\n".join(" ".join(chunk.split("\n")).replace(BREAK, "\n") for chunk in _chunks(body))


def _version(folder: Path, kind: Purposes) -> str:
    words = hashlib.sha256()
    for name in (f"{kind}.jinja", "base.jinja", "sentences.toml"):
        words.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return f"{kind}.{folder.name}.{words.hexdigest()[:12]}"
