"""Stands in for the API of a system: it answers, and fails, as the test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.intake.deliveries import api_client
from tests.serving import serving


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """How long it takes to come."""
    promised: int | None = None
    """How long it says that it is, where that is not true."""

    def written(self) -> bytes:
        length = len(self.body) if self.promised is None else self.promised
        lines = [f"HTTP/1.1 {self.status} -", f"content-length: {length}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += ["connection: close", "", ""]
        return "\r\n".join(lines).encode() + self.body


def page(body: Any) -> Answer:
    return Answer(body=json.dumps(body).encode())


NOTHING = Answer(404, b"{}")
LATE = Answer(seconds=1.0)
"""Comes after nobody waits for it any more, where they are impatient."""


@contextmanager
def impatient_with(answer: Answer) -> Iterator[None]:
    """Has an answer that is late waited for briefly, and none that may take its time."""
    with pytest.MonkeyPatch.context() as patch:
        if answer.seconds:
            patch.setattr(api_client, "SECONDS", answer.seconds / 2)
        yield


@dataclass
class StandIn:
    """Answers each path with what stands there, the first first and the last for good."""

    url: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """The paths that were asked for, with their headers."""
    bodies: list[bytes] = field(default_factory=list)
    """What was posted with each."""

    def says(self, path: str, *answers: Answer) -> None:
        self.answers[path] = list(answers)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        path = first.split(" ")[1]
        headers = {name.lower(): value for name, value in (each.split(": ", 1) for each in lines)}
        self.bodies.append(await reader.readexactly(int(headers.get("content-length", "0"))))
        self.asked.append((path, headers))
        waiting = self.answers.get(path, [NOTHING])
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        await asyncio.sleep(answer.seconds)
        writer.write(answer.written())
        writer.close()

    async def until(self, path: str, calls: int) -> None:
        """Waits for so many calls of a path."""
        async with asyncio.timeout(30):
            while self.paths.count(path) < calls:
                await asyncio.sleep(0.01)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@asynccontextmanager
async def standing_in() -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    async with serving(stand_in.answer) as stand_in.url:
        yield stand_in
