"""Secrets and tokens that a system makes: never on a command line, which others can read."""

import sys

import typer

from shared.runtime.command_line import errors

SHOWN_IF_GIVEN = "(the one that you gave)"
LONGEST = 4000


def given_secret(what: str = "Secret") -> str:
    """Returns the secret that is typed unseen, or comes from stdin; several with a space between.

    Some systems sign each kind of hook with another.
    """
    if sys.stdin.isatty():
        given = typer.prompt(what, hide_input=True, default="", show_default=False)
    else:
        given = sys.stdin.read(LONGEST + 1)
    secret = " ".join(given.split())
    if not (1 <= len(secret) <= LONGEST and secret.isascii() and secret.isprintable()):
        errors.print(f"Give the {what.lower()} as the system shows it, as one line on stdin")
        raise typer.Exit(2)
    return secret
