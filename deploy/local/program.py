"""What has to be typed for the command that runs."""

import sys
from pathlib import Path


def program() -> str:
    """Returns `notyet` as it was typed, such as `.venv/bin/notyet`."""
    typed = sys.argv[0]
    return typed if Path(typed).name == "notyet" else "notyet"
