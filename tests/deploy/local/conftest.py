"""Stacks and servers of these tests keep their data where it costs least."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.databases import Databases
from tests.scratch import scratch


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with scratch("local") as directory:
        yield directory


@pytest.fixture
async def administrator(databases: Databases) -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees all services' tables, and needs no rows that others refer to."""
    conn = await asyncpg.connect(databases.admin_url)
    await conn.execute("set session_replication_role = replica")
    yield conn
    await conn.close()
