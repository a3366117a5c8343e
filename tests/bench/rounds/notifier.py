"""The notifier's rounds: what is sent, swept and counted, and what is heard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import cast

from services.notifier.settings import Settings
from services.notifier.store import sending
from shared.contract.events.contacts import ContactDue
from shared.contract.topics import CONTACTS, RECIPIENTS
from shared.runtime.sql import Queries
from tests.bench import events
from tests.bench.events import LETTER_BODY
from tests.bench.mailbox import mailbox
from tests.bench.rounds.place import Place
from tests.bench.rounds.round import Round

SETTINGS = {"messages_per_second": "100000"}
AT_ONCE, SOME = 20, 100

_queries = Queries(Path(__file__).with_name("notifier.sql"))
_FACTS = ContactDue.model_validate_json(LETTER_BODY).facts.model_dump_json(by_alias=True)


async def fill(place: Place) -> None:
    """Fills in: for each person their addresses and two messages sent, for some one that waits."""
    owner, people = place.owner, place.people
    await place.hear(RECIPIENTS, [events.recipient("person-0")])
    await _queries.fill_recipients(owner, people=people)
    await _queries.fill_suppressed(owner, people=people)
    await _queries.fill_lists(owner, people=people)
    await _queries.fill_sent(owner, people=people, now=place.now)
    await _queries.fill_waiting(owner, people=people, now=place.now, facts=_FACTS)


@asynccontextmanager
async def rounds(place: Place) -> AsyncIterator[list[Round]]:
    owner, turns = place.owner, count()

    async def due() -> None:
        await place.hear(RECIPIENTS, events.heartbeats())
        begin = place.first_of(next(turns), AT_ONCE)
        await place.hear(CONTACTS, [events.letter(f"person-{begin + n}") for n in range(AT_ONCE)])

    async def send() -> None:
        """Returns when the last of them has been settled."""
        await place.run("send due messages")
        while await _queries.under_way(owner):
            await place.run("send due messages")

    async def late() -> None:
        await _queries.lay_late(owner, turn=next(turns), count=SOME, now=place.now, facts=_FACTS)

    async def old() -> None:
        await _queries.lay_old(owner, turn=next(turns), count=SOME, now=place.now)

    async def strangers() -> None:
        await _queries.lay_strangers(owner, turn=next(turns), count=SOME, now=place.now)

    async def conditions() -> None:
        async with place.service.database.connection() as conn:
            await sending.conditions(conn)

    async def heard() -> None:
        begin = place.first_of(next(turns), SOME)
        version = 10 + next(turns)
        states = [events.recipient(f"person-{begin + n}", version) for n in range(SOME)]
        await place.hear(RECIPIENTS, states)

    async def contacts() -> None:
        begin = place.first_of(next(turns), SOME)
        await place.hear(CONTACTS, [events.letter(f"person-{begin + n}") for n in range(SOME)])

    settings = cast(Settings, place.service.settings)
    async with mailbox(lambda _: None, settings.smtp_port):
        yield [
            Round(f"send {AT_ONCE} due", send, due, job="send due messages"),
            place.round("sweep messages", f"sweep {SOME} past their time", late),
            Round("look at the conditions", conditions),
            place.round("gauges", "count what waits"),
            place.round("tell recruiters", "look for recruiters to tell"),
            place.round("forget messages", f"forget {SOME} old messages", old),
            place.round("forget never read", f"forget {SOME} who were never read", strangers),
            place.round("forget shortlists", "forget shortlists"),
            Round(f"hear of {SOME} people", heard),
            Round(f"hear of {SOME} due contacts", contacts),
        ]
