"""The compose files as they run, with what a test needs to see of it from outside."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deploy.local.ports import free_ports
from tests.containers.bases import published_or_stand_in
from tests.containers.engine import docker
from tests.databases import SERVICES
from tests.docs.pages import ROOT
from tests.faults.product_clock import ProductClock

PLAIN = (ROOT / "docker-compose.yml",)
SECURED = (*PLAIN, ROOT / "deploy" / "docker" / "secure.yml")

Container = dict[str, Any]


@dataclass
class Composed:
    """What runs, and how to speak with it."""

    words: tuple[str, ...]
    intake: str
    mailbox: str
    kafka: str
    postgres_port: int
    clock_file: Path
    clock: ProductClock

    @property
    def database_url(self) -> str:
        """Leads an administrator to the database with all four schemas."""
        password = self.compose("exec", "-T", "postgres", "cat", "/run/notyet/password").strip()
        return f"postgresql://postgres:{password}@127.0.0.1:{self.postgres_port}/notyet"

    def compose(self, *words: str) -> str:
        return docker(*self.words, *words)

    def refused(self, *words: str) -> str:
        """Returns what is said by something that does not work."""
        done = subprocess.run(
            ["docker", *self.words, *words], capture_output=True, text=True, check=False
        )
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr

    def start(self, *words: str) -> None:
        """Returns when what is named is healthy, or everything if nothing is."""
        self.compose("up", "--wait", "--no-build", "--pull", "never", *words)

    def exit_code(self, name: str) -> int:
        """Returns how a container that was stopped has ended."""
        told = docker("inspect", self.compose("ps", "--all", "--quiet", name).strip())
        return int(json.loads(told)[0]["State"]["ExitCode"])


@contextmanager
def composing(
    files: Sequence[Path],
    images: Mapping[str, str],
    directory: Path,
    **settings: str,
) -> Iterator[Composed]:
    """Runs everything; `settings` are what the services are set to beside what the files say."""
    clock_file = directory / "clock"
    clock = ProductClock(clock_file)
    intake, mailbox, kafka, postgres = free_ports(4)
    tested = directory / "tested.yml"
    changed = _Changed(files, images, clock_file, settings)
    tested.write_text(changed.written(intake, mailbox, kafka, postgres))
    named = (word for file in (*files, tested) for word in ("--file", str(file)))
    composed = Composed(
        words=("compose", "--project-name", "notyet-tested", *named),
        intake=f"http://127.0.0.1:{intake}",
        mailbox=f"http://127.0.0.1:{mailbox}",
        kafka=f"127.0.0.1:{kafka}",
        postgres_port=postgres,
        clock_file=clock_file,
        clock=clock,
    )
    try:
        composed.start()
        yield composed
    finally:
        composed.compose("down", "--volumes", "--timeout", "20")


class _Changed:
    """What a test changes: which images there are, what time it is, and doors of its own.

    It gets to Kafka and PostgreSQL by a network that the services are not on.
    """

    def __init__(
        self,
        files: Sequence[Path],
        images: Mapping[str, str],
        clock_file: Path,
        settings: Mapping[str, str],
    ) -> None:
        self._containers = _merged(files)
        self._images = images
        self._clock_file = clock_file
        self._settings = settings

    def written(self, intake: int, mailbox: int, kafka: int, postgres: int) -> str:
        changed = {name: self._changed(name) for name in self._containers}
        published = {"intake": (intake, 8080), "mailpit": (mailbox, 8025)}
        opened = {"kafka": (kafka, 9095), "postgres": (postgres, 5432)}
        for name, (port, inside) in (published | opened).items():
            changed[name]["ports"] = [f"127.0.0.1:{port}:{inside}"]
        for name in opened:
            changed[name]["networks"] = ["tested"]
        changed["kafka"]["environment"] = self._with_a_door(kafka)
        changed["intake"]["environment"]["NOTYET_PUBLIC_URL"] = f"http://127.0.0.1:{intake}"
        changed["notifier"]["environment"]["NOTYET_PUBLIC_URL"] = f"http://127.0.0.1:{intake}"
        text = yaml.safe_dump({"services": changed, "networks": {"tested": None}})
        # A list is added to what there is, unless it takes its place.
        return text.replace("    ports:\n", "    ports: !override\n")

    def _changed(self, name: str) -> Container:
        image = self._containers[name]["image"]
        service = image.removeprefix("notyet/")
        own = service in self._images
        changed: Container = {
            "image": self._images[service] if own else published_or_stand_in(image)
        }
        if name in SERVICES:
            changed["environment"] = {"NOTYET_CLOCK_FILE": "/run/clock", **self._settings}
            changed["volumes"] = [f"{self._clock_file}:/run/clock:ro"]
        return changed

    def _with_a_door(self, port: int) -> dict[str, str]:
        told = self._containers["kafka"]["environment"]
        added = {
            "KAFKA_LISTENERS": "TESTED://:9095",
            "KAFKA_ADVERTISED_LISTENERS": f"TESTED://127.0.0.1:{port}",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "TESTED:PLAINTEXT",
        }
        return {name: f"{told[name]},{more}" for name, more in added.items()}


def _merged(files: Sequence[Path]) -> dict[str, Container]:
    """Returns the containers with what the last of the files says that speaks of it."""
    containers: dict[str, Container] = {}
    for file in files:
        for name, given in yaml.safe_load(file.read_text())["services"].items():
            container = containers.setdefault(name, {})
            environment = container.get("environment", {}) | given.get("environment", {})
            container.update(given, environment=environment)
    return containers
