"""How a process joins its consumer groups, however long the broker stays away, and leaves them."""

import asyncio
import os
import socket
from collections.abc import Sequence
from contextlib import suppress

import structlog
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from faststream.kafka.opentelemetry import KafkaTelemetryMiddleware
from faststream.kafka.prometheus import KafkaPrometheusMiddleware

from shared.runtime.consumer import TopicConsumer
from shared.runtime.settings import ServiceSettings
from shared.runtime.telemetry import Metrics

_log = structlog.get_logger()

BATCH_SECONDS = 5.0
"""How long leaving waits for the batches that are running; they are rolled back otherwise."""

METADATA_MS = 30_000
"""How long it takes at most until a partition that was added to a topic is read."""


class Membership:
    """One process's place in the groups of all its consumers."""

    def __init__(
        self, consumers: Sequence[TopicConsumer], settings: ServiceSettings, metrics: Metrics
    ) -> None:
        self._consumers = consumers
        self._settings = settings
        self._middlewares = (
            KafkaPrometheusMiddleware(registry=metrics.registry),
            KafkaTelemetryMiddleware(),
        )
        self._broker: KafkaBroker | None = None
        self._joining: asyncio.Task[None] | None = None

    def join(self) -> None:
        """Joins in the background, as soon as the broker answers."""
        self._joining = asyncio.create_task(self._join(), name="consumers")

    async def leave(self) -> None:
        """Lets the running batches end and leaves the groups, or gives up joining them."""
        if self._joining:
            self._joining.cancel()
            await asyncio.gather(self._joining, return_exceptions=True)
        if self._broker:
            await self._broker.stop()

    async def _join(self) -> None:
        while True:
            self._broker = broker = self._new_broker()
            for consumer in self._consumers:
                consumer.attach(broker, self._settings.kafka_instance_id)
            try:
                await broker.start()
                return
            except (KafkaError, OSError, TimeoutError) as error:
                _log.warning("broker.unreachable", error=type(error).__name__)
                with suppress(KafkaError, OSError, TimeoutError, ExceptionGroup):
                    await broker.stop()
                await asyncio.sleep(1)

    def _new_broker(self) -> KafkaBroker:
        return KafkaBroker(
            **self._settings.kafka_broker(),
            client_id=os.environ.get("HOSTNAME") or socket.gethostname(),
            graceful_timeout=BATCH_SECONDS,
            metadata_max_age_ms=METADATA_MS,
            logger=None,
            apply_types=False,
            consumer_only=True,
            middlewares=self._middlewares,
        )
