import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def notyet(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    program = "from deploy.local.command import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin:/usr/sbin", "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        check=False,
    )


def test_the_stack_and_what_only_one_service_can_do_are_offered_by_name(tmp_path: Path) -> None:
    told = notyet("--help", cwd=tmp_path).stdout
    for name in ("up", "topics", "matcher", "notifier", "hold"):
        assert f"│ {name} " in told
    assert "│ migrate " not in told


def test_a_taken_port_is_one_line_that_names_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = notyet("up", "--intake-port", str(port), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is taken: choose another one with --intake-port\n"


def test_topics_without_a_broker_say_in_a_line_how_to_name_one(tmp_path: Path) -> None:
    done = notyet("topics", "apply", cwd=tmp_path)
    assert done.returncode == 2
    assert "NOTYET_KAFKA_BOOTSTRAP_SERVERS" in done.stderr
    assert done.stderr.count("\n") == 1
    away = notyet("topics", "apply", "--bootstrap-servers", "127.0.0.1:1", cwd=tmp_path)
    assert away.returncode == 1
    assert away.stderr.startswith("No broker at 127.0.0.1:1 lets us in")
    assert away.stderr.count("\n") == 1
