"""Programs started as children of this process, which never outlive it."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from signal import Signals

_FAULT = re.compile(r"FATAL|[Ee]rror\b|ERROR|could not|cannot")


class CannotStart(Exception):
    """Something of the local stack would not start; the text is one line for whoever asked."""


class Child:
    """One program, run with its output in a log file, and its process id in a file beside that.

    On Linux the kernel ends it when the thread that spawned it dies, even by `kill -9`: spawn from
    the main thread. It is apart from the terminal, so that Ctrl-C reaches this process alone.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        end_with: Signals = signal.SIGTERM,
        rights: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.log = log
        self._pid_file = log.with_suffix(".pid")
        self.env = dict(env or {})
        self._command = [*_bound_to_parent(end_with, rights), *command]
        self._cwd = cwd
        self._end_with = end_with
        self._process: subprocess.Popen[bytes] | None = None
        self._log_began_at = 0

    def spawn(self) -> None:
        """Starts the program without waiting for it to be of use."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._log_began_at = output.tell()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.env},
                cwd=self._cwd,
                start_new_session=True,
            )
        self._pid_file.write_text(f"{self._process.pid}\n")

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """The code it ended with, negative for a signal; None while it runs or before it did."""
        return self._process.poll() if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def signal(self, number: int) -> None:
        """Sends a signal, unless it has ended."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """Ends it as `kill -9` does, and returns when it is gone."""
        self.signal(signal.SIGKILL)
        if self._process:
            self._process.wait()

    def stop(self, timeout: float = 20, end_with: Signals | None = None) -> int | None:
        """Asks it to end, kills it after the timeout, and returns its exit code."""
        self.signal(end_with or self._end_with)
        self.signal(signal.SIGCONT)
        if self._process:
            try:
                self._process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
        self._pid_file.unlink(missing_ok=True)
        return self.exit_code

    def last_error(self) -> str:
        """Returns the line of its log that best says why it ended, now or some time before."""
        lines = self._last_lines(since=0)
        return (_faults(lines) or lines or ["it said nothing"])[-1]

    def last_fault(self) -> str | None:
        """Returns the last line that names a fault, of those it has written since its start."""
        faults = _faults(self._last_lines(since=self._log_began_at))
        return faults[-1] if faults else None

    def _last_lines(self, *, since: int) -> list[str]:
        if not self.log.exists():
            return []
        with self.log.open("rb") as log:
            log.seek(since)
            lines = log.read().decode(errors="replace").splitlines()
        return [line.strip() for line in lines[-40:] if line.strip()]


def _faults(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if _FAULT.search(line)]


def run_as(*rights: str) -> list[str]:
    """Returns what to put before a command to run it with other rights, as setpriv spells them."""
    if not rights:
        return []
    if setpriv := shutil.which("setpriv"):
        return [setpriv, *rights]
    raise CannotStart("setpriv is missing (package util-linux); or start as an ordinary user")


def _bound_to_parent(end_with: Signals, rights: Sequence[str]) -> list[str]:
    """Returns what makes the kernel end the child when its parent dies, where it can."""
    if not shutil.which("setpriv"):
        return run_as(*rights)
    return run_as(*rights, "--pdeathsig", end_with.name.removeprefix("SIG"))
