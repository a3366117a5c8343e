import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local.child import Child

ROOT = Path(__file__).parents[3]

PARENT = """
import sys, time
from pathlib import Path
from deploy.local.child import Child
child = Child("sleeper", ["sleep", "600"], Path(sys.argv[1]))
child.spawn()
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_child_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path / "log"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert parent.stdout
    child = Path("/proc") / parent.stdout.readline().strip()
    while not (child / "cmdline").read_bytes().startswith(b"sleep"):
        time.sleep(0.01)
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 10
    while child.exists() and "Z" not in (child / "stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_child_that_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    child = Child(
        "stubborn",
        ["sh", "-c", "trap '' TERM; echo on; while :; do sleep 1; done"],
        tmp_path / "log",
    )
    child.spawn()
    while "on" not in child.log.read_text():
        time.sleep(0.01)
    assert child.stop(timeout=0.2) == -9


def test_the_last_words_are_the_line_that_names_the_fault(tmp_path: Path) -> None:
    script = "echo starting; echo 'FATAL: no port'; echo 'shut down'; exit 3"
    child = Child("failing", ["sh", "-c", script], tmp_path / "log")
    child.spawn()
    while child.running:
        time.sleep(0.01)
    assert child.last_error() == "FATAL: no port"
