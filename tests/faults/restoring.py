"""The notifier's tables are restored from a backup: all that left since then is forgotten."""

import asyncio
from contextlib import suppress
from subprocess import CalledProcessError
from time import monotonic

import asyncpg

from deploy.local.stack import Stack
from tests.faults.history import History
from tests.faults.mail_server import MailServer
from tests.journeys.conftest import commanded

PATIENCE_SECONDS = 60


class Restoration:
    """Keeps a backup, and later puts it back as an operator does."""

    def __init__(
        self, stack: Stack, mail: MailServer, history: History, conn: asyncpg.Connection
    ) -> None:
        self._stack = stack
        self._mail = mail
        self._history = history
        self._conn = conn

    async def back_up(self) -> None:
        async with self._conn.transaction(isolation="repeatable_read"):
            await self._conn.execute("create schema backup")
            for table in await self._tables():
                await self._conn.execute(f"create table backup.{table} as table notifier.{table}")

    async def put_back(self) -> None:
        """Stops the notifiers for it; afterwards sees to it that they may go on."""
        notifiers = self._stack.processes["notifier"]
        await asyncio.gather(*(notifier.stop() for notifier in notifiers))
        left = len(self._mail.accepted)
        await self._overwrite()
        for notifier in notifiers:
            notifier.start()
        self._history.note("fault", what="notifier's tables restored")
        held = await self._is_on_hold()
        left = len(self._mail.accepted) - left
        released = await self._is_released()
        self._history.note("restored", held=held, left=left, released=released)

    async def _overwrite(self) -> None:
        async with self._conn.transaction():
            for table in await self._tables():
                await self._conn.execute(f"truncate notifier.{table}")
                await self._conn.execute(
                    f"insert into notifier.{table} overriding system value table backup.{table}"
                )
            await self._conn.execute("drop schema backup cascade")

    async def _tables(self) -> list[str]:
        rows = await self._conn.fetch(
            "select quote_ident(tablename) as name from pg_tables where schemaname = 'notifier'"
        )
        return [row["name"] for row in rows]

    async def _is_on_hold(self) -> bool:
        """Waits until the notifier has noticed by itself."""
        deadline = monotonic() + PATIENCE_SECONDS
        while monotonic() < deadline:
            if "restored" in await self._command("holds"):
                return True
            await asyncio.sleep(0.5)
        return False

    async def _is_released(self) -> bool:
        """Asks again for as long as what was sent is still being read back."""
        deadline = monotonic() + PATIENCE_SECONDS
        while monotonic() < deadline:
            with suppress(CalledProcessError):
                return "released" in await self._command("release")
            await asyncio.sleep(0.5)
        return False

    async def _command(self, *words: str) -> str:
        return await asyncio.to_thread(commanded, self._stack, "notifier", *words)
