"""Real PostgreSQL for each test: an empty copy of one template database, migrated once."""

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
    """A database with the four migrated schemas, from which those for tests are copied."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._name = f"notyet_template_{secrets.token_hex(4)}"
        self._password = secrets.token_urlsafe(12)
        self._empty: list[str] = []

    def make(self) -> None:
        asyncio.run(self._make())

    def drop(self) -> None:
        asyncio.run(self._drop(self._name, *self._empty))

    @asynccontextmanager
    async def lend(self) -> AsyncIterator["Databases"]:
        """Lends an empty copy, and empties it afterwards for whoever comes next.

        Emptying takes a third of what copying does. One whose structure was changed is dropped.
        """
        name = self._empty.pop() if self._empty else await self._copy()
        lent = self._at(name)
        try:
            yield lent
        finally:
            await lent.stop()
            if await _emptied(lent.admin_url):
                self._empty.append(name)
            else:
                await self._drop(name)

    @asynccontextmanager
    async def copy(self) -> AsyncIterator["Databases"]:
        """Lends a copy that nobody used before, and drops it afterwards."""
        name = await self._copy()
        copied = self._at(name)
        try:
            yield copied
        finally:
            await copied.stop()
            await self._drop(name)

    def _at(self, name: str) -> "Databases":
        return Databases(with_parts(self._admin_url, database=name), self._password)

    async def _make(self) -> None:
        async with _connected(self._admin_url) as conn:
            await conn.execute(f"create database {self._name}")
        url = with_parts(self._admin_url, database=self._name)
        for service in SERVICES:
            await migrate(url, service, password=self._password)
        async with _connected(url) as conn:
            await conn.execute(_NOTICE_CHANGES)

    async def _copy(self) -> str:
        name = f"notyet_test_{secrets.token_hex(8)}"
        async with _connected(self._admin_url) as conn:
            # Copied as files, it takes half of what it takes through the log.
            await conn.execute(f"create database {name} template {self._name} strategy file_copy")
            # A copy has the rights on all that is inside, and not those on the database itself.
            roles = ", ".join(f"notyet_{service}" for service in SERVICES)
            await conn.execute(
                f"revoke connect, temporary on database {name} from public;"
                f"grant connect on database {name} to {roles}"
            )
        return name

    async def _drop(self, *names: str) -> None:
        async with _connected(self._admin_url) as conn:
            for name in names:
                await conn.execute(f"drop database if exists {name} with (force)")


_NOTICE_CHANGES = """
create schema structure;
create table structure.changes (made text);
create function structure.changed() returns event_trigger language plpgsql security definer as
$$ begin insert into structure.changes values (tg_tag); end $$;
create event trigger changed on ddl_command_end execute function structure.changed();
"""

_EMPTY = """
set session_replication_role = replica;
do $$
declare
    filled text;
begin
    perform pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid();
    select string_agg(oid::regclass::text, ', ') into filled from pg_class
    where relkind = 'r' and relname <> 'migrations' and pg_relation_size(oid) > 0
      and relnamespace::regnamespace::text in ('intake', 'scheduler', 'matcher', 'notifier');
    if filled is not null then
        execute 'truncate ' || filled || ' restart identity cascade';
    end if;
    perform setval(seqrelid, seqstart, false) from pg_sequence
    where pg_sequence_last_value(seqrelid) is not null;
end $$;
"""


async def _emptied(url: str) -> bool:
    """Ends whoever is still there and deletes every row, unless the structure was changed."""
    async with _connected(url) as conn:
        if await conn.fetchval("select exists (select from structure.changes)"):
            return False
        await conn.execute(_EMPTY)
        return True


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(url)
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
