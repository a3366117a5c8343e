"""A rejection goes in, and a letter comes out."""

import asyncio

import httpx

from deploy.local.demo import personas
from deploy.local.demo.personas import Attitude, Person
from tests.containers.composed import Composed
from tests.databases import SERVICES
from tests.journeys.acts import runner_up

ADA = Person(1, "Ada", "Moreno", "Europe/Vienna", "AT", Attitude.EAGER)
DAYS = 10


async def a_letter_comes_out(composed: Composed) -> None:
    """Fails with what the services say where none has come within some days."""
    key = composed.compose(
        *("exec", "-T", "intake", "python3", "-m", "services.intake"),
        *("keys", "create", "--source", "careers"),
    ).split()[-1]
    async with httpx.AsyncClient(timeout=30) as http:
        answer = await http.post(
            f"{composed.intake}/v1/rejections",
            json=personas.rejection(runner_up(ADA), composed.clock.now()),
            headers={"Authorization": f"Bearer {key}"},
        )
        assert answer.status_code == 202, answer.text
        for _ in range(DAYS):
            if ADA.email in await _written_to(http, composed):
                return
            await asyncio.sleep(4)
            composed.clock.next_working_day()
    raise AssertionError(composed.compose("logs", "--tail", "20", *SERVICES))


async def _written_to(http: httpx.AsyncClient, composed: Composed) -> list[str]:
    told = (await http.get(f"{composed.mailbox}/api/v1/messages")).json()
    return [to["Address"] for message in told["messages"] for to in message["To"]]
