from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from services.intake import pages
from services.intake.consent.numbers import StoppedNumbers
from services.intake.shortlists.domain import Employer
from services.intake.vacancies.domain import SourcePolicy
from services.intake.webhooks.sms import route as sms
from services.intake.webhooks.sms.twilio import Twilio
from shared.contract.business_hours import Hours
from shared.runtime.clock import ManualClock
from shared.runtime.links import Links
from shared.runtime.postgres import Database
from tests.conftest import MONDAY_MORNING
from tests.databases import Databases
from tests.services.intake.house import House
from tests.services.intake.upstream import ERASURE, IDENTITY

PUBLIC_URL = "https://jobs.example.org"
HARTMANN = Employer("Hartmann Logistics", Hours(("Europe/Berlin",), "DE"))
TWILIO_TOKEN = "a token that only Twilio and we know"


class MovingDatabase(Database):
    """Intake's part of the database of whichever test is running."""

    def move_to(self, url: str) -> None:
        self._url = url


@dataclass
class Doors:
    """Intake's public doors, built once: building them takes longer than a test does to knock."""

    database: MovingDatabase
    clock: ManualClock
    links: Links
    app: FastAPI


@pytest.fixture(scope="session")
def doors() -> Doors:
    database, clock = MovingDatabase("", "intake", max_size=4), ManualClock(MONDAY_MORNING)
    links = Links("a key of at least thirty-two bytes, for tests", PUBLIC_URL)
    app = FastAPI()
    numbers = StoppedNumbers(IDENTITY)
    app.include_router(
        pages.routes(
            database,
            clock,
            links,
            ERASURE,
            numbers,
            employer=HARTMANN,
            policy=SourcePolicy(frozenset({"pool"})),
            text_countries=("DE",),
        )
    )
    app.include_router(
        sms.routes(
            database,
            clock,
            numbers,
            {"twilio": Twilio(TWILIO_TOKEN, "DE")},
            public_url=PUBLIC_URL,
            employer="Hartmann & Sons",
        )
    )
    return Doors(database, clock, links, app)


@pytest.fixture
def clock(doors: Doors) -> ManualClock:
    doors.clock.set(MONDAY_MORNING)
    return doors.clock


@pytest.fixture
async def house(doors: Doors, clock: ManualClock, databases: Databases) -> AsyncIterator[House]:
    """Intake's public doors on this test's own database."""
    doors.database.move_to(databases.url("intake"))
    await databases.start(doors.database)
    transport = httpx.ASGITransport(doors.app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        yield House(doors.database, clock, doors.links, client)


@pytest.fixture
async def admin(databases: Databases, database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Whoever owns the tables."""
    conn = await asyncpg.connect(databases.admin_url, server_settings={"search_path": "intake"})
    yield conn
    await conn.close()
