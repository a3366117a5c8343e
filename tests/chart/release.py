"""What Helm makes of the chart and somebody's values, to be looked at as a cluster would."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tests.chart.declared import CHART
from tests.docs.pages import ROOT

Object = dict[str, Any]

TOOLS = ROOT / ".venv" / "chart" / "bin"
"""Where `make chart` puts Helm and the checkers, apart from what the product needs."""
NAMESPACE = "notyet"
RUNS_PODS = ("Deployment", "Job", "Pod")


class Refused(Exception):
    """Helm takes these values, or this chart, not at all."""


def cases() -> list[Path]:
    """Returns the values that stand for the ways in which the chart is used."""
    return sorted((CHART / "ci").glob("*-values.yaml"))


def case(name: str) -> Path:
    return CHART / "ci" / f"{name}-values.yaml"


def rendered(values: Path, chart: Path = CHART, name: str = "notyet") -> "Release":
    """Returns what is installed with these values; raises Refused with Helm's own words."""
    done = subprocess.run(
        [
            *(TOOLS / "helm", "template", name, chart, "--namespace", NAMESPACE),
            *("--values", values),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(done.stderr)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    documents = yaml.load_all(done.stdout, Loader=loader)
    return Release(done.stdout, [it for it in documents if it], yaml.safe_load(values.read_text()))


@dataclass(frozen=True)
class Pod:
    """The pods of one Deployment or Job, or one that is there by itself."""

    owner: Object
    template: Object

    @property
    def name(self) -> str:
        return str(self.owner["metadata"]["name"])

    @property
    def labels(self) -> dict[str, str]:
        found: dict[str, str] = self.template["metadata"]["labels"]
        return found

    @property
    def spec(self) -> Object:
        found: Object = self.template["spec"]
        return found

    @property
    def container(self) -> Object:
        (found,) = self.spec["containers"]
        return dict(found)

    @property
    def environment(self) -> dict[str, str]:
        return {it["name"]: it["value"] for it in self.container["env"]}

    @property
    def ports(self) -> dict[str, int]:
        return {it["name"]: it["containerPort"] for it in self.container.get("ports", [])}

    @property
    def mounted(self) -> Iterator[tuple[str, str, str]]:
        """Yields each file: the Secret, its key, and the path in the container."""
        at = {it["name"]: it["mountPath"] for it in self.container["volumeMounts"]}
        for volume in self.spec["volumes"]:
            for source in volume.get("projected", {}).get("sources", []):
                for item in source["secret"]["items"]:
                    path = f"{at.get(volume['name'], 'nowhere')}/{item['path']}"
                    yield source["secret"]["name"], item["key"], path

    def is_chosen_by(self, selector: Mapping[str, Any]) -> bool:
        wanted = selector.get("matchLabels", selector)
        return bool(wanted) and wanted.items() <= self.labels.items()


@dataclass(frozen=True)
class Release:
    text: str
    objects: list[Object]
    values: Object

    def of(self, kind: str) -> list[Object]:
        return [it for it in self.objects if it["kind"] == kind]

    def names(self, kind: str) -> set[str]:
        return {it["metadata"]["name"] for it in self.of(kind)}

    @cached_property
    def pods(self) -> list[Pod]:
        owners = [it for kind in RUNS_PODS for it in self.of(kind)]
        return [Pod(it, it["spec"].get("template", it)) for it in owners]

    def chosen_by(self, selector: Mapping[str, Any]) -> list[Pod]:
        return [pod for pod in self.pods if pod.is_chosen_by(selector)]

    @property
    def services(self) -> dict[str, Pod]:
        """The pods that go on running, by the service that they run."""
        return {
            pod.labels.get("app.kubernetes.io/name", pod.name): pod
            for pod in self.pods
            if pod.owner["kind"] == "Deployment"
        }
