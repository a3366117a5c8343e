"""Pods are safe, bounded, watched and never all taken away at once."""

import re
from collections.abc import Iterator

from tests.chart.release import Release

_OF_POD = {
    "runAsNonRoot": True,
    "runAsUser": 10001,
    "runAsGroup": 10001,
    "seccompProfile": {"type": "RuntimeDefault"},
}
_OF_CONTAINER = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
_UNITS: dict[str, float] = {
    "": 1,
    "m": 0.001,
    **{f"{unit}i": 1024**n for n, unit in enumerate("KMGT", 1)},
}
_PROBES = {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}


def pods_may_do_nothing_but_their_work(release: Release) -> Iterator[str]:
    for pod in release.pods:
        if not _OF_POD.items() <= pod.spec.get("securityContext", {}).items():
            yield f"{pod.name} is not restricted"
        if pod.container.get("securityContext") != _OF_CONTAINER:
            yield f"{pod.name} may do more than its work"
        if pod.spec.get("automountServiceAccountToken", True):
            yield f"{pod.name} has a token for the cluster"
        if pod.spec.get("enableServiceLinks", True):
            yield f"{pod.name} takes Services for settings"
        if {"hostNetwork", "hostPID", "hostIPC"} & pod.spec.keys():
            yield f"{pod.name} sees its node"
        kinds = {kind for volume in pod.spec["volumes"] for kind in volume.keys() - {"name"}}
        if not kinds <= {"emptyDir", "projected"}:
            yield f"{pod.name} mounts {sorted(kinds)}"


def resources_have_limits(release: Release) -> Iterator[str]:
    for pod in release.pods:
        resources = pod.container.get("resources") or {}
        requests, limits = resources.get("requests", {}), resources.get("limits", {})
        if not {"cpu", "memory"} <= requests.keys() or "memory" not in limits:
            yield f"{pod.name} asks for {requests} and is limited to {limits}"
        elif _amount(requests["memory"]) > _amount(limits["memory"]):
            yield f"{pod.name} asks for more memory than it may have"
        for volume in pod.spec["volumes"]:
            if "emptyDir" in volume and not volume["emptyDir"].get("sizeLimit"):
                yield f"{pod.name} may fill its node's disk"


def images_are_those_of_the_values(release: Release) -> Iterator[str]:
    for pod in release.pods:
        image = pod.container["image"]
        repository = release.values["image"]["repository"]
        fixed = re.search(r"@sha256:[0-9a-f]{64}$|:(?!latest$)[\w.-]+$", image)
        if not (image.startswith(f"{repository}/") and fixed):
            yield f"{pod.name} runs {image}"
    for service, pod in release.services.items():
        if not re.search(rf"/{service}[:@]", pod.container["image"]):
            yield f"{pod.name} runs {pod.container['image']}"
        if pod.container["args"] != ["run"]:
            yield f"{pod.name} does {pod.container['args']}"


def pods_are_asked_whether_they_are_well(release: Release) -> Iterator[str]:
    if len(release.services) != 4:
        yield f"there are {sorted(release.services)}"
    for pod in release.services.values():
        for probe, path in _PROBES.items():
            asked = pod.container.get(probe, {}).get("httpGet", {})
            if asked.get("path") != path or asked.get("port") not in pod.ports:
                yield f"{pod.name}: its {probe} asks {asked}"


def nobody_is_evicted_to_the_last(release: Release) -> Iterator[str]:
    budgets = {it["metadata"]["name"]: it["spec"] for it in release.of("PodDisruptionBudget")}
    for pod in release.services.values():
        if budgets.get(pod.name, {}).get("maxUnavailable") != 1:
            yield f"{pod.name} is not kept from evictions"
        strategy = pod.owner["spec"]["strategy"].get("rollingUpdate", {})
        if strategy.get("maxUnavailable") != 0 or strategy.get("maxSurge") == 0:
            yield f"{pod.name} is fewer while it is replaced, or cannot be"


def _amount(quantity: str) -> float:
    found = re.fullmatch(r"([0-9.]+)(\D*)", quantity)
    assert found, quantity
    return float(found[1]) * _UNITS[found[2]]
