"""Names, labels, selectors and ports refer to what is there."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.chart.release import Release

_LABELS = {
    f"app.kubernetes.io/{label}"
    for label in ("name", "instance", "component", "version", "part-of", "managed-by")
}


def labels_are_complete(release: Release) -> Iterator[str]:
    templates = [(pod.name, pod.labels) for pod in release.pods]
    objects = [(it["metadata"]["name"], it["metadata"].get("labels", {})) for it in release.objects]
    for name, labels in objects + templates:
        if missing := _LABELS - labels.keys():
            yield f"{name} lacks {sorted(missing)}"


def names_are_there_once(release: Release) -> Iterator[str]:
    names = Counter((it["kind"], it["metadata"]["name"]) for it in release.objects)
    yield from (f"{kind} {name} is there {n} times" for (kind, name), n in names.items() if n > 1)
    for pod in release.pods:
        account = pod.spec.get("serviceAccountName", "default")
        if account not in {"default", *release.names("ServiceAccount")}:
            yield f"{pod.name}: there is no account {account}"
    yield from (
        f"{kind} {name} is too long a name" for kind, name in names if len(name.split(".")[0]) > 63
    )


def selectors_choose_what_they_are_for(release: Release) -> Iterator[str]:
    for deployment in release.of("Deployment"):
        if [it.owner for it in release.chosen_by(deployment["spec"]["selector"])] != [deployment]:
            yield f"{deployment['metadata']['name']} does not choose its own pods alone"
    for kind in ("Service", "PodDisruptionBudget"):
        for it in release.of(kind):
            chosen = release.chosen_by(it["spec"]["selector"])
            if [pod.name for pod in chosen] != [it["metadata"]["name"]]:
                yield f"{kind} {it['metadata']['name']} chooses {[pod.name for pod in chosen]}"


def pods_are_spread_and_watched(release: Release) -> Iterator[str]:
    for pod in release.services.values():
        for spread in pod.spec["topologySpreadConstraints"]:
            if release.chosen_by(spread["labelSelector"]) != [pod]:
                yield f"{pod.name} is not spread among its own"
    for it in release.of("PodMonitor"):
        if len(release.chosen_by(it["spec"]["selector"])) != len(release.services):
            yield "PodMonitor does not choose the four services"


def ports_are_there(release: Release) -> Iterator[str]:
    for it in release.of("Service"):
        for pod in release.chosen_by(it["spec"]["selector"]):
            for port in it["spec"]["ports"]:
                if port["targetPort"] not in pod.ports:
                    yield f"Service leads to {port['targetPort']}, which {pod.name} lacks"
    for it in release.of("PodMonitor"):
        for pod in release.chosen_by(it["spec"]["selector"]):
            for endpoint in it["spec"]["podMetricsEndpoints"]:
                if endpoint["port"] not in pod.ports or endpoint["path"] != "/metrics":
                    yield f"PodMonitor looks at {endpoint}, which {pod.name} lacks"


def doors_lead_to_intake(release: Release) -> Iterator[str]:
    services = {it["metadata"]["name"]: it["spec"]["ports"] for it in release.of("Service")}
    if [name.rpartition("-")[2] for name in services] != ["intake"]:
        yield f"Services are {sorted(services)}: intake alone has a door"
    for name, port in _backends(release):
        if port not in [value for it in services.get(name, []) for value in it.values()]:
            yield f"a door leads to {name}, port {port}, which is not there"
    for it in release.of("Ingress"):
        secured = [host for tls in it["spec"].get("tls", []) for host in tls["hosts"]]
        if set(secured) - {rule["host"] for rule in it["spec"]["rules"]}:
            yield f"the certificate is for {secured}, which lead nowhere"


def pages_are_where_people_are_sent(release: Release) -> Iterator[str]:
    hosts = {rule["host"] for it in release.of("Ingress") for rule in it["spec"]["rules"]}
    hosts |= {host for it in release.of("HTTPRoute") for host in it["spec"]["hostnames"]}
    told = [pod.environment.get("NOTYET_PUBLIC_URL") for pod in release.pods]
    for address in sorted({urlsplit(url).hostname or "" for url in told if url}):
        if hosts and not hosts & {address, f"*.{address.partition('.')[2]}"}:
            yield f"links lead to {address}, the doors are at {sorted(hosts)}"


def _backends(release: Release) -> Iterator[tuple[str, str | int]]:
    for it in release.of("Ingress"):
        for rule in it["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                service = path["backend"]["service"]
                yield service["name"], next(iter(service["port"].values()))
    for it in release.of("HTTPRoute"):
        for rule in it["spec"]["rules"]:
            for backend in rule["backendRefs"]:
                yield backend["name"], backend["port"]
