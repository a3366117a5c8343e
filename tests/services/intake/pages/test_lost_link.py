"""A lost link is asked for again by somebody's own address, which nobody else learns of."""

from datetime import datetime, timedelta

import httpx
import pytest
from markupsafe import escape

from services.intake.consent.numbers import StoppedNumbers
from tests.services.intake.house import House
from tests.services.intake.shortlisting import keep, place
from tests.services.intake.upstream import IDENTITY

PAGE = "/lost-link"


@pytest.fixture
async def lost(house: House) -> House:
    """Rita, a recruiter of two vacancies with shortlists, of which one has closed."""
    await house.add_vacancy()
    await house.add_vacancy("closed", status="closed")
    await house.add_candidate()
    await keep(house, [place("ada", 1)])
    await keep(house, [], "s-nobody")
    await house.execute(
        "insert into shortlists values ('s-closed', 'closed', 'Picker', false, 9, 1, $1)",
        house.clock.now(),
    )
    return house


async def ask(house: House, address: str) -> httpx.Response:
    return await house.client.post(PAGE, data={"address": address})


async def test_the_links_of_open_lists_are_sent_to_the_recruiters_own_address(lost: House) -> None:
    await ask(lost, " Rita@Example.com ")
    (request,) = await lost.published("links.requested")
    assert request["key"] == "rita"
    (listed,) = request["data"]["shortlists"]
    assert listed["shortlistId"] == "s-1"
    (row,) = await lost.rows("select ranked_at from shortlists where shortlist_id = 's-1'")
    assert datetime.fromisoformat(listed["rankedAt"]) == row["ranked_at"]
    assert "example.com" not in str(request["data"])


async def test_the_page_answers_every_address_alike(lost: House) -> None:
    addresses = ["rita@example.com", "rita@example.com", "nobody@example.com", "+49 30 901820"]
    addresses += ["ada@example.org", "ada@example.org"]
    answers = [await ask(lost, address) for address in addresses]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await lost.published()) == 2


@pytest.mark.parametrize("address", ["not an address", "", "rita@", '"><b>'])
async def test_what_can_be_no_address_is_given_back(lost: House, address: str) -> None:
    answer = await ask(lost, address)
    assert answer.status_code == 422
    assert "neither an email address nor a phone number" in answer.text
    assert "on its way" not in answer.text
    assert f'value="{escape(address)}"' in answer.text


async def test_a_candidates_link_is_sent_only_to_the_address_that_they_are_written_to(
    lost: House,
) -> None:
    await lost.add_rejection()
    await ask(lost, " Ada@Example.org")
    (request,) = await lost.published("link.requested")
    assert (request["key"], request["data"]["purpose"]) == ("ada", "record")
    assert request["data"]["applicationId"] == "a-1"
    assert "example.org" not in str(request["data"])


async def test_whoever_is_reached_by_text_messages_alone_gets_their_link_by_one(
    lost: House,
) -> None:
    await lost.add_candidate("ben", name="Ben", email=None, phone="+4915112345678")
    await lost.add_candidate("cem", name="Cem", email="cem@example.org", phone="+4915112345679")
    for number in ("0151 12345678", "+49 151 12345679", "+49 151 999", "0800"):
        await ask(lost, number)
    (request,) = await lost.published("link.requested")
    assert (request["key"], request["data"]["channel"]) == ("ben", "sms")
    assert "12345678" not in str(request["data"])
    await lost.add_consent("cem", channel="sms")
    await ask(lost, "+49 151 12345679")
    assert [it["key"] for it in await lost.published("link.requested")] == ["ben", "cem"]


async def test_a_number_that_said_stop_is_sent_no_link(lost: House) -> None:
    await lost.add_candidate("ben", name="Ben", email=None, phone="+4915112345678")
    async with lost.database.transaction() as conn:
        await StoppedNumbers(IDENTITY).silence(conn, "+4915112345678", lost.clock.now())
    await ask(lost, "+49 151 12345678")
    assert not await lost.published("link.requested")


async def test_nobody_who_shares_a_mailbox_is_left_out_and_no_mailbox_is_filled(
    lost: House,
) -> None:
    await lost.add_candidate("ben", name="Ben")
    for _ in range(9):
        await ask(lost, "ada@example.org")
        lost.clock.move(timedelta(minutes=11))
    asked = [request["key"] for request in await lost.published("link.requested")]
    assert (asked.count("ada"), asked.count("ben")) == (5, 5)


async def test_a_dead_link_names_the_way_to_a_new_one(lost: House) -> None:
    for path in ("/c/nothing", "/u/nothing", "/t/nothing", "/d/nothing"):
        assert f'href="{PAGE}"' in (await lost.client.get(path)).text


async def test_links_are_sent_again_only_after_a_while(lost: House) -> None:
    for minutes, sent in ((0, 1), (14, 1), (1, 2)):
        lost.clock.move(timedelta(minutes=minutes))
        await ask(lost, "rita@example.com")
        assert len(await lost.published("links.requested")) == sent


async def test_links_are_sent_three_times_within_a_day_at_most(lost: House) -> None:
    for hours, sent in ((0, 1), (1, 2), (1, 3), (1, 3), (20, 3), (2, 4), (0, 4)):
        lost.clock.move(timedelta(hours=hours))
        asked = await ask(lost, "rita@example.com")
        assert len(await lost.published("links.requested")) == sent
    assert asked.text == (await ask(lost, "nobody@example.com")).text


async def test_a_recruiter_without_an_open_list_is_sent_nothing(lost: House) -> None:
    await lost.execute("update vacancies set status = 'closed', closed_at = event_time")
    await ask(lost, "rita@example.com")
    assert await lost.published() == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_opening_the_page_changes_nothing(lost: House, method: str) -> None:
    before = await lost.dump()
    answer = await lost.client.request(method, PAGE, headers={"accept-language": "tlh;q=1,en"})
    assert answer.status_code == 200
    assert await lost.dump() == before
