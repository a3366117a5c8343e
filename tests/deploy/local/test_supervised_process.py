import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.child import CannotStart, Child
from deploy.local.ports import free_port
from deploy.local.supervised_process import SupervisedProcess, supervise

SERVE = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]


@contextlib.asynccontextmanager
async def supervised(process: SupervisedProcess) -> AsyncIterator[list[str]]:
    news: list[str] = []
    task = asyncio.create_task(supervise([process], news.append))
    process.start()
    try:
        yield news
    finally:
        task.cancel()
        await process.stop()


async def test_a_killed_process_is_started_again_and_told_of(tmp_path: Path) -> None:
    port = free_port()
    process = SupervisedProcess(Child("server", [*SERVE, str(port)], tmp_path / "log"), port, "/")
    async with supervised(process) as news:
        await process.ready(20)
        before = process.child.pid
        process.kill()
        while process.child.pid == before:
            await asyncio.sleep(0.02)
        await process.ready(20)
    assert process.restarts == 1
    assert len(news) == 1
    assert news[0].startswith("server ended with -9")


async def test_a_process_that_was_asked_to_end_stays_ended(tmp_path: Path) -> None:
    port = free_port()
    process = SupervisedProcess(Child("server", [*SERVE, str(port)], tmp_path / "log"), port, "/")
    async with supervised(process) as news:
        await process.ready(20)
        await process.stop()
        await asyncio.sleep(0.5)
        assert not process.child.running
    assert news == []


async def test_a_process_that_fails_again_and_again_is_given_up_with_its_reason(
    tmp_path: Path,
) -> None:
    command = ["sh", "-c", "echo 'error: no such thing'; exit 1"]
    process = SupervisedProcess(Child("hopeless", command, tmp_path / "log"), free_port())
    async with supervised(process):
        with pytest.raises(CannotStart, match=r"hopeless does not get ready: error: no such thing"):
            await process.ready(20)
