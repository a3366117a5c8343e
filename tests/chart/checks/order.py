"""What is done before the rest, and how what runs comes to an end."""

from collections.abc import Iterator

from tests.chart.release import Object, Release

ENDING_SECONDS = 40
"""For so long a service may take to end (docs/operate.md)."""
_HOOK = "helm.sh/hook"


def hooks_come_before_what_needs_them(release: Release) -> Iterator[str]:
    for job in release.of("Job"):
        if _weight(job) is None:
            yield f"{job['metadata']['name']} is not done before the services start"
    weights = [weight for job in release.of("Job") if (weight := _weight(job)) is not None]
    needed = [
        it
        for it in release.of("NetworkPolicy") + release.of("ExternalSecret")
        if (it["kind"] == "ExternalSecret") or _is_about_jobs(release, it)
    ]
    for it in needed:
        weight = _weight(it)
        if weights and (weight is None or weight >= min(weights)):
            yield f"{it['metadata']['name']} is not there before the Jobs that need it"
    for pod in release.pods:
        if pod.owner["kind"] == "Job" and "serviceAccountName" in pod.spec:
            yield f"{pod.name} needs an account that is not there before the first install"


def jobs_fail_where_it_can_be_seen(release: Release) -> Iterator[str]:
    for job in release.of("Job"):
        name, spec = job["metadata"]["name"], job["spec"]
        if spec.get("backoffLimit") != 0 or spec["template"]["spec"]["restartPolicy"] != "Never":
            yield f"{name} is tried again by itself"
        if not spec.get("activeDeadlineSeconds"):
            yield f"{name} may take for ever"
        if "ttlSecondsAfterFinished" in spec:
            yield f"{name} cannot be looked at afterwards"
    for it in release.objects:
        annotations = it["metadata"].get("annotations", {})
        if _HOOK in annotations and _policy(it) != "before-hook-creation":
            yield f"{it['metadata']['name']} is there when it is to be made anew"


def tests_wait_to_be_asked(release: Release) -> Iterator[str]:
    for it in release.of("Pod"):
        if it["metadata"].get("annotations", {}).get(_HOOK) != "test":
            yield f"{it['metadata']['name']} runs with every release"
        if it["spec"]["restartPolicy"] != "Never":
            yield f"{it['metadata']['name']} is restarted"


def there_is_time_to_end(release: Release) -> Iterator[str]:
    for service, pod in release.services.items():
        slept = pod.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {})
        seconds = slept.get("seconds", 0)
        if pod.spec["terminationGracePeriodSeconds"] < ENDING_SECONDS + seconds:
            yield f"{pod.name} is killed before it has ended"
        drained = release.values.get("door", {}).get("drainSeconds", 5)
        if seconds != (drained if service == "intake" else 0):
            yield f"{pod.name} sleeps {seconds} s before it ends"


def _weight(it: Object) -> int | None:
    annotations = it["metadata"].get("annotations", {})
    if set(annotations.get(_HOOK, "").split(",")) != {"pre-install", "pre-upgrade"}:
        return None
    return int(annotations["helm.sh/hook-weight"])


def _policy(it: Object) -> str | None:
    policy: str | None = it["metadata"]["annotations"].get("helm.sh/hook-delete-policy")
    return policy


def _is_about_jobs(release: Release, policy: Object) -> bool:
    """Whether a policy opens something to Jobs; what only closes may come with the rest."""
    chosen = release.chosen_by(policy["spec"]["podSelector"])
    return "egress" in policy["spec"] and any(pod.owner["kind"] == "Job" for pod in chosen)
