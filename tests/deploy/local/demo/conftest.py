"""A play of one moment: two people, a few messages, and the pages behind their links."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from deploy.local.demo.album import Album
from deploy.local.demo.evidence import Evidence, Message
from deploy.local.demo.personas import NURSE, Application, Person

TUESDAY_NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)
ADA = Person(1, "Ada", "Moreno", "Europe/Vienna", "AT")
BEN = Person(2, "Ben", "Okafor", "Europe/Vienna", "AT")


@dataclass
class Play:
    """Makes evidence, bad or good, as a test wants it."""

    applications: list[Application] = field(
        default_factory=lambda: [
            Application(ADA, NURSE, "not_yet"),
            Application(BEN, NURSE, "no"),
        ]
    )
    messages: list[Message] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    album: Album = field(default_factory=lambda: Album(lambda: TUESDAY_NOON))
    taken_back: Person = field(default=Person(3, "Cara", "Kiss", None, None))
    _numbers: Any = field(default_factory=lambda: count(1))

    def send(
        self, kind: str, to: str, text: str = "", *, at: datetime = TUESDAY_NOON, subject: str = ""
    ) -> Message:
        number = next(self._numbers)
        self.kinds[f"m-{number}"] = kind
        message = {
            "id": number,
            "channel": "email" if "@" in to else "sms",
            "to": to,
            "received_at": at.isoformat(),
            "subject": subject or f"A {kind}",
            "text": text,
            "html": f'<!doctype html><html><head></head><body title="x">{text}</body></html>',
            "headers": [("Message-ID", f"<m-{number}@example.com>")],
        }
        self.messages.append(message)
        return message

    async def open(self, message: Message, html: str, pressed: str | None = None) -> None:
        """Has the reader of a message see a page, which a press of a button may have led to."""
        self.album.read(message)
        url = "http://intake/c/token"
        request = httpx.Request("GET", url)
        if pressed:
            request = httpx.Request("POST", url, data={"do": pressed})
        await self.album.keep(httpx.Response(200, html=html, request=request))

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            applications=self.applications,
            taken_back=self.taken_back,
            erased=Person(4, "Dan", "Berg", None, None),
            erased_at=TUESDAY_NOON,
            ended_at=TUESDAY_NOON + timedelta(days=30),
            messages=self.messages,
            kinds=self.kinds,
            album=self.album,
        )


@pytest.fixture
def play() -> Play:
    return Play()
