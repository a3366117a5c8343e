from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from services.intake import pages
from services.intake.consent.numbers import StoppedNumbers
from services.intake.shortlists.domain import Employer
from services.intake.vacancies.domain import SourcePolicy
from services.intake.webhooks import twilio
from shared.contract.business_hours import Hours
from shared.runtime.clock import ManualClock
from shared.runtime.links import Links
from tests.databases import Databases
from tests.services.intake.house import House
from tests.services.intake.upstream import ERASURE, IDENTITY

PUBLIC_URL = "https://jobs.example.org"
HARTMANN = Employer("Hartmann Logistics", Hours(("Europe/Berlin",), "DE"))
TWILIO_TOKEN = "a token that only Twilio and we know"


@pytest.fixture
async def house(databases: Databases, clock: ManualClock) -> AsyncIterator[House]:
    """Intake's public doors on this test's own database."""
    database = await databases("intake")
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
        twilio.routes(
            database,
            clock,
            numbers,
            auth_token=TWILIO_TOKEN,
            public_url=PUBLIC_URL,
            employer="Hartmann & Sons",
            country="DE",
        )
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        yield House(database, clock, links, client)
