"""The people and machines behind the addresses: they answer, unsubscribe, say STOP, or only look.

Each choice is made from the message's id, so that the same run has the same people.
"""

import asyncio
import hashlib
import random
from time import time
from typing import Any, Protocol

import httpx

from deploy.local.demo.recipients import SinkClient, decide, link_in, press
from deploy.local.sink.mailbox import Received
from deploy.local.sink.parsing import as_json
from services.intake.webhooks.sms.twilio_signature import signature
from tests.faults.history import History

AT_ONCE = 4
CONSENTS = ["similar_opening", "when_qualified", "now_and_then"]


class Mails(Protocol):
    """Whatever takes in mail."""

    accepted: list[Received]


class Twilio:
    """Calls our webhook as Twilio does, or as a forger would."""

    def __init__(self, http: httpx.AsyncClient, intake_url: str, auth_token: str) -> None:
        self._http = http
        self._url = f"{intake_url}/v1/twilio/inbound"
        self._token = auth_token

    async def deliver(self, phone: str, text: str, sid: str, *, forged: bool = False) -> int:
        form = {"MessageSid": sid, "From": phone, "To": "+15005550006", "Body": text}
        token = "somebody else's" if forged else self._token
        signed = {"X-Twilio-Signature": signature(token, self._url, form.items())}
        return (await self._http.post(self._url, data=form, headers=signed)).status_code


class Audience:
    """Reads what arrives while the run lasts."""

    def __init__(
        self,
        mail: Mails,
        sink: SinkClient,
        http: httpx.AsyncClient,
        twilio: Twilio,
        history: History,
    ) -> None:
        self._mail = mail
        self._sink = sink
        self._http = http
        self._twilio = twilio
        self._history = history
        self._read = 0
        self._places = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                for message in await self._new():
                    await self._places.acquire()
                    task = tasks.create_task(self._react(message))
                    task.add_done_callback(lambda _: self._places.release())
                await asyncio.sleep(0.5)

    async def _new(self) -> list[dict[str, Any]]:
        mails = self._mail.accepted[self._read :]
        self._read += len(mails)
        try:
            texts = await self._sink.new()
        except httpx.HTTPError:
            texts = []
        return [*map(as_json, mails), *texts]

    async def _react(self, message: dict[str, Any]) -> None:
        digest = hashlib.sha256(f"{message['to']} {message['subject']}".encode()).digest()
        chance = random.Random(digest)
        did, began = self._choose(chance.random(), message), time()
        try:
            result = await self._do(did, message)
        except httpx.ConnectError:
            result = "failed"
        except (httpx.HTTPError, ValueError):
            result = "unknown"
        self._history.note("answered", to=message["to"], did=did, began=began, result=result)

    def _choose(self, chance: float, message: dict[str, Any]) -> str:
        if link_in(message, "s"):
            return "decide"
        if message["channel"] == "sms":
            return "STOP" if chance < 0.3 else "yes" if chance < 0.6 else "look"
        bounds = {"yes": 0.3, "no": 0.36, "unsubscribe": 0.4, "look": 0.6, "ignore": 1.0}
        return next(name for name, bound in bounds.items() if chance <= bound)

    async def _do(self, did: str, message: dict[str, Any]) -> str:
        url = link_in(message, "c") or ""
        if did == "decide":
            await decide(self._http, link_in(message, "s") or "", approve=2)
        elif did == "STOP":
            sid = f"SM-stop-{message['to']}"
            return str(await self._twilio.deliver(message["to"], "STOP", sid))
        elif did == "unsubscribe":
            return await self._unsubscribe(message)
        elif did in ("yes", "no") and url:
            return await self._answer(did, url, message["channel"])
        elif did == "look":
            await look(self._http, message)
        return "ok"

    async def _answer(self, did: str, url: str, channel: str) -> str:
        if did == "no":
            pressed = await press(self._http, url, "hat_no")
        else:
            pressed = await press(
                self._http, url, "hat_yes", purpose=CONSENTS, channel=channel, months="24"
            )
        return "ok" if pressed else "not offered"

    async def _unsubscribe(self, message: dict[str, Any]) -> str:
        url = dict(message["headers"]).get("List-Unsubscribe", "").strip("<>")
        if not url:
            return "not offered"
        answer = await self._http.post(url, data={"List-Unsubscribe": "One-Click"})
        return "ok" if answer.is_success else "unknown"


async def look(http: httpx.AsyncClient, message: dict[str, Any]) -> int:
    """Opens every link as scanners do, with HEAD and GET; returns how many there were."""
    one_click = dict(message["headers"]).get("List-Unsubscribe", "").strip("<>")
    urls = [link_in(message, "c"), link_in(message, "s"), one_click]
    for url in filter(None, urls):
        await http.head(url)
        await http.get(url)
    return len([url for url in urls if url])
