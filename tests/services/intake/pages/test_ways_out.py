"""Whoever wants to leave can leave, whatever in their record nobody can read."""

import pytest

from shared.runtime.links import LinkPurpose
from tests.services.intake.house import YES, House

_NAME = "set personal_data = jsonb_set(personal_data, '{name}', '[]')"
BROKEN = {
    "a rejection": "update applications set rejection = jsonb_set(rejection, '{stage}', '[]')",
    "a name": f"with known as (update candidates {_NAME}) update applicants {_NAME}",
}


@pytest.fixture(params=sorted(BROKEN))
async def ada(house: House, request: pytest.FixtureRequest) -> House:
    """Ada, something of whom cannot be read."""
    await house.add_candidate(phone="+4915112345678")
    await house.add_rejection()
    await house.execute(BROKEN[request.param])
    return house


async def stopped(house: House) -> list[str]:
    return sorted(row["channel"] for row in await house.rows("select channel from channel_stops"))


async def test_the_page_is_there_with_the_ways_out(ada: House) -> None:
    page = await ada.client.get(ada.letter())
    assert page.status_code == 200
    assert 'value="stop"' in page.text
    assert 'value="erase"' in page.text


async def test_stop_stops(ada: House) -> None:
    answer = await ada.client.post(ada.letter(), data={"do": "stop"})
    assert answer.status_code == 200
    assert "We have stopped all messages to you." in answer.text
    assert await stopped(ada) == ["email", "sms"]
    assert (await ada.published("recipient.changed"))[-1]["data"]["stopped"] == ["email", "sms"]


async def test_one_click_unsubscribes(ada: House) -> None:
    link = ada.link(LinkPurpose.UNSUBSCRIBE, candidate="ada", message="m-1", channel="email")
    answer = await ada.client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert await stopped(ada) == ["email"]


async def test_erase_erases(ada: House) -> None:
    form = {"do": "erase"}
    assert (await ada.client.post(ada.letter(), data=form)).status_code == 422
    answer = await ada.client.post(ada.letter(), data={**form, "confirm": "yes"})
    assert answer.status_code == 200
    assert not await ada.rows("select from candidates")
    assert (await ada.client.get(ada.letter())).status_code == 410


async def test_another_answer_is_not_taken_and_the_page_says_so(house: House) -> None:
    await house.add_candidate()
    await house.add_rejection()
    await house.execute(BROKEN["a rejection"])
    before = await house.dump()
    answer = await house.client.post(house.letter(), data=YES)
    assert answer.status_code == 422
    assert "We could not take that answer" in answer.text
    assert await house.dump() == before
