"""What was decided can be taken back until it has left, and the page says what has happened."""

import re
from datetime import timedelta

import pytest

from services.intake.shortlists.decisions import withdraw_invitations
from tests.services.intake.house import House
from tests.services.intake.shortlisting import link

APPROVE = {"do": "approve", "candidate": "ada"}
TAKE_BACK = {"do": "take_back", "candidate": "ada"}


def invitation(house: House) -> str:
    return house.letter(purpose="invitation", message="m-9", asks="", vacancy="v-9")


async def tell(house: House, *kinds: str, because: str = "address_dead") -> None:
    """Tells what became of the message to Ada, as the notifier would."""
    for kind in kinds:
        await house.execute(
            "insert into timeline (candidate_id, applicant_key, at, kind, facts) values"
            " ('ada', 'ada', $1, $2, jsonb_build_object("
            "'shortlistId', 's-1', 'messageId', 'm-9', 'because', $3::text))",
            house.clock.now(),
            kind,
            because,
        )


async def test_an_approval_can_be_taken_back_before_its_message_has_left(shortlist: House) -> None:
    approved = await shortlist.client.post(link(shortlist), data=APPROVE)
    assert "Take the approval back" in approved.text
    answer = await shortlist.client.post(link(shortlist), data=TAKE_BACK)
    assert "1 approval taken back. Nothing was sent." in answer.text
    assert "Approve and invite" in answer.text
    (withdrawn,) = await shortlist.published("invitation.withdrawn")
    assert withdrawn["key"] == "ada"
    assert withdrawn["data"]["shortlistId"] == "s-1"


async def test_whoever_takes_an_approval_back_twice_takes_it_back_once(shortlist: House) -> None:
    await shortlist.client.post(link(shortlist), data=APPROVE)
    await shortlist.client.post(link(shortlist), data=TAKE_BACK)
    before = await shortlist.dump()
    assert (await shortlist.client.post(link(shortlist), data=TAKE_BACK)).status_code == 200
    assert await shortlist.dump() == before


@pytest.mark.parametrize("kind", ["message_sent", "message_uncertain"])
async def test_what_has_left_cannot_be_taken_back(shortlist: House, kind: str) -> None:
    await shortlist.client.post(link(shortlist), data=APPROVE)
    await tell(shortlist, kind)
    answer = await shortlist.client.post(link(shortlist), data=TAKE_BACK)
    assert "too late to take this back" in answer.text
    assert "Take the approval back" not in answer.text
    assert await shortlist.published("invitation.withdrawn") == []


async def test_what_was_taken_back_can_be_approved_again_or_declined(shortlist: House) -> None:
    for _ in range(2):
        await shortlist.client.post(link(shortlist), data=APPROVE)
        await shortlist.client.post(link(shortlist), data=TAKE_BACK)
    approvals = await shortlist.published("invitation.approved")
    assert len({approval["id"] for approval in approvals}) == 2
    answer = await shortlist.client.post(
        link(shortlist), data={"do": "decline", "candidate": "ada", "because": "terms"}
    )
    assert "Declined on 2 March 2026: the location or the terms do not fit." in answer.text


async def test_what_was_withdrawn_with_an_approval_says_nothing_about_the_next(
    shortlist: House,
) -> None:
    await shortlist.client.post(link(shortlist), data=APPROVE)
    await shortlist.client.post(link(shortlist), data=TAKE_BACK)
    await tell(shortlist, "message_dropped", because="withdrawn")
    page = await shortlist.client.post(link(shortlist), data=APPROVE)
    assert "Take the approval back" in page.text
    assert "did not reach" not in page.text


async def test_a_message_that_left_in_spite_of_it_is_told_of(shortlist: House) -> None:
    await shortlist.client.post(link(shortlist), data=APPROVE)
    await shortlist.client.post(link(shortlist), data=TAKE_BACK)
    await tell(shortlist, "message_sent")
    page = (await shortlist.client.get(link(shortlist))).text
    assert "our message had already left" in page
    assert "Approve and invite" not in page


