"""Times as they are written on the command line."""

import re
from datetime import timedelta

import typer

UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DURATION = re.compile(r"([1-9][0-9]{0,3})([hdw])")


def duration(text: str) -> timedelta:
    """Reads a time such as `2d`."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise typer.BadParameter("write hours, days or weeks, such as 36h, 2d or 1w")
    return int(found[1]) * UNITS[found[2]]
