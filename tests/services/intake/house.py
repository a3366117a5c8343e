"""The doors of intake on a real database: people to open them for, and eyes to see what changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from services.intake.applicants.domain.agreement import name_key
from services.intake.applicants.domain.register import Claim, PersonalData, Stamp
from services.intake.applicants.store.people import as_json, keep_likenesses
from shared.contract.events.people import PersonName
from shared.runtime.clock import ManualClock
from shared.runtime.links import LinkPurpose, Links
from shared.runtime.postgres import Database
from tests.services.intake.upstream import IDENTITY

Form = Mapping[str, str | Sequence[str]]

YES: Form = {
    "do": "hat_yes",
    "purpose": ["similar_opening", "when_qualified"],
    "channel": ["email"],
    "months": "12",
}


@dataclass
class House:
    """Intake's public doors, without the rest of it."""

    database: Database
    clock: ManualClock
    links: Links
    client: httpx.AsyncClient

    def link(self, to: LinkPurpose, *, days: float = 365, **claims: str) -> str:
        return self.links.url(to, claims, self.clock.now() + timedelta(days=days))

    def letter(self, candidate: str = "ada", *, days: int = 365, **claims: str) -> str:
        """The link in a letter that asks about the hat."""
        given = {
            "candidate": candidate,
            "message": "m-1",
            "wording": "letter.en.1",
            "asks": "hat",
            "purpose": "letter",
            "contact": "c-1",
            "application": "a-1",
            "vacancy": "v-1",
        }
        return self.link(LinkPurpose.CANDIDATE, days=days, **(given | claims))

    async def dump(self) -> dict[str, list[str]]:
        """Everything that is in the schema but for who has seen it, to compare with later."""
        async with self.database.connection() as conn:
            tables = await conn.fetch(
                "select table_name from information_schema.tables"
                " where table_schema = 'intake' and table_type = 'BASE TABLE'"
                " and table_name <> 'audit_entries'"
            )
            return {
                name: sorted(
                    row["row"] for row in await conn.fetch(f'select t::text as row from "{name}" t')
                )
                for (name,) in tables
            }

    async def published(self, type: str | None = None) -> list[dict[str, Any]]:
        """The events that were put into the outbox, in order."""
        rows = await self.rows("select type, key, event_id, value from outbox order by id")
        return [
            {
                "type": row["type"].split(".", 2)[2],
                "key": row["key"],
                "id": row["event_id"],
                "data": json.loads(row["value"]) if row["value"] else None,
            }
            for row in rows
            if type is None or type in row["type"]
        ]

    async def rows(self, statement: str, *values: object) -> list[Any]:
        async with self.database.connection() as conn:
            return list(await conn.fetch(statement, *values))

    async def execute(self, statement: str, *values: object) -> None:
        async with self.database.transaction() as conn:
            await conn.execute(statement, *values)

    async def add_candidate(
        self,
        candidate_id: str = "ada",
        *,
        name: str = "Ada Lovelace",
        email: str | None = "ada@example.org",
        phone: str | None = None,
    ) -> None:
        stamp = Stamp(self.clock.now(), "e")
        person = PersonalData(
            name=Claim(PersonName(full_name=name), stamp),
            emails=Claim((email,), stamp) if email else None,
            phone=Claim(phone, stamp) if phone else None,
            also_known_as=dict.fromkeys(filter(None, (name, email, phone)), self.clock.now()),
        )
        personal_data = as_json(person)
        await self.execute(
            "insert into candidates (candidate_id, version, personal_data) values ($1, 1, $2)",
            candidate_id,
            personal_data,
        )
        await self.execute(
            "insert into applicants (applicant_key, candidate_id, source, personal_data, name_key,"
            " last_human_contact_at, recorded_at) values ($1, $1, 's', $2, $3, $4, $4)",
            candidate_id,
            personal_data,
            name_key(PersonName(full_name=name)),
            self.clock.now(),
        )
        async with self.database.transaction() as conn:
            hashes = IDENTITY.phone(phone) if phone else ()
            await keep_likenesses(conn, [(each, candidate_id) for each in hashes])

    async def add_mail_reply(
        self, candidate_id: str, *, message: str, reply: str = "reply", purpose: str | None = None
    ) -> None:
        """Keeps that they answered a message of ours by mail."""
        await self.execute(
            "insert into mail_replies (reply_id, candidate_id, applicant_key, message_id,"
            " vacancy_id, purpose, contact_id, wording_version, received_at)"
            " values ($4, $1, $1, $2, 'v-9', $5, 'k-1', 'invitation.en.1', $3)",
            candidate_id,
            message,
            self.clock.now(),
            reply,
            purpose,
        )

    async def add_rejection(
        self,
        candidate_id: str = "ada",
        *,
        application_id: str = "a-1",
        title: str = "Dispatcher",
        tier: str = "not_yet",
        shortfalls: Sequence[Mapping[str, Any]] = (),
        **more: Any,
    ) -> None:
        rejection = {
            "applicationId": application_id,
            "vacancyId": "v-1",
            "vacancyTitle": title,
            "tier": tier,
            "stage": "applied",
            "reason": {"code": "licence_missing"},
            "shortfalls": list(shortfalls),
            "decidedAt": self.clock.now().isoformat(),
            "alreadyTold": False,
        } | more
        await self.execute(
            "insert into applications (candidate_id, applicant_key, application_id, source,"
            " source_application_id, status, decided_at, status_time, status_rank, rejection,"
            " rejection_time, rejection_rank)"
            " values ($1, $1, $2, 's', $2, 'rejected', $3, $3, 'e', $4, $3, 'e')",
            candidate_id,
            application_id,
            self.clock.now(),
            json.dumps(rejection),
        )

    async def add_vacancy(
        self,
        vacancy_id: str = "v-9",
        *,
        title: str = "Dispatcher, day shift",
        recruiters: Sequence[str] = ("rita",),
        status: str = "open",
        **more: Any,
    ) -> None:
        vacancy = {
            "vacancyId": vacancy_id,
            "title": title,
            "jobLocation": {"locality": "Hamburg", "country": "DE"},
            "applyUrl": "https://jobs.example.org/v-9",
        } | more
        await self.execute(
            "insert into vacancies"
            " (vacancy_id, source, status, vacancy, event_time, event_id, type, version,"
            " source_version, closed_at)"
            " values ($1, 's', $2, $3, $4, 'e', 'dev.notyet.vacancy.opened.v1', 1, 1,"
            " case when $2 = 'closed' then $4::timestamptz end)",
            vacancy_id,
            status,
            json.dumps(vacancy),
            self.clock.now(),
        )
        for recruiter in recruiters:
            await self.execute(
                "insert into recruiters (recruiter_id, source, email, name, event_time, event_id)"
                " values ($1, 's', $2, $1, $3, 'e') on conflict do nothing",
                recruiter,
                f"{recruiter}@example.com",
                self.clock.now(),
            )
            await self.execute(
                "insert into recruiter_vacancies (vacancy_id, recruiter_id) values ($1, $2)",
                vacancy_id,
                recruiter,
            )

    async def add_consent(
        self,
        candidate_id: str,
        *,
        channel: str = "email",
        purpose: str = "similar_opening",
        until: datetime | None = None,
    ) -> None:
        now = self.clock.now()
        await self.execute(
            "insert into consent_entries (candidate_id, applicant_key, act, purpose, channel, at,"
            " until, how, wording_version)"
            " values ($1, $1, 'agreed', $2, $3, $4, $5, 'page', 'letter.en.1')",
            candidate_id,
            purpose,
            channel,
            now,
            until or now + timedelta(days=365),
        )
