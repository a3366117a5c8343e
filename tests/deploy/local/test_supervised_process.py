import asyncio
import contextlib
import signal
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
    assert news == ["server was killed by signal 9 and is started again"]


async def test_a_process_that_ended_by_itself_is_told_of_with_its_own_last_fault(
    tmp_path: Path,
) -> None:
    done = tmp_path / "done"
    fails_once = f"test -e {done} && exec sleep 60; touch {done}; echo error: no room; exit 3"
    process = SupervisedProcess(Child("it", ["sh", "-c", fails_once], tmp_path / "log"), 1)
    async with supervised(process) as news:
        while process.restarts == 0:
            await asyncio.sleep(0.02)
        process.child.signal(signal.SIGTERM)
        while process.restarts == 1:
            await asyncio.sleep(0.02)
    assert news == [
        "it ended with 3 and is started again: error: no room",
        "it was killed by signal 15 and is started again",
    ]


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
