"""What makes a release is well-formed and safe, as far as that shows where it cannot run."""

import re
import subprocess
from typing import Any, get_args

import pytest
import yaml

from shared.contract.topics import ServiceName
from tests.chart.release import TOOLS
from tests.docs.pages import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "release.yaml"


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    return read


def test_every_service_has_its_image(jobs: dict[str, Any]) -> None:
    assert jobs["images"]["strategy"]["matrix"]["service"] == list(get_args(ServiceName))
    (written,) = [it["run"] for it in jobs["chart"]["steps"] if "digest=" in it.get("run", "")]
    assert f"for service in {' '.join(get_args(ServiceName))};" in written


def test_nothing_is_pushed_that_was_not_scanned_and_listed(jobs: dict[str, Any]) -> None:
    steps = [f"{it.get('uses')} {it.get('run')}" for it in jobs["images"]["steps"]]
    order = ["docker build", "anchore/scan-action", "anchore/sbom-action", "docker push"]
    places = [next(n for n, step in enumerate(steps) if what in step) for what in order]
    assert places == sorted(places)


def test_actions_are_pinned_by_what_they_are(jobs: dict[str, Any]) -> None:
    used = {step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step}
    assert used
    assert [it for it in used if not re.search("@[0-9a-f]{40}$", it)] == []


def test_the_base_of_the_images_is_that_of_the_dockerfile(jobs: dict[str, Any]) -> None:
    dockerfile = (ROOT / "deploy" / "docker" / "Dockerfile").read_text()
    assert f"ARG DEBIAN={jobs['base']['steps'][0]['env']['DEBIAN']}\n" in dockerfile


@pytest.mark.chart
def test_zizmor_finds_nothing_unsafe() -> None:
    _passes(str(TOOLS / "zizmor"), "--offline", "--quiet", "--persona", "auditor")


@pytest.mark.chart
def test_actionlint_finds_nothing_misspelt() -> None:
    _passes(str(TOOLS / "actionlint"))


def _passes(*words: str) -> None:
    done = subprocess.run([*words, WORKFLOW], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
