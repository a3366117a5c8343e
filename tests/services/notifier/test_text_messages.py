"""Text messages on their way: their links are told of first, and how to stop is said in time."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from services.notifier.channels import Carrier
from services.notifier.channels.http_sms import Account
from services.notifier.channels.twilio import Twilio
from shared.contract.events.contacts import Window
from shared.contract.events.people import Channel
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.notifier.house import House, build_house
from tests.services.notifier.letters import LINKS, renderer
from tests.services.notifier.mailserver import mail_server
from tests.services.notifier.smsserver import DROP, SmsServer, sms_server


@dataclass
class Telephone:
    """A notifier that writes real words to one telephone."""

    house: House
    server: SmsServer

    async def is_written_to(self, contact_id: str, **facts: Any) -> str:
        """Returns the text message of a new contact."""
        await self.house.knows(self.house.person(**facts))
        window = Window(
            opens_at=self.house.clock.now(), closes_at=self.house.clock.now() + timedelta(hours=8)
        )
        await self.house.is_due(
            self.house.contact(contact_id, channels=[Channel.SMS], windows=[window])
        )
        await self.house.sends()
        return self.server.requests[-1].form["Body"]

    async def told(self) -> list[dict[str, Any]]:
        """Returns what was published of short links."""
        rows = await self.house.all(
            "select value from outbox where type = 'dev.notyet.link.shortened.v1' order by id"
        )
        return [json.loads(row["value"]) for row in rows]


@pytest.fixture
async def telephone(databases: Databases, clock: ManualClock) -> AsyncIterator[Telephone]:
    async with mail_server() as mail, sms_server() as server:
        account = Account("AC1", "secret", "+15005550006", "https://jobs.example", server.url)
        twilio = Twilio(account, timeout_seconds=10)
        more: dict[Channel, Carrier] = {Channel.SMS: twilio}
        house = build_house(
            await databases("notifier"), clock, mail, words=renderer().render, more=more
        )
        yield Telephone(house, server)
        await house.dispatcher.stop()


def token(text: str) -> str:
    return text.partition("/t/")[2].split()[0]


async def test_what_a_short_link_stands_for_is_told_under_the_hash_of_its_token(
    telephone: Telephone,
) -> None:
    text = await telephone.is_written_to("k1")
    [link] = await telephone.told()
    assert link["tokenHash"] == LINKS.short_hashes(token(text))[0]
    assert link["purpose"] == "candidate"
    row = await telephone.house.row("k1")
    expected = {"candidate": "c1", "contact": "k1", "application": "a1", "asks": "hat"}
    expected |= {"message": row["message_id"], "wording": row["wording_version"]}
    assert expected.items() <= link["claims"].items()
    assert token(text) not in json.dumps(link)


async def test_a_link_is_told_of_with_the_attempt_also_where_nobody_knows_whether_it_left(
    telephone: Telephone,
) -> None:
    telephone.server.faults = [DROP]
    text = await telephone.is_written_to("k1")
    assert await telephone.house.state("k1") == ("uncertain", "lost_after_request")
    [link] = await telephone.told()
    assert link["tokenHash"] == LINKS.short_hashes(token(text))[0]


async def test_a_further_try_tells_of_the_same_link_again_as_a_fact_of_its_own(
    telephone: Telephone,
) -> None:
    telephone.server.faults = [(429, 20429)]
    await telephone.is_written_to("k1")
    telephone.house.clock.move(timedelta(minutes=2))
    await telephone.house.is_fresh()
    await telephone.house.sends()
    assert await telephone.house.state("k1") == ("sent", None)
    first, second = await telephone.told()
    assert first["tokenHash"] == second["tokenHash"]
    ids = await telephone.house.all("select distinct event_id from outbox where type like '%link%'")
    assert len(ids) == 2


async def test_nothing_is_told_of_a_message_that_may_not_leave(telephone: Telephone) -> None:
    await telephone.house.knows(telephone.house.person(stopped=[Channel.SMS]))
    await telephone.house.is_due(telephone.house.contact(channels=[Channel.SMS]))
    await telephone.house.sends()
    assert telephone.server.requests == []
    assert await telephone.told() == []


async def test_how_to_stop_is_said_in_the_first_message_and_again_after_thirty_days(
    telephone: Telephone,
) -> None:
    said, began = [], telephone.house.clock.now()
    for day in (0, 1, 29, 31, 60, 62):
        telephone.house.clock.set(began + timedelta(days=day))
        if "STOP" in await telephone.is_written_to(f"on day {day}"):
            said.append(day)
    assert said == [0, 31, 62]


async def test_who_never_got_it_or_has_another_number_is_told_how_to_stop(
    telephone: Telephone,
) -> None:
    telephone.server.faults = [(400, 30003)]
    assert "STOP" in await telephone.is_written_to("k1")
    assert (await telephone.house.state("k1"))[0] == "failed"
    assert "STOP" in await telephone.is_written_to("k2")
    assert "STOP" not in await telephone.is_written_to("k3")
    assert "STOP" in await telephone.is_written_to("k4", phone="+491700000001")
    assert "STOP" not in await telephone.is_written_to("k5")


async def test_somebody_else_is_told_how_to_stop_at_a_number_of_their_own(
    telephone: Telephone,
) -> None:
    await telephone.is_written_to("k1")
    await telephone.house.knows(telephone.house.person("c2", phone="+491700000002"))
    await telephone.house.is_due(
        telephone.house.contact("k2", candidate_id="c2", channels=[Channel.SMS])
    )
    await telephone.house.sends()
    assert "STOP" in telephone.server.requests[-1].form["Body"]
