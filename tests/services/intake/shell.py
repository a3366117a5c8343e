"""Intake's commands on a test's own database, as an operator types them."""

import asyncio
import json
from dataclasses import dataclass

from typer.testing import CliRunner

from deploy.local.ports import free_ports
from services.intake.__main__ import app
from tests.databases import Databases
from tests.services.intake.front import settings
from tests.services.intake.upstream import IDENTITY_KEY


@dataclass
class Shell:
    environment: dict[str, str]

    async def __call__(
        self, *words: str, stdin: str | None = None, **environment: str
    ) -> tuple[int, str]:
        """Runs a command of intake; returns its exit code and what it said."""
        given = self.environment | environment
        done = await asyncio.to_thread(
            CliRunner().invoke, app, words, stdin, env=given, catch_exceptions=False
        )
        return done.exit_code, done.output

    async def audited(self, person: str) -> list[str]:
        """Returns the commands that are kept as having been about somebody."""
        _, said = await self("audit", "list", "--person", person, "--json")
        return [json.loads(line)["act"] for line in said.splitlines()]


def shell_on(databases: Databases, **environment: str) -> Shell:
    configured = settings(databases)
    http_port, probe_port = free_ports(2)
    return Shell(
        {
            "NOTYET_DATABASE_URL": configured.database_url.get_secret_value(),
            "NOTYET_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
            "NOTYET_QUARANTINE_KEY": configured.quarantine_key.get_secret_value(),
            "NOTYET_LINK_KEY": configured.link_key.get_secret_value(),
            "NOTYET_IDENTITY_KEY": IDENTITY_KEY,
            "NOTYET_HTTP_PORT": str(http_port),
            "NOTYET_PROBE_PORT": str(probe_port),
            "NOTYET_PUBLIC_URL": f"http://127.0.0.1:{http_port}",
            "COLUMNS": "200",
        }
        | environment
    )
