"""Whoever says yes is heard by the recruiters of the vacancy, and each yes has an end."""

import json
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from services.intake.interests import recording, store
from services.intake.interests.jobs import count_unheard
from services.intake.interests.recording import end_unanswered
from services.intake.metrics import IntakeMetrics
from services.intake.privacy import store as privacy
from services.intake.vacancies.handlers import VacancyRecorder
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import RecruiterContact
from shared.contract.events.purposes import UNANSWERED_AFTER
from shared.contract.events.responses import InterestEnd
from shared.contract.events.vacancies import (
    VacancyClosed,
    VacancyReopened,
    VacancyState,
    VacancyUpdated,
)
from shared.runtime.links import LinkPurpose
from tests.services.intake.house import House
from tests.services.intake.vacancies.stream import recruit_at

YES = {"do": "interested"}
TALKING = {"do": "talking"}
RITA = RecruiterContact(name="rita", email="rita@example.com")
NIA = RecruiterContact(name="Nia", email="nia@example.com")
GAP = {"requirementId": "r-1", "kind": "licence", "name": "Licence C1"}


@pytest.fixture
async def invited(house: House) -> House:
    """Ada, who was invited to Rita's vacancy."""
    await house.add_vacancy()
    await house.add_candidate(phone="+4915112345678")
    await house.add_rejection(shortfalls=[GAP])
    await house.add_consent("ada")
    return house


def invitation(house: House, candidate: str = "ada", **claims: str) -> str:
    given = {"asks": "", "purpose": "invitation", "vacancy": "v-9", "application": "", **claims}
    return house.letter(candidate, days=365, **given)


async def page(house: House, recruiter: str = "rita") -> str:
    (row,) = await house.rows("select interest_id from interests order by raised_at desc limit 1")
    return house.link(LinkPurpose.INTEREST, recruiter=recruiter, interest=row["interest_id"])


async def hear(house: House, state: type[VacancyState], recruiter: RecruiterContact = RITA) -> None:
    """Records how the vacancy stands, as its own system tells it."""
    house.clock.move(timedelta(minutes=1))
    now = house.clock.now()
    said = state(vacancy_id="v-9", title="Dispatcher, day shift", recruiters=[recruiter])
    event = Event(id=str(now), source="s", type=said.type, key="v-9", time=now, data=said)
    async with house.database.transaction() as conn:
        await conn.execute(
            "insert into vacancy_ids values ('s', 'v-9', 'v-9') on conflict do nothing"
        )
        await VacancyRecorder().record(conn, [event], now)


async def close(house: House) -> None:
    await hear(house, VacancyClosed)


async def test_a_yes_is_published_once_for_the_recruiters_of_the_vacancy(invited: House) -> None:
    for _ in range(2):
        assert (await invited.client.post(invitation(invited), data=YES)).status_code == 200
    (raised,) = await invited.published("interest.raised")
    assert raised["key"] == "ada"
    assert raised["data"] | {"interestId": ""} == {
        "interestId": "",
        "candidateId": "ada",
        "at": "2026-03-02T09:00:00Z",
        "answer": "interested",
        "purpose": "invitation",
        "contactId": "c-1",
        "vacancyId": "v-9",
        "vacancyTitle": "Dispatcher, day shift",
        "shortfalls": [],
        "source": "s",
        "recruiters": [{"recruiterId": "rita", "channels": ["email"]}],
    }


async def test_a_yes_can_be_taken_back_after_a_stop_and_its_recruiter_reads_of_the_stop(
    invited: House,
) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    silent = "They have asked to hear nothing more from us"
    assert silent not in (await invited.client.get(await page(invited))).text
    stopped = (await invited.client.post(letter, data={"do": "stop"})).text
    assert 'value="not_now"' in stopped
    assert 'value="interested"' not in stopped
    assert silent in (await invited.client.get(await page(invited))).text
    await invited.client.post(letter, data={"do": "not_now"})
    (ended,) = await invited.published("interest.ended")
    assert ended["data"]["endedAs"] == "withdrawn"


async def test_whoever_is_no_longer_looking_takes_back_each_yes_and_recruiters_read_so(
    invited: House,
) -> None:
    letter = invitation(invited)
    check_in = invited.letter(purpose="check_in", asks="", message="m-3")
    await invited.client.post(letter, data=YES)
    await invited.client.post(
        invited.letter(purpose="ready", asks="", message="m-2"),
        data={"do": "has_it_now", "gap": "r-1"},
    )
    for _ in range(2):
        await invited.client.post(check_in, data={"do": "not_looking"})
    ended = await invited.published("interest.ended")
    assert [it["data"]["endedAs"] for it in ended] == ["withdrawn", "withdrawn"]
    (row,) = await invited.rows("select interest_id from interests where vacancy_id = 'v-9'")
    link = invited.link(LinkPurpose.INTEREST, recruiter="rita", interest=row["interest_id"])
    assert "they told us: not now" in (await invited.client.get(link)).text
    theirs = (await invited.client.get(letter)).text
    assert "You told us “not now”, and we leave it there." in theirs
    assert "our recruiters can see that" not in theirs


async def test_who_has_looked_is_kept_by_the_time_that_all_else_goes_by(invited: House) -> None:
    await invited.client.post(invitation(invited), data=YES)
    await invited.client.get(await page(invited))
    (looked,) = await invited.rows("select at from audit_entries")
    assert looked["at"] == invited.clock.now()


async def test_the_link_to_whoever_has_deleted_everything_says_so_as_long_as_it_works(
    invited: House,
) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    link = await page(invited)
    await invited.client.post(letter, data={"do": "erase", "confirm": "yes"})
    for answer in (await invited.client.get(link), await invited.client.post(link, data=TALKING)):
        assert answer.status_code == 410
        assert "has asked us to delete everything" in answer.text
        assert "Ada" not in answer.text
    async with invited.database.transaction() as conn:
        await privacy.let_go(conn, invited.clock.now() + timedelta(days=90), 10)
    assert (await invited.client.get(link)).status_code == 404


