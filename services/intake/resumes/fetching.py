"""Fetches the files that recorded deliveries name, and has each read, outside of any transaction.

A delivery has counted by then, so it waits for nothing here; a file is claimed for a while, and
whoever ends meanwhile leaves it to the next. What was read, or why it could not be, is kept with
the delivery in one step, and the delivery is read again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import asyncpg
from pydantic_core import to_json

from services.intake.deliveries.apis import MOST_WRONG, Apis, NotNow, SourceApi
from services.intake.deliveries.store import opened, sealed
from services.intake.metrics import IntakeMetrics
from services.intake.resumes import reading, store
from services.intake.resumes.files import Files, Unfetched
from services.intake.resumes.telling import ANSWER, Resume
from services.intake.sources import store as sources
from services.intake.sources.store import Registered
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.resume_files import Found, ResumeFiles
from services.intake.webhooks.systems import RESUMES
from shared.contract.events.cloudevents import Unreadable
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine

LONGEST_PAUSE_SECONDS = 3600.0
MOST_FETCHES = 24
"""About half a day of a server that does not answer."""
MOST_READS = 5
"""Of a file whose reader is killed, or has no time to compute on a busy machine."""

NOT_FETCHED = "not_fetched"
"""Counted beside the problems of reading."""
_WITHOUT_TOKEN = [system for system, files in RESUMES.items() if files.api is None]


class Fetching:
    """Reads the résumés of all sources, one after the other."""

    def __init__(
        self,
        database: Database,
        quarantine: Quarantine,
        apis: Apis,
        files: Files,
        metrics: IntakeMetrics,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._quarantine = quarantine
        self._apis = apis
        self._files = files
        self._metrics = metrics
        self._wake = wake
        self._one_at_a_time = asyncio.Semaphore(1)

    async def run(self, _now: datetime) -> bool:
        """Reads one of each source; returns whether there may be more."""
        async with self._database.transaction() as conn:
            rows = await store.claim(conn, _WITHOUT_TOKEN)
            known = await sources.every(conn) if rows else {}
        await asyncio.gather(*(self._read(known[row["source"]], row) for row in rows))
        return bool(rows)

    async def _read(self, registered: Registered, row: asyncpg.Record) -> None:
        delivery = opened(self._quarantine, row)
        if delivery is None:
            await self._put_off(row, LONGEST_PAUSE_SECONDS)
            return
        read = await self._apis.answered(registered, self._resume(registered, delivery))
        if not isinstance(read, NotNow):
            await self._keep(row, delivery, *read)
        elif read.problem is None:
            await self._put_off(row, 0.0, counted=False)
        elif row["resume_tries"] < read.most_tries:
            await self._put_off(row, min(2.0 ** row["resume_tries"], LONGEST_PAUSE_SECONDS))
        else:
            await self._keep(row, delivery, Resume(problem=read.problem), NOT_FETCHED)

    async def _resume(
        self, registered: Registered, delivery: Delivery
    ) -> tuple[Resume, str] | NotNow:
        """Returns what came of a résumé, with its name among the outcomes that are counted."""
        where = RESUMES[registered.source.system]
        api = self._apis.of(registered, where.api) if where.api else None
        try:
            found = await _found(where, api, delivery)
        except Unreadable as why:
            return NotNow(why.detail, MOST_WRONG)
        if found.file is None:
            return Resume(profile=found.profile), "none"
        try:
            file = await self._files.fetch(found.file, api, registered.api.url)
        except Unfetched as why:
            if not why.for_good:
                return NotNow(str(why), MOST_FETCHES)
            return Resume(problem=str(why), profile=found.profile), NOT_FETCHED
        try:
            async with self._one_at_a_time:
                read = await reading.read(file)
        except reading.Ended:
            return NotNow("what reads it was ended each time", MOST_READS)
        problem = read.problem.words if read.problem else None
        resume = Resume(text=read.text, is_cut=read.is_cut, problem=problem, profile=found.profile)
        return resume, read.problem or "read"

    async def _keep(
        self, row: asyncpg.Record, delivery: Delivery, resume: Resume, outcome: str
    ) -> None:
        """Keeps what came of it with the delivery, which is then read again."""
        answers = {**delivery.answers, ANSWER: to_json(resume)}
        record = sealed(self._quarantine, row["source"], replace(delivery, answers=answers))
        async with self._database.transaction() as conn:
            await store.keep(conn, row, record)
        self._metrics.resumes.labels(row["source"], outcome).inc()
        self._wake()

    async def _put_off(self, row: asyncpg.Record, seconds: float, *, counted: bool = True) -> None:
        async with self._database.transaction() as conn:
            await store.put_off(conn, row, seconds, counted=counted)


async def _found(where: ResumeFiles, api: SourceApi | None, delivery: Delivery) -> Found:
    """Asks a system where the file is, as far as it does not tell of its own accord."""
    answers: list[bytes | None] = []
    while not isinstance(found := where.find(delivery, answers), Found):
        if found is None or api is None:
            return Found(None)
        answer = await (api.read(found) if isinstance(found, str) else api.write(found))
        answers.append(answer)
    return found
