"""A link acts for whom its message was sent to, also where one person turned out to be two."""

import json

import pytest

from shared.runtime.links import LinkPurpose
from tests.services.intake.house import YES, House

FIRST, SECOND = "ada@example.org", "augusta@example.org"


@pytest.fixture
async def parted(house: House) -> House:
    """Ada and Augusta, who were taken for one person, Ada, and are two again."""
    await house.add_candidate()
    await house.add_candidate("augusta", name="Augusta King", email=SECOND)
    for who in ("ada", "augusta"):
        await house.add_rejection(who, application_id=f"of {who}")
    await house.execute("insert into former_memberships values ('ada', 'augusta')")
    return house


def check_in(house: House, address: str) -> str:
    """A link in a message that goes by what they agreed to, and speaks of no application."""
    mark = house.links.marks(address)[0]
    return house.letter(purpose="check_in", application="", asks="", address=mark)


async def changed(house: House) -> set[str]:
    return {event["key"] for event in await house.published("candidate.changed")}


@pytest.mark.parametrize("form", [YES, {"do": "pause", "months": "3"}, {"do": "stop"}])
async def test_nobody_answers_for_whom_they_were_one_with(
    parted: House, form: dict[str, str]
) -> None:
    assert (await parted.client.post(check_in(parted, SECOND), data=form)).status_code == 200
    assert await changed(parted) == {"augusta"}
    assert (await parted.client.post(check_in(parted, FIRST), data=form)).status_code == 200
    assert await changed(parted) == {"ada", "augusta"}


async def test_an_address_that_was_corrected_since_is_still_that_of_its_own_applicant(
    parted: House,
) -> None:
    right = {"emails": {"value": ["new@example.org"], "stamp": ["2026-03-02T09:00:00Z", "self"]}}
    await parted.execute(
        "update applicants set corrected = $1 where applicant_key = 'augusta'", json.dumps(right)
    )
    link = check_in(parted, SECOND)
    await parted.client.post(link, data={"do": "pause", "months": "3"})
    assert await changed(parted) == {"augusta"}


async def test_a_link_of_somebody_erased_answers_for_nobody_else(parted: House) -> None:
    link = check_in(parted, SECOND)
    await parted.execute("delete from candidates where candidate_id = 'augusta'")
    before = await parted.dump()
    for form in (YES, {"do": "pause", "months": "3"}, {"do": "stop"}):
        await parted.client.post(link, data=form)
    assert await parted.dump() == before


async def test_one_click_ends_the_mail_of_whom_it_was_sent_to(parted: House) -> None:
    mark = parted.links.marks(SECOND)[0]
    link = parted.link(
        LinkPurpose.UNSUBSCRIBE, candidate="ada", message="m-1", address=mark, channel="email"
    )
    answer = await parted.client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert await changed(parted) == {"augusta"}