async def test_a_recruiter_who_gave_a_mobile_number_hears_by_text_message(invited: House) -> None:
    await invited.execute("update recruiters set mobile = '+4915112345679'")
    await invited.client.post(invitation(invited), data=YES)
    (raised,) = await invited.published("interest.raised")
    assert raised["data"]["recruiters"] == [{"recruiterId": "rita", "channels": ["sms", "email"]}]


async def test_what_they_have_by_now_reaches_the_recruiters_of_what_they_applied_for(
    invited: House,
) -> None:
    await invited.add_vacancy("v-1", title="Dispatcher", recruiters=["rosa"], status="closed")
    ready = invited.letter(purpose="ready", asks="")
    await invited.client.post(ready, data={"do": "has_it_now", "gap": "r-1"})
    (raised,) = await invited.published("interest.raised")
    assert raised["data"]["answer"] == "has_it_now"
    assert [it["recruiterId"] for it in raised["data"]["recruiters"]] == ["rosa"]
    assert [it["name"] for it in raised["data"]["shortfalls"]] == ["Licence C1"]
    shown = (await invited.client.get(await page(invited, "rosa"))).text
    assert "Licence C1 (their own word)" in shown
    assert "their own word" in (await invited.client.get(await page(invited, "rosa"))).text


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {
            "purpose": "outcome",
            "application": "a-1",
            "outcome": "not_this_time",
            "answered": "interested",
        },
    ],
)
async def test_what_was_missing_for_another_role_is_told_to_those_of_that_one(
    invited: House, claims: dict[str, str]
) -> None:
    await invited.add_vacancy("v-1", title="Dispatcher", recruiters=["rosa"])
    link = invitation(invited, **claims)
    shown = (await invited.client.get(link)).text
    assert "Your application for Dispatcher: what was missing" in shown
    assert "Dispatcher, day shift" in shown
    await invited.client.post(link, data={"do": "has_it_now", "gap": "r-1"})
    (raised,) = await invited.published("interest.raised")
    assert raised["data"]["vacancyTitle"] == "Dispatcher"
    assert [it["recruiterId"] for it in raised["data"]["recruiters"]] == ["rosa"]
    (answered,) = await invited.published("candidate.answered")
    assert answered["data"]["vacancyId"] == "v-1"
    assert answered["data"]["applicationId"] == "a-1"
    await invited.client.post(link, data={"do": "not_yet", "gap": "r-1"})
    (ended,) = await invited.published("interest.ended")
    assert ended["data"]["interestId"] == raised["data"]["interestId"]


async def test_not_now_takes_a_yes_back_and_another_yes_goes_on_with_it(invited: House) -> None:
    letter = invitation(invited)
    for answer in ("interested", "not_now", "interested"):
        await invited.client.post(letter, data={"do": answer})
        invited.clock.move(timedelta(minutes=1))
    said = [it["type"].split(".")[1] for it in await invited.published("interest.")]
    assert said == ["raised", "ended", "raised"]
    first, end, second = (it["data"] for it in await invited.published("interest."))
    assert end["endedAs"] == "withdrawn"
    assert first["interestId"] == end["interestId"] == second["interestId"]
    assert "resumedAt" not in first
    assert second["resumedAt"] == second["at"] == "2026-03-02T09:02:00Z"
    (row,) = await invited.rows("select ended_at from interests")
    assert row["ended_at"] is None


async def test_a_yes_long_after_it_was_taken_back_is_another_one(invited: House) -> None:
    letter = invitation(invited)
    for answer in ("interested", "not_now", "interested"):
        await invited.client.post(letter, data={"do": answer})
        invited.clock.move(UNANSWERED_AFTER + timedelta(days=1))
    first, _, second = (it["data"] for it in await invited.published("interest."))
    assert first["interestId"] != second["interestId"]


async def test_two_messages_about_one_vacancy_have_one_interest(invited: House) -> None:
    first, second = (invitation(invited, message=f"m-{it}", contact=f"c-{it}") for it in "12")
    for letter in (first, second):
        await invited.client.post(letter, data=YES)
    raised = await invited.published("interest.raised")
    assert len({it["data"]["interestId"] for it in raised}) == 1
    assert raised[-1]["data"]["contactId"] == "c-2"
    await invited.client.post(first, data={"do": "not_now"})
    (ended,) = await invited.published("interest.ended")
    assert ended["data"]["endedAs"] == "withdrawn"


async def test_a_yes_to_what_is_said_to_be_there_now_and_to_an_invitation_are_two(
    invited: House,
) -> None:
    ready = invited.letter(purpose="ready", asks="", vacancy="v-9", message="m-2")
    for said in ({"do": "has_it_now", "gap": "r-1"}, {"do": "not_now"}, YES, {"do": "not_now"}):
        assert (await invited.client.post(ready, data=said)).status_code == 200
    await invited.client.post(ready, data=YES)
    await invited.client.post(invitation(invited), data=YES)
    rows = await invited.rows("select purpose, answer, ended_as from interests order by 1, 2")
    assert [tuple(row) for row in rows] == [
        ("invitation", "interested", None),
        ("ready", "has_it_now", "withdrawn"),
        ("ready", "interested", None),
    ]


async def test_what_one_person_said_twice_of_a_vacancy_waits_once_and_ends_together(
    invited: House,
) -> None:
    await invited.add_rejection(application_id="a-9", vacancyId="v-9", shortfalls=[GAP])
    ready = invited.letter(
        purpose="ready", message="m-2", asks="", vacancy="v-9", application="a-9", about="a-9"
    )
    await invited.client.post(ready, data={"do": "has_it_now", "gap": "r-1"})
    invited.clock.move(timedelta(minutes=1))
    await invited.client.post(invitation(invited), data=YES)
    assert len(await invited.rows("select from interests where ended_at is null")) == 2
    async with invited.database.connection() as conn:
        [waiting] = await store.waiting(conn, "rita", None)
    assert waiting.answer == "interested"
    await invited.client.post(await page(invited), data={"do": "not_this_time"})
    ended = await invited.published("interest.ended")
    assert [one["data"]["endedAs"] for one in ended] == ["not_this_time"] * 2


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_opening_the_page_of_an_interest_changes_nothing(invited: House, method: str) -> None:
    await invited.client.post(invitation(invited), data=YES)
    before = await invited.dump()
    answer = await invited.client.request(method, await page(invited))
    assert answer.status_code == 200
    assert await invited.dump() == before


