"""The employer's own systems: they post over HTTP, and publish CloudEvents to Kafka."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
from aiokafka import AIOKafkaProducer

from deploy.local.demo.personas import Application, Opening, Person, rejection
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantUnrejected,
    ApplicationPayload,
)
from shared.contract.events.vacancies import VacancyClosed, VacancyReopened, VacancyState
from shared.contract.topics import APPLICATIONS, VACANCIES

SOURCE = "/employer/hiring"


class Upstream:
    """Says what the employer decides."""

    def __init__(
        self, http: httpx.AsyncClient, url: str, key: str, producer: AIOKafkaProducer
    ) -> None:
        self._http = http
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}"}
        self._producer = producer

    async def reject(self, applications: list[Application], at: datetime) -> None:
        await self._post(
            "/v1/rejections/batch", [rejection(application, at) for application in applications]
        )

    async def open(self, opening: Opening) -> None:
        await self._post("/v1/vacancies", opening.as_vacancy())

    async def close(self, opening: Opening, at: datetime) -> None:
        await self._publish(VacancyClosed.model_validate(opening.as_vacancy()), at)

    async def reopen(self, opening: Opening, at: datetime) -> None:
        await self._publish(VacancyReopened.model_validate(opening.as_vacancy()), at)

    async def take_back(self, application: Application, at: datetime) -> None:
        await self._decide(
            ApplicantUnrejected(
                applicant_id=application.person.applicant_id,
                application_id=application.application_id,
                decided_at=at,
            )
        )

    async def hire(self, person: Person, opening: Opening, at: datetime) -> None:
        await self._decide(
            ApplicantHired(
                applicant_id=person.applicant_id,
                application_id=Application(person, opening, "hired").application_id,
                decided_at=at,
            )
        )

    async def _decide(self, decision: ApplicationPayload) -> None:
        body = decision.model_dump_json(by_alias=True).encode()
        key = decision.applicant_id
        await self._send(APPLICATIONS.name, decision.type, key, body, decision.decided_at)

    async def _publish(self, vacancy: VacancyState, at: datetime) -> None:
        body = vacancy.model_dump_json(by_alias=True, exclude_none=True).encode()
        await self._send(VACANCIES.name, vacancy.type, vacancy.vacancy_id, body, at)

    async def _send(self, topic: str, type: str, key: str, body: bytes, at: datetime) -> None:
        headers = [
            ("ce_specversion", b"1.0"),
            ("ce_id", str(uuid4()).encode()),
            ("ce_source", SOURCE.encode()),
            ("ce_type", type.encode()),
            ("ce_time", at.isoformat().encode()),
            ("content-type", b"application/json"),
        ]
        await self._producer.send_and_wait(topic, body, key=key.encode(), headers=headers)

    async def _post(self, path: str, body: Any) -> None:
        answer = await self._http.post(
            f"{self._url}{path}",
            content=json.dumps(body),
            headers={**self._headers, "Content-Type": "application/json"},
        )
        answer.raise_for_status()
