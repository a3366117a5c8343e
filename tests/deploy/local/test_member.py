import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.child import CannotStart, Child
from deploy.local.member import Member, supervise
from deploy.local.ports import free_port

SERVE = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]


@contextlib.asynccontextmanager
async def supervised(member: Member) -> AsyncIterator[list[str]]:
    news: list[str] = []
    task = asyncio.create_task(supervise([member], news.append))
    member.start()
    try:
        yield news
    finally:
        task.cancel()
        await member.stop()


async def test_a_killed_process_is_started_again_and_told_of(tmp_path: Path) -> None:
    port = free_port()
    member = Member(Child("server", [*SERVE, str(port)], tmp_path / "log"), port, "/")
    async with supervised(member) as news:
        await member.ready(20)
        before = member.child.pid
        member.kill()
        while member.child.pid == before:
            await asyncio.sleep(0.02)
        await member.ready(20)
    assert member.restarts == 1
    assert len(news) == 1
    assert news[0].startswith("server ended with -9")


async def test_a_process_that_was_asked_to_end_stays_ended(tmp_path: Path) -> None:
    port = free_port()
    member = Member(Child("server", [*SERVE, str(port)], tmp_path / "log"), port, "/")
    async with supervised(member) as news:
        await member.ready(20)
        await member.stop()
        await asyncio.sleep(0.5)
        assert not member.child.running
    assert news == []


async def test_a_process_that_fails_again_and_again_is_given_up_with_its_reason(
    tmp_path: Path,
) -> None:
    command = ["sh", "-c", "echo 'error: no such thing'; exit 1"]
    member = Member(Child("hopeless", command, tmp_path / "log"), free_port())
    async with supervised(member):
        with pytest.raises(CannotStart, match=r"hopeless does not get ready: error: no such thing"):
            await member.ready(20)
