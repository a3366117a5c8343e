"""One-click unsubscribe: only a POST acts, and it acts at once."""

import pytest

from shared.runtime.links import LinkPurpose
from tests.services.intake.house import House

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
async def ada(house: House) -> House:
    """Ada, who agreed to email and text messages."""
    await house.add_candidate(phone="+4915112345678")
    await house.add_rejection()
    await house.add_consent("ada", channel="email")
    await house.add_consent("ada", channel="sms")
    return house


def link(house: House) -> str:
    return house.link(LinkPurpose.UNSUBSCRIBE, candidate="ada", message="m-1", channel="email")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_scanner_that_opens_the_link_unsubscribes_nobody(ada: House, method: str) -> None:
    before = await ada.dump()
    assert (await ada.client.request(method, link(ada))).status_code == 200
    assert await ada.dump() == before


async def test_the_page_has_a_button_that_does_what_a_mail_client_does(ada: House) -> None:
    text = (await ada.client.get(link(ada))).text
    assert 'name="List-Unsubscribe" value="One-Click"' in text


@pytest.mark.parametrize("encoding", ["form", "multipart"])
async def test_one_click_ends_all_e_mail_at_once(ada: House, encoding: str) -> None:
    sent = (
        {"data": ONE_CLICK}
        if encoding == "form"
        else {"files": {name: (None, value) for name, value in ONE_CLICK.items()}}
    )
    answer = await ada.client.post(link(ada), **sent)
    assert answer.status_code == 200
    assert not answer.is_redirect
    for stream in ("candidate.changed", "recipient.changed"):
        (state,) = await ada.published(stream)
        assert state["data"]["stopped"] == ["email"]
        assert [one["channel"] for one in state["data"]["consents"]] == ["sms"]
    (entry,) = await ada.rows("select kind, facts ->> 'how' from timeline")
    assert tuple(entry) == ("unsubscribed", "one_click")


async def test_clicking_again_changes_nothing_more(ada: House) -> None:
    await ada.client.post(link(ada), data=ONE_CLICK)
    before = await ada.dump()
    assert (await ada.client.post(link(ada), data=ONE_CLICK)).status_code == 200
    assert await ada.dump() == before


@pytest.mark.parametrize("form", [{}, {"List-Unsubscribe": "Maybe"}])
async def test_a_post_that_does_not_say_one_click_changes_nothing(
    ada: House, form: dict[str, str]
) -> None:
    before = await ada.dump()
    assert (await ada.client.post(link(ada), data=form)).status_code == 422
    assert await ada.dump() == before


async def test_a_wrong_link_is_answered_like_any_other(ada: House) -> None:
    page = await ada.client.post(link(ada)[:-1], data=ONE_CLICK)
    assert page.status_code == 404
    assert page.content == (await ada.client.get("https://jobs.example.org/c/0")).content


async def test_somebody_erased_is_unsubscribed_already(ada: House) -> None:
    await ada.client.post(ada.letter(), data={"do": "erase", "confirm": "yes"})
    before = await ada.dump()
    assert (await ada.client.post(link(ada), data=ONE_CLICK)).status_code == 200
    assert await ada.dump() == before
