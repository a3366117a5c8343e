"""Stacks and servers of these tests keep their data where it costs least."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scratch import scratch


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with scratch("local") as directory:
        yield directory
