"""The four images, built from the Dockerfile; and an engine that runs them."""

import faulthandler

import pytest

from tests.containers.bases import DOCKERFILE, base
from tests.containers.engine import docker, missing
from tests.databases import SERVICES
from tests.docs.pages import ROOT


@pytest.fixture(scope="session")
def images() -> dict[str, str]:
    """The images of the services, by name."""
    if reason := missing():
        pytest.exit(reason, returncode=1)
    # The first build takes longer than any test may.
    faulthandler.cancel_dump_traceback_later()
    built: dict[str, str] = {service: f"notyet-tested/{service}" for service in SERVICES}
    for service, image in built.items():
        docker(
            *("build", "--network", "host", "--build-arg", f"DEBIAN={base()}"),
            *("--file", str(DOCKERFILE), "--target", service, "--tag", image, str(ROOT)),
        )
    return built
