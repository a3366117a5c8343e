"""The way of a message from the table to the other side.

    claim -> policy -> words -> the channel: envelope -> policy again, commit the attempt -> body

The claims are taken by one job, as many as there is room for on each channel; each message then
goes its way in a task of its own, so that a slow server holds up only its own messages. Whatever
happens on the way ends in a settlement. A process that dies instead leaves a lease to run out:
before the attempt the message is simply claimed again, after it nobody can know, and it becomes
uncertain.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import stamina
import structlog
from aiolimiter import AsyncLimiter

from services.notifier.channels import Carrier, Parcel
from services.notifier.circuit_breaker import CircuitBreakers
from services.notifier.domain import (
    Backoff,
    Because,
    Conditions,
    Content,
    Refusal,
    Rendered,
    Route,
    SendResult,
    SendStatus,
    Settlement,
    after_refusal,
    after_try,
    unreadable,
)
from services.notifier.metrics import MessageMetrics
from services.notifier.send_queue import SendQueue
from services.notifier.store.sending import Attempt, ClaimedMessage, UnreadableMessage
from shared.contract.events.people import Channel
from shared.runtime.clock import Clock
from shared.runtime.postgres import UNAVAILABLE

_log = structlog.get_logger()

Words = Callable[[Content, datetime], Rendered]

LOOK_SECONDS = 1.0
"""How often to look for what keeps everything from leaving, as long as nothing does."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once, how fast, and how long between tries."""

    at_once: int
    per_second: int
    backoff: Backoff

    @property
    def room(self) -> int:
        """No more is claimed than can leave well before the lease runs out."""
        return min(self.at_once, self.per_second)


