"""What upstream systems say in these tests, and what of it is in the record."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
from cryptography.fernet import Fernet
from prometheus_client import CollectorRegistry

from services.intake.applicants.domain.identity import IdentityHash
from services.intake.applicants.domain.normalisation import Normaliser
from services.intake.applicants.domain.receiving import Receiving
from services.intake.applicants.handlers import Recorder
from services.intake.consent.numbers import StoppedNumbers
from services.intake.metrics import IntakeMetrics
from services.intake.privacy.erasure import Erasure
from services.intake.privacy.jurisdictions import SHIPPED, Jurisdictions
from services.intake.privacy.outliving import Outliving
from shared.contract.events.applications import (
    ApplicantErased,
    ApplicantHired,
    ApplicantMerged,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantUpdated,
    ApplicantWithdrawn,
)
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.events.payload import Payload
from shared.runtime.inbox import fresh, release
from shared.runtime.marks import Marker
from shared.runtime.postgres import Database
from shared.runtime.sealing import Seal

IDENTITY_KEY = "a key for tests of at least thirty-two bytes"
IDENTITY = IdentityHash(IDENTITY_KEY)
MARKER = Marker(["a key for what is recognised in quarantine"])
LAWS = Jurisdictions.read(SHIPPED, 24)
SEAL = Seal([Fernet.generate_key().decode()])
ERASURE = Erasure(MARKER, IDENTITY, Outliving(SEAL, LAWS))
ATS = "our-applicant-tracking"
RECEIVING = Receiving("DE", retention_months=24)
DECIDED = datetime(2026, 2, 25, 9, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def recorder(identity: IdentityHash = IDENTITY) -> Recorder:
    normaliser, metrics = Normaliser(identity, "DE"), IntakeMetrics(CollectorRegistry())
    return Recorder(normaliser, ERASURE, StoppedNumbers(identity), metrics)


async def record(database: Database, *events: Event, now: datetime = NOW) -> list[Event]:
    """Records events as a door does: those heard for the first time, in one transaction.

    Returns those that were refused, which may come again.
    """
    async with database.transaction() as conn:
        unseen = await fresh(conn, events)
        found = await recorder().record(conn, unseen, now) if unseen else []
        refused = [
            event
            for event, result in zip(unseen, found, strict=True)
            if isinstance(result, Unreadable)
        ]
        await release(conn, refused)
    return refused


def said(
    data: Payload, *, time: datetime | None = None, id: str | None = None, source: str = ATS
) -> Event:
    moment = time or (data.decided_at if isinstance(data, ApplicantRejected) else DECIDED)
    event_id = id or str(uuid4())
    return Event(
        id=event_id, source=source, type=data.type, key=data.entity_id, time=moment, data=data
    )


def applicant(applicant_id: str = "p-1", **fields: Any) -> dict[str, Any]:
    return {
        "applicantId": applicant_id,
        "name": {"givenName": "Mira", "familyName": "Okafor"},
        "emails": ["mira@mail.example"],
    } | fields


def rejected(
    applicant_id: str = "p-1",
    application_id: str = "a-1",
    *,
    time: datetime | None = None,
    id: str | None = None,
    source: str = ATS,
    person: dict[str, Any] | None = None,
    **fields: Any,
) -> Event:
    body = {
        "applicationId": application_id,
        "applicant": applicant(applicant_id, **(person or {})),
        "vacancy": {"vacancyId": "v-1", "title": "Shift lead"},
        "reason": {"code": "experience_too_short"},
        "decidedAt": (time or DECIDED).isoformat(),
    } | fields
    data = ApplicantRejected.model_validate_json(json.dumps(body), extra="forbid")
    return said(data, time=time, id=id, source=source)


def decided(
    kind: type[ApplicantUnrejected | ApplicantHired | ApplicantWithdrawn],
    applicant_id: str = "p-1",
    application_id: str = "a-1",
    *,
    time: datetime = DECIDED,
    **more: Any,
) -> Event:
    data = kind(applicant_id=applicant_id, application_id=application_id, decided_at=time)
    return said(data, time=time, **more)


def updated(
    applicant_id: str = "p-1", *, time: datetime = DECIDED, source: str = ATS, **fields: Any
) -> Event:
    profile = fields.pop("profile", None)
    body = {"applicant": applicant(applicant_id, **fields), "profile": profile}
    data = ApplicantUpdated.model_validate_json(json.dumps(body))
    return said(data, time=time, source=source)


def merged(applicant_id: str, into: str, *, time: datetime = DECIDED) -> Event:
    data = ApplicantMerged(applicant_id=applicant_id, into_applicant_id=into)
    return said(data, time=time)


def erased(applicant_id: str = "p-1", *, time: datetime = DECIDED, source: str = ATS) -> Event:
    return said(ApplicantErased(applicant_id=applicant_id), time=time, source=source)


async def rows(database: Database, statement: str, *values: Any) -> list[dict[str, Any]]:
    async with database.connection() as conn:
        return [dict(row) for row in await conn.fetch(statement, *values)]


async def published(database: Database, stream: str, key: str | None = None) -> list[Any]:
    """Returns the bodies in the outbox of one stream, in order; None is a tombstone."""
    found = await rows(
        database,
        "select value from outbox where topic = $1 and ($2::text is null or key = $2) order by id",
        f"notyet.{stream}.v1",
        key,
    )
    return [row["value"] and json.loads(row["value"]) for row in found]


async def standing(database: Database) -> list[Any]:
    """Returns the newest state of everybody who is not erased, as others know them."""
    found = await rows(
        database,
        "select distinct on (key) key, value from outbox where topic = 'notyet.candidates.v1' "
        "order by key, id desc",
    )
    return [json.loads(row["value"]) for row in found if row["value"]]


async def the_candidate(database: Database) -> str:
    await record(database, rejected())
    [person] = await standing(database)
    return str(person["candidateId"])


async def dump(conn: asyncpg.Connection, *, without: Sequence[str] = ()) -> str:
    """Returns every row of every table of the schema as text."""
    tables = await conn.fetch(
        "select table_name from information_schema.tables "
        "where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1"
    )
    texts = []
    for (table,) in tables:
        if table not in without:
            texts += [
                row[0] for row in await conn.fetch(f"select t::text from {table} as t order by 1")
            ]
    return "\n".join(texts)
