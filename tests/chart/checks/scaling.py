"""How many there are of each is said once, within what Kafka's partitions allow."""

import re
from collections.abc import Iterator

from shared.contract.topics import ALL, BY_NAME
from tests.chart.release import Object, Release
from tests.docs.metrics import unmeasured

_KAFKA = {
    *("bootstrapServers", "consumerGroup", "topic", "lagThreshold", "activationLagThreshold"),
    *("offsetResetPolicy", "allowIdleConsumers", "excludePersistentLag", "version", "tls", "sasl"),
}
"""What KEDA's scaler for Kafka reads of that which we say: no schema knows these names."""

_HAVE_WORK = {"notifier", "matcher"}
"""Who is busy with what the clock or a search brings, beside what they read."""


def one_alone_says_how_many(release: Release) -> Iterator[str]:
    scaled = [it["spec"]["scaleTargetRef"]["name"] for it in _scalers(release)]
    for pod in release.services.values():
        said = ("replicas" in pod.owner["spec"]) + scaled.count(pod.name)
        if said != 1:
            yield f"{said} say how many there are of {pod.name}"


def scalers_have_a_target_and_bounds(release: Release) -> Iterator[str]:
    for it in _scalers(release):
        name, spec = it["metadata"]["name"], it["spec"]
        target = spec["scaleTargetRef"]
        if (target["kind"], target["name"]) != ("Deployment", name) or name not in {
            pod.name for pod in release.services.values()
        }:
            yield f"{name} scales {target}"
        least = spec.get("minReplicas", spec.get("minReplicaCount", 0))
        most = spec.get("maxReplicas", spec.get("maxReplicaCount", 1000))
        if not 1 <= least <= most <= _partitions(it):
            yield f"{name} scales from {least} to {most}, of {_partitions(it)} partitions"


def lag_is_that_of_groups_that_exist(release: Release) -> Iterator[str]:
    logins = release.names("TriggerAuthentication")
    for it in release.of("ScaledObject"):
        service, name = _service(it), it["metadata"]["name"]
        kafka = [trigger for trigger in it["spec"]["triggers"] if trigger["type"] == "kafka"]
        found = {trigger["metadata"]["consumerGroup"]: trigger["metadata"] for trigger in kafka}
        read = {topic.group(service): topic.name for topic in ALL if service in topic.consumers}
        if {group: said.get("topic") for group, said in found.items()} != read:
            yield f"{name} looks at {sorted(found)}, the code reads in {sorted(read)}"
        for trigger in it["spec"]["triggers"]:
            yield from (f"{name}: {line}" for line in _trigger_troubles(trigger))
            reference = trigger.get("authenticationRef")
            if reference and reference["name"] not in logins:
                yield f"{name} logs in with {reference['name']}, which is not there"
            if "sasl" in trigger["metadata"] and not reference:
                yield f"{name} has no login"


def work_that_waits_scales_whose_it_is(release: Release) -> Iterator[str]:
    keda = release.values.get("autoscaling", {}).get("keda", {})
    for it in release.of("ScaledObject"):
        kinds = {trigger["type"] for trigger in it["spec"]["triggers"]}
        wanted = bool(keda.get("prometheusAddress")) and _service(it) in _HAVE_WORK
        if ("prometheus" in kinds) != wanted:
            yield f"{it['metadata']['name']} is not scaled as it has work to do"


def _trigger_troubles(trigger: Object) -> Iterator[str]:
    said = trigger["metadata"]
    if wrong := {key: value for key, value in said.items() if not isinstance(value, str)}:
        yield f"KEDA takes strings alone, not {wrong}"
    yield from unmeasured(re.findall(r"notyet_\w+", said.get("query", "")))
    if trigger["type"] != "kafka":
        return
    if said.keys() - _KAFKA or _KAFKA - {"sasl"} - said.keys():
        yield f"{sorted(said.keys() ^ _KAFKA)} are not what the scaler reads"
    if not str(said.get("lagThreshold")).isdigit():
        yield f"a lag of {said.get('lagThreshold')} is no whole number"
    if said.get("offsetResetPolicy") != "earliest":
        yield "a new group begins at the earliest record"


def _scalers(release: Release) -> list[Object]:
    return release.of("HorizontalPodAutoscaler") + release.of("ScaledObject")


def _service(it: Object) -> str:
    return str(it["metadata"]["labels"]["app.kubernetes.io/name"])


def _partitions(it: Object) -> int:
    read = [topic for topic in BY_NAME.values() if _service(it) in topic.consumers]
    return min(topic.partitions for topic in read)
