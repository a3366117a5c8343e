"""A matcher without its broker: events go in as the plumbing hands them over, jobs run at once."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from services.matcher.app import build_search
from services.matcher.domain.vacancies import Opening
from services.matcher.handlers import Handlers
from services.matcher.indexing import Indexing
from services.matcher.metrics import SearchMetrics
from services.matcher.search import SearchOutcome
from services.matcher.search_jobs import LEASE_SECONDS, SearchJobs
from services.matcher.settings import Settings
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.matches import ShortlistReady
from shared.contract.events.profile import Profile
from shared.contract.events.vacancies import Vacancy
from shared.contract.topics import (
    CANDIDATES,
    CONTACTS,
    NOTIFICATIONS,
    OPENINGS,
    PROFILES,
    RESPONSES,
    Topic,
)
from shared.runtime.inbox import admit
from shared.runtime.postgres import Database
from shared.runtime.telemetry import Metrics
from tests.databases import Databases
from tests.services.matcher.people import NOW, known


class Matcher:
    """One replica."""

    def __init__(self, database: Database, **changed: object) -> None:
        usual = {"settle_seconds": 0.0, "probe_port": 0}
        secrets = {
            "database_url": "-",
            "kafka_bootstrap_servers": "127.0.0.1:1",
            "quarantine_key": "-",
        }
        self.settings = Settings.model_validate(usual | secrets | changed)
        self.database = database
        search = build_search(database, self.settings)
        self.index, self.searcher = search.index, search.searcher
        self.metrics = Metrics()
        self.indexing = Indexing(database)
        self.search_metrics = SearchMetrics(self.metrics.registry)
        self.jobs = self.with_lease(LEASE_SECONDS)
        handlers = Handlers(self.settings)
        self._handlers = {
            OPENINGS: handlers.on_openings,
            CANDIDATES: handlers.on_candidates,
            PROFILES: handlers.on_profiles,
            CONTACTS: handlers.on_contacts,
            RESPONSES: handlers.on_responses,
            NOTIFICATIONS: handlers.on_notifications,
        }

    def with_lease(self, seconds: float) -> SearchJobs:
        """Returns what makes the searches that wait, under a lease that long."""
        return SearchJobs(
            self.database, self.index, self.searcher, self.search_metrics, lease_seconds=seconds
        )

    async def hear(self, topic: Topic, *events: Event, now: datetime = NOW) -> None:
        """Consumes one batch."""
        async with self.database.transaction() as conn:
            if fresh := await admit(conn, topic, events):
                await self._handlers[topic](conn, fresh, now)

    async def know(self, *people: tuple[CandidateChanged, Profile], now: datetime = NOW) -> None:
        """Hears of people's states and profiles, and indexes them."""
        states, profiles = known(people)
        await self.hear(CANDIDATES, *states, now=now)
        await self.hear(PROFILES, *profiles, now=now)
        await self.read()

    async def read(self) -> None:
        while await self.indexing.run_once(NOW):
            pass
        await self.index.run_once(NOW)

    async def search(self, now: datetime = NOW) -> list[ShortlistReady]:
        """Makes all the searches that wait, and returns all the shortlists so far."""
        await self.read()
        while await self.jobs.run_once(now):
            pass
        return await self.shortlists()

    async def shortlists(self) -> list[ShortlistReady]:
        rows = await self.rows("select value from outbox order by id")
        return [ShortlistReady.model_validate_json(bytes(row["value"])) for row in rows]

    async def find(
        self, vacancy: Vacancy, now: datetime = NOW, *, reopened: bool = False
    ) -> SearchOutcome:
        opening = Opening(vacancy, 1, NOW, reopened=reopened, searches_pool=True)
        return await self.searcher.search(opening, now)

    def value(self, metric: str) -> float | None:
        """Returns what is measured now."""
        return self.metrics.registry.get_sample_value(metric)

    async def parked(self, job: str) -> list[str]:
        """Returns the reasons for which rows of a job are parked."""
        rows = await self.rows("select reason from parked_rows where job = $1 order by key", job)
        return [row["reason"] for row in rows]

    async def change(self, statement: str, *values: object) -> None:
        async with self.database.transaction() as conn:
            await conn.execute(statement, *values)

    async def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        async with self.database.connection() as conn:
            return [dict(row) for row in await conn.fetch(statement, *values)]


NewMatcher = Callable[..., Awaitable[Matcher]]


@pytest.fixture
async def new_matcher(databases: Databases) -> NewMatcher:
    """`await new_matcher()` starts one more replica on this test's database."""

    async def start(**changed: object) -> Matcher:
        return Matcher(await databases("matcher"), **changed)

    return start


@pytest.fixture
async def matcher(new_matcher: NewMatcher) -> Matcher:
    return await new_matcher()
