"""Nobody is written to whose newer state was missed, until one that is newer still is read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notifier.gauges import Gauges
from services.notifier.retention import NEVER_READ_KEPT, Retention
from services.notifier.store import recipients
from shared.contract.events.cloudevents import RecordPosition
from shared.runtime.processing import Missed
from tests.services.notifier.house import House


async def replays(house: House, place: RecordPosition) -> None:
    """Takes in a state of c1 that was set aside at this place."""
    event = replace(house.event(house.person("c1"), "intake"), replayed_from=place)
    await house.tell(house.handlers.on_recipients, event)


async def is_written_to(house: House) -> bool:
    await house.is_due(house.contact())
    await house.sends()
    return bool(house.server.accepted)


@pytest.mark.parametrize(
    ("replayed", "ends_it"),
    [
        (RecordPosition(2, 6), False),
        (RecordPosition(2, 7), True),
        (RecordPosition(2, 8), True),
        (RecordPosition(5, 8), False),
    ],
)
async def test_a_replayed_state_ends_only_what_was_missed_up_to_its_own_place(
    house: House, replayed: RecordPosition, ends_it: bool
) -> None:
    await house.knows(house.person("c1"))
    await house.misses(Missed("c1", RecordPosition(2, 6)), Missed("c1", RecordPosition(2, 7)))
    await replays(house, replayed)
    assert await is_written_to(house) == ends_it


async def test_a_state_read_as_it_comes_ends_what_was_missed_on_any_partition(
    house: House,
) -> None:
    await house.misses(Missed("c1", RecordPosition(2, 700)))
    await house.knows(house.person("c1"))
    assert await is_written_to(house)


async def never_read(house: House) -> list[str]:
    while await Retention(house.database).recipients(house.clock.now()):
        pass
    return [row["recipient_id"] for row in await house.all("select * from recipients")]


async def test_a_key_under_which_nothing_was_ever_read_is_forgotten_in_time(house: House) -> None:
    await house.knows(house.person("known"))
    await house.misses(
        Missed("known", RecordPosition(0, 1)), Missed("stranger", RecordPosition(0, 2))
    )
    house.clock.move(NEVER_READ_KEPT)
    assert sorted(await never_read(house)) == ["known", "stranger"]
    house.clock.move(timedelta(seconds=1))
    assert await never_read(house) == ["known"]


async def test_a_stranger_for_whom_a_message_waits_is_not_forgotten(house: House) -> None:
    await house.misses(Missed("c1", RecordPosition(0, 1)))
    house.clock.move(NEVER_READ_KEPT + timedelta(days=1))
    await house.is_due(house.contact())
    assert await never_read(house) == ["c1"]
    await house.sends()
    assert await house.state() == ("pending", "recipient_unread")


async def listed(house: House) -> list[str]:
    """Those whom an operator sees, who are as many as are counted."""
    async with house.database.connection() as conn:
        rows = await recipients.unread(conn, 10)
    await Gauges(house.database, house.metrics).refresh(house.clock.now())
    assert house.metrics.unread_recipients._value.get() == len(rows)
    return [row["recipient_id"] for row in rows]


async def test_of_whom_the_kept_state_cannot_be_read_is_listed_until_another_comes(
    house: House,
) -> None:
    await house.knows(house.person("c1"))
    await house.run("update recipients set state = '{\"x\": 1}'")
    assert not await is_written_to(house)
    assert await house.state() == ("pending", "recipient_unread")
    assert await listed(house) == ["c1"]
    await replays(house, RecordPosition(2, 6))
    assert await listed(house) == []
    house.clock.move(timedelta(hours=1))
    await house.is_fresh()
    await house.sends()
    assert len(house.server.accepted) == 1
