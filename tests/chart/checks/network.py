"""Who is let in, and where each may go."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from tests.chart.release import Pod, Release

DNS, PROBES, DOOR = 53, 8081, 8080


def everybody_is_closed_in(release: Release) -> Iterator[str]:
    if not release.of("NetworkPolicy"):
        return
    for pod in release.pods:
        policies = _policies(release, pod)
        if {"Ingress", "Egress"} - {it for spec in policies for it in spec["policyTypes"]}:
            yield f"{pod.name} is open"
    for it in release.of("NetworkPolicy"):
        if not release.chosen_by(it["spec"]["podSelector"]):
            yield f"NetworkPolicy {it['metadata']['name']} is about nobody"


def each_reaches_what_it_needs_and_no_more(release: Release) -> Iterator[str]:
    if not release.of("NetworkPolicy"):
        return
    for pod in release.pods:
        policies = _policies(release, pod)
        for direction, needed in (("ingress", _entered(pod)), ("egress", _reached(release, pod))):
            rules = [rule for spec in policies for rule in spec.get(direction) or []]
            if any(not rule.get("ports") for rule in rules):
                yield f"{pod.name}: {direction} at any port"
            ports = {port for rule in rules for port in _ports(rule)}
            if ports != needed:
                yield f"{pod.name}: {direction} at {sorted(ports)}, needed is {sorted(needed)}"


def whoever_tests_is_let_in(release: Release) -> Iterator[str]:
    testers = [pod for pod in release.pods if pod.owner["kind"] == "Pod"]
    if not testers:
        yield "nothing tests the release"
    entries = [it["spec"].get("ingress") or [] for it in release.of("NetworkPolicy")]
    for rule in chain.from_iterable(entries):
        chosen = [it.get("podSelector", {}) for it in rule.get("from", [])]
        is_let_in = all(any(map(tester.is_chosen_by, chosen)) for tester in testers)
        if chosen and DOOR in _ports(rule) and not is_let_in:
            yield "whoever tests the release may not come to the door"


def _ports(rule: Mapping[str, Any]) -> set[int]:
    return {port["port"] for port in rule.get("ports") or []}


def _policies(release: Release, pod: Pod) -> list[dict[str, Any]]:
    policies = [it["spec"] for it in release.of("NetworkPolicy")]
    return [spec for spec in policies if pod.is_chosen_by(spec["podSelector"])]


def _entered(pod: Pod) -> set[int]:
    mail = pod.environment.get("NOTYET_LMTP_PORT")
    return {PROBES, DOOR, *([int(mail)] if mail else [])} & set(pod.ports.values())


def _reached(release: Release, pod: Pod) -> set[int]:
    """Returns the ports that a pod's own configuration says it goes to."""
    given = pod.environment
    policies = release.values.get("networkPolicy", {})
    policy, systems = policies.get("database", {}), policies.get("systems", {})
    ports = {DNS}
    if pod.owner["kind"] == "Pod":
        return {DNS, DOOR, *policy.get("ports", [5432])}
    if servers := given.get("NOTYET_KAFKA_BOOTSTRAP_SERVERS"):
        named = {int(address.rpartition(":")[2]) for address in servers.split(",")}
        ports |= set(policies.get("kafka", {}).get("ports", [])) or named
    if "NOTYET_DATABASE_URL_FILE" in given:
        ports |= set(policy.get("ports", [5432]))
    if "NOTYET_SMTP_HOST" in given:
        ports.add(int(given.get("NOTYET_SMTP_PORT", 587)))
    if given.get("NOTYET_SMS_PROVIDER"):
        ports.add(_port_of(given.get("NOTYET_SMS_BASE_URL", "https://its-own")))
    if given.get("NOTYET_SES_TOPICS"):
        ports.add(443)
    if DOOR in pod.ports.values() and systems.get("read"):
        ports |= set(systems.get("ports", [443]))
    if collector := given.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        ports.add(_port_of(collector))
    return ports


def _port_of(url: str) -> int:
    address = urlsplit(url)
    return address.port or (443 if address.scheme == "https" else 80)
