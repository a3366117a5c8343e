"""Real PostgreSQL for each test: a fresh copy of one template database, migrated once."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import get_args
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from shared.contract.topics import ServiceName
from shared.runtime.migrate import migrate
from shared.runtime.postgres import Database
from tests.scratch import scratch

SERVICES: tuple[ServiceName, ...] = get_args(ServiceName)
NAMED = os.environ.get("NOTYET_TEST_DATABASE_URL")


@contextmanager
def server() -> Iterator[str]:
    """Lends an administrator's URL of the server that is named, or of one for the tests."""
    if NAMED:
        yield NAMED
        return
    from deploy.local import postgres

    with scratch("tests") as directory:
        started = postgres.start(directory / "postgres", durable=False)
        try:
            yield started.url
        finally:
            started.stop()


class Template:
    """A database with the four migrated schemas, from which each test's own is copied."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._name = f"notyet_template_{secrets.token_hex(4)}"
        self._password = secrets.token_urlsafe(12)

    def make(self) -> None:
        asyncio.run(self._make())

    def drop(self) -> None:
        asyncio.run(self._run(f"drop database if exists {self._name} with (force)"))

    @asynccontextmanager
    async def copy(self) -> AsyncIterator["Databases"]:
        name = f"notyet_test_{secrets.token_hex(8)}"
        async with self._administrator() as conn:
            # Copied as files, it takes half of what it takes through the log.
            await conn.execute(f"create database {name} template {self._name} strategy file_copy")
            # A copy has the rights on all that is inside, and not those on the database itself.
            roles = ", ".join(f"notyet_{service}" for service in SERVICES)
            await conn.execute(
                f"revoke connect, temporary on database {name} from public;"
                f"grant connect on database {name} to {roles}"
            )
            copied = Databases(with_parts(self._admin_url, database=name), self._password)
            try:
                yield copied
            finally:
                await copied.stop()
                await conn.execute(f"drop database {name} with (force)")

    async def _make(self) -> None:
        await self._run(f"create database {self._name}")
        url = with_parts(self._admin_url, database=self._name)
        for service in SERVICES:
            await migrate(url, service, password=self._password)

    async def _run(self, statement: str) -> None:
        async with self._administrator() as conn:
            await conn.execute(statement)

    @asynccontextmanager
    async def _administrator(self) -> AsyncIterator[asyncpg.Connection]:
        conn = await asyncpg.connect(self._admin_url)
        try:
            yield conn
        finally:
            await conn.close()


class Databases:
    """One test's database; each service enters it by its own role."""

    def __init__(self, admin_url: str, password: str) -> None:
        self.admin_url = admin_url
        self._password = password
        self._started: list[Database] = []

    def url(self, service: ServiceName) -> str:
        """Returns what a process of that service is configured with."""
        return with_parts(self.admin_url, role=f"notyet_{service}", password=self._password)

    async def __call__(self, service: ServiceName) -> Database:
        """Starts one more pool for a service."""
        database = Database(self.url(service), service, max_size=4)
        await database.start()
        self._started.append(database)
        return database

    async def stop(self) -> None:
        for database in self._started:
            await database.stop()


def with_parts(
    url: str, *, database: str | None = None, role: str | None = None, password: str = ""
) -> str:
    """Returns the URL of another database, or another role, of the same server."""
    parts = urlsplit(url)
    if role:
        host = parts.netloc.rpartition("@")[2]
        parts = parts._replace(netloc=f"{role}:{password}@{host}")
    if database:
        parts = parts._replace(path=f"/{database}")
    return urlunsplit(parts)
