"""What the compose file gives to whom; where Compose is installed, that it reads the file too."""

import re
import shutil
import subprocess
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
CONTAINERS: dict[str, Any] = COMPOSE["services"]
SCHEMAS = {f"{service}-schema" for service in SERVICES}


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


def _compose_is_installed() -> bool:
    version = ["docker", "compose", "version"]
    return bool(
        shutil.which("docker")
        and subprocess.run(version, capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not _compose_is_installed(), reason="docker compose is not installed")
def test_the_compose_file_is_valid() -> None:
    done = subprocess.run(
        ["docker", "compose", "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
