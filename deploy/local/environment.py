"""How each service of the local stack is configured."""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.keys import Keys, write_secret
from deploy.local.ports import HOST
from deploy.local.stack_ports import Ports
from shared.contract.topics import ServiceName

_FILE = "environment.json"
LOCK = "lock"
"""The file that whoever runs on a directory holds locked."""
_EMPLOYER = {
    "NOTYET_EMPLOYER_NAME": "Example Works",
    "NOTYET_EMPLOYER_POSTAL_ADDRESS": "Beispielweg 1, 10115 Berlin, Germany",
    "NOTYET_MAIL_FROM": "careers@example.com",
}
"""Who writes, unless the environment of the stack itself names somebody."""


@dataclass(frozen=True)
class StackConfiguration:
    """What all processes of one stack are configured with."""

    keys: Keys
    ports: Ports
    bootstrap_servers: str
    clock_file: Path | None
    static_members: bool
    """Whether each process keeps its name in the consumer groups: the embedded broker waits for
    a member that was killed, for minutes, unless it comes back under the same name."""

    @property
    def public_url(self) -> str:
        return f"http://{HOST}:{self.ports.intake}"

    @property
    def sink_url(self) -> str:
        return f"http://{HOST}:{self.ports.sink}"

    def database_url(self, service: ServiceName) -> str:
        password = self.keys.roles[service]
        return f"postgresql://notyet_{service}:{password}@{HOST}:{self.ports.postgres}/notyet"


def environment(
    configuration: StackConfiguration,
    service: ServiceName,
    instance: str,
    probe_port: int,
    http_port: int,
) -> dict[str, str]:
    """Returns the environment variables of one process, with no secret that it does not use."""
    env = {
        **{name: os.environ.get(name, value) for name, value in _EMPLOYER.items()},
        "NOTYET_DATABASE_URL": configuration.database_url(service),
        "NOTYET_KAFKA_BOOTSTRAP_SERVERS": configuration.bootstrap_servers,
        "NOTYET_QUARANTINE_KEY": configuration.keys.quarantine_keys[service],
        "NOTYET_PROBE_PORT": str(probe_port),
        "HOSTNAME": instance,
        "PYTHONUNBUFFERED": "1",
    }
    if configuration.static_members:
        env["NOTYET_KAFKA_INSTANCE_ID"] = instance
    if configuration.clock_file:
        env["NOTYET_CLOCK_FILE"] = str(configuration.clock_file)
    if service == "intake":
        env |= _intake(configuration, http_port)
    if service == "notifier":
        env |= _notifier(configuration)
    return env


def write_environments(data_dir: Path, environments: Mapping[str, Mapping[str, str]]) -> None:
    """Writes the variables of each service down, for the operators' commands."""
    write_secret(data_dir / _FILE, environments)


def read_environment(data_dir: Path, service: ServiceName) -> dict[str, str]:
    """Returns how a service of the stack on that directory is configured, if there is one."""
    path = data_dir / _FILE
    environments: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
    return environments.get(service, {})


def runs_on(data_dir: Path) -> bool:
    """Tells whether a stack has taken a directory; one of which that cannot be told may have."""
    try:
        with (data_dir / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def nothing_runs(data_dir: Path) -> str:
    """Says that there is no stack that runs on a directory, and how to have one."""
    return f"Nothing runs on {data_dir}: start it with `make up`"


def _links(configuration: StackConfiguration) -> dict[str, str]:
    """Returns what those who write links and those who open them must be told alike."""
    return {
        "NOTYET_LINK_KEY": configuration.keys.link_key,
        "NOTYET_PUBLIC_URL": configuration.public_url,
        "NOTYET_SMS_COUNTRIES": "DE,AT,CH,GB,US",
    }


def _intake(configuration: StackConfiguration, http_port: int) -> dict[str, str]:
    return {
        **_links(configuration),
        "NOTYET_IDENTITY_KEY": configuration.keys.identity_key,
        "NOTYET_HTTP_HOST": HOST,
        "NOTYET_HTTP_PORT": str(http_port),
        "NOTYET_TWILIO_AUTH_TOKEN": configuration.keys.twilio_auth_token,
    }


def _notifier(configuration: StackConfiguration) -> dict[str, str]:
    """Sends to the sink, in clear text: nothing leaves the loopback interface."""
    return {
        **_links(configuration),
        "NOTYET_SUPPRESSION_KEY": configuration.keys.suppression_key,
        "NOTYET_SMTP_HOST": HOST,
        "NOTYET_SMTP_PORT": str(configuration.ports.smtp),
        "NOTYET_SMTP_TLS": "none",
        "NOTYET_SMS_PROVIDER": "twilio",
        "NOTYET_SMS_BASE_URL": configuration.sink_url,
        "NOTYET_SMS_ACCOUNT": configuration.keys.twilio_account_sid,
        "NOTYET_SMS_TOKEN": configuration.keys.twilio_auth_token,
        "NOTYET_SMS_SENDER": "+15005550006",
    }
