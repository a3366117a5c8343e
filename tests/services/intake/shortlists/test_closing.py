"""Whoever was invited hears that the vacancy has closed, unless it is open again before that."""

from datetime import timedelta

import pytest

from services.intake.shortlists import asking
from services.intake.shortlists.decisions import withdraw_invitations
from services.intake.vacancies.domain import TOLD_WITHIN
from tests.services.intake.house import House
from tests.services.intake.shortlisting import keep, link, place


@pytest.fixture
async def approved(house: House) -> House:
    """Ada, whom a recruiter has approved for an open vacancy."""
    await house.add_vacancy()
    await house.add_candidate()
    await house.add_rejection()
    await house.add_consent("ada")
    await keep(house, [place("ada", 1)])
    await say(house, "approve")
    return house


async def say(house: House, do: str) -> None:
    answer = await house.client.post(link(house), data={"do": do, "candidate": "ada"})
    assert answer.status_code == 200


async def leaves(house: House, purpose: str) -> None:
    await house.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts) values ('ada', 'ada',"
        " $1, 'message_sent', jsonb_build_object('shortlistId', 's-1', 'messageId', $2::text,"
        " 'purpose', $2::text))",
        house.clock.now(),
        purpose,
    )


async def close(house: House) -> None:
    house.clock.move(timedelta(hours=1))
    await house.execute("update vacancies set status = 'closed', closed_at = $1", house.clock.now())
    async with house.database.transaction() as conn:
        await withdraw_invitations(conn, ["v-9"], house.clock.now())


async def reopen(house: House) -> None:
    house.clock.move(timedelta(hours=1))
    await house.execute("update vacancies set status = 'open', closed_at = null")
    now = house.clock.now()
    async with house.database.transaction() as conn:
        await asking.resume(conn, ["v-9"], now - TOLD_WITHIN, now)


async def may_be_told(house: House) -> list[str]:
    """Returns of which shortlists the notifier may say that the vacancy has closed."""
    *_, recipient = await house.published("recipient.changed")
    closed: list[str] = recipient["data"].get("closedShortlists", [])
    return closed


async def test_an_invitation_that_had_left_stands_again(approved: House) -> None:
    await leaves(approved, "invitation")
    await close(approved)
    assert await may_be_told(approved) == ["s-1"]
    await reopen(approved)
    first, again = await approved.published("invitation.approved")
    assert first["data"] == again["data"] | {"employer": "Hartmann Logistics"}
    assert await may_be_told(approved) == []
    await close(approved)
    assert len(await approved.published("invitation.withdrawn")) == 2
    assert await may_be_told(approved) == ["s-1"]


async def test_an_invitation_that_never_left_is_not_sent_by_a_reopening(approved: House) -> None:
    await close(approved)
    await reopen(approved)
    assert len(await approved.published("invitation.approved")) == 1


async def test_whoever_was_told_of_the_closing_is_invited_anew_or_not_at_all(
    approved: House,
) -> None:
    await leaves(approved, "invitation")
    await close(approved)
    await leaves(approved, "outcome")
    await reopen(approved)
    assert len(await approved.published("invitation.approved")) == 1
    await keep(approved, [place("ada", 1)], "s-2")
    page = link(approved, shortlist="s-2")
    await approved.client.post(page, data={"do": "approve", "candidate": "ada"})
    assert len(await approved.published("invitation.approved")) == 2


async def test_an_approval_that_was_taken_back_too_late_is_closed_with_the_others(
    approved: House,
) -> None:
    await say(approved, "take_back")
    await leaves(approved, "invitation")
    for _ in range(2):
        await close(approved)
    because = [it["data"]["because"] for it in await approved.published("invitation.withdrawn")]
    assert because == ["taken_back", "vacancy_closed"]


async def test_what_a_recruiter_took_back_stays_taken_back_whatever_the_vacancy_does(
    approved: House,
) -> None:
    await say(approved, "take_back")
    await close(approved)
    page = (await approved.client.get(link(approved))).text
    assert "The approval was taken back on 2 March 2026." in page
    assert "Approved on" not in page


async def test_a_reopening_does_not_approve_what_had_been_taken_back_too_late(
    approved: House,
) -> None:
    await say(approved, "take_back")
    await leaves(approved, "invitation")
    await close(approved)
    await reopen(approved)
    assert len(await approved.published("invitation.approved")) == 1
    because = [it["data"]["because"] for it in await approved.published("invitation.withdrawn")]
    assert because == ["taken_back", "vacancy_closed", "taken_back"]
    page = (await approved.client.get(link(approved))).text
    assert "Taken back on 2 March 2026, but our message had already left." in page


async def test_the_letter_about_the_end_is_no_invitation_that_left(approved: House) -> None:
    await leaves(approved, "outcome")
    page = (await approved.client.get(link(approved))).text
    assert "Take the approval back" in page
