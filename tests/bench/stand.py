"""What the benchmarks stand on: Apache Kafka, a PostgreSQL that syncs, and the real processes."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.broker import ROOT, apache_kafka
from deploy.local.child import Child
from deploy.local.environment import StackConfiguration, environment
from deploy.local.keys import keys_in
from deploy.local.ports import HOST, free_port, free_ports
from deploy.local.postgres import Server
from deploy.local.stack_ports import ANY, resolved
from deploy.local.supervised_process import SupervisedProcess
from shared.contract.topics import ServiceName
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_admin import apply
from tests.databases import Databases, Template

PARTITIONS = 6
"""Of every topic: what the product's own have."""


class Stand:
    """The servers, which live as long as the run; each work gets a room of its own on them."""

    def __init__(self, directory: Path, kafka: str, template: Template) -> None:
        self.directory = directory
        self.kafka = kafka
        self.template = template
        self.keys = keys_in(directory)
        self.collector = Child(
            "collector",
            [sys.executable, "-m", "tests.bench.collector", str(port := free_port())],
            directory / "logs" / "collector.log",
            cwd=ROOT,
        )
        self.traces_url = f"http://{HOST}:{port}"

    @asynccontextmanager
    async def room(self) -> AsyncIterator["Room"]:
        """Lends empty topics and a fresh database."""
        await _empty_topics(self.kafka)
        async with self.template.copy() as databases:
            yield Room(self, databases)


class Room:
    """One work's own topics and database."""

    def __init__(self, stand: Stand, databases: Databases) -> None:
        self.kafka = stand.kafka
        self.databases = databases
        self._stand = stand

    @asynccontextmanager
    async def running(
        self,
        service: ServiceName,
        *,
        replicas: int = 1,
        env: Mapping[str, str] = {},
        program: str | None = None,
    ) -> AsyncIterator[list[SupervisedProcess]]:
        """Runs real processes of a service, metrics and traces on; they are ready when lent."""
        words = (program or f"services.{service} run").split()
        processes = [self._process(service, number, words, env) for number in range(replicas)]
        for process in processes:
            process.start()
        try:
            await asyncio.gather(*(process.ready() for process in processes))
            yield processes
        finally:
            await asyncio.gather(*(process.stop() for process in processes))

    async def topic(self, name: str) -> str:
        """Makes a topic that the product does not know."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        await admin.create_topics([NewTopic(name, PARTITIONS, 1)])
        await admin.close()
        return name

    @asynccontextmanager
    async def producer(self) -> AsyncIterator[AIOKafkaProducer]:
        """Lends a producer that is configured as the product's own."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.kafka, enable_idempotence=True, max_batch_size=1_000_000
        )
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    @asynccontextmanager
    async def reader(self, topic: str, *, from_end: bool = True) -> AsyncIterator[AIOKafkaConsumer]:
        """Lends a consumer of all partitions of a topic, in no group."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka)
        await consumer.start()
        try:
            consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
            await (consumer.seek_to_end() if from_end else consumer.seek_to_beginning())
            yield consumer
        finally:
            await consumer.stop()

    def _process(
        self, service: ServiceName, number: int, words: Sequence[str], env: Mapping[str, str]
    ) -> SupervisedProcess:
        name = f"{service}-{number}"
        probe_port, http_port = free_ports(2)
        configuration = StackConfiguration(
            keys=self._stand.keys,
            ports=resolved(ANY),
            bootstrap_servers=self.kafka,
            clock_file=None,
            static_members=False,
        )
        given = {
            **environment(configuration, service, name, probe_port, http_port),
            "NOTYET_DATABASE_URL": self.databases.url(service),
            "OTEL_EXPORTER_OTLP_ENDPOINT": self._stand.traces_url,
            **env,
        }
        command = [sys.executable, "-m", *words]
        log = self._stand.directory / "logs" / f"{name}.log"
        return SupervisedProcess(Child(name, command, log, env=given, cwd=ROOT), probe_port)


@contextmanager
def stand() -> Iterator[Stand]:
    """Starts the servers in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="notyet-bench-") as name:
        directory = Path(name)
        postgres = Server(directory / "postgres", password="postgres")
        postgres.start()
        try:
            with apache_kafka(directory) as kafka:
                template = Template(postgres.url)
                asyncio.run(template.make())
                made = Stand(directory, kafka, template)
                made.collector.spawn()
                try:
                    yield made
                finally:
                    made.collector.stop()
        finally:
            postgres.stop(immediate=True)


async def _empty_topics(kafka: str) -> None:
    """Deletes whatever topics there are, and makes the product's anew."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        while present := [name for name in await admin.list_topics() if not name.startswith("__")]:
            await admin.delete_topics(present)
            await asyncio.sleep(0.1)
    finally:
        await admin.close()
    await apply(KafkaSettings(kafka_bootstrap_servers=kafka))
