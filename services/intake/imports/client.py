"""Sends rejections in batches, patiently: an intake that is away is waited for."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import stamina

from services.intake.api.routes import LARGEST
from services.intake.applicants.domain.outcomes import EventOutcome
from services.intake.imports.run import NotAccepted, RowOutcome
from shared.contract.events.details import Fault

TRIES = 8
SECONDS = 45.0
MOST_BYTES = 4 * 1024 * 1024
"""In one request; what a row posts is at most LARGEST of it."""

_TOO_LARGE = RowOutcome(
    faults=[Fault("line", f"shorten it: it is larger than {LARGEST // 1024} KiB")]
)


class Busy(Exception):
    """The other side is away, and may be back in a while."""


class BatchClient:
    """Posts batches with one API key."""

    def __init__(self, url: str, key: str) -> None:
        self._url = f"{url.rstrip('/')}/v1/rejections/batch"
        self._client = httpx.Client(timeout=60, headers={"authorization": f"Bearer {key}"})

    def send(self, batch: Sequence[dict[str, Any]]) -> list[RowOutcome]:
        """Returns what became of each; raises NotAccepted when nothing can be sent at all."""
        bodies = [json.dumps(item).encode() for item in batch]
        answers = [_TOO_LARGE if len(body) > LARGEST else None for body in bodies]
        small = [number for number, answer in enumerate(answers) if answer is None]
        for numbers in _parts(small, bodies):
            posted = self._posted(b"\n".join(bodies[number] for number in numbers))
            for number, answer in zip(numbers, posted, strict=True):
                answers[number] = answer
        return [answer or RowOutcome() for answer in answers]

    def _posted(self, body: bytes) -> list[RowOutcome]:
        try:
            answer = self._answer(body)
        except (Busy, httpx.TransportError):
            raise NotAccepted(
                f"{self._url} does not answer. Start it and run the same command again: "
                "what is recorded already is not recorded twice"
            ) from None
        return [
            RowOutcome(
                item.get("outcome", EventOutcome.RECORDED),
                [Fault(**fault) for fault in item.get("errors", ())],
                [Fault(part["field"], part["why"]) for part in item.get("leftOut", ())],
            )
            for item in answer["items"]
        ]

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


def _parts(numbers: Sequence[int], bodies: Sequence[bytes]) -> Iterator[list[int]]:
    """Parts a batch into requests that are not too large."""
    part: list[int] = []
    size = 0
    for number in numbers:
        if part and size + len(bodies[number]) > MOST_BYTES:
            yield part
            part, size = [], 0
        part.append(number)
        size += len(bodies[number]) + 1
    if part:
        yield part