async def test_a_recruiter_sees_who_it_is_in_answer_to_what_and_how_to_reach_them(
    invited: House,
) -> None:
    await invited.client.post(invitation(invited), data=YES)
    text = (await invited.client.get(await page(invited))).text
    for words in (
        "Ada Lovelace",
        "Dispatcher, day shift",
        "yes to our invitation",
        "ada@example.org",
        "+4915112345678",
        "2 March 2026",
    ):
        assert words in text


@pytest.mark.parametrize(("end", "days", "shown"), [("hired", 6, True), ("hired", 8, False)])
async def test_who_it_was_is_shown_no_longer_a_week_after_it_has_ended(
    invited: House, end: str, days: int, shown: bool
) -> None:
    await invited.client.post(invitation(invited), data=YES)
    theirs = await page(invited)
    await invited.client.post(theirs, data={"do": end})
    invited.clock.move(timedelta(days=days))
    text = (await invited.client.get(theirs)).text
    assert [word in text for word in ("Ada Lovelace", "ada@example.org")] == [shown, shown]
    assert ('value="talking"' in text) is shown, "nobody is asked about somebody they cannot see"
    await invited.client.post(theirs, data={"do": "talking"})
    assert len(await invited.published("interest.ended")) == 1 + shown


async def test_whoever_waits_is_listed_with_what_they_said(invited: House) -> None:
    await invited.add_vacancy("v-1", title="Dispatcher")
    ready = invited.letter(purpose="ready", asks="", message="m-2")
    await invited.client.post(ready, data={"do": "has_it_now", "gap": "r-1"})
    await invited.add_candidate("grace", name="Grace Hopper")
    await invited.add_rejection("grace", application_id="a-g")
    await invited.client.post(invitation(invited, "grace", message="m-g"), data=YES)
    theirs = await invited.rows("select interest_id, candidate_id from interests")
    about = {row["candidate_id"]: row["interest_id"] for row in theirs}
    now = invited.clock.now()
    said = {
        "ada": "would like to talk, since 2 March 2026",
        "grace": "now has something that was missing, by their own word of 2 March 2026",
    }
    for one, words in said.items():
        link = invited.link(LinkPurpose.INTEREST, recruiter="rita", interest=about[one])
        assert words in (await invited.client.get(link)).text
    link = invited.link(LinkPurpose.INTEREST, recruiter="rita", interest=about["ada"])
    named = "they now have something that was missing when they applied: "
    assert named in (await invited.client.get(link)).text
    async with invited.database.transaction() as conn:
        await recording.end(conn, about["grace"], "rita", InterestEnd.TALKING, now)
        await recording.close(conn, ["v-9"], now)
    link = invited.link(LinkPurpose.INTEREST, recruiter="rita", interest=about["ada"])
    closed = "you were talking when the role closed on 2 March 2026: how did it end?"
    assert closed in (await invited.client.get(link)).text


async def test_whoever_took_their_yes_back_is_shown_no_longer(invited: House) -> None:
    await invited.client.post(invitation(invited), data=YES)
    theirs = await page(invited)
    await invited.client.post(invitation(invited), data={"do": "not_now"})
    text = (await invited.client.get(theirs)).text
    assert [word in text for word in ("Ada Lovelace", "ada@example.org")] == [False, False]


async def test_a_recruiter_reaches_them_where_they_put_it_right(invited: House) -> None:
    await invited.client.post(invitation(invited), data=YES)
    right = {"emails": {"value": ["new@example.org"]}, "phone": {"value": "+4915199999999"}}
    await invited.execute("update applicants set corrected = $1", json.dumps(right))
    text = (await invited.client.get(await page(invited))).text
    assert "new@example.org" in text
    assert "+4915199999999" in text
    assert "ada@example.org" not in text


async def test_nobody_but_a_recruiter_of_the_vacancy_sees_it(invited: House) -> None:
    await invited.client.post(invitation(invited), data=YES)
    await invited.add_vacancy("v-2", recruiters=["rosa"])
    foreign = await page(invited, "rosa")
    assert (await invited.client.get(foreign)).status_code == 404
    assert (await invited.client.post(foreign, data={"do": "hired"})).status_code == 404
    assert not await invited.published("interest.ended")


@pytest.mark.parametrize("choice", ["talking", "hired", "not_this_time"])
async def test_what_a_recruiter_says_came_of_it_is_kept_and_published_once(
    invited: House, choice: str
) -> None:
    await invited.client.post(invitation(invited), data=YES)
    for _ in range(2):
        answer = await invited.client.post(await page(invited), data={"do": choice})
        assert answer.status_code == 200
    (ended,) = await invited.published("interest.ended")
    assert (ended["data"]["endedAs"], ended["data"]["recruiterId"]) == (choice, "rita")
    (row,) = await invited.rows("select ended_by from interests")
    assert row["ended_by"] == "rita"
    (entry,) = await invited.rows("select facts from timeline where kind = 'interest_ended'")
    assert json.loads(entry["facts"])["endedAs"] == choice


async def test_an_answer_that_there_is_none_of_changes_nothing(invited: House) -> None:
    await invited.client.post(invitation(invited), data=YES)
    before = await invited.dump()
    answer = await invited.client.post(await page(invited), data={"do": "vacancy_closed"})
    assert answer.status_code == 422
    assert await invited.dump() == before


async def test_those_who_wait_are_listed_on_the_pages_of_their_recruiters(invited: House) -> None:
    await invited.add_candidate("grace", name="Grace Hopper", email="grace@example.org")
    for who in ("ada", "grace"):
        letter = invitation(invited, who, message=f"m-{who}")
        await invited.client.post(letter, data=YES)
        invited.clock.move(timedelta(minutes=1))
    text = (await invited.client.get(await page(invited))).text
    assert "Grace Hopper</h1>" in text
    assert "Ada Lovelace</a>" in text
    await invited.execute("update interests set ended_at = raised_at, ended_as = 'hired'")
    assert "Ada Lovelace" not in (await invited.client.get(await page(invited))).text


