"""Brings one service's schema up to date: Alembic running plain, numbered SQL files.

Each schema has a version table of its own with two lines of revisions, the runtime's
(`shared/runtime/migrations`) and the service's (`services/<name>/migrations`), so that either can
grow without the other. Files that have landed are never edited. It runs as an administrator, who
owns the tables; the service's own role may only read and write rows.
"""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic import op
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.contract.topics import ServiceName

_ROOT = Path(__file__).parents[2]
_ROLE_RIGHTS = Path(__file__).with_name("role.sql")


async def migrate(admin_url: str, service: ServiceName, *, password: str | None = None) -> None:
    """Creates the schema and role of a service if they are missing, and runs what is pending.

    Several processes may call it at once: they wait for one another. A migration that cannot have
    its locks within seconds gives up rather than hold up those who are at work.
    """
    url = make_url(admin_url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(4017)"))
            await connection.run_sync(_prepare, service, password)
            await connection.run_sync(_upgrade, service)
    finally:
        await engine.dispose()


def _prepare(connection: Connection, service: ServiceName, password: str | None) -> None:
    rights = _ROLE_RIGHTS.read_text().replace("{service}", service)
    _run(connection, rights)
    if password:
        quoted = password.replace("'", "''")
        _run(connection, f"alter role notyet_{service} login password '{quoted}'")
    _run(
        connection,
        f"set local search_path to {service};"
        "set local lock_timeout to '5s'; set local statement_timeout to '15min'",
    )


def _upgrade(connection: Connection, service: ServiceName) -> None:
    script = _SqlFiles(service)
    config = Config()

    def pending(revision: Any, _: Any) -> Any:
        return script._upgrade_revs("heads", revision)  # noqa: SLF001 - as its own command does

    with EnvironmentContext(config, script, fn=pending) as environment:
        environment.configure(
            connection=connection, version_table="migrations", version_table_schema=service
        )
        environment.run_migrations()


class _SqlFiles(ScriptDirectory):
    """Alembic's view of two folders of SQL files as two lines of revisions."""

    def __init__(self, service: ServiceName) -> None:
        super().__init__(str(_ROOT))
        self._folders = {
            "shared": _ROOT / "shared" / "runtime" / "migrations",
            service: _ROOT / "services" / service / "migrations",
        }

    def _load_revisions(self) -> Iterator[Script]:
        for line, folder in self._folders.items():
            before = None
            for path in sorted(folder.glob("[0-9]*.sql")):
                revision = f"{line}_{path.stem.partition('_')[0]}"
                yield Script(_module(revision, before, path), revision, str(path))
                before = revision


def _module(revision: str, before: str | None, path: Path) -> ModuleType:
    module = ModuleType(revision, doc=path.stem)

    def upgrade() -> None:
        _run(op.get_bind(), path.read_text())

    vars(module).update(revision=revision, down_revision=before, upgrade=upgrade)
    return module


def _run(connection: Connection, sql: str) -> None:
    """Runs any number of statements at once, in the transaction that is open."""
    connection.connection.dbapi_connection.run_async(lambda driver: driver.execute(sql))  # type: ignore[union-attr]
