"""Secrets that a system makes itself: never on a command line, which other processes can read."""

import sys

import typer

from shared.runtime.command_line import errors

SHOWN_IF_GIVEN = "(the one that you gave)"
LONGEST = 4000


def given_secret() -> str:
    """Returns the secret that is typed unseen, or comes from stdin; several with a space between.

    Some systems sign each kind of hook with another.
    """
    if sys.stdin.isatty():
        given = typer.prompt("Secret", hide_input=True, default="", show_default=False)
    else:
        given = sys.stdin.read(LONGEST + 1)
    secret = " ".join(given.split())
    if not (1 <= len(secret) <= LONGEST and secret.isprintable()):
        errors.print("Give the secret as the system shows it, as one line on stdin")
        raise typer.Exit(2)
    return secret
