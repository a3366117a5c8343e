"""Sends rejections in batches, patiently: an intake that is away is waited for."""

import json
from collections.abc import Sequence
from typing import Any

import httpx
import stamina

from shared.contract.events.cloudevents import Fault

TRIES = 8
SECONDS = 45.0


class NotAccepted(Exception):
    """Nothing can be sent; the text is one line that says what to do."""


class Busy(Exception):
    """The other side is away, and may be back in a while."""


class BatchClient:
    """Posts batches with one API key."""

    def __init__(self, url: str, key: str) -> None:
        self._url = f"{url.rstrip('/')}/v1/rejections/batch"
        self._client = httpx.Client(timeout=60, headers={"authorization": f"Bearer {key}"})

    def send(self, batch: Sequence[dict[str, Any]]) -> list[list[Fault]]:
        """Returns what was refused of each; raises NotAccepted when nothing can be sent at all."""
        body = "\n".join(json.dumps(item) for item in batch).encode()
        faults: list[list[Fault]] = [[] for _ in batch]
        try:
            answer = self._answer(body)
        except (Busy, httpx.TransportError):
            raise NotAccepted(
                f"{self._url} does not answer. Start it and run the same command again: "
                "what is recorded already is not recorded twice"
            ) from None
        for item in answer["items"]:
            faults[item["index"]] = [Fault(**fault) for fault in item.get("errors", ())]
        return faults

    def _answer(self, body: bytes) -> dict[str, Any]:
        # Not as a decorator: what retries would be told, and log, the people in the body.
        for attempt in stamina.retry_context(
            on=(Busy, httpx.TransportError), attempts=TRIES, timeout=SECONDS
        ):
            with attempt:
                answer = self._post(body)
        return answer

    def _post(self, body: bytes) -> dict[str, Any]:
        headers = {"content-type": "application/x-ndjson"}
        response = self._client.post(self._url, content=body, headers=headers)
        if response.status_code in (429, 502, 503, 504):
            raise Busy
        try:
            answer: dict[str, Any] = response.json()
        except ValueError:
            raise NotAccepted(f"{self._url} is not Not Yet's intake: check --url") from None
        if response.status_code not in (202, 422) or "items" not in answer:
            raise NotAccepted(f"{answer.get('title', 'Refused')}: {answer.get('detail', '')}")
        return answer
