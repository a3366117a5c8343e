"""By what names systems upstream may go."""

from shared.contract.events.blank_text import hides_something, is_blank

OUR_OWN = "/notyet/"
"""Begins the names of our own services as sources."""

LONGEST_SOURCE = 300
NO_SOURCE = f"Name the source in 1 to {LONGEST_SOURCE} printable characters, not as {OUR_OWN}…"


def is_source(name: str) -> bool:
    """Tells whether a system upstream may go by that name; two that look alike are not two."""
    fits = name.strip() == name and len(name) <= LONGEST_SOURCE and not is_blank(name)
    return fits and not hides_something(name.replace(" ", "")) and not name.startswith(OUR_OWN)
