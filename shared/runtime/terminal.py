"""The only way to an operator's screen: what is printed there is text, whoever wrote it.

Titles, notes, reasons and file names come from outside. Rich would read `[bold]` in them, and a
terminal the escape sequences and the marks that turn a line's direction; one line would look like
two. Each string is therefore taken as it stands, in one line, with a mark for what cannot be shown.
"""

from typing import Any

import typer
from rich.console import Console  # noqa: TID251 - everybody else has the one below
from rich.text import Text  # noqa: TID251 - which styled() makes for everybody else

UNSHOWN = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """Returns a text as one line that a terminal can do nothing with but show it."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else UNSHOWN


class Terminal(Console):
    """Prints strings, and those in tables, as they stand; only what is `styled` has a style."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """Does what Rich does with every string that it is given, of a text that is plain."""
        return super().render_str(plain(text), **options)


def styled(*parts: str | tuple[str, str]) -> Text:
    """Returns plain text, of which the parts that come with a style have it."""
    return Text.assemble(
        *(plain(part) if isinstance(part, str) else (plain(part[0]), part[1]) for part in parts)
    )


def tell(*lines: str, to_stderr: bool = False) -> None:
    """Prints lines of any length as they are, for programs and for lists."""
    for line in lines:
        typer.echo(plain(line), err=to_stderr)  # noqa: TID251 - everybody else has this
