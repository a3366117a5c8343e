"""Holds a release against the schemas of Kubernetes, and of the operators whose objects it has."""

import json
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.chart.release import TOOLS, Object, Release

OLDEST, NEWEST = "1.30", "1.37"
"""What the chart says it runs on, and the newest whose schemas are there."""

CUSTOM = os.environ.get("NOTYET_CRD_SCHEMAS")
"""A folder of JSON Schemas, GROUP/KIND_VERSION.json, as datreeio/CRDs-catalog has them."""
OPERATORS = {
    *("external-secrets.io", "gateway.networking.k8s.io", "kafka.strimzi.io", "keda.sh"),
    *("monitoring.coreos.com", "postgresql.cnpg.io"),
}
KUBERNETES = {"v1", "apps", "autoscaling", "batch", "networking.k8s.io", "policy"}


def against_kubernetes(release: Release, version: str) -> list[str]:
    """Returns what an API server of that version would not take, misspelt fields too."""
    done = subprocess.run(
        [TOOLS / "python", Path(__file__).with_name("against_kubernetes.py"), version],
        input=json.dumps([it for it in release.objects if _group(it) not in OPERATORS]),
        capture_output=True,
        text=True,
        check=True,
    )
    unknown = {_group(it) for it in release.objects} - KUBERNETES - OPERATORS
    return [*(f"nobody knows {group}" for group in unknown), *done.stdout.splitlines()]


def against_operators(release: Release) -> Iterator[str]:
    """Yields what the operators would not take."""
    for it in release.objects:
        if _group(it) in OPERATORS:
            for error in _validator(it["apiVersion"], it["kind"]).iter_errors(it):
                place = "/".join(map(str, error.absolute_path))
                yield f"{it['kind']} {it['metadata']['name']}: {place} {error.message}"


def _group(it: Object) -> str:
    return str(it["apiVersion"]).partition("/")[0]


@cache
def _validator(api_version: str, kind: str) -> Any:
    assert CUSTOM
    group, _, version = api_version.partition("/")
    schema = json.loads((Path(CUSTOM) / group / f"{kind.lower()}_{version}.json").read_text())
    return jsonschema.Draft7Validator(schema)
