"""Real PostgreSQL for each test: an empty copy of one template database, migrated once."""

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
from tests.left_open import LeftOpen
from tests.pools import Pools
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
        self._empty: list[Databases] = []

    async def make(self) -> None:
        async with _connected(self._admin_url) as conn:
            await conn.execute(f"create database {self._name}")
        url = with_parts(self._admin_url, database=self._name)
        for service in SERVICES:
            await migrate(url, service, password=self._password)
        async with _connected(url) as conn:
            await conn.execute(_EMPTIED)

    async def drop(self) -> None:
        for empty in self._empty:
            await self._drop(empty)
        async with _connected(self._admin_url) as conn:
            await conn.execute(f"drop database {self._name}")

    @asynccontextmanager
    async def lend(self) -> AsyncIterator["Databases"]:
        """Lends an empty copy, and empties it afterwards for whoever comes next.

        Emptying takes a third of what copying does. One whose structure was changed is dropped.
        Raises LeftOpen when whoever had it goes on using it.
        """
        lent = self._empty.pop() if self._empty else await self._copy()
        try:
            yield lent
        finally:
            left = await lent.take_back()
            if await lent.emptied():
                self._empty.append(lent)
            else:
                await self._drop(lent)
        if left:
            raise LeftOpen(", ".join(left))

    @asynccontextmanager
    async def copy(self) -> AsyncIterator["Databases"]:
        """Lends a copy that nobody used before, and drops it afterwards."""
        copied = await self._copy()
        try:
            yield copied
        finally:
            await copied.take_back()
            await self._drop(copied)

    async def _copy(self) -> "Databases":
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
        return Databases(self._admin_url, name, self._password)

    async def _drop(self, databases: "Databases") -> None:
        await databases.close()
        async with _connected(self._admin_url) as conn:
            await conn.execute(f"drop database {databases.name} with (force)")


_EMPTIED = """
create schema structure;
create table structure.changes (made text);
create function structure.changed() returns event_trigger language plpgsql security definer as
$$ begin insert into structure.changes values (tg_tag); end $$;

create function structure.emptied(kept int[]) returns boolean language plpgsql as $$
declare
    filled record;
begin
    perform pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> all (kept || pg_backend_pid());
    if exists (select from structure.changes) then
        return false;
    end if;
    for filled in
        select oid::regclass as name, pg_relation_size(oid) as bytes from pg_class
        where relkind = 'r' and relname <> 'migrations' and pg_relation_size(oid) > 0
            and relnamespace::regnamespace::text in ('intake', 'scheduler', 'matcher', 'notifier')
    loop
        -- A table that is truncated has files to be made, and its statements to be planned anew.
        if filled.bytes > 65536 then
            execute format('truncate %s cascade', filled.name);
        else
            execute format('delete from %s', filled.name);
        end if;
    end loop;
    perform setval(seqrelid, seqstart, false) from pg_sequence
    where pg_sequence_last_value(seqrelid) is not null;
    return true;
end $$;

create event trigger changed on ddl_command_end execute function structure.changed();
"""


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(url)
    try:
        yield conn
    finally:
        await conn.close()


class Databases:
    """One test's database; each service enters it by its own role."""

    def __init__(self, admin_url: str, name: str, password: str) -> None:
        self.name = name
        self.admin_url = with_parts(admin_url, database=name)
        self._password = password
        self._pools = Pools()
        self._cleaner: asyncpg.Connection | None = None

    def url(self, service: ServiceName) -> str:
        """Returns what a process of that service is configured with."""
        return with_parts(self.admin_url, role=f"notyet_{service}", password=self._password)

    async def __call__(self, service: ServiceName) -> Database:
        """Starts one more pool for a service."""
        database = Database(self.url(service), service, max_size=4)
        await self.start(database)
        return database

    async def start(self, database: Database) -> None:
        """Starts what was made with one of the URLs; whoever has it need not stop it."""
        await self._pools.start(database)

    async def take_back(self) -> list[str]:
        """Ends the use of all that was started; returns what was left open there."""
        return await self._pools.take_back()

    async def emptied(self) -> bool:
        """Ends whoever is still there and deletes every row, unless the structure was changed."""
        if self._cleaner is None or self._cleaner.is_closed():
            # Whoever replicates sets off no trigger, and is asked for no foreign key.
            as_replica = {"session_replication_role": "replica"}
            self._cleaner = await asyncpg.connect(self.admin_url, server_settings=as_replica)
        emptied = await self._cleaner.fetchval("select structure.emptied($1)", self._pools.sessions)
        return bool(emptied)

    async def close(self) -> None:
        """Closes the connections that wait for the next test."""
        await self._pools.stop()
        if self._cleaner:
            await self._cleaner.close()


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
