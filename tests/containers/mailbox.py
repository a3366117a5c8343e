"""What arrived at Mailpit, noted in the history of a run as the campaign's mail server notes it."""

import asyncio
import re
from contextlib import suppress
from datetime import datetime
from typing import Any

import httpx

from deploy.local.sink.mailbox import Received
from tests.faults.history import History

_MESSAGE_ID = re.compile(r"^Message-ID: <([^@>]+)@", re.IGNORECASE | re.MULTILINE)
MOST = 100_000


class Mailbox:
    def __init__(self, url: str, http: httpx.AsyncClient, history: History) -> None:
        self.accepted: list[Received] = []
        self._url = f"{url}/api/v1"
        self._http = http
        self._history = history
        self._seen: set[str] = set()

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        while True:
            with suppress(httpx.HTTPError):
                await self.look()
            await asyncio.sleep(0.5)

    async def look(self) -> None:
        """Takes in what is new."""
        answer = await self._http.get(f"{self._url}/messages", params={"limit": MOST})
        told: list[dict[str, Any]] = answer.raise_for_status().json()["messages"]
        new = [message for message in told if message["ID"] not in self._seen]
        for message in sorted(new, key=lambda it: it["Created"]):
            answer = await self._http.get(f"{self._url}/message/{message['ID']}/raw")
            raw = answer.raise_for_status().text
            self._seen.add(message["ID"])
            for to in message["To"]:
                self._take(to["Address"], raw, message["Created"])

    def _take(self, to: str, raw: str, created: str) -> None:
        at = [datetime.fromisoformat(created).timestamp()]
        facts = {"to": to, "size": len(raw), "rcpt_at": at, "data_at": at}
        if found := _MESSAGE_ID.search(raw):
            facts["message"] = found[1]
        self._history.note("mail", end="accepted", **facts)
        number = len(self.accepted) + 1
        self.accepted.append(Received(number, "email", "", to, raw, created, created))
