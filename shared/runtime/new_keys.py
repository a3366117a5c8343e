"""Makes the secrets of a new deployment as files, once: what is there already stays.

    python -m shared.runtime.new_keys DIRECTORY HOST:PORT/DATABASE

Each service has a folder of its own, to be mounted where no other can read it: `database_url` with
its role's password, `quarantine_key`, and `kafka_sasl_password`, where Kafka asks for a login;
`link_key`, the same for the two who write and open links; `identity_key` for intake;
`suppression_key` for the notifier. Beside them are `server`, with the `password` of PostgreSQL's
administrator, `migration`, with the `admin_database_url` that brings the schemas up to date, and
`topics`, with the login of whoever makes them. A platform's own store for secrets takes the place
of this.
"""

import secrets
import sys
from pathlib import Path
from typing import get_args

from cryptography.fernet import Fernet

from shared.contract.topics import ServiceName


def make(directory: Path, database: str) -> None:
    """Writes what is missing, each file readable by its owner alone."""
    for name in (*get_args(ServiceName), "topics", "server", "migration"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    for name in (*get_args(ServiceName), "topics"):
        _kept(directory / name / "kafka_sasl_password", _random())
    for service in get_args(ServiceName):
        folder = directory / service
        _kept(folder / "database_url", f"postgresql://notyet_{service}:{_random()}@{database}")
        _kept(folder / "quarantine_key", Fernet.generate_key().decode())
    _kept(directory / "intake" / "identity_key", _random())
    _kept(directory / "notifier" / "suppression_key", _random())
    administrator = _kept(directory / "server" / "password", _random())
    _kept(
        directory / "migration" / "admin_database_url",
        f"postgresql://postgres:{administrator}@{database}",
    )
    link_key = _kept(directory / "intake" / "link_key", _random())
    _kept(directory / "notifier" / "link_key", link_key)


def _kept(path: Path, secret: str) -> str:
    """Writes a secret unless there is one; returns the one that is there."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secret)
    return path.read_text()


def _random() -> str:
    return secrets.token_urlsafe(32)


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2])
