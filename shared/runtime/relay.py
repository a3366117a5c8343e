"""Publishes what stands in the outbox.

One relay per service, the holder of an expiring lease, reads the rows in order of id and has them
published with an idempotent producer; they are deleted only after the broker has them. So every
event leaves at least once; a crash between the two repeats at most one batch, byte for byte, one of
the database the last second's, and readers drop what they have seen. The other relays only look
whether the lease is free.

A relay that was paused may find after a send that its lease is lost. What it sent may then have
landed behind newer events of the same keys, so the present state of those keys is put into the
outbox once more: the last record of a key on a compacted topic is then its newest again.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.contract.topics import ServiceName
from shared.runtime import leases, outbox
from shared.runtime.crash_points import reach
from shared.runtime.postgres import Database
from shared.runtime.publisher import Publisher, Sent
from shared.runtime.sql import Queries
from shared.runtime.telemetry import Metrics
from shared.runtime.tracing import tracer

_log = structlog.get_logger()
_queries = Queries(Path(__file__).with_name("outbox.sql"))

LEASE = "outbox relay"
LEASE_SECONDS = 6.0
BATCH = 2000
LAST_SECONDS = 3.0
CLOSED_SECONDS = 30.0
"""For how long a topic that cannot be written to is left alone."""


class Relay:
    """Publishes one service's outbox."""

    def __init__(
        self,
        service: ServiceName,
        database: Database,
        new_producer: Callable[[], AIOKafkaProducer],
        metrics: Metrics,
        restate: outbox.Restate | None = None,
    ) -> None:
        self._service = service
        self._database = database
        self._publisher = Publisher(service, new_producer)
        self._metrics = metrics
        self._restate = restate
        self.backlog = outbox.NOTHING
        """What stood in the outbox when it was last measured."""
        self._holder = uuid4()
        self._renew_at = 0.0
        self._published: list[asyncpg.Record] = []
        self._any_set_aside = False
        self._closed: set[str] = set()
        """Topics that cannot be written to, or could not when they were last tried."""

    async def publish_once(self) -> bool:
        """Publishes one batch if this process may; True if there may be more at once.

        Raises KafkaError or a database error with nothing lost: the rows stay.
        """
        if not await self._holds_lease():
            return False
        rows = await self._turn()
        if not rows:
            return False
        with tracer.start_as_current_span(f"publish {self._service} outbox"):
            sent = await self._publisher.publish(rows)
        reach("published before delete")
        self._published = sent.published
        self._metrics.published.labels(self._service).inc(len(sent.published))
        await self._settle(sent)
        return bool(sent.published or sent.refused)

    async def stop(self) -> None:
        """Publishes what still waits, if it may, and hands the lease over.

        What one process has done last is then known to all before its database may be restored.
        """
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                while await self.publish_once():
                    continue
        if self._published:
            await self._turn()
        async with self._database.connection() as conn:
            await leases.give_back(conn, LEASE, self._holder)
        await self._publisher.stop()

    async def measure(self) -> None:
        """Shows how much waits, how much is set aside, and how old the oldest is."""
        async with self._database.connection() as conn:
            self.backlog = await outbox.backlog(conn)
        self._metrics.outbox_waiting.set(self.backlog.waiting)
        self._metrics.outbox_set_aside.set(self.backlog.set_aside)
        self._metrics.outbox_oldest.set(self.backlog.oldest_seconds)

    async def _holds_lease(self) -> bool:
        if time.monotonic() < self._renew_at:
            return True
        async with self._database.connection() as conn:
            held = await leases.take(conn, LEASE, self._holder, LEASE_SECONDS)
            if held:
                self._any_set_aside = await _queries.any_set_aside(conn)
                self._closed = {row["topic"] for row in await _queries.closed_topics(conn)}
        if held:
            self._renew_at = time.monotonic() + LEASE_SECONDS / 3
        else:
            await self._lost()
        return held

    async def _turn(self) -> list[asyncpg.Record]:
        async with self._database.connection() as conn:
            rows = await _queries.turn(
                conn,
                lease=LEASE,
                holder=self._holder,
                published=[row["id"] for row in self._published],
                limit=BATCH,
            )
        if not rows:
            self._renew_at = 0.0
            await self._lost()
            return []
        self._published = []
        return [row for row in rows if row["id"] is not None]

    async def _settle(self, sent: Sent) -> None:
        """Notes what was refused and what is closed, and what is owed or closed no longer."""
        if sent.refused:
            await self._set_aside(sent)
        if sent.closed:
            await self._close(sent.closed)
        if self._any_set_aside:
            async with self._database.connection() as conn:
                await _queries.delete_superseded(
                    conn,
                    published=[row["id"] for row in sent.published],
                    states=outbox.states(),
                )
        if self._closed:
            await self._open({row["topic"] for row in sent.published} - sent.closed.keys())

    async def _set_aside(self, sent: Sent) -> None:
        reasons = [reason for _, reason in sent.refused]
        async with self._database.connection() as conn:
            await _queries.set_aside(
                conn, ids=[row["id"] for row, _ in sent.refused], reasons=reasons
            )
        self._any_set_aside = True
        for row, reason in sent.refused:
            topic, size = row["topic"], len(row["value"] or b"")
            self._metrics.outbox_refused.labels(topic, reason).inc()
            _log.error("outbox.set_aside", topic=topic, type=row["type"], reason=reason, bytes=size)

    async def _close(self, reasons: Mapping[str, str]) -> None:
        async with self._database.connection() as conn:
            await _queries.close_topics(
                conn, topics=list(reasons), reasons=list(reasons.values()), seconds=CLOSED_SECONDS
            )
        self._closed |= reasons.keys()
        for topic, reason in reasons.items():
            _log.error("outbox.topic_closed", topic=topic, reason=reason)

    async def _open(self, topics: set[str]) -> None:
        if opened := self._closed & topics:
            async with self._database.connection() as conn:
                await _queries.open_topics(conn, topics=list(opened))
            self._closed -= opened

    async def _lost(self) -> None:
        late, self._published = self._published, []
        if late and self._restate:
            async with self._database.transaction() as conn:
                await outbox.restate_keys(conn, late, self._restate)