async def test_those_who_wait_are_listed_on_the_shortlists_of_their_vacancy(
    invited: House,
) -> None:
    now = invited.clock.now()
    for shortlist, vacancy in (("s-1", "v-9"), ("s-2", "v-2")):
        if vacancy != "v-9":
            await invited.add_vacancy(vacancy)
        await invited.execute(
            "insert into shortlists values ($1, $2, 'Dispatcher', false, 10, 0, $3)",
            shortlist,
            vacancy,
            now,
        )
    await invited.client.post(invitation(invited), data=YES)

    async def shown(shortlist: str) -> str:
        link = invited.link(LinkPurpose.SHORTLIST, recruiter="rita", shortlist=shortlist)
        return (await invited.client.get(link)).text

    assert "Ada Lovelace</a>" in await shown("s-1")
    assert "Ada Lovelace" not in await shown("s-2")


async def test_a_vacancy_that_closes_ends_what_is_open_and_asks_how_conversations_ended(
    invited: House,
) -> None:
    for number, choice in enumerate(("", "talking", "hired", "not_this_time")):
        who = f"c-{number}"
        await invited.add_candidate(who, name=who, email=f"{who}@example.org")
        letter = invitation(invited, who, message=f"m-{number}")
        await invited.client.post(letter, data=YES)
        if choice:
            await invited.client.post(await page(invited), data={"do": choice})
        invited.clock.move(timedelta(minutes=1))
    check_in = invitation(invited, message="m-9", purpose="check_in")
    await invited.client.post(check_in, data=YES)
    for _ in range(2):
        await close(invited)
    rows = await invited.rows("select ended_as, closed_at from interests order by raised_at")
    assert [(row["ended_as"], row["closed_at"] is not None) for row in rows] == [
        ("vacancy_closed", False),
        (None, True),
        ("hired", False),
        ("not_this_time", False),
        (None, False),
    ]
    *_, asked = await invited.published("interest.raised")
    assert (asked["key"], asked["data"]["recruiters"][0]["recruiterId"]) == ("c-1", "rita")
    assert asked["data"]["resumedAt"] == asked["data"]["closedAt"]


async def talking_when_it_closed(invited: House) -> tuple[str, str]:
    """Returns the pages of Ada and of the recruiter who was talking with her at the closing."""
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    theirs = await page(invited)
    await invited.client.post(theirs, data={"do": "talking"})
    invited.clock.move(UNANSWERED_AFTER)
    await close(invited)
    return letter, theirs


async def test_a_conversation_that_outlasts_the_vacancy_is_not_called_off_by_us(
    invited: House,
) -> None:
    letter, theirs = await talking_when_it_closed(invited)
    assert "what they tell you counts" in (await invited.client.get(letter)).text
    shown = (await invited.client.get(theirs)).text
    assert "the role closed on 22 March 2026" in shown
    assert "Ada Lovelace" in shown
    await end_unanswered(invited.database, invited.clock.now() + UNANSWERED_AFTER)
    assert [it["data"]["endedAs"] for it in await invited.published("interest.ended")] == [
        "talking"
    ]
    invited.clock.move(UNANSWERED_AFTER + timedelta(days=1))
    await end_unanswered(invited.database, invited.clock.now())
    *_, ended = await invited.published("interest.ended")
    assert ended["data"]["endedAs"] == "unanswered"
    assert "None of you had told us" in (await invited.client.get(theirs)).text


async def test_a_recruiter_can_still_say_how_such_a_conversation_ended(invited: House) -> None:
    _, theirs = await talking_when_it_closed(invited)
    shown = await invited.client.post(theirs, data={"do": "not_this_time"})
    assert "Not this time, as one of you told us" in shown.text
    *_, ended = await invited.published("interest.ended")
    assert ended["data"]["endedAs"] == "not_this_time"


async def test_whoever_is_hired_waits_for_no_word_about_anything(invited: House) -> None:
    _, theirs = await talking_when_it_closed(invited)
    await invited.client.post(invitation(invited, message="m-2", purpose="check_in"), data=YES)
    await invited.execute("update applications set status = 'hired'")
    for _ in range(2):
        async with invited.database.transaction() as conn:
            await recording.hire(conn, ["ada"], invited.clock.now())
    ends = [it["data"]["endedAs"] for it in await invited.published("interest.ended")]
    assert ends == ["talking", "hired", "hired"]
    shown = (await invited.client.get(theirs)).text
    assert "They were hired, as your hiring system told us on 22 March 2026." in shown


async def test_a_hire_by_another_source_ends_no_interest(invited: House) -> None:
    await invited.client.post(invitation(invited), data=YES)
    await invited.execute("update applications set status = 'hired', source = '/other'")
    async with invited.database.transaction() as conn:
        await recording.hire(conn, ["ada"], invited.clock.now())
    assert await invited.published("interest.ended") == []


async def test_not_now_is_heard_also_where_a_recruiter_is_talking_with_them(
    invited: House,
) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    theirs = await page(invited)
    await invited.client.post(theirs, data={"do": "talking"})
    again = invitation(invited, message="m-2")
    await invited.client.post(again, data=YES)
    assert len(await invited.published("interest.raised")) == 1
    await invited.client.post(again, data={"do": "not_now"})
    *_, ended = await invited.published("interest.ended")
    assert ended["data"]["endedAs"] == "withdrawn"
    assert "they told us: not now" in (await invited.client.get(theirs)).text


async def test_two_interests_of_one_person_are_each_about_their_own_vacancy(
    invited: House,
) -> None:
    await invited.add_vacancy("v-2", title="Night Porter")
    pages = {}
    for vacancy in ("v-9", "v-2"):
        letter = invitation(invited, message=f"m-{vacancy}", vacancy=vacancy)
        await invited.client.post(letter, data=YES)
        pages[vacancy] = (letter, await page(invited))
        invited.clock.move(timedelta(minutes=1))
    text = (await invited.client.get(pages["v-9"][1])).text
    assert "Also waiting for an answer" in text
    assert "Ada Lovelace</a>, Night Porter" in text
    await invited.client.post(pages["v-9"][1], data={"do": "not_this_time"})
    await invited.client.post(pages["v-2"][0], data={"do": "not_now"})
    rows = await invited.rows("select vacancy_id, ended_as from interests order by raised_at")
    assert [tuple(row) for row in rows] == [("v-9", "not_this_time"), ("v-2", "withdrawn")]
    assert "our recruiters have seen it" in (await invited.client.get(pages["v-9"][0])).text
    assert "You told us “not now”" in (await invited.client.get(pages["v-2"][0])).text


