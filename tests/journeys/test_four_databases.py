"""Each service has a database of its own and can enter no other: none needs another's."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import asyncpg
import httpx
import pytest
import pytest_asyncio

from deploy.local.child import Child
from deploy.local.demo import personas
from deploy.local.demo.personas import SENIOR_ENGINEER, Attitude, Person
from deploy.local.demo.recipients import SinkClient, answer_consent_question, link_in
from deploy.local.stack import Stack
from services.intake.keys import store as keys
from shared.contract.topics import ServiceName
from shared.runtime.migrate import migrate
from tests.databases import SERVICES
from tests.faults.product_clock import ProductClock
from tests.journeys.acts import runner_up
from tests.scratch import scratch

pytestmark = [pytest.mark.campaign, pytest.mark.asyncio(loop_scope="module")]

ADA = Person(1, "Ada", "Moreno", "Europe/Vienna", "AT", Attitude.EAGER)
DAYS = 10


class FourDatabases(Stack):
    """Migrates each service's schema into a database of its own, and sends the service there."""

    def url_of(self, service: ServiceName, database: ServiceName) -> str:
        role, password = f"notyet_{service}", self.keys.roles[service]
        return self.postgres.url_for(role, password, f"notyet_{database}")

    def admin_url_of(self, service: ServiceName) -> str:
        return self.postgres.url_for("postgres", self.keys.administrator, f"notyet_{service}")

    async def _migrate(self, service: ServiceName) -> None:
        conn = await asyncpg.connect(self.database_url)
        await conn.execute(f"create database notyet_{service}")
        await conn.close()
        await migrate(self.admin_url_of(service), service, password=self.keys.roles[service])

    def _program(self, service: ServiceName, name: str, env: Mapping[str, str]) -> Child:
        own = {"NOTYET_DATABASE_URL": self.url_of(service, service)}
        return super()._program(service, name, {**env, **own})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack() -> AsyncIterator[FourDatabases]:
    with scratch("four-databases") as directory:
        ProductClock(directory / "clock")
        async with FourDatabases(
            directory, clock_file=directory / "clock", durable=False
        ) as running:
            yield running


async def test_a_rejection_becomes_a_letter_a_yes_and_a_shortlist(stack: FourDatabases) -> None:
    clock = ProductClock(stack.data_dir / "clock")
    key = await _api_key(stack, clock)
    async with httpx.AsyncClient(timeout=30, headers={"Authorization": f"Bearer {key}"}) as http:
        rejection = personas.rejection(runner_up(ADA), clock.now())
        await _post(http, f"{stack.intake_url}/v1/rejections", rejection)
        sink = SinkClient(stack.sink_url, http)
        letter = await _mail(sink, clock, ADA.email)
        assert await answer_consent_question(http, link_in(letter, "c") or "", ADA)
        await _post(http, f"{stack.intake_url}/v1/vacancies", SENIOR_ENGINEER.as_vacancy())
        shortlist = await _mail(sink, clock, SENIOR_ENGINEER.recruiter_email)
        assert ADA.family in (await http.get(link_in(shortlist, "s") or "")).text


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_is_let_into_its_own_database_alone(
    stack: FourDatabases, service: ServiceName
) -> None:
    for other in SERVICES:
        if other != service:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="CONNECT"):
                await asyncpg.connect(stack.url_of(service, other))
    conn = await asyncpg.connect(stack.url_of(service, service))
    try:
        theirs = await conn.fetch(
            "select nspname from pg_namespace where nspname = any($1::text[])", SERVICES
        )
        assert [row["nspname"] for row in theirs] == [service]
    finally:
        await conn.close()


async def _api_key(stack: FourDatabases, clock: ProductClock) -> str:
    conn = await asyncpg.connect(
        stack.admin_url_of("intake"), server_settings={"search_path": "intake"}
    )
    try:
        return await keys.create(conn, "careers", clock.now())
    finally:
        await conn.close()


async def _post(http: httpx.AsyncClient, url: str, body: object) -> None:
    answer = await http.post(url, json=body)
    assert answer.status_code == 202, answer.text


async def _mail(sink: SinkClient, clock: ProductClock, address: str) -> dict[str, object]:
    """Returns the newest message to somebody, after as many days as it takes to be sent."""
    for _ in range(DAYS):
        for _ in range(8):
            if found := [mail for mail in await sink.everything() if mail["to"] == address]:
                return found[-1]
            await asyncio.sleep(0.5)
        clock.next_working_day()
    raise AssertionError(f"nothing came to {address} within {DAYS} days")
