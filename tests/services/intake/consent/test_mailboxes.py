"""Who said stop at a mailbox is written to no more there, by whichever id and name they come."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from services.intake.applicants import deciding
from services.intake.applicants.store import joining
from services.intake.applicants.store.people import with_identity
from services.intake.consent import store as consent
from services.intake.replies import store as replies
from services.intake.replies.looking import look
from shared.contract.events.people import Channel
from shared.runtime.links import LinkPurpose
from tests.services.intake.house import YES, House
from tests.services.intake.mailbox.mails import plain
from tests.services.intake.mailbox.test_door import Post, post
from tests.services.intake.upstream import (
    ATS,
    ERASURE,
    IDENTITY,
    erased,
    merged,
    record,
    rejected,
    updated,
)

__all__ = ["post"]

MAY_BE_ADA = [
    {"fullName": "Ada Lovelace"},
    {"fullName": "A. Lovelace"},
    {"fullName": "A. L."},
    {"fullName": "LOVELACE, Ada"},
    {"fullName": "Ada"},
    {"fullName": "Ada M. Lovelace"},
    {"familyName": "Lovelace"},
    {"fullName": "Frau Dr. Lovelace"},
    {"fullName": "null"},
    {},
]
ANOTHER = [
    {"fullName": "Ben Lovelace"},
    {"fullName": "B. Lovelace"},
    {"fullName": "Adam Lovelace"},
    {"fullName": "Ada Byron"},
]
_numbers = count()


@pytest.fixture
async def ada(house: House) -> House:
    """Ada, who was turned down."""
    await house.add_candidate(phone="+4915112345678")
    await house.add_rejection()
    return house


async def come(
    house: House,
    name: dict[str, str],
    *,
    applicant_id: str | None = None,
    emails: tuple[str, ...] = ("ada@example.org",),
    source: str = ATS,
    days: int = 0,
    **person: Any,
) -> str:
    """Records that a system turned somebody down, and returns who they are."""
    number = applicant_id or f"new-{next(_numbers)}"
    house.clock.move(timedelta(hours=1, days=days))
    now = house.clock.now()
    given = {"name": name, "emails": list(emails)} | person
    role = {"vacancyId": f"v-{number}", "title": f"Role {number}"}
    event = rejected(number, f"a-{number}", person=given, source=source, time=now, vacancy=role)
    assert not await record(house.database, event, now=now)
    return await whose(house, number, source)


async def whose(house: House, applicant_id: str, source: str = ATS) -> str:
    async with house.database.connection() as conn:
        [found] = await with_identity(conn, IDENTITY.applicant(source, applicant_id))
    return found


async def recipient(house: House, candidate_id: str) -> dict[str, Any]:
    """Returns somebody as whoever writes to them knows them."""
    told = [one for one in await house.published("recipient.changed") if one["key"] == candidate_id]
    found: dict[str, Any] = told[-1]["data"]
    return found


async def stopped(house: House, candidate_id: str) -> list[str]:
    found: list[str] = (await recipient(house, candidate_id)).get("stopped", [])
    return found


async def say_stop(house: House, candidate: str = "ada", application: str = "a-1") -> None:
    letter = house.letter(candidate, application=application)
    answer = await house.client.post(letter, data={"do": "stop"})
    assert answer.status_code == 200
    house.clock.move(timedelta(hours=1))


async def press_one_click(house: House) -> None:
    link = house.link(LinkPurpose.UNSUBSCRIBE, candidate="ada", message="m-1", channel="email")
    pressed = await house.client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert pressed.status_code == 200


@pytest.mark.parametrize("name", MAY_BE_ADA, ids=str)
@pytest.mark.parametrize("source", [ATS, "another"])
async def test_a_stop_holds_for_whoever_comes_later_and_may_be_who_said_it(
    ada: House, name: dict[str, str], source: str
) -> None:
    await say_stop(ada)
    new = await come(ada, name, source=source)
    assert await stopped(ada, new) == ["email", "sms"]


@pytest.mark.parametrize("name", MAY_BE_ADA, ids=str)
async def test_a_stop_holds_for_whoever_is_known_and_may_be_who_said_it(
    ada: House, name: dict[str, str]
) -> None:
    known = await come(ada, name)
    assert await stopped(ada, known) == []
    await say_stop(ada)
    assert await stopped(ada, known) == ["email", "sms"]


@pytest.mark.parametrize("name", ANOTHER, ids=str)
async def test_a_stop_silences_nobody_else_at_the_mailbox(ada: House, name: dict[str, str]) -> None:
    known = await come(ada, name, source="one")
    await say_stop(ada)
    later = await come(ada, name, source="another")
    assert [await stopped(ada, each) for each in (known, later)] == [[], []]


async def test_the_stop_of_one_is_not_handed_on_by_who_may_be_two(ada: House) -> None:
    await say_stop(ada)
    assert await stopped(ada, await come(ada, {"familyName": "Lovelace"}))
    assert await stopped(ada, await come(ada, {"fullName": "Ben Lovelace"})) == []


async def test_a_stop_holds_at_no_other_first_address(ada: House) -> None:
    await say_stop(ada)
    new = await come(ada, {"fullName": "A. Lovelace"}, emails=("l@x.example", "ada@example.org"))
    assert await stopped(ada, new) == []


async def test_one_click_ends_e_mail_alone_to_whoever_may_have_pressed(ada: House) -> None:
    await press_one_click(ada)
    assert await stopped(ada, await come(ada, {"fullName": "A. Lovelace"})) == ["email"]


async def test_a_stop_by_mail_holds_for_whoever_may_have_written_it(post: Post) -> None:
    known = await come(post.house, {"fullName": "Ada"})
    await post.send(plain("Please take me off your list."))
    later = await come(post.house, {})
    for each in (known, later):
        assert await stopped(post.house, each) == ["email", "sms"]


async def test_a_stop_that_holds_is_told_in_the_timeline_and_to_the_system(ada: House) -> None:
    await press_one_click(ada)
    new = await come(ada, {"fullName": "A. Lovelace"}, applicant_id="n")
    noted = await ada.rows(
        "select kind, facts ->> 'how' as how from timeline where candidate_id = $1", new
    )
    assert ("email_stopped", "mailbox") in [tuple(row) for row in noted]
    told = [one["data"] for one in await ada.published("applicant.noted")]
    assert [(one["what"], one["channels"]) for one in told if one["candidateId"] == new] == [
        ("stopped", ["email"])
    ]
    held = len(noted)
    assert await come(ada, {"fullName": "A. Lovelace"}, applicant_id="n") == new
    again = await ada.rows(
        "select from timeline where candidate_id = $1 and kind <> 'rejected'", new
    )
    assert len(again) == held - 1


async def test_a_stop_holds_for_whoever_moves_to_the_mailbox(ada: House) -> None:
    await say_stop(ada)
    name = {"fullName": "A. Lovelace"}
    new = await come(ada, name, applicant_id="n", emails=("a.lovelace@x.example",))
    assert await stopped(ada, new) == []
    now = ada.clock.now()
    moved = updated("n", name=name, emails=["ada@example.org"], time=now)
    await record(ada.database, moved, now=now)
    assert await stopped(ada, new) == ["email", "sms"]


async def test_a_stop_stays_with_the_mailbox_when_its_sayer_has_another(ada: House) -> None:
    ben = await come(ada, {"fullName": "Ben Byron"}, applicant_id="b", emails=("ben@x.example",))
    await say_stop(ada, ben, "a-b")
    now = ada.clock.now()
    moved = updated("b", name={"fullName": "Ben Byron"}, emails=["b@new.example"], time=now)
    await record(ada.database, moved, now=now)
    for address in ("ben@x.example", "b@new.example"):
        new = await come(ada, {"fullName": "B. Byron"}, emails=(address,))
        assert await stopped(ada, new) == ["email", "sms"]


@pytest.mark.parametrize("erases", [True, False])
async def test_a_former_name_counts_if_it_is_whole(ada: House, erases: bool) -> None:
    for name in ("Dr.", "Rdrne", "R. Rdrne", "Rex Rdrne", "Rex Miller"):
        rex = await come(ada, {"fullName": name}, applicant_id="r", emails=("x@x.example",))
    await say_stop(ada, rex, "a-r")
    if erases:
        now = ada.clock.now()
        await record(ada.database, erased("r", time=now), now=now)
    silent = [
        name
        for name in ("Rex Rdrne", "R. Miller", "Rita Rdrne", "Dr. Eva Miller")
        if await stopped(
            ada, await come(ada, {"fullName": name}, source=name, emails=("x@x.example",))
        )
    ]
    assert silent == ["Rex Rdrne", "R. Miller"]


@pytest.mark.parametrize("whole", [True, False])
async def test_a_stop_outlives_who_said_it(ada: House, whole: bool) -> None:
    ben = await come(ada, {"fullName": "Ben Byron"}, applicant_id="b", emails=("ben@x.example",))
    await say_stop(ada, ben, "a-b")
    now = ada.clock.now()
    if whole:
        async with ada.database.transaction() as conn:
            await ERASURE.erase(conn, [ben], now)
    else:
        await record(ada.database, erased("b", time=now), now=now)
    left = await ada.rows("select t::text from stopped_mailboxes as t")
    assert left
    assert not any("ben" in row[0].lower() for row in left)
    for name in ({"fullName": "B. Byron"}, {}, {"fullName": "Ben Byron"}):
        new = await come(ada, name, emails=("ben@x.example",), days=9, source=str(name))
        assert await stopped(ada, new) == ["email", "sms"]
    other = await come(ada, {"fullName": "Eva Byron"}, emails=("ben@x.example",), days=9)
    assert await stopped(ada, other) == []


async def test_a_yes_lifts_it_and_opens_what_was_stopped_by_it(ada: House) -> None:
    known = await come(ada, {"fullName": "A. Lovelace"})
    await say_stop(ada)
    assert (await ada.client.post(ada.letter(), data=YES)).status_code == 200
    assert await stopped(ada, "ada") == ["sms"]
    assert await stopped(ada, known) == ["sms"]
    assert await stopped(ada, await come(ada, {})) == ["sms"]


async def test_a_yes_of_theirs_holds_against_an_older_stop_at_the_mailbox(ada: House) -> None:
    await say_stop(ada)
    new = await come(ada, {"fullName": "A. Lovelace"}, applicant_id="n")
    letter = ada.letter(new, application="a-n")
    assert (await ada.client.post(letter, data=YES)).status_code == 200
    now = ada.clock.now()
    again = updated("n", name={"fullName": "A. Lovelace"}, emails=["ada@example.org"], time=now)
    await record(ada.database, again, now=now)
    assert await stopped(ada, new) == ["sms"]
    assert await stopped(ada, "ada") == ["email", "sms"]


async def test_a_stop_of_their_own_holds_whatever_who_may_be_them_says_later(ada: House) -> None:
    new = await come(ada, {"fullName": "A. Lovelace"}, applicant_id="n")
    await say_stop(ada)
    await say_stop(ada, new, "a-n")
    assert (await ada.client.post(ada.letter(), data=YES)).status_code == 200
    assert await stopped(ada, new) == ["email", "sms"]


async def test_what_a_carrier_says_of_a_number_stops_nothing_at_the_mailbox(ada: House) -> None:
    async with ada.database.transaction() as conn:
        await consent.stop(conn, ["ada"], [Channel.SMS], "provider", ada.clock.now())
    assert await stopped(ada, await come(ada, {"fullName": "A. Lovelace"})) == []


async def test_a_system_that_refuses_e_mail_speaks_for_nobody_else(ada: House) -> None:
    name = {"fullName": "Ben Byron"}
    ben = await come(ada, name, emails=("b@x.example",), refusesEmail=True)
    assert await stopped(ada, ben) == ["email"]
    other = await come(ada, {"fullName": "B. Byron"}, emails=("b@x.example",), source="another")
    assert await stopped(ada, other) == []


async def test_a_system_that_merges_its_own_keeps_the_stop(ada: House) -> None:
    for number in ("b", "c"):
        await come(ada, {"fullName": "Ben Byron"}, applicant_id=number, emails=("b@x.example",))
    await say_stop(ada, await whose(ada, "b"), "a-b")
    now = ada.clock.now()
    await record(ada.database, merged("b", "c", time=now), now=now)
    new = await come(ada, {"fullName": "Byron"}, emails=("b@x.example",))
    assert await stopped(ada, new) == ["email", "sms"]


async def test_a_stop_does_not_hold_for_whom_a_human_told_apart(ada: House) -> None:
    other = await come(ada, {"fullName": "A. Lovelace"}, applicant_id="n")
    async with ada.database.transaction() as conn:
        [pair] = await joining.suggestions(conn, 9)
        assert await deciding.reject(conn, pair.join_id, ada.clock.now())
    await say_stop(ada)
    assert await stopped(ada, other) == []


async def test_whom_a_human_tells_apart_from_who_said_stop_is_written_to_again(post: Post) -> None:
    house = post.house
    other = await come(house, {"fullName": "A. Lovelace"}, applicant_id="n")
    third = await come(house, {"fullName": "Lovelace"}, applicant_id="t")
    await post.send(plain("Did you mix me up? I never applied."))
    await say_stop(house, application="a-1")
    assert await stopped(house, other) == await stopped(house, third) == ["email", "sms"]
    async with house.database.transaction() as conn:
        pairs = await joining.suggestions(conn, 9)
        rows = await conn.fetch("select applicant_key, candidate_id from applicants")
        ours = {key for key, at in rows if at in ("ada", other)}
        [pair] = [it for it in pairs if {it.applicant_key, it.other_key} == ours]
        assert await deciding.reject(conn, pair.join_id, house.clock.now())
    assert await stopped(house, other) == []
    assert "held" not in await recipient(house, other)
    assert await stopped(house, third) == await stopped(house, "ada") == ["email", "sms"]
    assert (await recipient(house, "ada"))["held"] == ["email", "sms"]


async def test_two_who_are_taken_apart_both_stay_stopped(ada: House) -> None:
    await say_stop(ada)
    await come(ada, {"fullName": "Ada Lovelace"})
    async with ada.database.transaction() as conn:
        [pair] = await joining.joined(conn, 9)
        assert await deciding.undo(conn, pair.join_id, ada.clock.now()) is not None
    [one, other] = await ada.rows("select candidate_id from candidates")
    for each in (one, other):
        assert await stopped(ada, each["candidate_id"]) == ["email", "sms"]


async def test_a_reply_that_waits_holds_whoever_may_have_written_it(post: Post) -> None:
    house = post.house
    known = await come(house, {"fullName": "A. Lovelace"})
    other = await come(house, {"fullName": "Ben Lovelace"})
    await post.send(plain("Did you mix me up? I never applied."))
    later = await come(house, {}, source="another")
    for each in ("ada", known, later):
        assert (await recipient(house, each))["held"] == ["email", "sms"]
    assert "held" not in await recipient(house, other)
    async with house.database.transaction() as conn:
        waiting = await replies.unread(conn, 9)
        assert {row["candidate_id"] for row in waiting} == {"ada", known, later}
        assert {*map(tuple, (row["texts"] for row in waiting))} == {
            ("Did you mix me up? I never applied.",)
        }
        assert await look(conn, "ada", house.clock.now(), stop=False)
    for each in ("ada", known, later):
        assert "held" not in await recipient(house, each)


async def test_a_human_who_reads_a_stop_in_it_stops_whoever_may_have_written_it(
    post: Post,
) -> None:
    known = await come(post.house, {"fullName": "A. Lovelace"})
    await post.send(plain("I would rather not hear of this any more, you know."))
    async with post.house.database.transaction() as conn:
        assert await look(conn, "ada", post.house.clock.now(), stop=True)
    assert await stopped(post.house, known) == ["email", "sms"]


async def test_a_recruiter_who_has_read_it_releases_whoever_may_have_written_it(
    post: Post,
) -> None:
    known = await come(post.house, {"fullName": "A. Lovelace"})
    await post.send(plain("Did you mix me up?"))
    [reply] = await post.house.published("reply.received")
    page = post.house.link(LinkPurpose.REPLY, reply=reply["data"]["replyId"], recruiter="rita")
    assert "held" in await recipient(post.house, known)
    assert (await post.house.client.post(page, data={"do": "read"})).status_code == 200
    assert "held" not in await recipient(post.house, known)


async def test_who_waits_for_another_and_then_writes_waits_for_their_own(post: Post) -> None:
    known = await come(post.house, {"fullName": "A. Lovelace"})
    await post.send(plain("Did you mix me up?"))
    async with post.house.database.transaction() as conn:
        await replies.keep(conn, [known], "mail", post.house.clock.now())
        assert await look(conn, "ada", post.house.clock.now(), stop=False)
        assert [row["candidate_id"] for row in await replies.unread(conn, 9)] == [known]
