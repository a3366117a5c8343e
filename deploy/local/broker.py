"""Two brokers that speak Kafka's protocol, each as a child process on a loopback port.

`EmbeddedBroker` comes in a wheel and starts at once. It keeps everything in memory, writes it to
disk every second, and never gives the partitions of a killed consumer to another one: for trying
things out. `ApacheKafka` is the real one, for proof; it needs Java and Maven.
"""

import base64
import importlib.util
import os
import re
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from deploy.local.child import CannotStart, Child
from deploy.local.ports import HOST, answers, free_port

ROOT = Path(__file__).parents[2]

_POM = Path(__file__).with_name("kafka") / "pom.xml"
_VERSION = "4.3.1"
JARS = ROOT / ".kafka" / _VERSION
_OLDEST_JAVA = 17
_READY_WITHIN_SECONDS = 60
_SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    # A killed broker may register again only when its last session has ended.
    "broker.session.timeout.ms": "4000",
    "broker.heartbeat.interval.ms": "500",
    "group.initial.rebalance.delay.ms": "0",
    "log.cleaner.backoff.ms": "1000",
    "auto.create.topics.enable": "false",
}

_JAVA_VERSION = re.compile(r'version "(\d+)')


class Broker(Protocol):
    """A broker that can be started, ended or killed, and started again where it left off."""

    child: Child

    @property
    def bootstrap_servers(self) -> str: ...

    def spawn(self) -> None:
        """Starts it without waiting."""
        ...

    def wait_ready(self) -> None:
        """Returns when it takes connections; raises CannotStart when it never will."""
        ...

    def start(self) -> None:
        """Starts it and waits."""
        ...

    def stop(self) -> None:
        """Ends it orderly."""
        ...

    def kill(self) -> None:
        """Ends it as a crash would."""
        ...


class _ServerProcess:
    """A child process that is ready once its port takes connections."""

    child: Child
    port: int

    @property
    def bootstrap_servers(self) -> str:
        return f"{HOST}:{self.port}"

    def spawn(self) -> None:
        self.child.spawn()

    def wait_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_SECONDS
        while not answers(self.port):
            if not self.child.running or time.monotonic() > deadline:
                raise CannotStart(f"The broker did not start: {self.child.last_error()}")
            time.sleep(0.05)

    def start(self) -> None:
        self.spawn()
        self.wait_ready()

    def stop(self) -> None:
        self.child.stop()

    def kill(self) -> None:
        self.child.kill()


class EmbeddedBroker(_ServerProcess):
    """The broker of the `noida-db` wheel."""

    def __init__(self, data_dir: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        command = [str(_embedded_program()), "start", "--only", "kafka"]
        options = ["--data-dir", str(data_dir), "--host", HOST, "--kafka-port", str(self.port)]
        self.child = Child(
            "broker", [*command, *options], data_dir.with_name(f"{data_dir.name}.log")
        )


class ApacheKafka(_ServerProcess):
    """Apache Kafka in KRaft mode, one node being broker and controller, from its own jars."""

    def __init__(
        self,
        data_dir: Path,
        port: int | None = None,
        *,
        settings: Mapping[str, str] = {},
        users: Mapping[str, str] = {},
        short_lived: bool = False,
    ) -> None:
        """`short_lived` skips the optimising compiler, which pays off after minutes.

        `users` are those that SCRAM-SHA-512 knows, with their passwords, where the settings ask
        for a login.
        """
        self.port = port or free_port()
        self._data = data_dir.absolute()
        self._properties = data_dir / "server.properties"
        self._settings = dict(settings)
        self._users = dict(users)
        self.child = Child(
            "broker",
            [*_java("384m", short_lived=short_lived), "kafka.Kafka", str(self._properties)],
            data_dir.with_name(f"{data_dir.name}.log"),
        )

    def spawn(self) -> None:
        fetch_jars()
        self._write_properties()
        if not (self._data / "log" / "meta.properties").exists():
            self._format()
        super().spawn()

    def _write_properties(self) -> None:
        controller = f"{HOST}:{free_port()}"
        settings = {
            **_SETTINGS,
            "controller.quorum.bootstrap.servers": controller,
            "listeners": f"PLAINTEXT://{self.bootstrap_servers},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap_servers}",
            "log.dirs": str(self._data / "log"),
            **self._settings,
        }
        self._data.mkdir(parents=True, exist_ok=True)
        lines = [f"{name}={value}\n" for name, value in settings.items()]
        self._properties.write_text("".join(lines))

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = [
            *_java("128m", short_lived=True),
            "kafka.tools.StorageTool",
            "format",
            "--standalone",
        ]
        users = [
            word
            for name, password in self._users.items()
            for word in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]")
        ]
        done = subprocess.run(
            [*command, f"--cluster-id={cluster}", "-c", str(self._properties), *users],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise CannotStart(f"Kafka cannot format its log: {done.stderr.strip()[-200:]}")


@contextmanager
def embedded(directory: Path) -> Iterator[str]:
    """Lends the bootstrap servers of an embedded broker that keeps its data in the directory."""
    with _running(EmbeddedBroker(directory / "broker")) as bootstrap_servers:
        yield bootstrap_servers


@contextmanager
def apache_kafka(directory: Path, *, short_lived: bool = False) -> Iterator[str]:
    """Lends the bootstrap servers of an Apache Kafka that keeps its data in the directory."""
    with _running(ApacheKafka(directory / "kafka", short_lived=short_lived)) as bootstrap_servers:
        yield bootstrap_servers


def apache_kafka_missing() -> str | None:
    """Returns what Apache Kafka would need on this machine; None where it can run."""
    if not shutil.which("java"):
        return "there is no java"
    if not (JARS.exists() or shutil.which("mvn")):
        return "there is no mvn to fetch its jars"
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    version = _JAVA_VERSION.search(told)
    if not version or int(version[1]) < _OLDEST_JAVA:
        return f"java is older than {_OLDEST_JAVA}"
    return None


def fetch_jars() -> None:
    """Fetches Kafka's jars into the checkout with Maven, once; several may ask at the same time."""
    if JARS.exists():
        return
    arriving = JARS.with_name(f"{_VERSION}.{os.getpid()}")
    done = subprocess.run(
        [
            *("mvn", "--quiet", "--batch-mode", "--strict-checksums", "--file", str(_POM)),
            "dependency:copy-dependencies",
            f"-DoutputDirectory={arriving}",
            "-DincludeScope=runtime",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        shutil.rmtree(arriving, ignore_errors=True)
        reason = (done.stdout + done.stderr).strip().splitlines()[:1]
        raise CannotStart(f"Maven cannot fetch Kafka's jars: {' '.join(reason)}")
    try:
        arriving.rename(JARS)
    except OSError:
        shutil.rmtree(arriving)


@contextmanager
def _running(broker: Broker) -> Iterator[str]:
    broker.start()
    try:
        yield broker.bootstrap_servers
    finally:
        broker.stop()


def _java(heap: str, *, short_lived: bool) -> list[str]:
    options = ["-XX:TieredStopAtLevel=1"] if short_lived else []
    return ["java", f"-Xmx{heap}", "-XX:+UseSerialGC", *options, "-cp", f"{JARS}/*"]


def _embedded_program() -> Path:
    wheel = importlib.util.find_spec("noida_db")
    if wheel is None or not wheel.submodule_search_locations:
        raise CannotStart("The embedded broker's wheel is missing: pip install 'notyet[local]'")
    return Path(wheel.submodule_search_locations[0]) / "noida-db"
