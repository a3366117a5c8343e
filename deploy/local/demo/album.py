"""The pages that people opened behind the links in their messages, kept as they looked then."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import httpx

from deploy.local.demo.recipients import forms_of


@dataclass(frozen=True)
class Sight:
    """A page as somebody saw it: as they opened it, or what followed when they pressed a button."""

    at: datetime
    pressed: str | None
    html: str

    @property
    def buttons(self) -> dict[str, str]:
        """What could be pressed here, and what was written on it."""
        return {name: label for form in forms_of(self.html) for name, label in form.buttons.items()}


@dataclass
class Album:
    """Keeps what an HTTP client was shown, by the message that its reader had in hand."""

    now: Callable[[], datetime]
    _sights: dict[int, list[Sight]] = field(default_factory=dict)
    _reading: list[Sight] = field(default_factory=list)

    def read(self, message: dict[str, Any]) -> None:
        """Says which message's links are opened from now on."""
        self._reading = self._sights.setdefault(message["id"], [])

    async def keep(self, response: httpx.Response) -> None:
        """Keeps what a client was answered, if it is a page; a client calls it with each answer."""
        if not response.headers.get("content-type", "").startswith("text/html"):
            return
        await response.aread()
        sent = parse_qs((await response.request.aread()).decode())
        self._reading.append(Sight(self.now(), sent.get("do", [None])[0], response.text))

    def of(self, message: dict[str, Any]) -> list[Sight]:
        """Returns the pages that were opened from a message, in their order."""
        return self._sights.get(message["id"], [])


def once_each(sights: Iterable[Sight]) -> Iterator[Sight]:
    """Leaves out pages that were opened again, and what followed the same button once more."""
    shown: set[str | None] = set()
    for sight in sights:
        if sight.pressed not in shown:
            shown.add(sight.pressed)
            yield sight
