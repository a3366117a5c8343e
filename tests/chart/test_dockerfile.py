"""The files that images are built from, as far as a linter can tell."""

import subprocess
from pathlib import Path

import pytest

from tests.chart.release import TOOLS
from tests.docs.pages import ROOT

DOCKERFILES = (
    ROOT / "deploy" / "docker" / "Dockerfile",
    ROOT / "tests" / "containers" / "stand_ins" / "Dockerfile",
)


@pytest.mark.chart
@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda it: it.parent.name)
def test_hadolint_finds_nothing(file: Path) -> None:
    words = [str(TOOLS / "hadolint"), "--no-color", str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
