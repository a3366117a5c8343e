"""What operators define, made known to an API server."""

import time
import warnings
from collections.abc import Iterator

import httpx

from tests.chart.definitions import OPERATORS, definitions
from tests.chart.release import Object, cases, rendered

Kind = tuple[str, str, str]
"""A group, its version, and a kind."""

_DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
_KNOWN_WITHIN_SECONDS = 60


def make_known(client: httpx.Client) -> None:
    """Returns when the server takes each kind of which the examples have objects."""
    kinds = {kind for values in cases() for kind in map(_kind, rendered(values).objects)}
    wanted = {it for it in kinds if it[0] in OPERATORS}
    for definition in (*map(_storable, definitions()), *_stand_ins(wanted)):
        path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        answer = client.post(path, json=definition)
        assert answer.is_success, answer.text
    until = time.monotonic() + _KNOWN_WITHIN_SECONDS
    while unknown := wanted - set(_served(client)):
        assert time.monotonic() < until, f"the API server does not come to know {unknown}"
        time.sleep(0.2)


def _storable(definition: Object) -> Object:
    """Returns one whose only version is stored: Strimzi stores an older one, which is not here."""
    spec = definition["spec"]
    if len(spec["versions"]) > 1:
        return definition
    (version,) = spec["versions"]
    return {**definition, "spec": {**spec, "versions": [{**version, "storage": True}]}}


def _stand_ins(wanted: set[Kind]) -> Iterator[Object]:
    """Yields for each kind that nothing here defines what takes all that it is given."""
    specs = [it["spec"] for it in definitions()]
    defined = {(spec["group"], spec["names"]["kind"]) for spec in specs}
    for group, version, kind in sorted(wanted):
        if (group, kind) not in defined:
            warnings.warn(f"Nothing here defines {kind} of {group}: any is taken", stacklevel=1)
            yield _taking_all(group, version, kind)


def _taking_all(group: str, version: str, kind: str) -> Object:
    singular = kind.lower()
    names = {"kind": kind, "singular": singular, "plural": f"{singular}s"}
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    served = {"served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{singular}s.{group}"},
        "spec": {
            "group": group,
            "names": names,
            "scope": "Namespaced",
            "versions": [{"name": version, **served}],
        },
    }


def _kind(it: Object) -> Kind:
    group, _, version = it["apiVersion"].rpartition("/")
    return group, version, it["kind"]


def _served(client: httpx.Client) -> Iterator[Kind]:
    """Yields what Helm and kubectl are told that there is."""
    answer = client.get("/apis", headers={"accept": _DISCOVERY}).raise_for_status()
    for group in answer.json()["items"]:
        for version in group["versions"]:
            for it in version["resources"]:
                yield group["metadata"]["name"], version["version"], it["responseKind"]["kind"]