async def test_a_vacancy_that_opens_again_goes_on_with_what_its_closing_had_ended(
    invited: House,
) -> None:
    for number, choice in enumerate(("", "talking", "hired")):
        who = f"c-{number}"
        await invited.add_candidate(who, name=who, email=f"{who}@example.org")
        await invited.client.post(invitation(invited, who, message=f"m-{number}"), data=YES)
        if choice:
            await invited.client.post(await page(invited), data={"do": choice})
        invited.clock.move(timedelta(minutes=1))
    await close(invited)
    await hear(invited, VacancyReopened)
    rows = await invited.rows("select ended_as from interests order by raised_at")
    assert [row["ended_as"] for row in rows] == [None, "talking", "hired"]
    *_, raised = await invited.published("interest.raised")
    *_, ended = await invited.published("interest.ended")
    assert (raised["key"], raised["data"]["resumedAt"]) == ("c-0", "2026-03-02T09:05:00Z")
    assert [it["recruiterId"] for it in raised["data"]["recruiters"]] == ["rita"]
    assert (ended["key"], ended["data"]["endedAs"]) == ("c-1", "talking")
    await close(invited)
    rows = await invited.rows("select ended_as from interests order by raised_at")
    assert [row["ended_as"] for row in rows] == ["vacancy_closed", None, "hired"]


async def test_an_end_that_somebody_was_told_of_stays_one(invited: House) -> None:
    await invited.client.post(invitation(invited), data=YES)
    left = "insert into timeline (candidate_id, applicant_key, at, kind, facts) values ('ada',"
    left += " 'ada', $1, 'message_sent', $2)"
    sent = {"messageId": "m-1", "purpose": "invitation", "shortlistId": "s-1"}
    await invited.execute(left, invited.clock.now(), json.dumps(sent))
    await close(invited)
    told = {"messageId": "m-2", "purpose": "outcome", "shortlistId": "s-1"}
    await invited.execute(left, invited.clock.now(), json.dumps(told))
    await hear(invited, VacancyReopened)
    (row,) = await invited.rows("select ended_as from interests")
    assert row["ended_as"] == "vacancy_closed"
    assert 'value="interested"' in (await invited.client.get(invitation(invited))).text
    for _ in range(2):
        await invited.client.post(invitation(invited), data=YES)
    assert len(await invited.published("interest.raised")) == 2
    assert "our recruiters can see that" in (await invited.client.get(invitation(invited))).text


async def leave(house: House, **facts: str) -> None:
    """Records that a message to Ada left, a day from now."""
    house.clock.move(timedelta(days=1))
    await house.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts)"
        " values ('ada', 'ada', $1, 'message_sent', $2)",
        house.clock.now(),
        json.dumps(facts),
    )


async def test_whoever_was_told_not_this_time_is_not_told_otherwise(invited: House) -> None:
    await leave(invited, messageId="m-1", purpose="invitation", shortlistId="s-1")
    await invited.client.post(invitation(invited), data=YES)
    theirs = await page(invited)
    shown = (await invited.client.post(theirs, data={"do": "not_this_time"})).text
    assert (
        "Not this time, as one of you told us on 3 March 2026. We tell them a day later, or"
        in shown
    )
    await leave(invited, messageId="m-2", purpose="outcome", shortlistId="another")
    assert 'value="hired"' in (await invited.client.get(theirs)).text
    await leave(invited, messageId="m-3", purpose="outcome", shortlistId="s-1")
    shown = (await invited.client.get(theirs)).text
    assert "We told them on 5 March 2026." in shown
    assert "please write to them in person" in shown
    assert [word in shown for word in ("a day later", 'name="do"')] == [False, False]
    refused = (await invited.client.post(theirs, data={"do": "hired"})).text
    assert "Nothing was changed: they have been told" in refused
    assert "congratulations" not in refused
    assert len(await invited.published("interest.ended")) == 1


async def test_a_silence_that_was_told_of_is_not_said_to_be_told_of_later(invited: House) -> None:
    _, theirs = await talking_when_it_closed(invited)
    invited.clock.move(UNANSWERED_AFTER + timedelta(days=1))
    await end_unanswered(invited.database, invited.clock.now())
    to_come = "We tell them that what you told them counts."
    assert to_come in (await invited.client.get(theirs)).text
    await leave(invited, messageId="m-2", purpose="outcome", applicationId="a-1")
    shown = (await invited.client.get(theirs)).text
    assert "We told them on 13 April 2026." in shown
    assert to_come not in shown


@pytest.mark.parametrize("closes", [False, True])
async def test_whoever_a_recruiter_is_hiring_is_congratulated_once_the_system_says_so(
    invited: House, closes: bool
) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    await invited.client.post(await page(invited), data={"do": "hired"})
    assert "Congratulations" not in (await invited.client.get(letter)).text
    await invited.execute("update applications set status = 'hired'")
    for _ in range(2):
        async with invited.database.transaction() as conn:
            await recording.hire(conn, ["ada"], invited.clock.now())
    if closes:
        await close(invited)
    assert "we are glad that you are joining us" in (await invited.client.get(letter)).text
    shown = (await invited.client.get(await page(invited))).text
    assert "as your hiring system told us" in shown
    assert len(await invited.published("interest.ended")) == 2


async def test_the_page_of_somebody_who_was_hired_says_so_and_offers_nothing(
    invited: House,
) -> None:
    await invited.client.post(invitation(invited), data=YES)
    theirs = await page(invited)
    await invited.execute("update applications set status = 'hired'")
    async with invited.database.transaction() as conn:
        await recording.hire(conn, ["ada"], invited.clock.now())
    shown = (await invited.client.get(theirs)).text
    assert "They were hired as Dispatcher, as your hiring system told us on 2 March 2026." in shown
    assert 'name="do"' not in shown
    assert "congratulations" not in (await invited.client.post(theirs, data={"do": "hired"})).text
    invited.clock.move(timedelta(days=8))
    shown = (await invited.client.get(theirs)).text
    assert [word in shown for word in ("Name not known", "Ada", 'name="do"')] == [False] * 3


