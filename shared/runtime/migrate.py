"""Brings one service's schema up to date: plain, numbered SQL files, each run once.

Each schema has a table of what has been run, in two lines: the runtime's files
(`shared/runtime/migrations`) and the service's (`services/<name>/migrations`), so that either can
grow without the other. Files that have landed are never edited. It runs as an administrator, who
owns the tables; the service's own role may only read and write rows.
"""

from collections.abc import Iterator
from pathlib import Path

import asyncpg

from shared.contract.topics import ServiceName
from shared.runtime.sql import Queries

_ROOT = Path(__file__).parents[2]
_PREPARATION = Path(__file__).with_name("role.sql")
_queries = Queries(Path(__file__).with_name("excess.sql"))


async def migrate(
    admin_url: str, service: ServiceName, *, password: str | None = None
) -> list[str]:
    """Creates the schema and role of a service if they are missing, and runs what is pending.

    Returns what the role could do beyond its schema, because whoever migrates may not forbid it.

    Several processes may call it at once: they wait for one another. All that is pending is run in
    one transaction, or none of it. A migration that cannot have its locks within seconds gives up
    rather than hold up those who are at work.
    """
    conn = await asyncpg.connect(admin_url)
    try:
        async with conn.transaction():
            await conn.execute("select pg_advisory_xact_lock(4017)")
            await _prepare(conn, service, password)
            await _upgrade(conn, service)
        return [row["what"] for row in await _queries.excess(conn, role=f"notyet_{service}")]
    finally:
        await conn.close()


async def _prepare(conn: asyncpg.Connection, service: ServiceName, password: str | None) -> None:
    await conn.execute(_PREPARATION.read_text().replace("{service}", service))
    if password:
        quoted = password.replace("'", "''")
        await conn.execute(f"alter role notyet_{service} login password '{quoted}'")
    await conn.execute(
        f"set local search_path to {service};"
        "set local lock_timeout to '5s'; set local statement_timeout to '15min'"
    )


async def _upgrade(conn: asyncpg.Connection, service: ServiceName) -> None:
    run = {row["name"] for row in await conn.fetch("select name from migrations")}
    for name, path in _files(service):
        if name not in run:
            await conn.execute(path.read_text())
            await conn.execute("insert into migrations (name) values ($1)", name)


def _files(service: ServiceName) -> Iterator[tuple[str, Path]]:
    """Yields all migrations in order, under names that their numbers alone decide."""
    lines = {
        "shared": _ROOT / "shared" / "runtime" / "migrations",
        service: _ROOT / "services" / service / "migrations",
    }
    for line, folder in lines.items():
        for path in sorted(folder.glob("[0-9]*.sql")):
            yield f"{line}_{path.stem.partition('_')[0]}", path
