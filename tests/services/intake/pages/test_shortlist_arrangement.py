"""A long list is folded, and is sorted and filtered by the page's address alone."""

import re
from datetime import timedelta

import pytest

from services.intake.interests import recording
from services.intake.shortlists.decisions import withdraw_invitations
from shared.contract.events.responses import InterestEnd
from tests.services.intake.house import House
from tests.services.intake.shortlisting import keep, link, place

NAMES = {"c1": "Eve Five", "c2": "Dan Four", "c3": "Cem Three", "c4": "Bea Two", "c5": "Ada One"}


async def listed(house: House, count: int) -> House:
    await house.add_vacancy()
    for candidate_id in list(NAMES)[:count]:
        await house.add_candidate(candidate_id, name=NAMES[candidate_id])
        await house.add_consent(candidate_id)
    tiers = {"c2": "runner_up"}
    places = [
        place(
            one,
            rank,
            tier=tiers.get(one, "not_yet"),
            readiness="not_met" if one == "c3" else "met",
        )
        for rank, one in enumerate(list(NAMES)[:count], 1)
    ]
    await keep(house, places)
    return house


@pytest.fixture
async def long_list(house: House) -> House:
    return await listed(house, 5)


async def order(house: House, query: str = "") -> list[str]:
    page = await house.client.get(link(house) + query)
    assert page.status_code == 200
    return re.findall(r'<h2 id="person-\d+">([^<]+)</h2>', page.text)


async def test_a_list_of_four_is_shown_as_it_is(house: House) -> None:
    await listed(house, 4)
    page = (await house.client.get(link(house))).text
    assert "Sort by" not in page
    assert "Reasons, history and decision" not in page


async def test_a_longer_list_is_folded_and_every_decision_can_still_be_made(
    long_list: House,
) -> None:
    page = (await long_list.client.get(link(long_list))).text
    assert page.count("<summary") == 10, "each card, and the decline within it"
    assert page.count('value="approve"') == 6
    assert "<script" not in page


async def test_that_the_vacancy_has_closed_is_not_the_headline_of_what_became_of_somebody(
    long_list: House,
) -> None:
    await long_list.client.post(link(long_list), data={"do": "approve", "candidate": "c1"})
    await long_list.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts) values"
        """ ('c1', 'c1', $1, 'message_sent', '{"shortlistId": "s-1", "messageId": "m-9"}')""",
        long_list.clock.now(),
    )
    async with long_list.database.transaction() as conn:
        await withdraw_invitations(conn, ["v-9"], long_list.clock.now())
    page = (await long_list.client.get(link(long_list))).text
    headline, _, card = page.partition("<article")[2].partition("<details")
    assert "Our message left on 2 March 2026." in headline
    assert "The vacancy closed" not in headline
    assert "The vacancy closed on 2 March 2026." in card


async def headline(house: House) -> str:
    """Returns what is said of Eve before her card is unfolded."""
    page = (await house.client.get(link(house))).text
    return page.partition("<article")[2].partition("<details")[0]


async def happens(house: House, kind: str, purpose: str = "invitation") -> None:
    await house.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts) values ('c1', 'c1',"
        " $1, $2, jsonb_build_object('shortlistId', 's-1', 'messageId', $3::text, 'purpose',"
        " $3::text))",
        house.clock.now(),
        kind,
        purpose,
    )


async def test_a_folded_card_says_what_its_last_line_is_about(long_list: House) -> None:
    declined = {"do": "decline", "candidate": "c1", "because": "too_junior"}
    await long_list.client.post(link(long_list), data=declined)
    assert "Declined on 2 March 2026: too junior." in await headline(long_list)


@pytest.mark.parametrize(
    ("talks", "is_told", "said"),
    [
        (True, False, "You were talking when the vacancy closed on 3 March 2026"),
        (False, True, "Told on 3 March 2026 that it closed."),
    ],
)
async def test_after_a_closing_a_folded_card_says_how_it_stands_not_what_they_answered_before(
    long_list: House, talks: bool, is_told: bool, said: str
) -> None:
    await long_list.client.post(link(long_list), data={"do": "approve", "candidate": "c1"})
    await happens(long_list, "message_sent")
    await happens(long_list, "message_delivered")
    assert "Our message was delivered on 2 March 2026." in await headline(long_list)
    await long_list.add_rejection("c1")
    letter = long_list.letter(
        "c1",
        purpose="invitation",
        message="invitation",
        asks="",
        vacancy="v-9",
    )
    await long_list.client.post(letter, data={"do": "interested"})
    (row,) = await long_list.rows("select interest_id from interests")
    now = long_list.clock.now() + timedelta(days=1)
    long_list.clock.set(now)
    async with long_list.database.transaction() as conn:
        if talks:
            await recording.end(conn, row["interest_id"], "rita", InterestEnd.TALKING, now)
        await withdraw_invitations(conn, ["v-9"], now)
        await recording.close(conn, ["v-9"], now)
    if is_told:
        await happens(long_list, "message_sent", "outcome")
    assert said in await headline(long_list)
    assert "they are interested" not in await headline(long_list)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Eve", "Dan", "Cem", "Bea", "Ada"]),
        ("?sort=name", ["Ada", "Bea", "Cem", "Dan", "Eve"]),
        ("?show=runner_up", ["Dan"]),
        ("?show=ready&sort=name", ["Ada", "Bea", "Dan", "Eve"]),
        ("?sort=%27drop&show=<b>", ["Eve", "Dan", "Cem", "Bea", "Ada"]),
    ],
)
async def test_the_address_says_in_which_order_and_whom(
    long_list: House, query: str, expected: list[str]
) -> None:
    assert [name.split()[0] for name in await order(long_list, query)] == expected


async def test_whoever_has_not_heard_from_us_for_longest_comes_first(long_list: House) -> None:
    for candidate_id, days in (("c1", 3), ("c2", 30), ("c3", 10), ("c4", 1)):
        await long_list.execute(
            "insert into timeline (candidate_id, applicant_key, at, kind, facts)"
            """ values ($1, $1, $2, 'message_sent', '{"purpose": "letter"}')""",
            candidate_id,
            long_list.clock.now() - timedelta(days=days),
        )
    names = await order(long_list, "?sort=last_contact")
    assert [name.split()[0] for name in names] == ["Ada", "Dan", "Cem", "Eve", "Bea"]


async def test_what_is_shown_stays_so_after_a_decision(long_list: House) -> None:
    query = "?show=open&sort=name"
    answer = await long_list.client.post(
        link(long_list) + query, data={"do": "approve", "candidate": "c5"}
    )
    assert re.findall(r'<h2 id="person-\d+">(\w+) ', answer.text) == ["Bea", "Cem", "Dan", "Eve"]
    assert await order(long_list, "?show=decided") == ["Ada One"]


async def test_whoever_shows_nobody_is_told_so(long_list: House) -> None:
    page = (await long_list.client.get(link(long_list) + "?show=decided")).text
    assert "Nobody on this list is like that." in page
