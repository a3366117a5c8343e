"""Holds a release against the schemas of Kubernetes, and of the operators whose objects it has."""

import json
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.chart.definitions import OPERATORS, definitions
from tests.chart.release import TOOLS, Object, Release

OLDEST, NEWEST = "1.30", "1.37"
"""What the chart says it runs on, and the newest whose schemas are there."""

CUSTOM = os.environ.get("NOTYET_CRD_SCHEMAS")
"""A folder of JSON Schemas, GROUP/KIND_VERSION.json, of what nothing else here defines."""
LACKING = "make chart could fetch no definition; NOTYET_CRD_SCHEMAS may name a folder of schemas"
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
    """Yields what the operators would not take, of what is defined here."""
    for it in _of_operators(release):
        if validator := _validator(it["apiVersion"], it["kind"]):
            for error in validator.iter_errors(it):
                place = "/".join(map(str, error.absolute_path))
                yield f"{it['kind']} {it['metadata']['name']}: {place} {error.message}"


def undefined(release: Release) -> set[str]:
    """Returns the kinds of a release that nothing here defines."""
    known = {(it["apiVersion"], it["kind"]) for it in _of_operators(release)}
    return {kind for version, kind in known if not _validator(version, kind)}


def _of_operators(release: Release) -> list[Object]:
    return [it for it in release.objects if _group(it) in OPERATORS]


def _group(it: Object) -> str:
    return str(it["apiVersion"]).partition("/")[0]


@cache
def _validator(api_version: str, kind: str) -> Any:
    group, _, version = api_version.partition("/")
    for spec in (it["spec"] for it in definitions()):
        if (spec["group"], spec["names"]["kind"]) == (group, kind):
            (served,) = [it for it in spec["versions"] if it["name"] == version and it["served"]]
            return jsonschema.Draft7Validator(_strict(served["schema"]["openAPIV3Schema"]))
    file = Path(CUSTOM or "nowhere", group, f"{kind.lower()}_{version}.json")
    return jsonschema.Draft7Validator(json.loads(file.read_text())) if file.exists() else None


def _strict(schema: Object) -> Object:
    """Returns a schema by which that is a fault which an API server would only leave out."""
    made = dict(schema)
    if "properties" in schema:
        made["properties"] = {name: _strict(it) for name, it in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            made.setdefault("additionalProperties", False)
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            made[inner] = _strict(schema[inner])
    return made
