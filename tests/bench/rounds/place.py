"""One service's parts in this process, on a database that is filled with so many people."""

import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path

import asyncpg

from deploy.local.environment import StackConfiguration, environment
from deploy.local.keys import keys_in
from deploy.local.ports import free_port
from deploy.local.stack_ports import Ports
from shared.contract.events.cloudevents import Event
from shared.contract.topics import ServiceName, Topic
from shared.runtime import inbox
from shared.runtime.quarantine import Copy
from shared.runtime.service import Service
from shared.runtime.sql import Queries
from tests.bench.rounds.round import Round, Step, nothing
from tests.databases import Databases, Template

Query = Callable[..., Awaitable[object]]

_queries = Queries(Path(__file__).with_name("place.sql"))


@dataclass
class Place:
    """A service that was built and not started: its jobs and handlers run when they are called.

    It has all the jobs of a process that runs, those of its runtime too.
    """

    service: Service
    owner: asyncpg.Connection
    """The administrator's connection, on the service's schema."""
    people: int

    @property
    def now(self) -> datetime:
        return self.service.clock.now()

    def first_of(self, turn: int, some: int) -> int:
        """Returns where so many people begin, others at each turn for as long as they last."""
        return 1 + turn * some % (self.people - some)

    def round(self, job: str, name: str, lay: Step = nothing, *, grows: bool = False) -> Round:
        """Returns what one round of a job is, by a name that says what there is to do in it."""
        return Round(name, partial(self.run, job), lay, grows=grows, job=job)

    def lays(self, query: Query, some: int) -> Step:
        """Returns what lays out so many rows of a kind, others at each turn."""
        turns = count()
        return lambda: query(self.owner, turn=next(turns), count=some)

    async def run(self, name: str, at: datetime | None = None) -> bool:
        """Does one round of the job of that name, now or at a time; True if there may be more."""
        jobs = {job.name: job for job in self.service._jobs}
        return await jobs[name]._run(at or self.now)

    async def hear(self, topic: Topic, events: Sequence[Event]) -> None:
        """Returns events their effect as the consumer does: once, in one transaction."""
        consumer = next(each for each in self.service.consumers if each.topic == topic)
        async with self.service.database.transaction() as conn:
            fresh = await inbox.admit(conn, topic, events)
            await consumer.handler(conn, fresh, self.now)

    async def clear(self) -> None:
        """Empties the outbox of what the last round has put there."""
        await self.owner.execute("truncate outbox")

    async def settle(self) -> None:
        """Leaves the tables as autovacuum would in time: without dead rows, and counted.

        Connections begin anew. Which plans one keeps depends on what its first ones cost: of those
        that had filled the tables, uncounted, some made a plan each time and some never again.
        """
        await self.owner.execute("vacuum (analyze)")
        pool = self.service.database._pool
        assert pool
        await pool.expire_connections()


@asynccontextmanager
async def place(
    name: ServiceName, template: Template, kafka: str, directory: Path, people: int, **settings: str
) -> AsyncIterator[Place]:
    """Lends a service on a database of its own, which holds what every service keeps by itself."""
    async with template.copy() as databases:
        owner = await asyncpg.connect(
            databases.admin_url,
            server_settings={"search_path": name, "synchronous_commit": "off", "jit": "off"},
        )
        service = _built(name, databases, kafka, directory, settings)
        await service.database.start()
        try:
            await _queries.fill_inbox(owner, people=people)
            await _queries.fill_versions(owner, people=people)
            await _queries.fill_quarantine(owner, people=people, sealed=_sealed(service))
            yield Place(service, owner, people)
        finally:
            for step in service._on_stop:
                await step()
            await service.database.stop()
            await owner.close()


def _built(
    name: ServiceName, databases: Databases, kafka: str, directory: Path, settings: dict[str, str]
) -> Service:
    """Puts the service together as its process does, from the variables of the local stack."""
    configuration = StackConfiguration(
        keys_in(directory), Ports(smtp=free_port()), kafka, None, False
    )
    given = {
        variable.removeprefix("NOTYET_").lower(): value
        for variable, value in environment(configuration, name, f"{name}-0", 0, 0).items()
    }
    given |= {"database_url": databases.url(name), **settings}
    configured = importlib.import_module(f"services.{name}.settings").Settings(**given)
    built: Service = importlib.import_module(f"services.{name}.app").build(configured)
    built._add_plumbing()
    return built


def _sealed(service: Service) -> bytes:
    """Returns what a record of half a kilobyte is in the quarantine."""
    return service.quarantine.seal(Copy(b"nobody", b"x" * 500, [], 0))
