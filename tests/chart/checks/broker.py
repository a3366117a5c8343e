"""What Strimzi is told of topics and rights is what the code declares."""

from collections.abc import Iterator

from shared.contract.topics import BY_NAME
from shared.runtime.acls import declared
from tests.chart.release import Release


def topics_are_as_declared(release: Release) -> Iterator[str]:
    found = {it["metadata"]["name"]: it["spec"] for it in release.of("KafkaTopic")}
    if found and found.keys() != BY_NAME.keys():
        yield f"there are {sorted(found.keys() ^ BY_NAME.keys())} too few or too many topics"
    for name, spec in found.items():
        config = {
            key: value for key, value in spec["config"].items() if key != "min.insync.replicas"
        }
        topic = BY_NAME.get(name)
        if topic and (spec["partitions"], config) != (topic.partitions, topic.config):
            yield f"{name} is not as declared"
        if not int(spec["config"].get("min.insync.replicas", 0)) < spec["replicas"]:
            yield f"{name} takes nothing while one broker is away"
    for it in release.of("KafkaTopic") + release.of("KafkaUser"):
        if not it["metadata"]["labels"].get("strimzi.io/cluster"):
            yield f"{it['metadata']['name']} belongs to no cluster"


def rights_are_as_declared(release: Release) -> Iterator[str]:
    found = {
        (it["metadata"]["name"], operation, acl["resource"]["type"], acl["resource"]["name"])
        for it in release.of("KafkaUser")
        for acl in it["spec"]["authorization"]["acls"]
        for operation in acl["operations"]
        if acl["resource"]["patternType"] == "literal"
    }
    needed = {
        (
            acl.principal.removeprefix("User:"),
            acl.operation,
            acl.resource_type.lower(),
            acl.resource_name,
        )
        for acl in declared()
        if acl.principal != "User:notyet-operator"
    }
    if found:
        yield from (f"{right} is given and not declared" for right in sorted(found - needed))
        yield from (f"{right} is declared and not given" for right in sorted(needed - found))
