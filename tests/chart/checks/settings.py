"""What a pod is told is what its program reads, and takes."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet
from pydantic import ValidationError
from pydantic.alias_generators import to_snake

from tests.chart.declared import OF_THE_CHART, READERS
from tests.chart.release import Pod, Release
from tests.docs.programs import programs, unknown
from tests.scratch import scratch
from tests.secured_broker import write_certificates

_BESIDE = {
    *("OTEL_SERVICE_NAME", "OTEL_EXPORTER_OTLP_ENDPOINT"),
    *("PGSSLMODE", "PGSSLROOTCERT"),
}
_OF_THE_IMAGE = {"NOTYET_PROBE_HOST": "0.0.0.0", "NOTYET_PROBE_PORT": "8081"}


def variables_are_settings_of_the_reader(release: Release) -> Iterator[str]:
    for pod in release.pods:
        fields = READERS[_reader(pod)].model_fields.keys() - OF_THE_CHART
        known = {f"NOTYET_{name.upper()}" for name in fields}
        files = {f"{name.removesuffix('_FILE')}_FILE" for name in known}
        if wrong := pod.environment.keys() - known - files - _BESIDE:
            yield f"{pod.name} is told {sorted(wrong)}, which nobody reads"
        if len(pod.container["env"]) != len(pod.environment):
            yield f"{pod.name} is told something twice"
        name = pod.environment.get("OTEL_SERVICE_NAME")
        if pod.owner["kind"] == "Deployment" and name != f"notyet-{_reader(pod)}":
            yield f"{pod.name} calls itself {name} in traces"


def the_services_take_them(release: Release) -> Iterator[str]:
    """Reads them as the process does, with files that hold something where Secrets would."""
    for pod in release.pods:
        with _environment(pod) as environment, patch.dict(os.environ, environment, clear=True):
            try:
                READERS[_reader(pod)]()
            except (ValidationError, OSError) as error:
                yield f"{pod.name}: {error}"


def what_is_given_arrives(release: Release) -> Iterator[str]:
    given = {f"NOTYET_{to_snake(name).upper()}" for name in release.values["settings"]}
    for pod in release.pods:
        read = {f"NOTYET_{name.upper()}" for name in READERS[_reader(pod)].model_fields}
        if missing := (given & read) - pod.environment.keys():
            yield f"{pod.name} is not told {sorted(missing)}"


def commands_exist(release: Release) -> Iterator[str]:
    for pod in release.pods:
        service = re.split("[:@]", pod.container["image"])[0].rpartition("/")[2]
        if word := unknown(programs()[service], pod.container["args"]):
            yield f"{pod.name}: {service} knows no {word}"


def _reader(pod: Pod) -> str:
    return str(pod.container["name"])


@contextmanager
def _environment(pod: Pod) -> Iterator[dict[str, str]]:
    with scratch("chart") as directory:
        given = _OF_THE_IMAGE | pod.environment
        for name, value in given.items():
            if name.endswith("_FILE"):
                file = directory / Path(value).name
                file.write_text(_content(file.name))
                given = {**given, name: str(file)}
        yield given


def _content(name: str) -> str:
    if name.startswith("kafka_ssl_") and name.endswith("_file"):
        return _certificates()[name]
    if name.endswith("database_url"):
        return "postgresql://notyet:secret@postgres:5432/notyet"
    return Fernet.generate_key().decode()


@cache
def _certificates() -> dict[str, str]:
    with scratch("certificates") as directory:
        write_certificates(directory, ("client",))
        files = {"ca": "ca.pem", "cert": "client.pem", "key": "client.key"}
        return {
            f"kafka_ssl_{it}_file": (directory / file).read_text() for it, file in files.items()
        }
