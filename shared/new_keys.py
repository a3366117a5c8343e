"""Makes the secrets of a new deployment as files, once: what is there already stays.

    python -m shared.new_keys DIRECTORY HOST:PORT/DATABASE

Gives `identity_key`, `link_key`, `quarantine_key`, and for each service `<service>_database_url`
with its role's password. A platform's own store for secrets takes the place of this.
"""

import secrets
import sys
from pathlib import Path
from typing import get_args

from cryptography.fernet import Fernet

from shared.topics import ServiceName


def make(directory: Path, database: str) -> list[str]:
    """Writes what is missing, each file readable by its owner alone; gives the new files' names."""
    urls = {
        f"{service}_database_url": f"postgresql://notyet_{service}:{secrets.token_urlsafe(24)}"
        f"@{database}"
        for service in get_args(ServiceName)
    }
    keys = {
        "identity_key": secrets.token_urlsafe(32),
        "link_key": secrets.token_urlsafe(32),
        "quarantine_key": Fernet.generate_key().decode(),
    }
    made = []
    for name, secret in {**keys, **urls}.items():
        path = directory / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secret)
            made.append(name)
    return made


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2])
