"""The images as an engine runs them."""

import json
import subprocess

import pytest

from shared.contract.asyncapi import document
from shared.contract.topics import ServiceName
from shared.runtime.acls import declared
from tests.containers.engine import compressed_size, docker
from tests.databases import SERVICES

pytestmark = pytest.mark.containers

MOST_BYTES = 75_000_000
AS_IN_A_POD = ("--rm", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--network=none")

IMPORT_ALL = """
import importlib, pkgutil, services
for module in pkgutil.walk_packages(services.__path__, "services."):
    importlib.import_module(module.name)
"""

each_service = pytest.mark.parametrize("service", SERVICES)


@each_service
def test_an_image_is_small_as_a_whole(images: dict[str, str], service: str) -> None:
    assert compressed_size(images[service]) <= MOST_BYTES


@each_service
def test_nothing_is_left_out_of_an_image_that_its_service_imports(
    images: dict[str, str], service: str
) -> None:
    entered = ("run", *AS_IN_A_POD, "--entrypoint", "python3", images[service], "-c")
    docker(*entered, IMPORT_ALL)


@each_service
def test_commands_work_in_an_image(images: dict[str, str], service: ServiceName) -> None:
    told = docker("run", *AS_IN_A_POD, images[service], "asyncapi")
    assert json.loads(told) == json.loads(json.dumps(document(service)))
    words = ("topics", "acls", "--format=json")
    told = docker("run", *AS_IN_A_POD, images[service], *words)
    assert len(json.loads(told)) == len(declared())


@each_service
def test_what_is_not_configured_is_one_clear_line(images: dict[str, str], service: str) -> None:
    command = ["docker", "run", *AS_IN_A_POD, images[service]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "NOTYET_DATABASE_URL" in done.stderr) == (2, True)


@each_service
def test_nobody_in_an_image_is_root_or_installs_anything(
    images: dict[str, str], service: str
) -> None:
    entered = ("run", *AS_IN_A_POD, "--entrypoint", "python3", images[service], "-c")
    assert docker(*entered, "import os; print(os.getuid())").strip() == "10001"
    told = docker(*entered, "import importlib.util as it; print(it.find_spec('pip'))")
    assert told.strip() == "None"
