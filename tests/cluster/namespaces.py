"""Somebody's namespace in a cluster, where pods have to be restricted, and what is typed in it."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.chart.release import TOOLS, Object, Pod, Release
from tests.cluster.api_server import TEAM, ApiServer

_RESTRICTED = {f"pod-security.kubernetes.io/{what}": "restricted" for what in ("enforce", "warn")}
_OF_ADMIN = [f"system:aggregate-to-{role}" for role in ("admin", "edit", "view")]
"""What a controller would gather in `admin`, and nobody does here."""


class Refused(Exception):
    """Helm or kubectl did not do it; the text is all that was said."""


@dataclass(frozen=True)
class Namespace:
    server: ApiServer
    name: str
    client: httpx.Client

    def make(self, *further: str) -> None:
        """Makes it, and gives the team the rights of an admin in it, and of further roles."""
        labels = {"kubernetes.io/metadata.name": self.name, **_RESTRICTED}
        namespace = {"metadata": {"name": self.name, "labels": labels}}
        self.client.post("/api/v1/namespaces", json=namespace).raise_for_status()
        self._post("/api/v1", "serviceaccounts", {"metadata": {"name": "default"}})
        for role in (*_OF_ADMIN, *further):
            who = {"kind": "User", "name": TEAM, "apiGroup": "rbac.authorization.k8s.io"}
            what = {"kind": "ClusterRole", "name": role, "apiGroup": "rbac.authorization.k8s.io"}
            binding = {"metadata": {"name": role}, "subjects": [who], "roleRef": what}
            self._post("/apis/rbac.authorization.k8s.io/v1", "rolebindings", binding)

    def helm(self, *words: str | Path) -> str:
        """Runs Helm as the team; returns all that it said, or raises Refused."""
        done = self._run("helm", *words)
        return done.stdout + done.stderr

    def kubectl(self, *words: str | Path, stdin: str | None = None) -> str:
        return self._run("kubectl", *words, stdin=stdin).stdout

    def stored(self, objects: Iterable[Object]) -> list[Object]:
        """Returns what is kept of some objects, in their order; what is not there is left out."""
        wanted = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
        words = ("get", "--filename", "-", "--ignore-not-found", "--output", "json")
        found = self.kubectl(*words, stdin=wanted)
        if not found:
            return []
        kept = json.loads(found)
        return list(kept["items"] if kept["kind"] == "List" else [kept])

    def refusal(self, pod: Pod) -> str | None:
        """Returns why the pod of a template is not admitted; None if it is. Nothing is kept."""
        metadata = {"generateName": f"{pod.name}-", "labels": pod.labels}
        body = {"metadata": metadata, "spec": pod.spec}
        path = f"/api/v1/namespaces/{self.name}/pods?dryRun=All&fieldValidation=Strict"
        answer = self.client.post(path, json=body)
        return None if answer.status_code == 201 else str(answer.json()["message"])

    def _post(self, group: str, kind: str, body: Object) -> None:
        path = f"{group}/namespaces/{self.name}/{kind}"
        self.client.post(path, json=body).raise_for_status()

    def _run(
        self, program: str, *words: str | Path, stdin: str | None = None
    ) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [TOOLS / program, *words],
            env=self.server.environment(TEAM, self.name),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        if done.returncode:
            raise Refused(done.stdout + done.stderr)
        return done


def hooks(release: Release) -> list[Object]:
    """Returns what is made beside a release, at its own time."""
    return [it for it in release.objects if "helm.sh/hook" in annotations(it)]


def annotations(it: Object) -> dict[str, str]:
    found: dict[str, str] = it["metadata"].get("annotations", {})
    return found


def named(objects: Iterable[Object]) -> set[tuple[str, str]]:
    return {(it["kind"], it["metadata"]["name"]) for it in objects}


def holds(stored: object, given: object) -> bool:
    """Tells whether all that was given was kept; the server adds what is usual."""
    if isinstance(given, dict) and isinstance(stored, dict):
        return all(key in stored and holds(stored[key], given[key]) for key in given)
    if isinstance(given, list) and isinstance(stored, list):
        return len(given) == len(stored) and all(map(holds, stored, given))
    return stored == given
