"""What nobody needs any more goes, and nothing that could be sent twice goes with it."""

import tomllib
from datetime import timedelta
from pathlib import Path

from services.notifier import retention
from services.notifier.retention import MESSAGES_KEPT, Retention
from shared.contract.events.contacts import Window
from tests.services.notifier.house import House
from tests.services.notifier.test_streams import shortlist

DECLARED = tomllib.loads(Path(retention.__file__).with_suffix(".toml").read_text("utf-8"))


async def forgotten(house: House) -> set[str]:
    """Runs the job until nothing is left to delete, and returns the contacts that are gone."""
    before = {row["contact_id"] for row in await house.all("select contact_id from messages")}
    while await Retention(house.database).messages(house.clock.now()):
        pass
    after = {row["contact_id"] for row in await house.all("select contact_id from messages")}
    return before - after


async def has_ended(house: House, contact_id: str) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact(contact_id))
    await house.sends()


async def as_if_received(house: House, ago: timedelta) -> None:
    await house.run("update messages set received_at = clock_timestamp() - $1::interval", ago)


def test_the_time_that_is_declared_is_the_time_that_is_kept() -> None:
    assert DECLARED["messages"]["keep"].startswith(f"{MESSAGES_KEPT.days} days after its end")


async def test_a_message_goes_once_it_can_neither_be_read_back_nor_be_due_again(
    house: House,
) -> None:
    await has_ended(house, "k1")
    await as_if_received(house, MESSAGES_KEPT + timedelta(days=1))
    house.clock.move(MESSAGES_KEPT)
    assert await forgotten(house) == set()
    house.clock.move(timedelta(seconds=1))
    assert await forgotten(house) == {"k1"}


async def test_a_message_stays_while_its_contact_would_still_be_sent(house: House) -> None:
    await house.knows(house.person())
    now = house.clock.now()
    window = Window(opens_at=now, closes_at=now + timedelta(days=300))
    await house.is_due(house.contact(windows=[window], expires_at=now + timedelta(days=300)))
    await house.sends()
    await as_if_received(house, 2 * MESSAGES_KEPT)
    house.clock.move(timedelta(days=200))
    assert await forgotten(house) == set()
    await house.tell(
        house.handlers.on_contacts,
        house.contact(windows=[window], expires_at=now + timedelta(days=300)),
    )
    await house.is_fresh()
    await house.sends()
    assert len(house.server.accepted) == 1


async def test_what_waits_stays_however_old_it_is(house: House) -> None:
    await house.tell(house.handlers.on_contacts, house.contact())
    await as_if_received(house, 2 * MESSAGES_KEPT)
    house.clock.move(timedelta(days=400))
    assert await forgotten(house) == set()


async def test_a_clock_that_was_moved_forgets_nothing_that_a_topic_still_keeps(
    house: House,
) -> None:
    await has_ended(house, "k1")
    house.clock.move(timedelta(days=700))
    assert await forgotten(house) == set()


async def test_a_shortlist_goes_once_no_recruiter_is_told_of_it_any_more(house: House) -> None:
    await house.tell(house.handlers.on_matches, shortlist(house))
    jobs = Retention(house.database)
    house.clock.move(timedelta(days=7) - timedelta(seconds=1))
    await jobs.shortlists(house.clock.now())
    assert len(await house.all("select * from shortlists")) == 1
    house.clock.move(timedelta(seconds=1))
    await jobs.shortlists(house.clock.now())
    assert await house.all("select * from shortlists") == []
