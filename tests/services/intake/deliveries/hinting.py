"""An invented system that calls as Greenhouse does, but tells in its API alone what it is about."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from services.intake.sources import store as sources
from services.intake.webhooks.adapter import Delivery, Ignored, Told
from services.intake.webhooks.greenhouse.hooks import Greenhouse
from services.intake.webhooks.greenhouse.options import GreenhouseOptions
from services.intake.webhooks.greenhouse.payloads import HookWith, PersonRef
from services.intake.webhooks.hints import segment
from services.intake.webhooks.saying import Read
from shared.contract.events.bodies import read_body
from shared.runtime.clock import Clock
from tests.databases import Databases
from tests.services.intake.deliveries.calling import Careers, connected
from tests.services.intake.deliveries.stand_in import StandIn, standing_in
from tests.services.intake.webhooks.greenhouse import hook

TOKEN = "what opens the door over there"
PEOPLE, THEIRS = "/people/7001", "/people/7001/applications"


class OfPerson(Read):
    candidate: PersonRef


class Hinting(Greenhouse):
    """What it calls with names a person; what is to be read of them, their page says."""

    def translate(self, delivery: Delivery, options: GreenhouseOptions) -> Told | Ignored:
        person, *theirs = delivery.answers.values()
        if person is None:
            return Ignored("gone over there")
        return super().translate(replace(delivery, body=theirs[0] or b""), options)


class HintingApi:
    url = "https://api.hinting.example"
    per_second = 1000.0

    def headers(self, token: str) -> Mapping[str, str]:
        return {"authorization": f"Bearer {token}"}

    def paths(self, delivery: Delivery) -> Sequence[str]:
        hint = read_body(delivery.body, HookWith[OfPerson])
        person = f"/people/{segment(hint.payload.candidate.id)}"
        paths = [person]
        if answer := delivery.answers.get(person):
            paths.append(f"{person}/applications")
            read_body(answer, PersonRef)
        return paths


def a_hint(**candidate: object) -> dict[str, object]:
    return hook("update_candidate", candidate={"id": 7001} | candidate)


@dataclass
class Hinted(Careers):
    """Such a system connected as `careers`, with its API."""

    api: StandIn
    asked: Sequence[str] = ()
    """The paths that are to be read about what it called with."""

    async def set_token(self, token: str = TOKEN) -> None:
        seal = self.front.service.settings.seal()
        async with self.database.transaction() as conn:
            await sources.set_token(conn, "careers", token, self.api.url, seal)

    async def ask(self) -> None:
        """Asks about all that may be asked about, and reads what was answered."""
        await self.run("hints")
        await self.run()

    async def wait(self) -> None:
        """Lets all that something waits for be over, but nothing that waits for somebody."""
        async with self.database.transaction() as conn:
            await conn.execute("update deliveries set ask_at = now() where ask_at is not null")
            await conn.execute("update sources set api_rests_until = null")

    async def look_again(self) -> None:
        """Lets all that is looked through be due."""
        async with self.database.transaction() as conn:
            await conn.execute("update sources set look_at = null")


@asynccontextmanager
async def hinted(
    databases: Databases, clock: Clock, system: str = "hinting"
) -> AsyncIterator[Hinted]:
    async with connected(databases, clock, system=system) as careers, standing_in() as api:
        yield Hinted(careers.front, api)
