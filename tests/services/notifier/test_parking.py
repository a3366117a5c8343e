"""What cannot be told of one shortlist, recruiter or message keeps no other one waiting."""

from datetime import timedelta

import pytest

from services.notifier import shortlist_notices
from services.notifier.retention import Retention
from shared.contract.business_hours import Hours, hours_of
from shared.runtime import parking
from tests.services.notifier.house import House, message_id
from tests.services.notifier.test_streams import recruiter, shortlist, told

TOO_LONG = (
    "update shortlists set facts = jsonb_set(facts, '{considered}', repeat('9', 5000)::jsonb)"
)
LOOK_NOW = "update shortlists set look_at = clock_timestamp()"


async def parked(house: House) -> list[tuple[str, str, str]]:
    rows = await house.all("select job, key, reason from parked_rows order by key")
    return [tuple(row) for row in rows]


async def two_lists(house: House) -> None:
    await house.knows(recruiter("r1"), recruiter("r2", ["v2"]))
    second = shortlist(house, shortlist_id="s2", vacancy_id="v2")
    await house.tell(house.handlers.on_matches, shortlist(house), second)


async def test_what_cannot_be_told_is_parked_and_the_others_are_told(house: House) -> None:
    await two_lists(house)
    await house.run(f"{TOO_LONG} where shortlist_id = 's1'")
    assert await told(house) == ["r2@acme.example"]
    assert await parked(house) == [("tell recruiters", "s1/r1", "ValueError")]
    async with house.database.connection() as conn:
        assert await parking.counts(conn) == {"tell recruiters": 1}


async def test_what_is_parked_is_told_once_it_is_released_and_readable(house: House) -> None:
    await two_lists(house)
    [row] = await house.all("select facts from shortlists where shortlist_id = 's1'")
    await house.run(f"{TOO_LONG} where shortlist_id = 's1'")
    await told(house)
    await house.run("update shortlists set facts = $1::jsonb", row["facts"])
    await house.run(LOOK_NOW)
    assert await told(house) == ["r2@acme.example"], "it rests"
    async with house.database.connection() as conn:
        assert await parking.release_all(conn) == 1
    await house.run(LOOK_NOW)
    assert await told(house) == ["r1@acme.example", "r2@acme.example"]
    assert await parked(house) == []


def hours_but_for_tokyo(zone: str | None, country: str | None, here: Hours) -> Hours:
    """Fails for one recruiter, as a fault in our own code does."""
    if zone == "Asia/Tokyo":
        raise KeyError(zone)
    return hours_of(zone, country, here)


async def test_a_recruiter_who_cannot_be_told_keeps_no_colleague_waiting_and_may_change(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortlist_notices, "hours_of", hours_but_for_tokyo)
    abroad = recruiter("r1").model_copy(update={"time_zone": "Asia/Tokyo"})
    await house.knows(abroad, recruiter("r2"))
    await house.tell(house.handlers.on_matches, shortlist(house))
    assert await told(house) == ["r2@acme.example"]
    assert await parked(house) == [("tell recruiters", "s1/r1", "KeyError")]
    await house.knows(recruiter("r1").model_copy(update={"version": 2}))
    assert await parked(house) == []
    assert await told(house) == ["r1@acme.example", "r2@acme.example"]


async def test_whoever_hears_of_the_same_people_by_a_list_that_cannot_be_told_hears_by_the_next(
    house: House,
) -> None:
    await house.knows(recruiter())
    again = shortlist(house, shortlist_id="s2", repeats="s1")
    await house.tell(house.handlers.on_matches, shortlist(house), again)
    await house.run(f"{TOO_LONG} where shortlist_id = 's1'")
    await told(house)
    await house.run(LOOK_NOW)
    assert await told(house) == ["r1@acme.example"]


async def test_of_shortlists_that_are_no_more_nothing_is_parked(house: House) -> None:
    await two_lists(house)
    await house.run(TOO_LONG)
    assert await told(house) == []
    assert len(await parked(house)) == 2
    retention = Retention(house.database)
    for _ in range(2):
        await retention.shortlists(house.clock.now() + timedelta(days=8))
    assert await parked(house) == []


LEFT_BEHIND = """
update messages
set
    state = 'sending', lease_token = gen_random_uuid(), attempted_at = received_at,
    leased_until = received_at, channel = 'email'
"""
NOBODYS = "update messages set recipient_id = '' where contact_id = 'k2'"


async def three_messages(house: House) -> None:
    await house.knows(*(house.person(f"c{nth}") for nth in (1, 2, 3)))
    await house.is_due(*(house.contact(f"k{nth}", candidate_id=f"c{nth}") for nth in (1, 2, 3)))


@pytest.mark.parametrize(("meanwhile", "end"), [(None, "expired"), (LEFT_BEHIND, "uncertain")])
async def test_an_end_that_cannot_be_reported_is_parked_and_the_others_are(
    house: House, meanwhile: str | None, end: str
) -> None:
    await three_messages(house)
    await house.run(NOBODYS)
    if meanwhile:
        await house.run(meanwhile)
    house.clock.move(timedelta(days=4))
    before = await house.state("k2")
    assert not await house.queue.sweep(house.clock.now())
    assert sorted(await house.reported()) == [(end, "c1"), (end, "c3")]
    assert await house.state("k2") == before
    assert await parked(house) == [("sweep messages", message_id("k2"), "ValidationError")]
    assert not await house.queue.sweep(house.clock.now())


async def test_a_message_that_has_ended_otherwise_is_parked_no_longer(house: House) -> None:
    await three_messages(house)
    await house.run(NOBODYS)
    house.clock.move(timedelta(days=4))
    await house.queue.sweep(house.clock.now())
    await house.run("update messages set recipient_id = 'c2' where contact_id = 'k2'")
    await house.tell(house.handlers.on_contacts, house.withdrawal("k2"))
    await house.queue.sweep(house.clock.now())
    assert await parked(house) == []
