"""Short links lead to what they stand for, once that is known and as long as it holds."""

import json
from datetime import datetime, timedelta

import pytest

from services.intake.messages.handlers import on_notifications
from services.intake.messages.jobs import forget_short_links
from shared.contract.events.cloudevents import Event
from shared.contract.events.notifications import LinkShortened
from shared.runtime.links import LinkPurpose, Links, ShortLink, Told
from tests.services.intake.house import YES, House

PUBLIC_URL = "https://jobs.example.org"


@pytest.fixture
async def ada(house: House) -> House:
    await house.add_candidate(phone="+4915112345678")
    await house.add_rejection()
    return house


def shortened(
    house: House,
    message: str = "m-1",
    *,
    purpose: LinkPurpose = LinkPurpose.CANDIDATE,
    links: Links | None = None,
    **claims: str,
) -> ShortLink:
    """Makes the link of a text message as the notifier does."""
    said = {"candidate": "ada", "message": message, "wording": "letter.en.1", "asks": "hat"}
    said |= {"purpose": "letter", "application": "a-1", **claims}
    end = house.clock.now() + timedelta(days=366)
    return (links or house.links).short(purpose, message, said, end)


async def tell(house: House, *links: Told, to: str = "ada", purpose: str = "") -> None:
    """Tells intake what links stand for, as the notifier does before it sends them."""
    now = house.clock.now()
    events = [
        LinkShortened(
            message_id=link.claims["message"],
            recipient_id=to,
            application_id=link.claims["application"],
            token_hash=link.token_hash,
            purpose=purpose or link.purpose,
            claims=dict(link.claims),
            expires_at=link.expires_at,
        )
        for link in links
    ]
    made = [Event.about(event, source="notifier", at=now) for event in events]
    async with house.database.transaction() as conn:
        await on_notifications(conn, made, now)


def says(house: House, page: str, at: datetime | None = None) -> dict[str, str] | None:
    """Returns what the link of a candidate's page says of itself."""
    token = page.removeprefix(f"{PUBLIC_URL}/c/")
    return house.links.read(token, LinkPurpose.CANDIDATE, at or house.clock.now())


async def kept(house: House) -> int:
    return len(await house.rows("select 1 from short_links"))


async def test_a_short_link_leads_to_the_page_that_it_stands_for_and_changes_nothing(
    ada: House,
) -> None:
    link = shortened(ada)
    await tell(ada, link)
    before = await ada.dump()
    for method in ("GET", "HEAD"):
        answer = await ada.client.request(method, link.url)
        assert answer.status_code == 302
        page = answer.headers["location"]
        assert says(ada, page) == link.claims
        assert says(ada, page, link.expires_at - timedelta(seconds=1)) == link.claims
        assert says(ada, page, link.expires_at) is None
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
    assert await ada.dump() == before
    assert (await ada.client.post(page, data=YES)).status_code == 200
    assert len(await ada.rows("select 1 from consents")) == 2


async def test_a_recruiters_short_link_leads_to_their_shortlist(ada: House) -> None:
    link = shortened(ada, purpose=LinkPurpose.SHORTLIST, shortlist="s-1", recruiter="rita")
    await tell(ada, link, to="rita")
    assert (await ada.client.get(link.url)).headers["location"].startswith(f"{PUBLIC_URL}/s/")


async def test_every_short_link_that_does_not_work_gets_the_same_answer(ada: House) -> None:
    known, over, unheard = (shortened(ada, message) for message in ("m-1", "m-2", "m-3"))
    foreign = shortened(ada, links=Links("another key of at least thirty-two bytes", PUBLIC_URL))
    await tell(ada, known, over, foreign)
    await ada.execute(
        "update short_links set expires_at = $1 where token_hash = $2",
        ada.clock.now(),
        over.token_hash,
    )
    wrong = [
        over.url,
        unheard.url,
        foreign.url,
        f"{known.url}a",
        known.url[:-1],
        known.url.replace("/t/", "/c/"),
        f"{PUBLIC_URL}/t/{known.token_hash}",
        f"{PUBLIC_URL}/t/%00%ff",
        f"{PUBLIC_URL}/c/0",
    ]
    answers = [await ada.client.get(url) for url in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(answer.headers) for answer in answers}) == 1


async def test_a_link_that_is_pressed_before_it_is_known_asks_for_a_minute_and_then_works(
    ada: House,
) -> None:
    link = shortened(ada)
    too_early = await ada.client.get(link.url)
    assert too_early.status_code == 404
    assert "wait a minute" in too_early.text
    await tell(ada, link)
    assert (await ada.client.get(link.url)).status_code == 302


async def test_what_is_told_last_of_a_link_holds(ada: House) -> None:
    first, second = shortened(ada), shortened(ada, wording="letter.en.2")
    assert first.url == second.url
    await tell(ada, first, second)
    page = (await ada.client.get(first.url)).headers["location"]
    assert says(ada, page) == second.claims


async def test_the_table_holds_neither_the_token_nor_anything_personal(ada: House) -> None:
    link = shortened(ada)
    await tell(ada, link)
    rows = json.dumps((await ada.dump())["short_links"])
    for secret in (link.url.rpartition("/")[2], "Lovelace", "12345678", "ada@example.org"):
        assert secret not in rows


async def test_an_erasure_takes_the_links_along_and_none_comes_back(ada: House) -> None:
    link = shortened(ada)
    await tell(ada, link)
    page = (await ada.client.get(link.url)).headers["location"]
    await ada.client.post(page, data={"do": "erase", "confirm": "yes"})
    assert await kept(ada) == 0
    await tell(ada, link)
    assert await kept(ada) == 0
    assert (await ada.client.get(link.url)).status_code == 404


async def test_links_that_have_run_out_are_deleted(ada: House) -> None:
    await tell(ada, shortened(ada))
    ada.clock.move(timedelta(days=365))
    await forget_short_links(ada.database, ada.clock.now())
    assert await kept(ada) == 1
    ada.clock.move(timedelta(days=1))
    await forget_short_links(ada.database, ada.clock.now())
    assert await kept(ada) == 0


async def test_a_link_to_what_this_version_does_not_have_is_not_kept(ada: House) -> None:
    await tell(ada, shortened(ada), purpose="something new")
    assert await kept(ada) == 0


@pytest.mark.parametrize("purpose", [LinkPurpose.SHORTLIST, LinkPurpose.INTEREST])
async def test_a_recruiters_short_link_leads_on_though_they_are_in_no_record(
    ada: House, purpose: LinkPurpose
) -> None:
    link = shortened(ada, purpose=purpose)
    await tell(ada, link, to="rita")
    assert (await ada.client.get(link.url)).status_code == 302