async def test_the_page_says_when_a_message_left_arrived_and_was_answered(
    shortlist: House,
) -> None:
    await shortlist.client.post(link(shortlist), data=APPROVE)
    await tell(shortlist, "message_sent", "message_delivered")
    letter = shortlist.letter(purpose="invitation", message="m-9", asks="")
    await shortlist.client.post(letter, data={"do": "interested"})
    page = (await shortlist.client.get(link(shortlist))).text
    for words in (
        "Approved on 2 March 2026.",
        "Our message left on 2 March 2026.",
        "Our message was delivered on 2 March 2026.",
        "They answered on 2 March 2026: they are interested.",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("talking", "You are talking, as one of you told us on 2 March 2026."),
        ("hired", "You are hiring them, as one of you told us on 2 March 2026."),
        ("not_this_time", "Not this time, as one of you told us on 2 March 2026."),
    ],
)
async def test_the_page_says_what_came_of_a_yes_and_leads_to_where_that_is_changed(
    shortlist: House, said: str, shown: str
) -> None:
    await shortlist.client.post(link(shortlist), data=APPROVE)
    await tell(shortlist, "message_sent")
    await shortlist.client.post(invitation(shortlist), data={"do": "interested"})
    page = (await shortlist.client.get(link(shortlist))).text
    (about,) = re.findall(r'href="([^"]+)" aria-label="Say what came of it: Ada Lovelace"', page)
    await shortlist.client.post(about, data={"do": said})
    page = (await shortlist.client.get(link(shortlist))).text
    assert shown in page
    assert "Say what came of it: Ada Lovelace" in page
    assert "Say what came of it: Grace Hopper" not in page


async def test_the_page_says_what_had_happened_before_the_vacancy_closed(
    shortlist: House,
) -> None:
    await shortlist.client.post(link(shortlist), data=APPROVE)
    await tell(shortlist, "message_sent")
    await shortlist.client.post(invitation(shortlist), data={"do": "not_now"})
    shortlist.clock.move(timedelta(days=1))
    async with shortlist.database.transaction() as conn:
        await withdraw_invitations(conn, ["v-9"], shortlist.clock.now())
    page = (await shortlist.client.get(link(shortlist))).text
    steps = [
        "Approved on 2 March 2026.",
        "Our message left on 2 March 2026.",
        "They answered on 2 March 2026: not now.",
        "The vacancy closed on 3 March 2026.",
    ]
    places = [page.index(step) for step in steps]
    assert places == sorted(places)
    assert "before anything was sent" not in page


async def test_what_fell_with_a_closing_before_it_left_can_be_approved_again(
    shortlist: House,
) -> None:
    await shortlist.client.post(link(shortlist), data=APPROVE)
    async with shortlist.database.transaction() as conn:
        await withdraw_invitations(conn, ["v-9"], shortlist.clock.now())
    fell = "Approved on 2 March 2026. The vacancy closed before anything was sent."
    assert fell in (await shortlist.client.get(link(shortlist))).text
    page = await shortlist.client.post(link(shortlist), data=APPROVE)
    assert "1 person approved." in page.text
    assert "Take the approval back" in page.text


async def test_the_page_says_that_somebody_was_not_reached(shortlist: House) -> None:
    await shortlist.client.post(link(shortlist), data=APPROVE)
    await tell(shortlist, "message_failed")
    page = (await shortlist.client.get(link(shortlist))).text
    assert "Our message did not reach them, as we learned on 2 March 2026." in page
    assert "Take the approval back" not in page


async def test_a_decline_without_a_reason_is_asked_for_one(shortlist: House) -> None:
    before = await shortlist.dump()
    page = await shortlist.client.get(link(shortlist))
    assert "selected" not in page.text.partition("<select")[2].partition("</select>")[0]
    answer = await shortlist.client.post(
        link(shortlist), data={"do": "decline", "candidate": "ada", "because": ""}
    )
    assert answer.status_code == 422
    assert "Please choose a reason" in answer.text
    assert await shortlist.dump() == before


async def test_which_recruiter_saw_and_decided_what_is_kept_and_no_program_that_asks_for_heads(
    shortlist: House,
) -> None:
    await shortlist.client.head(link(shortlist))
    assert await shortlist.rows("select from audit_entries") == []
    await shortlist.client.get(link(shortlist))
    await shortlist.client.post(link(shortlist), data=APPROVE)
    noted = await shortlist.rows(
        "select actor, act, subject, 'ada' = any(about) as of_ada from audit_entries order by id"
    )
    assert [tuple(row) for row in noted] == [
        ("rita", "shortlist_seen", "s-1", True),
        ("rita", "invitation_approved", "s-1", True),
        ("rita", "shortlist_seen", "s-1", True),
    ]
