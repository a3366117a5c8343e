"""One service's process: what it is put together from, how it starts, and how it ends.

Starting never waits for the broker, so that intake takes in what comes over HTTP while Kafka is
away; events wait in the outbox. Ending is orderly: no new requests, the running batches commit,
what was published is deleted from the outbox, and the exit code is 0. A process that finds itself
stuck ends with another code, so that it is restarted.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.contract.asyncapi import document
from shared.contract.topics import ServiceName, Topic
from shared.runtime import upkeep
from shared.runtime.clock import Clock
from shared.runtime.consumer import TopicConsumer
from shared.runtime.doors import listening
from shared.runtime.erasures import IsKnown, MarksOf, QuarantineSearch, Searched
from shared.runtime.garbage import collect_seldom
from shared.runtime.http_server import DEFAULTS, HttpServer
from shared.runtime.jobs import Job, Run
from shared.runtime.membership import Membership
from shared.runtime.outbox import Restate
from shared.runtime.partitions import PartitionCount
from shared.runtime.patches.http_limits import HttpLimits
from shared.runtime.postgres import UNAVAILABLE
from shared.runtime.probes import Check, probes
from shared.runtime.processing import Handler, NotTakenIn, Receive
from shared.runtime.readiness import standing_still
from shared.runtime.relay import Relay
from shared.runtime.settings import ServiceSettings
from shared.runtime.telemetry import Metrics, set_up_logging
from shared.runtime.tracing import set_up_tracing
from shared.runtime.watchdog import Watchdog

_log = structlog.get_logger()

STUCK = 70
"""The exit code of a process that could not go on (BSD's EX_SOFTWARE)."""

STEP_SECONDS = 11.0
"""How long one step of ending may take: a Kafka client that hangs is left behind."""
JOB_SECONDS = 8.0
"""How long ending waits for the rounds that are running; they are rolled back otherwise."""

RELAY_JOB = "outbox relay"
WATCHDOG_JOB = "watchdog"

Step = Callable[[], Awaitable[Any]]


class Service:
    """The runtime of one service; `build` in its app.py is where the parts are given to it."""

    def __init__(
        self, name: ServiceName, settings: ServiceSettings, *, clock: Clock | None = None
    ) -> None:
        self.name = name
        self.settings = settings
        self.clock = clock or settings.clock()
        self.metrics = Metrics()
        self.database = settings.database(name)
        self.quarantine = settings.quarantine()
        self._quarantine_search = QuarantineSearch(self.database, self.quarantine, self.metrics)
        self.consumers: list[TopicConsumer] = []
        self._jobs: list[Job] = []
        self._on_start: list[Step] = []
        self._on_stop: list[Step] = []
        self._checks: dict[str, Check] = {"database": self._database_trouble}
        self._notices: dict[str, Check] = {}
        self.restate: Restate | None = None
        self._public: tuple[Any, str, int, HttpLimits] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._servers: list[HttpServer] = []
        self._membership = Membership(self.consumers, settings, self.metrics)
        self._ended = asyncio.Event()
        self._failure: int = 0
        self.every(10, self._search_quarantine, name="quarantine search", machine_time=True)

    def consume(
        self,
        topic: Topic,
        handler: Handler,
        *,
        gather_seconds: float = 0.0,
        not_taken_in: NotTakenIn | None = None,
        receive: Receive | None = None,
    ) -> None:
        """Hands every fresh event of a topic to its handler, each once.

        Where nobody waits for them, events that gather for a while cost far less than each alone.
        `not_taken_in` hears whose records were set aside or passed over; `receive` sets aside what
        may not count at this moment.
        """
        self.consumers.append(
            TopicConsumer(
                self.name,
                topic,
                handler,
                self.database,
                self.clock,
                self.quarantine,
                self.metrics,
                breaker_limit=self.settings.quarantine_limit,
                gather_seconds=gather_seconds,
                not_taken_in=not_taken_in,
                receive=receive,
            )
        )

    def every(
        self,
        seconds: float,
        run: Run,
        *,
        name: str,
        machine_time: bool = False,
        gathering: float = 0.0,
    ) -> Callable[[], None]:
        """Runs a job regularly; what is returned wakes it early, `gathering` seconds later.

        It sleeps by the product's clock, so that a jump wakes it, or by the machine's.
        """
        job = Job(
            name,
            seconds,
            run,
            self.clock,
            self.metrics,
            machine_time=machine_time,
            gathering=gathering,
        )
        self._jobs.append(job)
        return job.poke

    def search_quarantine_by(
        self, marks_of: MarksOf, is_known: IsKnown, others: Sequence[Searched] = ()
    ) -> None:
        """Says by what a record in quarantine is recognised, and who is still known by it.

        `others` are further tables of sealed records, searched for whoever is erased as well.
        """
        self._quarantine_search = QuarantineSearch(
            self.database, self.quarantine, self.metrics, marks_of, is_known, others
        )

    def serve(self, app: Any, host: str, port: int, limits: HttpLimits = DEFAULTS) -> None:
        """Serves an ASGI application to the public, within limits."""
        self._public = (app, host, port, limits)

    async def _search_quarantine(self, _: datetime) -> bool:
        return await self._quarantine_search.run()

    def restate_with(self, restate: Restate) -> None:
        """Names what can put the present state of some keys into the outbox again."""
        self.restate = restate

    def partitions_of(self, topic: Topic) -> PartitionCount:
        """Returns what tells how many partitions of a topic exist, until the service stops."""
        count = PartitionCount(self._new_producer, topic)
        self.on_stop(count.stop)
        return count

    def check(self, name: str, check: Check) -> None:
        """Adds a condition to readiness."""
        self._checks[name] = check

    def notice(self, name: str, notice: Check) -> None:
        """Adds what readiness tells beside its conditions, and does not decide by."""
        self._notices[name] = notice

    def on_start(self, step: Step) -> None:
        """Runs before anything is consumed, with the database there."""
        self._on_start.append(step)

    def on_stop(self, step: Step) -> None:
        """Runs after the last job and batch, with the database still there."""
        self._on_stop.append(step)

    async def run(self) -> int:
        """Runs until SIGTERM or SIGINT, or until it is stuck; returns the exit code."""
        set_up_logging(self.name, self.settings.log_level)
        if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
            set_up_tracing(self.name)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ended.set)
        await self.start()
        collect_seldom()
        await self._ended.wait()
        await self.stop()
        return self._failure

    async def start(self) -> None:
        await self._database_started()
        for step in self._on_start:
            await step()
        relay, watchdog = self._add_plumbing()
        await self._serve_http(
            watchdog,
            standing_still(
                self.consumers,
                # The broker's own checks tell of these two.
                [job for job in self._jobs if job.name not in (RELAY_JOB, WATCHDOG_JOB)],
                relay,
                watchdog,
                self.settings.outbox_age_seconds,
            ),
        )
        self._tasks = [asyncio.create_task(job.loop(), name=job.name) for job in self._jobs]
        self._membership.join()
        _log.info("service.started", probe_port=self.settings.probe_port)

    async def stop(self) -> None:
        """Takes each step of ending, whatever became of the one before."""
        _log.info("service.stopping")
        doors = [server.shut_down for server in self._servers]
        for step in (
            *doors,
            self._membership.leave,
            self._finish_jobs,
            *self._on_stop,
            self.database.stop,
        ):
            try:
                async with asyncio.timeout(STEP_SECONDS):
                    await step()
            except (*UNAVAILABLE, KafkaError, ExceptionGroup) as error:
                name, trouble = step.__qualname__, type(error).__name__
                _log.warning("service.step_given_up", step=name, error=trouble)
        _log.info("service.stopped")

    def _add_plumbing(self) -> tuple[Relay, Watchdog]:
        """Adds the jobs that every service has beside its own."""
        relay = Relay(self.name, self.database, self._new_producer, self.metrics, self.restate)
        self._on_stop.append(relay.stop)
        watchdog = Watchdog(
            self.consumers,
            self.database,
            self.settings,
            self.metrics,
            self.settings.progress_timeout_seconds,
        )
        self._on_stop.append(watchdog.stop)

        async def publish(_: datetime) -> bool:
            return await relay.publish_once()

        async def watch(_: datetime) -> bool:
            await watchdog.look()
            if watchdog.stuck:
                self._failure = STUCK
                self._ended.set()
            return False

        async def measure(_: datetime) -> bool:
            await relay.measure()
            await upkeep.measure(self.database, self.metrics)
            return False

        async def tidy(_: datetime) -> bool:
            return await upkeep.tidy(self.database)

        self.every(5, measure, name="measures of the runtime", machine_time=True)
        self.every(3600, tidy, name="tidy", machine_time=True)
        wake_relay = self.every(0.25, publish, name=RELAY_JOB, machine_time=True)
        self.database.on_commit.append(wake_relay)
        self.every(5, watch, name=WATCHDOG_JOB, machine_time=True)
        return relay, watchdog

    async def _finish_jobs(self) -> None:
        """Lets the running rounds end, so that nothing is broken off in the middle."""
        for job in self._jobs:
            job.finish()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=JOB_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _database_started(self) -> None:
        """Waits for PostgreSQL as long as it takes, and says so."""
        while True:
            try:
                await self.database.start()
                return
            except UNAVAILABLE as error:
                _log.warning("database.unreachable", error=type(error).__name__)
                await asyncio.sleep(1)

    async def _serve_http(self, watchdog: Watchdog, runtime: dict[str, Check]) -> None:
        # A public door stays open whatever stands still behind it: what comes in waits in the
        # database, and a STOP must not meet a closed door because a topic or a job is in trouble.
        public = self._public is not None
        app = probes(
            alive=lambda: watchdog.stuck,
            checks=self._checks if public else self._checks | runtime,
            notices=self._notices | (runtime if public else {}),
            registry=self.metrics.registry,
            asyncapi=lambda: document(self.name),
        )
        # Who is told that it is ready finds the door open.
        if self._public:
            public_app, host, port, limits = self._public
            with listening("HTTP", host, port):
                await self._listen(public_app, host, port, limits)
        host, port = self.settings.probe_host, self.settings.probe_port
        with listening("PROBE", host, port):
            await self._listen(app, host, port)

    async def _listen(self, app: Any, host: str, port: int, limits: HttpLimits = DEFAULTS) -> None:
        server = HttpServer(app, host, port, limits)
        await server.start_up()
        self._servers.append(server)

    async def _database_trouble(self) -> str | None:
        try:
            async with asyncio.timeout(3), self.database.connection() as conn:
                await conn.execute("select 1")
        except UNAVAILABLE as error:
            return type(error).__name__
        return None

    def _new_producer(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            **self.settings.kafka_client(),
            enable_idempotence=True,
            max_batch_size=1_000_000,
            request_timeout_ms=15_000,
        )
