"""A yes can be ended for as long as it holds, however old the link is; without one links end."""

from datetime import timedelta

import pytest

from services.intake.messages.jobs import forget_short_links
from shared.runtime.links import LinkPurpose
from tests.services.intake.house import House
from tests.services.intake.pages.test_short_link import shortened, tell


@pytest.fixture
async def ada(house: House) -> House:
    await house.add_candidate()
    await house.add_rejection()
    return house


async def agrees(house: House, *, days: int) -> None:
    await house.add_consent("ada", until=house.clock.now() + timedelta(days=days))


def unsubscribing(house: House) -> str:
    return house.link(LinkPurpose.UNSUBSCRIBE, candidate="ada", message="m-1", application="a-1")


@pytest.mark.parametrize("link", [House.letter, unsubscribing])
async def test_a_link_works_past_its_day_as_long_as_a_yes_of_its_reader_holds(
    ada: House, link: object
) -> None:
    url = link(ada)  # type: ignore[operator]
    await agrees(ada, days=730)
    ada.clock.move(timedelta(days=729))
    assert (await ada.client.get(url)).status_code == 200
    ada.clock.move(timedelta(days=1))
    assert (await ada.client.get(url)).status_code == 404


async def test_everything_can_be_ended_behind_a_link_past_its_day_and_then_it_is_over(
    ada: House,
) -> None:
    url = ada.letter()
    await agrees(ada, days=730)
    ada.clock.move(timedelta(days=500))
    assert "Done. We have stopped" in (await ada.client.post(url, data={"do": "stop"})).text
    assert (await ada.client.get(url)).status_code == 404


async def test_one_click_unsubscribes_behind_a_link_past_its_day(ada: House) -> None:
    url = unsubscribing(ada)
    await agrees(ada, days=730)
    ada.clock.move(timedelta(days=500))
    await ada.client.post(url, data={"List-Unsubscribe": "One-Click"})
    assert await ada.rows("select 1 from channel_stops where channel = 'email'")


async def test_another_ones_yes_keeps_no_link_of_theirs(ada: House) -> None:
    await ada.add_candidate("ben", name="Ben", email="ben@example.org")
    await ada.add_consent("ben", until=ada.clock.now() + timedelta(days=730))
    url = ada.letter()
    ada.clock.move(timedelta(days=366))
    assert (await ada.client.get(url)).status_code == 404


async def test_a_short_link_is_kept_and_leads_on_as_long_as_a_yes_holds(ada: House) -> None:
    link = shortened(ada)
    await tell(ada, link)
    await agrees(ada, days=730)
    for days, kept, status in ((500, 1, 302), (230, 0, 404)):
        ada.clock.move(timedelta(days=days))
        await forget_short_links(ada.database, ada.clock.now())
        assert len(await ada.rows("select 1 from short_links")) == kept
        assert (await ada.client.get(link.url)).status_code == status