async def test_a_page_says_what_else_goes_on_with_them(invited: House) -> None:
    await invited.add_vacancy("v-2", title="Night Porter")
    await invited.add_vacancy("v-3", title="Elsewhere")
    await invited.execute("insert into vacancy_ids values ('pool', 'v-3', 'v-3')")
    for vacancy in ("v-2", "v-3", "v-9"):
        letter = invitation(invited, message=f"m-{vacancy}", vacancy=vacancy)
        await invited.client.post(letter, data=YES)
        invited.clock.move(timedelta(minutes=1))
    shown = (await invited.client.get(await page(invited))).text.partition("Also waiting")[0]
    assert "Night Porter: told us on 2 March 2026 that they would like to talk." in shown
    raised = await invited.published("interest.raised")
    assert [each["data"]["source"] for each in raised] == ["s", "pool", "s"]
    assert "Elsewhere" not in shown


async def test_a_vacancy_that_has_closed_is_offered_to_nobody(invited: House) -> None:
    letter = invitation(invited)
    assert "interested" in (await invited.client.get(letter)).text
    await close(invited)
    text = (await invited.client.get(letter)).text
    assert "no longer open" in text
    assert 'value="interested"' not in text
    before = await invited.dump()
    answer = await invited.client.post(letter, data=YES)
    assert answer.status_code == 422
    assert "has closed in the meantime" in answer.text
    assert await invited.dump() == before


async def test_what_no_recruiter_answers_ends_by_itself(invited: House) -> None:
    await invited.client.post(invitation(invited), data=YES)
    started = invited.clock.now()
    await end_unanswered(invited.database, started + UNANSWERED_AFTER)
    assert not await invited.published("interest.ended")
    for days in (1, 2):
        await end_unanswered(invited.database, started + UNANSWERED_AFTER + timedelta(days=days))
    (ended,) = await invited.published("interest.ended")
    assert ended["data"]["endedAs"] == "unanswered"


async def test_an_erasure_takes_what_somebody_said_with_them(invited: House) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    url = await page(invited)
    await invited.client.post(letter, data={"do": "erase", "confirm": "yes"})
    assert not await invited.rows("select * from interests")
    assert (await invited.client.get(url)).status_code == 410


async def test_a_press_that_makes_two_people_one_is_heard_of_the_one_who_remains(
    invited: House,
) -> None:
    await invited.add_candidate("A. Lovelace", name="A. Lovelace")
    await invited.add_rejection("A. Lovelace", application_id="of A. Lovelace")
    letter = invitation(invited, "A. Lovelace", address=invited.links.marks("ada@example.org")[0])
    await invited.client.post(letter, data=YES)
    (row,) = await invited.rows("select candidate_id, interest_id from interests")
    *_, last = await invited.published("interest.raised")
    assert last["key"] == row["candidate_id"]
    assert last["data"]["interestId"] == row["interest_id"]
    assert [it["recruiterId"] for it in last["data"]["recruiters"]] == ["rita"]


async def test_where_a_vacancy_has_no_recruiters_a_configured_address_hears(
    invited: House,
) -> None:
    await invited.execute("delete from recruiter_vacancies")
    for address in ("old@example.com", "jobs@example.com", "jobs@example.com"):
        await recruit_at(invited.database, address, invited.clock.now())
    old, new, tombstone = await invited.published("recipient.changed")
    assert (old["data"]["emails"], new["data"]["emails"]) == (
        ["old@example.com"],
        ["jobs@example.com"],
    )
    assert (tombstone["key"], tombstone["data"]) == (old["key"], None)
    await invited.client.post(invitation(invited), data=YES)
    (raised,) = await invited.published("interest.raised")
    assert [it["recruiterId"] for it in raised["data"]["recruiters"]] == [new["key"]]
    assert "Ada Lovelace" in (await invited.client.get(await page(invited, new["key"]))).text
    assert (await invited.client.get(await page(invited, "rita"))).status_code == 404
    await invited.add_vacancy("v-8", recruiters=["rosa"])
    await invited.execute("update recruiter_vacancies set recruiter_id = 'rosa'")
    assert (await invited.client.get(await page(invited, new["key"]))).status_code == 404


async def test_who_comes_to_recruit_for_a_vacancy_hears_of_a_yes_that_waits_and_who_left_does_not(
    invited: House,
) -> None:
    await invited.client.post(invitation(invited), data=YES)
    for recruiter in (RITA, NIA, NIA):
        await hear(invited, VacancyUpdated, recruiter)
    (nia,) = await invited.rows("select recruiter_id from recruiters where name = 'Nia'")
    first, again = (it["data"] for it in await invited.published("interest.raised"))
    assert first["interestId"] == again["interestId"]
    assert first["at"] == again["at"]
    theirs = {"channels": ["email"], "since": "2026-03-02T09:02:00Z"}
    assert again["recruiters"] == [{"recruiterId": nia["recruiter_id"], **theirs}]


async def test_what_has_ended_is_handed_over_to_nobody(invited: House) -> None:
    await invited.client.post(invitation(invited), data=YES)
    await invited.client.post(invitation(invited), data={"do": "not_now"})
    await hear(invited, VacancyUpdated, NIA)
    assert len(await invited.published("interest.raised")) == 1


async def test_where_nobody_heard_an_address_that_is_configured_later_does(
    invited: House,
) -> None:
    await invited.execute("delete from recruiter_vacancies")
    await invited.client.post(invitation(invited), data=YES)
    for _ in range(2):
        await recruit_at(invited.database, "jobs@example.com", invited.clock.now())
    (desk,) = await invited.rows("select recruiter_id from recruiters where is_desk")
    nobody, somebody = (it["data"] for it in await invited.published("interest.raised"))
    assert not nobody["recruiters"]
    assert [it["recruiterId"] for it in somebody["recruiters"]] == [desk["recruiter_id"]]


