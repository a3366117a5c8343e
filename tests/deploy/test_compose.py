"""What the compose files give to whom; where Compose is installed, that it reads them too."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.runtime.settings import MigrationSettings
from tests.databases import SERVICES

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy/docker/Dockerfile").read_text()
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SECURE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/docker/secure.yml").read_text())
CONTAINERS: dict[str, Any] = COMPOSE["services"]
SCHEMAS = {f"{service}-schema" for service in SERVICES}
FILES = ("docker-compose.yml", "deploy/docker/secure.yml")


def members(network: str) -> set[str]:
    return {name for name, given in CONTAINERS.items() if network in given.get("networks", [])}


def set_for(container: str) -> set[str]:
    """Returns the settings that a container is given, by the names of their fields."""
    names = CONTAINERS[container]["environment"]
    return {name.removeprefix("NOTYET_").removesuffix("_FILE").lower() for name in names}


@pytest.mark.parametrize("service", SERVICES)
def test_the_compose_file_sets_what_the_service_reads_and_nothing_else(service: str) -> None:
    fields = import_module(f"services.{service}.settings").Settings.model_fields
    needed = {name for name, field in fields.items() if field.is_required()}
    image = {name.lower() for name in re.findall(r"NOTYET_(\w+)=", DOCKERFILE)}
    assert set_for(service) - fields.keys() == set()
    assert needed - set_for(service) - image == set()
    assert set_for(f"{service}-schema") == MigrationSettings.model_fields.keys()


def test_no_password_stands_in_the_file_or_comes_from_whoever_starts_it() -> None:
    assert re.findall(r"://[^/\s]*@|\$\{\w*PASSWORD", TEXT) == []
    given = [
        (name, value)
        for container in CONTAINERS.values()
        for name, value in container.get("environment", {}).items()
        if re.search("PASSWORD|KEY|TOKEN|DATABASE_URL", name)
    ]
    assert [name for name, _ in given if not name.endswith("_FILE")] == []
    assert {value.rpartition("/")[0] for _, value in given} == {"/run/notyet", "/run/migration"}


def test_nobody_mounts_secrets_but_those_that_are_for_them() -> None:
    mounts = {
        name: {volume.partition(":")[0] for volume in container.get("volumes", [])}
        for name, container in CONTAINERS.items()
    }
    made = mounts.pop("keys")
    holders = {key: {name for name, held in mounts.items() if key in held} for key in made}
    assert holders == {
        "server-keys": {"postgres"},
        "migration-keys": SCHEMAS,
        **{f"{service}-keys": {service, f"{service}-schema"} for service in SERVICES},
    }


def test_each_need_has_a_network_and_nobody_is_on_one_without_that_need() -> None:
    assert members("database") == {"postgres", *SERVICES, *SCHEMAS}
    assert members("broker") == {"kafka", "topics", *SERVICES}
    assert members("outbound") == {"mailpit", "notifier"}
    assert members("door") == {"intake"}
    internal = {name for name, given in COMPOSE["networks"].items() if given}
    assert internal == {"database", "broker"}
    alone = CONTAINERS.keys() - set().union(*map(members, COMPOSE["networks"]))
    assert {name: CONTAINERS[name]["network_mode"] for name in alone} == {"keys": "none"}


def test_only_the_door_and_the_mailbox_are_published_and_only_to_this_machine() -> None:
    published = {name: given["ports"] for name, given in CONTAINERS.items() if "ports" in given}
    assert published.keys() == {"intake", "mailpit"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_every_container_has_a_limit_of_memory() -> None:
    assert [name for name, given in CONTAINERS.items() if "mem_limit" not in given] == []


@pytest.mark.parametrize("service", SERVICES)
def test_with_logins_each_service_logs_in_as_itself_with_settings_that_it_reads(
    service: str,
) -> None:
    fields = import_module(f"services.{service}.settings").Settings.model_fields
    given = SECURE["services"][service]["environment"]
    ours = {name.removeprefix("NOTYET_") for name in given if name.startswith("NOTYET_")}
    assert {re.sub("(PASSWORD)_FILE$", r"\1", name).lower() for name in ours} <= fields.keys()
    assert given["NOTYET_KAFKA_SASL_USERNAME"] == f"notyet-{service}"
    assert given["NOTYET_KAFKA_SASL_PASSWORD_FILE"].startswith("/run/notyet/")
    assert given["PGSSLMODE"] == "verify-full"


def test_with_logins_nobody_is_trusted_from_beyond_the_broker_s_own_container() -> None:
    settings = SECURE["services"]["kafka"]["environment"]
    protocols = dict(
        listener.split(":")
        for listener in settings["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")
    )
    for listener in settings["KAFKA_LISTENERS"].split(","):
        name, _, address = listener.partition("://")
        assert protocols[name] == "SASL_SSL" or address.startswith("127.0.0.1:")
    beside = {
        name
        for name, given in SECURE["services"].items()
        if given.get("network_mode") == "service:kafka"
    }
    assert beside == {"logins", "rights"}


def test_no_private_key_is_mounted_but_by_its_own_server() -> None:
    holders = {
        volume.partition(":")[0]: name
        for name, given in SECURE["services"].items()
        for volume in given.get("volumes", [])
        if "-certificate:" in volume and name != "certificates"
    }
    assert holders == {"kafka-certificate": "kafka", "postgres-certificate": "postgres"}


def _compose_is_installed() -> bool:
    version = ["docker", "compose", "version"]
    return bool(
        shutil.which("docker")
        and subprocess.run(version, capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not _compose_is_installed(), reason="docker compose is not installed")
@pytest.mark.parametrize("files", [FILES[:1], FILES], ids=["alone", "with logins"])
def test_the_compose_file_is_valid(files: Sequence[str]) -> None:
    named = [word for file in files for word in ("--file", str(ROOT / file))]
    done = subprocess.run(
        ["docker", "compose", *named, "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
