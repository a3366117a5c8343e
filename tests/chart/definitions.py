"""Keeps what operators define: each out of the Go module, or the jar, that its operator is made of.

python -m tests.chart.definitions
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tests.chart.release import TOOLS, Object
from tests.docs.pages import ROOT

OPERATORS = {
    *("external-secrets.io", "gateway.networking.k8s.io", "kafka.strimzi.io", "keda.sh"),
    *("monitoring.coreos.com", "postgresql.cnpg.io"),
}
_LOCK = ROOT / "deploy" / "locks" / "definitions.txt"
_POM = Path(__file__).with_name("strimzi") / "pom.xml"
_FOLDER = TOOLS.with_name("definitions")
_READ = {
    "github.com/external-secrets/external-secrets": (
        "config/crds/bases/external-secrets.io_externalsecrets.yaml",
    ),
    "github.com/kedacore/keda/v2": (
        "config/crd/bases/keda.sh_scaledobjects.yaml",
        "config/crd/bases/keda.sh_triggerauthentications.yaml",
    ),
    "github.com/prometheus-operator/prometheus-operator": (
        "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
        "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
    ),
    "sigs.k8s.io/gateway-api": ("config/crd/standard/gateway.networking.k8s.io_httproutes.yaml",),
}
"""Where the definitions of what the chart makes stand in each module."""
_MADE = {"KafkaTopic": "model.topic", "KafkaUser": "model.user"}
"""In which packages Strimzi has the classes that define its own."""


@cache
def definitions() -> tuple[Object, ...]:
    """Returns the CustomResourceDefinitions that could be had for what the chart may make."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return tuple(yaml.load(it.read_text(), loader) for it in sorted(_FOLDER.glob("*.yaml")))


def install() -> None:
    """Fetches all that can be had here; says what cannot."""
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir()
    for module, version, expected in _pinned():
        fetched = _fetched(f"{module}@{version}")
        assert fetched["Sum"] == expected, f"{module} {version} is not what is pinned"
        for path in _READ[module]:
            shutil.copyfile(Path(fetched["Dir"], path), _FOLDER / Path(path).name)
    if shutil.which("mvn"):
        with TemporaryDirectory() as directory:
            _make(Path(directory))
    else:
        print("What Strimzi defines is not checked: that needs Java and Maven")  # noqa: T201


def _pinned() -> Iterator[tuple[str, str, str]]:
    for line in _LOCK.read_text().splitlines():
        if not line.startswith("#"):
            module, version, expected = line.split()
            yield module, version, expected


def _fetched(module: str) -> dict[str, str]:
    """Has Go fetch a module, whose hash the sums that all Go modules are held against must have."""
    with TemporaryDirectory() as nowhere:
        done = subprocess.run(
            [TOOLS / "go", "mod", "download", "-json", module],
            cwd=nowhere,
            stdout=subprocess.PIPE,
            check=True,
        )
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def _make(jars: Path) -> None:
    """Runs Strimzi's generator, which writes what its classes define."""
    quietly = ("mvn", "--quiet", "--batch-mode", "--strict-checksums", "--file", _POM)
    to = f"-DoutputDirectory={jars}"
    subprocess.run([*quietly, "dependency:copy-dependencies", to], check=True)
    generator = ("java", "-cp", f"{jars}/*", "io.strimzi.crdgenerator.CrdGenerator")
    wanted = ("--target-kube", "1.30+", "--crd-api-version", "v1", "--api-versions", "v1", "--yaml")
    written = [
        f"io.strimzi.api.kafka.{package}.{kind}={_FOLDER / kind.lower()}.yaml"
        for kind, package in _MADE.items()
    ]
    subprocess.run([*generator, *wanted, *written], stderr=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    install()
