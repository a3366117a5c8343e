"""The secrets of one local stack: made at random once, and kept beside its data."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from cryptography.fernet import Fernet

from deploy.local.child import CannotStart
from shared.contract.topics import ServiceName


@dataclass(frozen=True)
class Keys:
    """What the processes of a stack share in secret."""

    administrator: str
    roles: dict[ServiceName, str]
    identity_key: str
    link_key: str
    quarantine_keys: dict[ServiceName, str]
    suppression_key: str
    twilio_account_sid: str
    twilio_auth_token: str


def keys_in(data_dir: Path) -> Keys:
    """Reads the keys of a data directory; makes them, readable by their owner alone, at first."""
    path = data_dir / "keys.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        write_secret(path, asdict(_random_keys()))
    try:
        return Keys(**json.loads(path.read_text()))
    except TypeError:
        raise CannotStart(
            f"{data_dir} was made by another version: delete it, or name another directory"
        ) from None


def write_secret(path: Path, content: Mapping[str, Any]) -> None:
    """Writes a JSON file that its owner alone can read, whole or not at all."""
    arriving = path.with_suffix(".new")
    arriving.unlink(missing_ok=True)
    descriptor = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2)
    arriving.rename(path)


def _random_keys() -> Keys:
    return Keys(
        administrator=secrets.token_urlsafe(24),
        roles={service: secrets.token_urlsafe(24) for service in get_args(ServiceName)},
        identity_key=secrets.token_urlsafe(32),
        link_key=secrets.token_urlsafe(32),
        quarantine_keys={
            service: Fernet.generate_key().decode() for service in get_args(ServiceName)
        },
        suppression_key=secrets.token_urlsafe(32),
        twilio_account_sid=f"AC{secrets.token_hex(16)}",
        twilio_auth_token=secrets.token_hex(16),
    )
