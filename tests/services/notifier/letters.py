"""What the tests of the words share."""

import re
from functools import cache

from services.notifier.rendering.renderer import Employer, Renderer
from shared.runtime.links import Links

LINKS = Links("k" * 43, "https://talent.northwind.example")
NORTHWIND = Employer(
    name="Northwind Clinics",
    postal_address="Elbchaussee 12, 20457 Hamburg, Germany",
    country="DE",
    time_zone="Europe/Berlin",
)

_LINK = re.compile(r"https://talent\.northwind\.example/(.)/(\S+)")


@cache
def renderer() -> Renderer:
    return Renderer(LINKS, NORTHWIND)


def without_tokens(text: str) -> str:
    """Replaces the links of ours, whose tokens differ from message to message."""
    return _LINK.sub(r"<\1>", text)


def token(text: str, path: str) -> str:
    """Returns the token of the first link of ours under that path."""
    return next(match[2] for match in _LINK.finditer(text) if match[1] == path)
