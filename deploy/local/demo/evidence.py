"""What a play leaves behind, by which its promises are judged and its story is told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from deploy.local.demo.album import Album
from deploy.local.demo.personas import Application, Person

Message = dict[str, Any]
"""One as the sink received it."""
Case = TypeVar("Case")


@dataclass(frozen=True)
class Evidence:
    """Who took part, what arrived, and what was seen on the pages."""

    applications: Sequence[Application]
    taken_back: Person
    erased: Person
    erased_at: datetime
    ended_at: datetime
    messages: Sequence[Message]
    kinds: Mapping[str, str]
    """Why each message was written, by its id; nothing of those to somebody who was erased."""
    album: Album

    def to(self, person: Person) -> list[Message]:
        return [m for m in self.messages if m["to"] in (person.email, person.phone)]

    def kind(self, message: Message) -> str | None:
        return self.kinds.get(message_id(message))


@dataclass(frozen=True)
class PromiseCheck:
    promise: str
    checked: int
    broken: list[str]


def judge(promise: str, cases: Iterable[Case], fails: Callable[[Case], str | None]) -> PromiseCheck:
    """Checks a promise in every case; `fails` says how one breaks it."""
    found = [fails(case) for case in cases]
    return PromiseCheck(promise, len(found), [fault for fault in found if fault])


def message_id(message: Message) -> str:
    """Returns by what the notifier knows a message: it says so to the servers that carry it."""
    headers: dict[str, str] = dict(message["headers"])
    if callback := headers.get("StatusCallback"):
        return parse_qs(urlsplit(callback).query)["message"][0]
    return headers["Message-ID"].strip("<>").partition("@")[0]
