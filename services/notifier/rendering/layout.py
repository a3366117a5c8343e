"""The templates, compiled once, and how their words become an e-mail or a text message.

A kind's template holds words and no markup: paragraphs, divided by blank lines, and parts such as
`{{ button(label, url) }}`. They are rendered once and set twice, by `mail.txt` and `mail.html`, so
the text and the HTML of an e-mail cannot say different things, and no value can become a tag.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notifier.domain import INTEREST, LINKS, REPLY, SHORTLIST, MessageKind
from services.notifier.rendering.languages import Incomplete, lacking, languages_in, sentences_in
from shared.contract.events.purposes import Purpose

FOLDER = Path(__file__).parents[1] / "templates"
KINDS: tuple[MessageKind, ...] = (*Purpose, SHORTLIST, INTEREST, LINKS, REPLY)

Block = tuple[str, ...]
"""A part or a `paragraph`, and its texts."""

_PART, _FIELD = "\x1e", "\x1f"
"""ASCII's separators of records and units; `plain` leaves no value a control character."""

_BLANK_LINE = re.compile(r"\n[ \n]*\n")


class Email(NamedTuple):
    """The words of an e-mail in both forms."""

    subject: str
    text: str
    html: str


class Templates:
    """Every kind of message in every language; one that is incomplete fails here, at the start."""

    def __init__(self, folder: Path = FOLDER) -> None:
        if missing := list(lacking(folder, KINDS)):
            raise Incomplete("\n".join(missing))
        self.languages = languages_in(folder)
        environment = _environment(folder)
        self._text = environment.get_template("mail.txt")
        self._html = environment.get_template("mail.html")
        for language in self.languages:
            environment.get_template(f"{language}/base.jinja")
        written = [(language, kind) for language in self.languages for kind in KINDS]
        self._words = {
            (language, kind): environment.get_template(f"{language}/{kind}.jinja")
            for language, kind in written
        }
        self.sentences = {language: sentences_in(folder, language) for language in self.languages}
        self._versions = {
            (language, kind): _version(folder / language, kind) for language, kind in written
        }

    def version(self, language: str, kind: MessageKind) -> str:
        """Names the wording: it changes with every change of the words, and with nothing else."""
        return self._versions[language, kind]

    def email(self, kind: MessageKind, variables: Mapping[str, object]) -> Email:
        """Sets an e-mail in the `language` of the variables.

        Raises jinja2.UndefinedError for a variable that the words need and do not get.
        """
        words = self._words[str(variables["language"]), kind].render(variables)
        subject, preheader, body, footer = words.split("\f")
        sheet = {
            "language": variables["language"],
            "employer": variables["employer"],
            "subject": _line(subject),
            "preheader": _line(preheader),
            "body": _blocks(body),
            "footer": _blocks(footer),
        }
        return Email(
            _line(subject), self._text.render(sheet).rstrip() + "\n", self._html.render(sheet)
        )

    def sms(self, kind: MessageKind, variables: Mapping[str, object]) -> str:
        """Sets a text message; raises as `email` does."""
        words = self._words[str(variables["language"]), kind]
        return _line("".join(words.blocks["sms"](words.new_context(dict(variables)))))


@cache
def shipped() -> Templates:
    """Returns the product's own templates, compiled once in a process."""
    return Templates()


def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        {
            **{name: partial(_part, name) for name in ("heading", "button", "link", "signed")},
            "lines": lambda lines: _part("lines", *lines),
            "points": lambda points: _part("points", *points),
        }
    )
    return environment


def _part(*texts: str) -> str:
    return _PART + _FIELD.join(texts)


def _blocks(words: str) -> list[Block]:
    chunks = (chunk.strip(" \n") for chunk in _BLANK_LINE.split(words))
    return [_block(chunk) for chunk in chunks if chunk]


def _block(chunk: str) -> Block:
    if chunk.startswith(_PART):
        return tuple(chunk[1:].split(_FIELD))
    return ("paragraph", _line(chunk))


def _line(words: str) -> str:
    return " ".join(words.split())


def _version(folder: Path, kind: MessageKind) -> str:
    words = hashlib.sha256()
    for name in (f"{kind}.jinja", "base.jinja", "sentences.toml"):
        words.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return f"{kind}.{folder.name}.{words.hexdigest()[:12]}"