@pytest.mark.parametrize("said", ["interested", "has_it_now"])
async def test_where_nobody_recruits_nobody_is_said_to_be_told_and_operators_see_how_many_wait(
    invited: House, said: str
) -> None:
    await invited.execute("delete from recruiter_vacancies")
    metrics = IntakeMetrics(CollectorRegistry())
    letter = invitation(invited)
    if said == "has_it_now":
        letter = invited.letter(purpose="ready", asks="")
    answer = (await invited.client.post(letter, data={"do": said, "gap": "r-1"})).text
    assert "At the moment nobody is recruiting for" in answer.partition("<h1>")[0]
    for text in (answer, (await invited.client.get(letter)).text):
        assert "ur recruiters" not in text.partition("<h1>")[0]
        assert "our recruiters can see that" not in text
    for heard in (False, True):
        await recruit_at(invited.database, "a@example.com" if heard else None, invited.clock.now())
        await count_unheard(invited.database, metrics, invited.clock.now())
        assert metrics.unheard_interests._value.get() == (0 if heard else 1)
    assert "our recruiters can see that" in (await invited.client.get(letter)).text


async def test_no_row_keeps_an_address_from_being_no_desk_any_more(house: House) -> None:
    await house.add_vacancy()
    for address in ("old@example.com", "jobs@example.com"):
        await recruit_at(house.database, address, house.clock.now())
        await house.execute(
            "insert into recruiter_vacancies"
            " select 'v-9', recruiter_id from recruiters where is_desk on conflict do nothing"
        )
    recruiters = await house.rows("select email from recruiters where is_desk")
    assert [row["email"] for row in recruiters] == ["jobs@example.com"]


async def tell(house: House, shortlist: str | None = None) -> None:
    """Records that the letter left which tells how it ended."""
    facts = {"purpose": "outcome"} | ({"shortlistId": shortlist} if shortlist else {})
    await house.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts)"
        " values ('ada', 'ada', $1, 'message_sent', $2)",
        house.clock.now(),
        json.dumps(facts),
    )


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("talking", "one of our recruiters has taken it from there"),
        ("not_this_time", "on 4 March 2026 we wrote that it has not worked out this time"),
        ("hired", "one of our recruiters has taken it from there"),
    ],
)
@pytest.mark.parametrize("closes", [False, True])
async def test_the_invitation_says_what_they_answered_and_how_it_ended(
    invited: House, end: str, words: str, closes: bool
) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    await invited.client.post(await page(invited), data={"do": end})
    if closes:
        await close(invited)
    before = (await invited.client.get(letter)).text
    assert "You told us that you would like to talk" in before
    assert (words in before) is (end != "not_this_time")
    invited.clock.move(timedelta(days=2))
    if end == "not_this_time":
        assert "would like to talk, and our recruiters have seen it" in before
        await tell(invited)
    after = (await invited.client.get(letter)).text
    assert words in after
    assert "Thank you for your interest" not in after
    assert "Congratulations" not in after
    assert ("no longer open" in after) is (closes and end != "not_this_time")
    assert ("are talking with you" in after) is (closes and end == "talking")


async def test_whoever_stopped_all_messages_reads_a_no_that_no_letter_brings(
    invited: House,
) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    await invited.client.post(letter, data={"do": "stop"})
    await invited.client.post(await page(invited), data={"do": "not_this_time"})
    assert "our recruiters have seen it" in (await invited.client.get(letter)).text
    invited.clock.move(timedelta(days=1))
    text = (await invited.client.get(letter)).text
    assert "It has not worked out this time." in text
    assert "our recruiters" not in text
    assert 'value="not_now"' not in text


@pytest.mark.parametrize("stops", [False, True])
async def test_what_has_ended_is_not_shown_as_open_before_its_letter_leaves(
    invited: House, stops: bool
) -> None:
    letter, _ = await talking_when_it_closed(invited)
    if stops:
        await invited.client.post(letter, data={"do": "stop"})
    invited.clock.move(UNANSWERED_AFTER + timedelta(days=1))
    await end_unanswered(invited.database, invited.clock.now())
    text = (await invited.client.get(letter)).text
    assert "The role has closed, and nobody has told us how it ended for you." in text
    assert "our recruiters can see that" not in text


async def test_of_what_came_to_nothing_nobody_who_stopped_is_asked_again(invited: House) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    invited.clock.move(UNANSWERED_AFTER + timedelta(days=1))
    await end_unanswered(invited.database, invited.clock.now())
    text = (await invited.client.post(letter, data={"do": "stop"})).text
    assert "<h1>Your choices</h1>" in text
    assert "nobody has come back to you" in text
    assert "say so again" not in text
    assert 'value="interested"' not in text


@pytest.mark.parametrize("end", ["talking", "not_this_time", "hired"])
async def test_until_they_are_told_what_came_of_it_not_now_is_heard(
    invited: House, end: str
) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    await invited.client.post(await page(invited), data={"do": end})
    assert "I have changed my mind: not now" in (await invited.client.get(letter)).text
    await invited.client.post(letter, data={"do": "not_now"})
    *_, last = await invited.published("interest.ended")
    assert last["data"]["endedAs"] == "withdrawn"


async def test_a_letter_about_another_shortlist_tells_of_no_end_here(invited: House) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    await invited.client.post(await page(invited), data={"do": "not_this_time"})
    await tell(invited, "s-other")
    assert "we wrote" not in (await invited.client.get(letter)).text


async def test_whoever_got_no_answer_reads_so_and_may_say_it_again(invited: House) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data=YES)
    invited.clock.move(UNANSWERED_AFTER + timedelta(days=1))
    await end_unanswered(invited.database, invited.clock.now())
    untold = (await invited.client.get(letter)).text
    assert "As far as we know, nobody has come back to you." in untold
    await tell(invited)
    told = (await invited.client.get(letter)).text
    assert "on 23 March 2026 we wrote that nobody had come back to you" in told
    for text in (untold, told):
        assert "you can say so again" in text
        assert "Yes, I am interested" in text
    await close(invited)
    closed = (await invited.client.get(letter)).text
    assert "we wrote that nobody had come back to you" in closed
    assert "say so again" not in closed


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        (
            {"outcome": "not_this_time", "answered": "interested"},
            "You told us that you would like to talk; on 2 March 2026 we wrote that it has not",
        ),
        (
            {"outcome": "left_open", "answered": "interested"},
            "nobody had told us how it ended for you",
        ),
        (
            {"outcome": "unanswered", "answered": "has_it_now"},
            "You told us that you now have something that was missing; on 2 March 2026 we wrote"
            " that nobody",
        ),
        ({"outcome": "vacancy_closed", "answered": ""}, "We invited you to talk; on 2 March 2026"),
        (
            {"outcome": "vacancy_closed", "answered": "", "wrote": "yes"},
            "and you wrote back to us; on 2 March 2026 we wrote that the role is no longer open",
        ),
    ],
)
async def test_the_page_behind_the_letter_that_tells_the_end_repeats_it(
    invited: House, claims: dict[str, str], words: str
) -> None:
    link = invitation(invited, purpose="outcome", application="a-1", **claims)
    text = (await invited.client.get(link)).text
    assert words in text
    assert "This is about: Dispatcher, day shift." in text
    assert 'value="interested"' not in text


