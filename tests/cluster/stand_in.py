"""Does what controllers and nodes would: ends Jobs and pods, as if they had run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from threading import Event, Thread
from typing import Any, Literal

import httpx

Outcome = Literal["done", "failed"]
_PATCH = {"content-type": "application/merge-patch+json"}
_PAUSE_SECONDS = 0.1


@contextmanager
def ending(client: httpx.Client, namespace: str, outcome: Outcome = "done") -> Iterator[None]:
    """Ends each Job and pod of a namespace as soon as it is there."""
    over = Event()
    refused: list[str] = []

    def run() -> None:
        while not over.wait(_PAUSE_SECONDS):
            for path, status in _waiting(client, namespace, outcome):
                answer = client.patch(f"{path}/status", json={"status": status}, headers=_PATCH)
                # Whoever made it may have removed it since it was listed.
                if answer.is_error and answer.status_code != HTTPStatus.NOT_FOUND:
                    refused.append(answer.text)

    thread = Thread(target=run, name="ends Jobs and pods")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        assert not refused, f"no Job or pod ends so: {refused[0]}"


def _waiting(
    client: httpx.Client, namespace: str, outcome: Outcome
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yields what has not ended: where it is, and the status with which it has."""
    jobs, pods = (
        f"/apis/batch/v1/namespaces/{namespace}/jobs",
        f"/api/v1/namespaces/{namespace}/pods",
    )
    for it in client.get(jobs).raise_for_status().json()["items"]:
        if not it["status"].get("conditions"):
            yield f"{jobs}/{it['metadata']['name']}", _of_job(outcome)
    for it in client.get(pods).raise_for_status().json()["items"]:
        if it["status"]["phase"] == "Pending":
            phase = "Succeeded" if outcome == "done" else "Failed"
            yield f"{pods}/{it['metadata']['name']}", {"phase": phase}


def _of_job(outcome: Outcome) -> Mapping[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    kinds = ("SuccessCriteriaMet", "Complete") if outcome == "done" else ("FailureTarget", "Failed")
    conditions = [
        {"type": kind, "status": "True", "lastTransitionTime": now, "lastProbeTime": now}
        for kind in kinds
    ]
    if outcome == "done":
        return {"startTime": now, "completionTime": now, "succeeded": 1, "conditions": conditions}
    return {"startTime": now, "failed": 1, "conditions": conditions}
