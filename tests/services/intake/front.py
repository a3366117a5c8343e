"""Intake's HTTP door as it is built in production, on a test's own database."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from cryptography.fernet import Fernet
from pydantic import SecretStr

from services.intake.app import build
from services.intake.keys import store as keys
from services.intake.settings import Settings
from shared.runtime.clock import Clock
from shared.runtime.service import Service
from tests.databases import Databases
from tests.services.intake.upstream import ATS, IDENTITY_KEY, NOW, rejected


def settings(databases: Databases, **more: Any) -> Settings:
    more.setdefault("quarantine_key", SecretStr(Fernet.generate_key().decode()))
    return Settings(
        database_url=SecretStr(databases.url("intake")),
        kafka_bootstrap_servers="127.0.0.1:1",
        link_key=SecretStr("a key of at least thirty-two bytes, for tests"),
        identity_key=SecretStr(IDENTITY_KEY),
        probe_port=0,
        **more,
    )


@dataclass
class Front:
    service: Service
    client: httpx.AsyncClient

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """Posts JSON, or bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"content-type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return await self.client.post(path, content=content, headers=sent)


@asynccontextmanager
async def opened(databases: Databases, clock: Clock, **more: Any) -> AsyncIterator[Front]:
    service = build(settings(databases, **more), clock)
    await databases.start(service.database)
    for step in service._on_start:
        await step()
    async with service.database.transaction() as conn:
        key = await keys.create(conn, ATS, NOW)
    assert service._public
    transport = httpx.ASGITransport(service._public[0])
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://intake", headers=headers
    ) as client:
        yield Front(service, client)
    for step in service._on_stop:
        await step()


def a_rejection(**fields: Any) -> dict[str, Any]:
    data = rejected().data
    assert data
    body: dict[str, Any] = json.loads(data.model_dump_json(by_alias=True, exclude_defaults=True))
    return body | fields


def a_vacancy(**fields: Any) -> dict[str, Any]:
    recruiters = [{"name": "Ines Albers", "email": "ines@work.example"}]
    return {"vacancyId": "v-1", "title": "Shift lead", "recruiters": recruiters} | fields
