"""The ladder of brokers that tests run on: the first rung that this machine can stand on.

`NOTYET_TEST_KAFKA` gives the address of a broker, or the name of the rung to stand on. Otherwise:
`docker`, Apache Kafka in a container; `jars`, Apache Kafka from its own jars, fetched by Maven;
`embedded`, which is enough to try things but never evicts a member that was killed.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from deploy.local import broker
from deploy.local.child import CannotStart
from deploy.local.ports import HOST, free_port

IMAGE = "apache/kafka:4.3.1"


class Missing(Exception):
    """This machine lacks something that a rung needs; the text says what."""


@dataclass(frozen=True)
class Rung:
    title: str
    run: Callable[[Path], AbstractContextManager[str]]
    """Runs the broker with a directory for its data, and returns its bootstrap servers."""
    evicts: bool = True
    """Whether partitions of a killed member pass to others after its session timeout."""


@cache
def choose() -> tuple[Rung, list[str]]:
    """Finds the highest rung that is there, and says what was missing for those above it."""
    wanted = os.environ.get("NOTYET_TEST_KAFKA", "")
    if ":" in wanted:
        return Rung(f"the broker at {wanted}", lambda _: nullcontext(wanted)), []
    missing: list[str] = []
    for name, look in LADDER.items():
        if wanted in ("", name):
            try:
                return look(), missing
            except Missing as reason:
                missing.append(str(reason))
    raise Missing(f"NOTYET_TEST_KAFKA={wanted}: {'; '.join(missing) or 'no such rung'}")


def _docker() -> Rung:
    import docker
    from docker.errors import DockerException, ImageNotFound

    try:
        client = docker.from_env(timeout=300)
    except DockerException:
        raise Missing("no Docker engine answers") from None
    try:
        client.images.get(IMAGE)
    except ImageNotFound:
        try:
            client.images.pull(IMAGE)
        except DockerException:
            raise Missing(f"the image {IMAGE} cannot be pulled") from None
    return Rung(f"Apache Kafka, container {IMAGE}", _container)


@contextmanager
def _container(_: Path) -> Iterator[str]:
    from testcontainers.core.config import testcontainers_config
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    testcontainers_config.ryuk_disabled = True
    port = free_port()
    started = LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(60)
    container = DockerContainer(IMAGE).waiting_for(started)
    # `with_bind_ports` would publish it on every address of this machine.
    container.ports["9092/tcp"] = (HOST, port)  # type: ignore[assignment]
    settings = {
        "NODE_ID": "1",
        "PROCESS_ROLES": "broker,controller",
        "CONTROLLER_QUORUM_VOTERS": "1@127.0.0.1:9093",
        "CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "ADVERTISED_LISTENERS": f"PLAINTEXT://{HOST}:{port}",
        "LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "AUTO_CREATE_TOPICS_ENABLE": "false",
        "LOG_CLEANER_BACKOFF_MS": "1000",
    }
    for name, value in settings.items():
        container.with_env(f"KAFKA_{name}", value)
    with container:
        yield f"{HOST}:{port}"


def _jars() -> Rung:
    if reason := broker.apache_kafka_missing():
        raise Missing(reason)
    try:
        broker.fetch_jars()
    except CannotStart as reason:
        raise Missing(str(reason)) from None
    return Rung("Apache Kafka from its own jars", partial(broker.apache_kafka, short_lived=True))


def _embedded() -> Rung:
    return Rung("the embedded broker", broker.embedded, evicts=False)


LADDER: dict[str, Callable[[], Rung]] = {"docker": _docker, "jars": _jars, "embedded": _embedded}
