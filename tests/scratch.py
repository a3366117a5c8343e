"""Where servers keep what no test needs after their end: in memory, where there is enough of it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 4 * 1024**3


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """Lends a directory that is gone afterwards; a database is copied there in a twentieth."""
    with tempfile.TemporaryDirectory(prefix=f"notyet-{name}-", dir=_parent()) as directory:
        yield Path(directory)


def _parent() -> Path | None:
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ENOUGH_BYTES:
        return None
    return _MEMORY
