"""Somebody who reads the page about Kubernetes gets what it says, word for word."""

from pathlib import Path

import pytest
import yaml

from tests.chart.checks import complaints
from tests.chart.declared import CHART
from tests.chart.release import TOOLS, case, cases, rendered
from tests.chart.schemas import NEWEST, OLDEST, against_kubernetes
from tests.docs.pages import ROOT, commands, links, run
from tests.scratch import scratch

PAGE = Path("docs/kubernetes.md")


@pytest.mark.chart
def test_whoever_types_what_the_page_shows_has_a_release_that_is_valid() -> None:
    with scratch("folder") as folder:
        (folder / "notyet").symlink_to(ROOT)
        _holds(folder)


def _holds(folder: Path) -> None:
    for command in commands(PAGE, "run chart"):
        run(command, within=60, at=folder, beside=TOOLS)
    release = rendered(folder / "my-values.yaml")
    assert release.text == (folder / "release.yaml").read_text()
    assert complaints(release) == []
    assert [against_kubernetes(release, version) for version in (OLDEST, NEWEST)] == [[], []]
    secrets = yaml.safe_load_all((folder / "secrets.yaml").read_text())
    made = {it["metadata"]["name"]: it["data"].keys() for it in secrets if it}
    for pod in release.pods:
        assert all(key in made[secret] for secret, key, _ in pod.mounted)
    for pod in rendered(case("passwords")).pods:
        for secret, key, _ in pod.mounted:
            if (folder / "keys" / secret.removeprefix("notyet-") / key).exists():
                assert key in made.get(secret, ()), f"{pod.name} mounts {key} of {secret}"


def test_the_page_leads_to_each_example() -> None:
    assert {str(CHART.relative_to(ROOT) / "ci" / path.name) for path in cases()} <= {
        link.removeprefix("../") for link in links(PAGE)
    }


def test_the_page_names_the_versions_that_are_checked() -> None:
    assert f"Kubernetes {OLDEST} and {NEWEST}" in (ROOT / PAGE).read_text()
    assert f">={OLDEST}.0-0" in (CHART / "Chart.yaml").read_text()
