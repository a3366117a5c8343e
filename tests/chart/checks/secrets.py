"""What is mounted is there, and where it belongs."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.runtime.new_keys import make
from tests.chart.release import Release

_GIVEN = {
    **{
        f"notyet-{service}-kafka": {"user.crt", "user.key"}
        for service in ("intake", "scheduler", "matcher", "notifier")
    },
    "kafka-authority": {"ca.crt"},
    "streams-cluster-ca-cert": {"ca.crt"},
    "postgres-authority": {"ca.crt"},
    "notyet-former": {"identity"},
    "notyet-matcher-database": {"uri"},
}
"""What the values in `ci` say is there beside what new_keys makes."""
_FURTHER = {
    "notyet-intake": {"twilio_auth_token"},
    "notyet-notifier": {"sms_token", "smtp_password"},
}
_OF_USER = {
    "scram-sha-512": {"password", "sasl.jaas.config"},
    "tls": {"ca.crt", "user.crt", "user.key"},
}
_OF_ALL = {"kafka_ssl_ca_file", "smtp_ca_file", "database_ca"}
"""What is mounted for all to believe, and is no secret."""
_OF_OWNER = {"username", "password", "host", "port", "dbname", "uri"}


def what_is_named_is_mounted(release: Release) -> Iterator[str]:
    for pod in release.pods:
        named = {
            value: name
            for name, value in pod.environment.items()
            if (name.startswith("NOTYET_") and name.endswith("_FILE")) or name == "PGSSLROOTCERT"
        }
        paths = [path for _, _, path in pod.mounted]
        if set(paths) != named.keys() or len(paths) != len(set(paths)):
            yield f"{pod.name} names {sorted(named)} and mounts {sorted(paths)}"


def what_is_mounted_exists(release: Release) -> Iterator[str]:
    there = _there(release)
    for pod in release.pods:
        for secret, key, _ in pod.mounted:
            if key not in there[secret]:
                yield f"{pod.name} mounts {key} of {secret}, which has {sorted(there[secret])}"
    for it in release.of("TriggerAuthentication"):
        for reference in it["spec"]["secretTargetRef"]:
            if reference["key"] not in there[reference["name"]]:
                yield f"KEDA logs in with {reference}, which is not there"


def each_holds_its_own_alone(release: Release) -> Iterator[str]:
    """The keys of one are seen by no other, and the administrator's by Jobs alone."""
    holders = defaultdict(set)
    for pod in release.pods:
        for secret, key, path in pod.mounted:
            if Path(path).name not in _OF_ALL:
                holders[secret, key].add(pod.labels["app.kubernetes.io/name"].split("-")[0])
            if key in ("admin_database_url", "uri") and pod.owner["kind"] != "Job":
                yield f"{pod.name} holds the administrator's password"
    for (secret, key), who in holders.items():
        if len(who) > 1 and key not in ("admin_database_url", "uri"):
            yield f"{key} of {secret} is held by {sorted(who)}"


@cache
def _made() -> dict[str, set[str]]:
    """Returns the keys of each folder that new_keys makes, as a Secret is made from it."""
    with TemporaryDirectory() as directory:
        make(Path(directory), "postgres:5432/notyet")
        return {
            folder.name: {file.name for file in folder.iterdir()}
            for folder in Path(directory).iterdir()
        }


def _there(release: Release) -> dict[str, set[str]]:
    there: dict[str, set[str]] = defaultdict(set)
    for given in (_GIVEN, _FURTHER):
        for name, keys in given.items():
            there[name] |= keys
    for service, keys in _made().items():
        for name in (f"notyet-{service}", f"notyet-{service}-keys"):
            there[name] |= keys
    for it in release.of("KafkaUser"):
        there[it["metadata"]["name"]] |= _OF_USER[it["spec"]["authentication"]["type"]]
    for it in release.of("Cluster"):
        there[f"{it['metadata']['name']}-app"] |= _OF_OWNER
        there[f"{it['metadata']['name']}-ca"] |= {"ca.crt", "ca.key"}
    for it in release.of("ExternalSecret"):
        there[it["spec"]["target"]["name"]] = {data["secretKey"] for data in it["spec"]["data"]}
    return there