async def test_an_end_that_this_version_has_no_words_for_breaks_no_page(invited: House) -> None:
    link = invitation(invited, purpose="outcome", outcome="paused_for_now", answered="humming")
    answer = await invited.client.get(link)
    assert (answer.status_code, "How it ended" in answer.text) == (200, False)


@pytest.mark.parametrize("answer", ["interested", "not_now"])
async def test_what_was_answered_stands_on_the_page_once_the_role_has_closed(
    invited: House, answer: str
) -> None:
    letter = invitation(invited)
    await invited.client.post(letter, data={"do": answer})
    await close(invited)
    text = (await invited.client.get(letter)).text
    said = {"interested": "that you would like to talk", "not_now": "“not now”, and we leave"}
    assert f"You told us {said[answer]}" in text
    assert "This role is no longer open" in text
    assert "Thank you" not in text


async def test_whoever_has_it_all_by_now_is_not_asked_for_it_and_can_take_it_back(
    invited: House,
) -> None:
    await invited.add_vacancy("v-1", title="Dispatcher", recruiters=["rita"])
    ready = invited.letter(purpose="ready", asks="")
    asked = (await invited.client.get(ready)).text
    assert "<h1>Do you have it now?</h1>" in asked
    await invited.client.post(ready, data={"do": "has_it_now", "gap": "r-1"})
    told = (await invited.client.get(ready)).text
    for gone in ("Do you have it now?", "Tell us when you have it", "Would you like to talk?"):
        assert gone not in told
    assert "you now have what was missing, and our recruiters can see that" in told
    await invited.client.post(await page(invited), data={"do": "not_this_time"})
    seen = "you now have what was missing, and our recruiters have seen it"
    assert seen in (await invited.client.get(ready)).text
    invited.clock.move(timedelta(days=1))
    await tell(invited)
    assert "on 3 March 2026 we wrote that it has not" in (await invited.client.get(ready)).text
    await invited.client.post(ready, data={"do": "not_now"})
    assert "You told us “not now”" in (await invited.client.get(ready)).text


async def test_whoever_said_not_now_and_has_it_by_now_reads_what_they_said_last(
    invited: House,
) -> None:
    await invited.add_vacancy("v-1", title="Dispatcher", recruiters=["rita"])
    ready = invited.letter(purpose="ready", asks="")
    for said in ("not_now", "has_it_now"):
        await invited.client.post(ready, data={"do": said, "gap": "r-1"})
    text = (await invited.client.get(ready)).text
    assert "you now have what was missing, and our recruiters can see that" in text
    assert "You told us “not now”" not in text
    text = (await invited.client.post(ready, data={"do": "not_now"})).text
    assert "You told us “not now”, and we leave it there." in text


async def test_not_now_to_an_invitation_stands_though_they_have_what_was_missing_elsewhere(
    invited: House,
) -> None:
    letter = invitation(invited)
    for said in ("not_now", "has_it_now"):
        await invited.client.post(letter, data={"do": said, "gap": "r-1"})
    text = (await invited.client.get(letter)).text
    assert "You told us “not now”, and we leave it there." in text


async def test_what_they_took_for_theirs_by_mistake_is_taken_back_wherever_it_was_told(
    invited: House,
) -> None:
    await invited.add_vacancy("v-1", title="Dispatcher")
    letter, ready = invited.letter(), invited.letter(purpose="ready", asks="", message="m-2")
    await invited.client.post(letter, data={"do": "has_it_now", "gap": "r-1"})
    (raised,) = await invited.published("interest.raised")
    assert raised["data"]["vacancyTitle"] == "Dispatcher"
    assert "I do not have this yet after all" in (await invited.client.get(letter)).text
    for _ in range(2):
        told = await invited.client.post(ready, data={"do": "not_yet", "gap": "r-1"})
    assert "You told us that you have had this" not in told.text
    assert "Yes, I have this now" in told.text
    state = (await invited.published("candidate.changed"))[-1]["data"]
    assert "closedAt" not in state["rejections"][0]["shortfalls"][0]
    (ended,) = await invited.published("interest.ended")
    assert ended["data"]["endedAs"] == "taken_back"
    shown = (await invited.client.get(await page(invited))).text
    assert "On 2 March 2026 they took this back: they do not have it yet." in shown
    assert ("Ada" in shown, "not now" in shown) == (False, False)
    await invited.client.post(letter, data={"do": "has_it_now", "gap": "r-1"})
    assert len(await invited.published("interest.raised")) == 2


async def test_of_two_things_one_is_taken_back_and_recruiters_go_on_hearing_of_the_other(
    house: House,
) -> None:
    await house.add_vacancy("v-1")
    await house.add_candidate()
    await house.add_rejection(shortfalls=[GAP, GAP | {"requirementId": "r-2", "name": "First aid"}])
    for gap in ("r-1", "r-2"):
        await house.client.post(house.letter(), data={"do": "has_it_now", "gap": gap})
    await house.client.post(house.letter(), data={"do": "not_yet", "gap": "r-1"})
    last = (await house.published("interest."))[-1]
    assert [it["name"] for it in last["data"]["shortfalls"]] == ["First aid"]


async def test_nobody_takes_back_what_was_never_missing(invited: House) -> None:
    answer = await invited.client.post(invited.letter(), data={"do": "not_yet", "gap": "r-9"})
    assert answer.status_code == 422
