"""Says what upstream systems say, by Kafka, HTTP and hooks at once, and notes what became of it.

An ask is `ok` when it was acknowledged, `failed` when nothing can have come of it, and else
`unknown`. Most of what is not acknowledged is sent again under the same id, as a sender should.
"""

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic, time
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.contract.topics import APPLICATIONS, VACANCIES
from tests.faults import vendor
from tests.faults.ask import Ask, Door
from tests.faults.history import History
from tests.faults.poison import MOMENTS, RECORDS

AT_ONCE: dict[Door, int] = {"kafka": 100, "http": 16, "hook": 16}
TRIES = 12

Try = list[Any]
"""When it began, how it was answered, and the Retry-After."""


class Load:
    def __init__(
        self,
        kafka: str,
        doors: Sequence[str],
        api_keys: Mapping[str, str],
        history: History,
        seed: int,
    ) -> None:
        """`api_keys` are those of the sources that say something."""
        self._kafka = kafka
        self._doors = doors
        self._history = history
        self._chance = random.Random(seed)
        self._api_keys = api_keys
        self._http = httpx.AsyncClient(timeout=15)
        self._producer: AIOKafkaProducer | None = None
        self._stopping: set[asyncio.Task[None]] = set()
        self._making = asyncio.Lock()

    async def run(self, asks: Sequence[Ask], seconds: float) -> None:
        """Sends all of them, spread evenly over that time; returns when each has its end.

        The doors do not wait for each other: HTTP goes on while the broker is away.
        """
        async with asyncio.TaskGroup() as lanes:
            for door, at_once in AT_ONCE.items():
                lane = [ask for ask in asks if ask.door == door]
                lanes.create_task(self._run_lane(lane, seconds, at_once))

    async def _run_lane(self, asks: Sequence[Ask], seconds: float, at_once: int) -> None:
        began, places = monotonic(), asyncio.Semaphore(at_once)
        async with asyncio.TaskGroup() as tasks:
            for number, ask in enumerate(asks):
                due = began + seconds * number / len(asks)
                await asyncio.sleep(max(0.0, due - monotonic()))
                await places.acquire()
                task = tasks.create_task(self.say(ask))
                task.add_done_callback(lambda _: places.release())

    async def say(self, ask: Ask, tries: int | None = None) -> str:
        """Sends one ask until it is acknowledged, or given up; notes and returns its end."""
        most = tries or (TRIES if self._chance.random() < 0.9 else 1)
        way = {"kafka": self._publish, "http": self._post, "hook": self._call}[ask.door]
        told: list[Try] = []
        while True:
            began = time()
            end, answer = await way(ask)
            told.append([began, *answer])
            if end in ("ok", "refused") or len(told) == most:
                break
            await asyncio.sleep(min(0.2 * 2 ** len(told), 3))
        result = _result(end, told)
        self._history.note(
            "asked",
            id=ask.event_id,
            what=ask.what,
            door=ask.door,
            person=ask.person,
            application=ask.application,
            source=ask.source,
            time=ask.time,
            result=result,
            tries=told,
        )
        return result

    async def say_with_key(self, ask: Ask, key: str) -> tuple[int, str]:
        """Posts an ask once under an Idempotency-Key; returns how it was answered."""
        path, body = _request(ask)
        headers = self._signed(ask) | {"Idempotency-Key": key}
        answer = await self._http.post(f"{self._doors[0]}{path}", json=body, headers=headers)
        return answer.status_code, answer.text

    async def stop(self) -> None:
        await self._http.aclose()
        await self._drop(self._producer)
        with suppress(TimeoutError):
            async with asyncio.timeout(30):
                await asyncio.gather(*self._stopping, return_exceptions=True)

    async def _post(self, ask: Ask) -> tuple[str, Try]:
        path, body = _request(ask)
        return await self._knock(path, json=body, headers=self._signed(ask))

    async def _call(self, ask: Ask) -> tuple[str, Try]:
        path, headers, body = vendor.call(ask)
        return await self._knock(path, content=body, headers=headers)

    async def _knock(self, path: str, **request: Any) -> tuple[str, Try]:
        door = self._chance.choice(self._doors)
        try:
            answer = await self._http.post(f"{door}{path}", **request)
        except httpx.ConnectError:
            return "not begun", ["refused", None]
        except httpx.HTTPError:
            return "lost", ["lost", None]
        end = {2: "ok", 4: "refused"}.get(answer.status_code // 100, "lost")
        return end, [answer.status_code, answer.headers.get("retry-after")]

    def _signed(self, ask: Ask) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._api_keys[ask.source]}"}

    async def _publish(self, ask: Ask) -> tuple[str, Try]:
        topic, headers, value = _record(ask)
        producer = None
        try:
            async with asyncio.timeout(20):
                producer = await self._started()
                await producer.send_and_wait(
                    topic, value=value, key=ask.key.encode(), headers=headers
                )
        except (KafkaError, OSError, TimeoutError) as error:
            await self._drop(producer)
            return ("lost" if producer else "not begun"), [type(error).__name__, None]
        return "ok", ["stored", None]

    async def _started(self) -> AIOKafkaProducer:
        async with self._making:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._kafka, acks="all", request_timeout_ms=5000
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer

    async def _drop(self, producer: Any) -> None:
        if producer is None:
            return
        if self._producer is producer:
            self._producer = None
        # It hands over what it holds before it ends, and cannot while the broker is away.
        stopping = asyncio.create_task(producer.stop(), name="producer that ends")
        self._stopping.add(stopping)
        await asyncio.wait([stopping], timeout=5)


def _result(end: str, told: Sequence[Try]) -> str:
    """What a later try was told says nothing of an earlier one that was lost."""
    if end == "ok":
        return "ok"
    nothing = all(answer == "refused" or answer in range(400, 500) for _, answer, _ in told)
    return "failed" if nothing else "unknown"


def _request(ask: Ask) -> tuple[str, dict[str, Any]]:
    if ask.type in MOMENTS:
        return "/v1/rejections", json.loads(MOMENTS[ask.type][1] or b"")
    if ".vacancy." in ask.type:
        return "/v1/vacancies", {**ask.data, "event": ask.what}
    if ask.what == "rejected" and (ask.person or 0) % 2:
        return "/v1/rejections", {**ask.data, "id": ask.event_id}
    envelope = {
        "specversion": "1.0",
        "id": ask.event_id,
        "source": ask.source,
        "type": ask.type,
        "time": ask.time.isoformat(),
        "data": ask.data,
    }
    return "/v1/events", envelope


def _record(ask: Ask) -> tuple[str, list[tuple[str, bytes]], bytes | None]:
    if ask.type in RECORDS:
        headers, value = RECORDS[ask.type]
        return APPLICATIONS.name, headers, value
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", ask.event_id.encode()),
        ("ce_source", ask.source.encode()),
        ("ce_type", ask.type.encode()),
        ("ce_time", ask.time.isoformat().encode()),
        ("content-type", b"application/json"),
    ]
    topic = VACANCIES if ".vacancy." in ask.type else APPLICATIONS
    return topic.name, headers, json.dumps(ask.data).encode()
