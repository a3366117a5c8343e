"""Tokens that a system makes: never on a command line, which other processes can read."""

import sys

import typer

from shared.runtime.command_line import errors

LONGEST = 4000


def given_token() -> str:
    """Returns the token that is typed unseen, or comes from stdin."""
    if sys.stdin.isatty():
        given = str(typer.prompt("Token", hide_input=True, default="", show_default=False))
    else:
        given = sys.stdin.read(LONGEST + 1)
    token = given.strip()
    if not (token.isascii() and token.isprintable() and 1 <= len(token) <= LONGEST):
        errors.print("Give the token as the system shows it, as one line on stdin")
        raise typer.Exit(2)
    return token