class Dispatcher:
    """Sends what is due."""

    def __init__(
        self,
        queue: SendQueue,
        caught_up: Callable[[], Awaitable[bool]],
        carriers: Mapping[Channel, Carrier],
        words: Words,
        clock: Clock,
        pace: Pace,
        metrics: MessageMetrics,
        breakers: CircuitBreakers,
    ) -> None:
        self._queue = queue
        self._caught_up = caught_up
        self._carriers = carriers
        self._words = words
        self._clock = clock
        self._pace = pace
        self._metrics = metrics
        self._breakers = breakers
        self._conditions = Conditions(known_until=None, obstacle=Because.RECIPIENTS_STALE)
        self._look_at = 0.0
        self._limiter = AsyncLimiter(pace.per_second, 1)
        self._under_way: set[asyncio.Task[None]] = set()
        self._carried: Counter[Channel] = Counter()
        """How many of them go over each channel."""
        self._crowded = False
        """Whether more may wait than there was room for."""
        self.on_room: Callable[[], None] = lambda: None
        """Called when there is room again for a message that may wait for it."""

    async def send_due(self, now: datetime) -> bool:
        """Starts as many due messages as there is room for.

        What may go over a channel that is full waits, also where it may go over another; so does
        what is found to go over one that is paused. Only a look at its recipient tells that.
        """
        most = self._pace.room
        spare = most * len(self._carriers) - len(self._under_way)
        left = {way: min(spare, most - self._carried[way]) for way in self._carriers}
        full = {way for way, room in left.items() if room <= 0}
        self._crowded = bool(full)
        if full == set(left) or not await self._caught_up() or await self._obstructed():
            return False
        channels = self._breakers.closed(set(left) - full - self._conditions.held)
        if not channels:
            return False
        room = min(left[way] for way in channels)
        claims = await self._queue.claim(now, room, channels, full, self._breakers.paused)
        self._crowded |= len(claims) == room
        for claim in claims:
            task = asyncio.create_task(self._deliver(claim))
            self._under_way.add(task)
            task.add_done_callback(self._gone)
        return False

    async def sweep(self, now: datetime) -> bool:
        """Ends what is past its time, once it is known what had ended before."""
        return await self._caught_up() and await self._queue.sweep(now)

    async def stop(self) -> None:
        """Waits for what is under way; the rest of the claims passes to others by itself."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=10)
        for task in self._under_way:
            task.cancel()
        for carrier in self._carriers.values():
            await carrier.close()

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if self._crowded:
            self.on_room()
        error = None if task.cancelled() else task.exception()
        if error:
            _log.error("message.delivery_broke", error=type(error).__name__)

    async def _obstructed(self) -> bool:
        """Looks anew as long as something is in the way, else now and then.

        That spares claims which could lead nowhere; each message is checked by what is known then.
        """
        stands = self._conditions
        if stands.obstacle or stands.held or time.monotonic() > self._look_at:
            stands = self._conditions = await self._queue.conditions()
            self._look_at = time.monotonic() + LOOK_SECONDS
            for because in (Because.RECIPIENTS_STALE, Because.CLOCK_DOUBTFUL, Because.ON_HOLD):
                self._metrics.obstructed.labels(because).set(stands.obstacle == because)
        return stands.obstacle is not None

    async def _deliver(self, claim: ClaimedMessage | UnreadableMessage) -> None:
        """Brings one message to a settlement."""
        now = self._clock.now()
        if isinstance(claim, UnreadableMessage):
            await self._settle(unreadable(claim.message_id, claim.lease_token, now))
            return
        route = self._queue.evaluate(claim, now)
        if isinstance(route, Refusal):
            await self._settle(after_refusal(claim.message, route, now))
            return
        if not self._breakers.closed([route.channel]):
            paused = SendResult(SendStatus.AWAY, Because.CHANNEL_PAUSED)
            await self._settle(self._after(claim, route, "", paused))
            return
        self._carried[route.channel] += 1
        try:
            with self._breakers.trying(route.channel):
                settlement = await self._try(claim, route, now)
            await self._settle(settlement)
        finally:
            self._carried[route.channel] -= 1

    async def _settle(self, settlement: Settlement) -> None:
        """Writes how it went, for as long as that takes."""
        async for attempt in stamina.retry_context(on=UNAVAILABLE, attempts=None, timeout=120):
            with attempt:
                await self._queue.settle(settlement)

    async def _try(self, claim: ClaimedMessage, route: Route, now: datetime) -> Settlement:
        message = claim.message
        words = self._worded(self._content(claim, route), now)
        if words is None:
            failed = SendResult(SendStatus.DEFERRED, Because.RENDERING_FAILED)
            return self._after(claim, route, "", failed)
        name = route.recipient.name.display
        parcel = Parcel(
            message.message_id,
            message.recipient_id,
            name,
            route.address,
            words,
            now,
            claim.replies_to,
        )
        async with self._limiter:
            result = await self._carry(Attempt(message, route, words), parcel)
        if isinstance(result, Refusal):
            return after_refusal(message, result, self._clock.now())
        return self._after(claim, route, words.wording_version, result)

    def _content(self, claim: ClaimedMessage, route: Route) -> Content:
        knows = self._queue.knows_how_to_stop(claim.message, route)
        return claim.message.content(
            route.recipient,
            route.channel,
            route.address,
            claim.replies_to,
            knows_how_to_stop=knows,
        )

    def _worded(self, content: Content, now: datetime) -> Rendered | None:
        try:
            return self._words(content, now)
        except Exception as error:  # noqa: BLE001 - a template may raise whatever it likes
            _log.error("message.not_worded", purpose=content.purpose, error=type(error).__name__)
            return None

    async def _carry(self, attempt: Attempt, parcel: Parcel) -> SendResult | Refusal:
        async def commit() -> Refusal | None:
            try:
                return await self._queue.commit(attempt)
            except UNAVAILABLE:
                return Refusal(Because.DATABASE_AWAY)

        began, channel = time.monotonic(), attempt.route.channel
        result = await self._carriers[channel].deliver(parcel, commit)
        if isinstance(result, SendResult):
            self._learn_from(channel, result, time.monotonic() - began)
        return result

    def _learn_from(self, channel: Channel, result: SendResult, seconds: float) -> None:
        self._metrics.try_seconds.labels(channel, result.status).observe(seconds)
        if result.status is SendStatus.AWAY:
            self._breakers.trip(channel, result.because)
        elif result.status is SendStatus.UNCERTAIN:
            self._breakers.doubt(channel, result.because)
        else:
            self._breakers.reset(channel)

    def _after(
        self, claim: ClaimedMessage, route: Route, wording_version: str, result: SendResult
    ) -> Settlement:
        now = self._clock.now()
        wait = self._pace.backoff.after(claim.message.tries + 1, random.random())  # noqa: S311
        failed = result.status is SendStatus.FAILED
        another_way = failed and self._queue.has_another_way(claim, route, now)
        return after_try(
            claim.message, route, wording_version, result, now, wait, another_way=another_way
        )
