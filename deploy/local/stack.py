"""The whole system as separate processes on this machine: what production runs, and a sink.

    async with Stack(directory) as stack:
        ...                     # stack.intake_url, stack.sink_url, stack.bootstrap_servers
        stack.processes["matcher"][0].kill()

The data directory keeps everything; a stack started on it again goes on where the last one was.
"""

import asyncio
import fcntl
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Literal, Self, get_args

from aiokafka.errors import KafkaError

from deploy.local.broker import ROOT, ApacheKafka, Broker, EmbeddedBroker, apache_kafka_missing
from deploy.local.child import CannotStart, Child
from deploy.local.environment import LOCK, StackConfiguration, environment, write_environments
from deploy.local.keys import keys_in
from deploy.local.ports import free_ports
from deploy.local.postgres import Server
from deploy.local.stack_ports import ANY, Ports, resolved
from deploy.local.supervised_process import SupervisedProcess, supervise
from shared.contract.topics import ServiceName
from shared.runtime import topics_admin
from shared.runtime.clock import Clock, clock_at, write_offset
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.migrate import migrate

SERVICES: tuple[ServiceName, ...] = get_args(ServiceName)

BrokerKind = Literal["embedded", "apache"]
Tell = Callable[[str], None]


class Stack:
    """Starts, supervises and ends all processes; each can be killed, paused or restarted.

    `broker` is a kind of broker to start, or the address of one that runs already. `replicas` says
    how many processes a service has, one unless it is mentioned. `env` goes to every service,
    `own_env` to the one it names. Those that are static members of their groups have their
    partitions back as soon as they are restarted, however they ended. What is not `durable` costs
    less, and a crash of the machine.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        broker: BrokerKind | str = "embedded",
        ports: Ports = ANY,
        clock_file: Path | None = None,
        replicas: Mapping[ServiceName, int] = {},
        env: Mapping[str, str] = {},
        own_env: Mapping[ServiceName, Mapping[str, str]] = {},
        durable: bool = True,
        static_members: bool = False,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.ports = resolved(ports)
        self.keys = keys_in(self.data_dir)
        self.postgres = Server(
            self.data_dir / "postgres",
            self.ports.postgres,
            password=self.keys.administrator,
            durable=durable,
        )
        self.broker = _broker(self.data_dir, broker, self.ports.kafka, short_lived=not durable)
        self.bootstrap_servers = self.broker.bootstrap_servers if self.broker else broker
        self.processes: dict[str, list[SupervisedProcess]] = {}
        self._configuration = StackConfiguration(
            keys=self.keys,
            ports=self.ports,
            bootstrap_servers=self.bootstrap_servers,
            clock_file=clock_file and clock_file.absolute(),
            # The embedded broker never gives away what a process held that was killed.
            static_members=static_members or broker == "embedded",
        )
        self._taken = set(self.ports.taken())
        self._replicas = replicas
        self._env = env
        self._own_env = own_env
        self._lock: IO[str] | None = None
        self._supervisor: asyncio.Task[None] | None = None

    @property
    def database_url(self) -> str:
        """Leads an administrator to the database with all four schemas."""
        return self.postgres.url

    @property
    def intake_url(self) -> str:
        """The public door; of several replicas the first, whose address is in all links."""
        return self._configuration.public_url

    @property
    def sink_url(self) -> str:
        """The sink's page, and its API below `/api/messages`."""
        return self._configuration.sink_url

    @property
    def clock(self) -> Clock:
        """Tells the time that all processes go by, once the stack has been started."""
        return clock_at(self._configuration.clock_file)

    @property
    def all_processes(self) -> list[SupervisedProcess]:
        return [process for group in self.processes.values() for process in group]

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, tell: Tell = lambda _: None) -> None:
        """Returns when everything is ready; `tell` hears what is done, and later of restarts."""
        self._lock = _taken(self.data_dir)
        try:
            tell("Starting PostgreSQL and the broker")
            await self._start_stores()
            tell("Bringing schemas and topics up to date")
            await self._prepare_stores()
            tell("Starting the services")
            self._start_processes(tell)
            await self.ready()
        except BaseException:
            await self.stop()
            raise

    async def ready(self, within: float = 60) -> None:
        """Returns when every process says it is ready."""
        await asyncio.gather(*(process.ready(within) for process in self.all_processes))

    async def stop(self) -> None:
        """Ends everything in good order: services, then the sink, then what they stand on."""
        if self._supervisor:
            self._supervisor.cancel()
            with suppress(asyncio.CancelledError):
                await self._supervisor
        sink = self.processes.pop("sink", [])
        for group in (self.all_processes, sink):
            await asyncio.gather(*(process.stop() for process in group))
        if self.broker:
            await asyncio.to_thread(self.broker.stop)
        await asyncio.to_thread(self.postgres.stop)
        if self._lock:
            self._lock.close()

    async def _start_stores(self) -> None:
        self.postgres.spawn()
        if self.broker:
            self.broker.spawn()
            await asyncio.to_thread(self.broker.wait_ready)
        await asyncio.to_thread(self.postgres.wait_ready)

    async def _prepare_stores(self) -> None:
        for service in SERVICES:
            await self._migrate(service)
        try:
            await topics_admin.apply(KafkaSettings(kafka_bootstrap_servers=self.bootstrap_servers))
        except KafkaError:
            raise CannotStart(f"No broker answers at {self.bootstrap_servers}") from None
        if self._configuration.clock_file and not self._configuration.clock_file.exists():
            write_offset(self._configuration.clock_file, timedelta())

    async def _migrate(self, service: ServiceName) -> None:
        await migrate(self.database_url, service, password=self.keys.roles[service])

    def _start_processes(self, tell: Tell) -> None:
        self.processes = {"sink": [self._sink()]}
        for service in SERVICES:
            count = self._replicas.get(service, 1)
            self.processes[service] = [self._service(service, number) for number in range(count)]
        first = {service: self.processes[service][:1] for service in SERVICES}
        write_environments(
            self.data_dir, {name: m.child.env for name, group in first.items() for m in group}
        )
        for process in self.all_processes:
            process.start()
        self._supervisor = asyncio.create_task(supervise(self.all_processes, tell))

    def _service(self, service: ServiceName, number: int) -> SupervisedProcess:
        name = f"{service}-{number}"
        probe_port, http_port = self._new_ports(2)
        if number == 0:
            http_port = self.ports.intake
        env = environment(self._configuration, service, name, probe_port, http_port)
        env |= self._own_env.get(service, {})
        return SupervisedProcess(self._program(service, name, env), probe_port)

    def _program(self, service: ServiceName, name: str, env: Mapping[str, str]) -> Child:
        """Returns how one process of a service is run."""
        return self._child(name, f"services.{service}", "run", env=env)

    def _new_ports(self, count: int) -> list[int]:
        new = free_ports(count, self._taken)
        self._taken.update(new)
        return new

    def _sink(self) -> SupervisedProcess:
        options = {
            "--smtp-port": self.ports.smtp,
            "--http-port": self.ports.sink,
            "--file": self.data_dir / "sink.jsonl",
            "--clock-file": self._configuration.clock_file,
        }
        words = [str(word) for option in options.items() if option[1] for word in option]
        return SupervisedProcess(
            self._child("sink", "deploy.local.sink", *words), self.ports.sink, "/livez"
        )

    def _child(self, name: str, module: str, *words: str, env: Mapping[str, str] = {}) -> Child:
        return Child(
            name,
            [sys.executable, "-m", module, *words],
            self.data_dir / "logs" / f"{name}.log",
            env={**env, **self._env},
            cwd=ROOT,
        )


def _broker(data_dir: Path, wanted: str, port: int, *, short_lived: bool) -> Broker | None:
    """Makes the broker that is wanted, unless it is the address of one that runs already."""
    if ":" in wanted:
        return None
    if wanted not in get_args(BrokerKind):
        raise CannotStart(f"There is no broker {wanted!r}: embedded, apache, or HOST:PORT")
    if wanted == "apache" and (missing := apache_kafka_missing()):
        raise CannotStart(f"Apache Kafka cannot run here: {missing}")
    directory = data_dir / wanted
    if (data_dir / "postgres").exists() and not directory.exists():
        raise CannotStart(f"{data_dir} was made with another broker: choose that one, or move it")
    if wanted == "apache":
        return ApacheKafka(directory, port, short_lived=short_lived)
    return EmbeddedBroker(directory, port)


def _taken(data_dir: Path) -> IO[str]:
    """Takes a data directory for this process alone, until the file that is given back closes."""
    lock = (data_dir / LOCK).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise CannotStart(f"Another Not Yet is running on {data_dir}") from None
    return lock
