"""Each dashboard asks for what is measured, by labels that are there, and Grafana can read it."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from deploy.observability.grafana import rendered
from deploy.observability.panels import SERVICE_LABEL
from shared.contract.topics import ServiceName
from tests.chart.declared import CHART
from tests.chart.test_alerts import RULES
from tests.docs.metrics import measured, unmeasured

FILES = sorted((CHART / "files" / "dashboards").glob("*.json"))
METRIC = re.compile(r"\b(?:notyet|messaging)_\w+")
GIVEN = {"namespace", "pod", "instance", "job", SERVICE_LABEL}
"""The labels that Prometheus adds as the chart has it read; `job` of ours becomes this one:"""
RENAMED = {"exported_job": "job"}

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def targets(path: Path) -> list[dict[str, str]]:
    panels = json.loads(path.read_text())["panels"]
    return [target for panel in panels for target in panel["targets"]]


def strange_labels(expression: str, said_of_it: str = "") -> set[str]:
    """Returns the labels that an expression, or a text about what it finds, names in vain."""
    series = METRIC.findall(expression)
    made = re.findall(r'label_replace\(.+?\), "(\w+)",', expression)
    known = GIVEN.union(made, *(measured()[name] for name in series))
    return {it for it in _labels(expression, said_of_it) if RENAMED.get(it, it) not in known}


def _labels(expression: str, said_of_it: str) -> Iterator[str]:
    for inside in re.findall(r"\{([^}]*)\}", expression):
        yield from re.findall(r"(\w+)\s*[=!]", inside)
    for listed in re.findall(r"\b(?:by|without)\s*\(([^)]*)\)", expression):
        yield from re.findall(r"\w+", listed)
    yield from re.findall(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}", said_of_it)


def test_there_is_one_for_the_promises_and_one_for_each_service() -> None:
    assert {path.stem for path in FILES} == {"promises", *get_args(ServiceName)}


def test_each_is_as_it_is_described() -> None:
    read = {path: path.read_text() for path in FILES}
    assert read == rendered(), "run python -m deploy.observability.grafana"


@each_file
def test_every_metric_of_a_dashboard_is_measured(path: Path) -> None:
    named = [METRIC.findall(target["expr"]) for target in targets(path)]
    assert all(named)
    assert unmeasured(name for names in named for name in names) == []


@each_file
def test_every_label_of_a_dashboard_is_there(path: Path) -> None:
    strange = [strange_labels(it["expr"], it["legendFormat"]) for it in targets(path)]
    assert set().union(*strange) == set()


def test_every_label_of_an_alert_is_there() -> None:
    strange = [strange_labels(it["expr"], it["annotations"]["summary"]) for it in RULES.values()]
    assert set().union(*strange) == set()


@pytest.mark.parametrize("service", get_args(ServiceName))
def test_a_service_shows_all_that_it_alone_measures(service: str) -> None:
    shown = (CHART / "files" / "dashboards" / f"{service}.json").read_text()
    own = [name for name in measured() if name.startswith(f"notyet_{service}_")]
    whole = {re.sub("_(bucket|sum|count)$", "", name) for name in own}
    assert whole
    assert [name for name in sorted(whole) if name not in shown] == []


@each_file
def test_panels_have_places_of_their_own(path: Path) -> None:
    panels: list[dict[str, Any]] = json.loads(path.read_text())["panels"]
    at = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(at) == len(set(at)) == len({panel["id"] for panel in panels})
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)


@pytest.mark.parametrize(
    ("expression", "legend", "strange"),
    [
        ('max by (state) (notyet_notifier_waiting_messages{state="due"})', "{{state}}", set()),
        ('max(notyet_notifier_waiting_messages{stat="due"})', "", {"stat"}),
        ("max by (topic) (notyet_outbox_oldest_seconds)", "", {"topic"}),
        ("notyet_parked_rows", "{{ $labels.exported_jobs }}", {"exported_jobs"}),
    ],
)
def test_a_label_that_is_not_there_is_found(
    expression: str, legend: str, strange: set[str]
) -> None:
    assert strange_labels(expression, legend) == strange


@pytest.mark.chart
@pytest.mark.skipif(
    not shutil.which("promtool"), reason="promtool is not there: apt install prometheus"
)
def test_prometheus_understands_what_it_is_asked(tmp_path: Path) -> None:
    asked = {
        target["expr"].replace("$__rate_interval", "5m") for it in FILES for target in targets(it)
    }
    rules = [{"record": f"asked:{number}", "expr": it} for number, it in enumerate(sorted(asked))]
    written = tmp_path / "rules.yaml"
    written.write_text(yaml.safe_dump({"groups": [{"name": "asked", "rules": rules}]}))
    done = subprocess.run(
        ["promtool", "check", "rules", written], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
