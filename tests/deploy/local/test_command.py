import importlib
import socket
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from typer.main import get_group
from typer.testing import CliRunner

from deploy.local.command import app
from deploy.local.command_line import OFFERED_BY
from deploy.local.environment import write_environments
from deploy.local.stack import _taken
from shared.contract.topics import ServiceName
from shared.runtime.clock import write_offset

ROOT = Path(__file__).parents[3]


def notyet(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    program = "from deploy.local.command import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin:/usr/sbin", "PYTHONPATH": str(ROOT), "COLUMNS": "200", **more},
        check=False,
    )


def test_the_stack_and_what_only_one_service_can_do_are_offered_by_name(tmp_path: Path) -> None:
    told = notyet("--help", cwd=tmp_path).stdout
    for name in ("up", "skip", "topics", "matcher", "notifier", "hold"):
        assert f"│ {name} " in told
    assert "│ migrate " not in told


def test_a_taken_port_is_one_line_that_names_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = notyet("up", "--intake-port", str(port), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} is taken, perhaps by a Not Yet that already runs; else choose another one:"
        " notyet up --intake-port PORT\n"
    )


def test_topics_without_a_broker_say_in_a_line_how_to_name_one(tmp_path: Path) -> None:
    done = notyet("topics", "apply", cwd=tmp_path)
    assert done.returncode == 2
    told, hint = done.stderr.splitlines()
    assert "NOTYET_KAFKA_BOOTSTRAP_SERVERS" in told
    assert "`make up`" in hint
    away = notyet("topics", "apply", "--bootstrap-servers", "127.0.0.1:1", cwd=tmp_path)
    assert away.returncode == 1
    assert away.stderr.startswith("No broker at 127.0.0.1:1 lets us in")
    assert away.stderr.count("\n") == 1


def test_no_clock_is_moved_but_that_of_a_stack_of_this_machine(tmp_path: Path) -> None:
    clock = tmp_path / "clock of production"
    write_offset(clock, timedelta())
    done = notyet("skip", "2d", cwd=tmp_path, NOTYET_CLOCK_FILE=str(clock))
    assert done.returncode == 1
    assert "There is no clock to move in .notyet" in done.stderr
    assert "Production goes by the real time" in done.stderr
    assert done.stderr.count("\n") == 1
    assert clock.read_bytes() == bytes(8)


def test_a_stack_that_does_not_run_has_its_clock_left_alone(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    write_offset(clock, timedelta())
    environment = {
        "NOTYET_CLOCK_FILE": str(clock),
        "NOTYET_DATABASE_URL": "postgresql://notyet_scheduler:secret@127.0.0.1:1/notyet",
        "NOTYET_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
    }
    (tmp_path / ".notyet").mkdir()
    write_environments(tmp_path / ".notyet", {"scheduler": environment})
    done = notyet("skip", "2d", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == ("Nothing runs on .notyet: start it with `make up`, and skip beside it\n")
    assert clock.read_bytes() == bytes(8)


@pytest.mark.parametrize("command", [("intake", "quarantine", "list"), ("plan", "next")])
def test_a_command_without_a_stack_says_how_to_start_one(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    done = notyet(*command, cwd=tmp_path)
    hint = "Nothing runs on .notyet: start it with `make up`, and do this beside it\n"
    assert (done.returncode, done.stderr.endswith(hint)) == (2, True)


@pytest.mark.parametrize("command", [("scheduler", "migrate"), ("plan", "next")])
@pytest.mark.parametrize("runs", [True, False])
def test_what_a_command_lacks_beside_a_stack_that_runs_is_not_that_nothing_runs(
    command: tuple[str, ...], runs: bool, tmp_path: Path
) -> None:
    (tmp_path / ".notyet").mkdir()
    with _taken(tmp_path / ".notyet") as lock:
        if not runs:
            lock.close()
        done = notyet(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert "NOTYET_" in done.stderr
    assert ("Nothing runs" in done.stderr) is not runs


def test_a_command_for_a_database_elsewhere_speaks_of_no_stack_here(tmp_path: Path) -> None:
    elsewhere = "postgresql://notyet@127.0.0.1:1/notyet"
    done = notyet("keys", "list", cwd=tmp_path, NOTYET_DATABASE_URL=elsewhere)
    assert (done.returncode, "make up" in done.stderr) == (2, False)


@pytest.mark.parametrize("time", ["2", "d", "-2d", "0d", "2 years", "99999d"])
def test_what_is_no_time_is_refused_with_an_example(time: str) -> None:
    done = CliRunner().invoke(app, ["skip", "--", time])
    assert done.exit_code == 2
    assert "36h, 2d or 1w" in done.stderr


def test_exactly_what_one_service_alone_can_do_is_found_without_its_name() -> None:
    offers = Counter[str]()
    by: dict[str, ServiceName] = {}
    for service in get_args(ServiceName):
        group = get_group(importlib.import_module(f"services.{service}.__main__").app)
        offers.update(list(group.commands))
        by |= dict.fromkeys(group.commands, service)
    assert {name: by[name] for name, times in offers.items() if times == 1} == OFFERED_BY
