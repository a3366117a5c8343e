"""Schemathesis asks the API for all that its document allows, and for what it does not."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from deploy.local.ports import HOST, free_port
from services.intake.keys import store as keys
from services.intake.keys import throttle
from services.intake.keys.domain import Scope
from shared.runtime.clock import ManualClock
from shared.runtime.http_server import HttpServer
from tests.databases import Databases
from tests.services.intake.front import a_rejection, opened
from tests.services.intake.upstream import ATS, NOW

pytestmark = pytest.mark.campaign

UNLIMITED = dict.fromkeys(("address_requests_per_minute", "key_requests_per_minute"), 10**9)
LINES = "schemathesis.serializer.alias('application/x-ndjson', 'application/json')"
"""One object is one line."""
PHASES = "examples,fuzzing"
"""Without its own enumeration of eight thousand cases, which takes a quarter of an hour."""
ALLOWED = ("negative_data_rejection", "positive_data_acceptance")
"""A detail that is wrong is left out and said to be; and some rules no schema can tell."""


async def test_whatever_is_asked_is_answered_as_the_document_says(
    databases: Databases, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "WRONG_KEYS", 10**9)
    async with opened(databases, clock, **UNLIMITED) as front:
        assert (await front.post("/v1/rejections", a_rejection())).status_code == 202
        async with front.service.database.transaction() as conn:
            key = await keys.create(conn, ATS, NOW, list(Scope))
        assert front.service._public
        app, _, _, limits = front.service._public
        port = free_port()
        server = HttpServer(app, HOST, port, limits)
        await server.start_up()
        found = await faults(f"http://{HOST}:{port}/v1/openapi.json", key, tmp_path)
        await server.shut_down()
    assert found is None, found


async def faults(url: str, key: str, folder: Path) -> str | None:
    """Returns what Schemathesis says, if it found anything that is not as the document says."""
    (folder / "hooks.py").write_text(f"import schemathesis\n\n{LINES}\n")
    options = {
        "header": f"Authorization: Bearer {key}",
        "exclude-checks": ",".join(ALLOWED),
        "max-examples": "20",
        "phases": PHASES,
        "seed": "1",
    }
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", url, "--no-color"),
        *(f"--{name}={value}" for name, value in options.items()),
        cwd=folder,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "hooks.py"},
        stdout=PIPE,
        stderr=STDOUT,
    )
    said, _ = await running.communicate()
    return said.decode() if running.returncode else None
