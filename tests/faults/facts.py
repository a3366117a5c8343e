"""Reads from outside what is true in the end, and writes it behind the history of the run."""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import ConsumerRecord

from deploy.local.demo.evidence import message_id
from services.intake.shortlists import store as shortlists
from services.intake.vacancies.domain import SourcePolicy
from shared.contract.topics import ALL, APPLICATIONS, VACANCIES
from shared.runtime.sql import Queries
from tests.faults.ask import CANARY, person_in
from tests.faults.history import History
from tests.faults.plan import PHONE_CANARY
from tests.faults.reading import reading

_queries = Queries(Path(__file__).with_name("facts.sql"))

TABLES = (
    "applications",
    "recorded",
    "candidates",
    "former_candidates",
    "occasions",
    "messages",
    "quarantine",
    "parked",
    "unpublished",
    "claims",
    "addressed",
    "vacancies",
    "offsets",
)
NAMES_BELONG = ("notyet.applications.v1", "notyet.recipients.v1")
"""The topics on which people have names."""

PARKED = "job.row_parked"

_CANARY = re.compile(rf"{CANARY.pattern}|{re.escape(PHONE_CANARY)}", re.IGNORECASE)


class Facts:
    def __init__(self, kafka: str, conn: asyncpg.Connection, history: History) -> None:
        self._kafka = kafka
        self._conn = conn
        self._history = history

    async def write(self) -> None:
        """Writes everything that the promises are judged by."""
        for table in TABLES:
            for row in await getattr(_queries, table)(self._conn):
                self._history.note("row", table=table, **dict(row))
        await self._write_shown()
        self._history.note("outboxes", waiting=await _queries.waiting(self._conn))
        for row in await _queries.tables(self._conn):
            found = await self._people_in(row["name"])
            self._history.note("names", schema=row["schema"], in_table=row["name"], people=found)
        await self._write_topics()

    async def gone(self) -> set[str]:
        """Returns the ids of people who were merged or erased."""
        return {row["candidate_id"] for row in await _queries.former_candidates(self._conn)}

    async def record_digests(self) -> dict[str, str]:
        """Returns a digest of each table of intake's record: equal where nothing has changed."""
        return {
            name: await self._conn.fetchval(
                f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {name} t"
            )
            for name in [row["name"] for row in await _queries.tables_of_the_record(self._conn)]
        }

    async def _write_shown(self) -> None:
        """Writes whom the recruiters of each shortlist are shown, as their page asks for it.

        More stand in the table: also those whom the source of the vacancy knows no longer.
        """
        for found in await _queries.shortlists(self._conn):
            source = found["source"]
            async with self._conn.transaction():
                await self._conn.execute("set local search_path to intake")
                sees = SourcePolicy().sees(source)
                places = await shortlists.listed(self._conn, found["shortlist_id"], sees)
            for place in places:
                self._history.note(
                    "row", table="shown", source=source, candidate_id=place.candidate_id
                )

    async def _people_in(self, table: str) -> list[int]:
        rows = await self._conn.fetch(
            "select distinct found[1] as name "
            f"from {table} as t, regexp_matches(t::text, '({CANARY.pattern})', 'gi') as found"
        )
        return [person for row in rows if (person := person_in(row["name"])) is not None]

    async def _write_topics(self) -> None:
        async with reading(self._kafka) as reader:
            for topic in ALL:
                for number, end in (await reader.ends(topic)).items():
                    self._history.note("end", topic=topic.name, partition=number, offset=end)
                async for record in reader.records(topic):
                    self._write_record(record)

    def _write_record(self, record: ConsumerRecord) -> None:
        headers = {name: value.decode(errors="replace") for name, value in record.headers if value}
        value: bytes | None = record.value
        upstream = record.topic in (APPLICATIONS.name, VACANCIES.name)
        key = (record.key or b"").decode(errors="replace")
        private = f"{key} {headers}" + (
            "" if record.topic in NAMES_BELONG else (value or b"").decode(errors="replace")
        )
        self._history.note(
            "record",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=key,
            id=headers.get("ce_id"),
            source=headers.get("ce_source"),
            type=headers.get("ce_type"),
            written=record.timestamp / 1000,
            digest=hashlib.sha256(value or b"").hexdigest()[:16],
            canaries=len(_CANARY.findall(private)),
            body=None if upstream or value is None else _told(json.loads(value)),
        )

    def write_logs(self, directory: Path) -> None:
        for log in sorted(directory.glob("*.log")):
            text = log.read_text(errors="replace")
            self._history.note("log", name=log.name, size=len(text), canaries=_found(text))
            for said in (json.loads(line) for line in text.splitlines() if PARKED in line):
                self._history.note("parked", job=said["job"], reason=said["reason"])

    def write_texts(self, texts: Sequence[dict[str, Any]]) -> None:
        """Notes the text messages that the sink took, with the message each belongs to."""
        for text in texts:
            self._history.note("text", message=message_id(text), wall=text["wall_at"])


def _found(text: str) -> list[str]:
    """Returns the first lines in which somebody is named."""
    return [line[:300] for line in text.splitlines() if _CANARY.search(line)][:5]


def _told(body: dict[str, Any]) -> dict[str, Any]:
    """Leaves out of a body what no promise is judged by, to keep the history small."""
    bulky = {"facts", "profile", "rejections", "candidates", "windows", "name", "emails"}
    return {name: value for name, value in body.items() if name not in bulky}


async def offsets_now(conn: asyncpg.Connection) -> dict[str, int]:
    """Returns how far each service has read each partition."""
    return {
        f"{row['service']} {row['topic']} {row['partition']}": row["next_offset"]
        for row in await _queries.offsets(conn)
    }
