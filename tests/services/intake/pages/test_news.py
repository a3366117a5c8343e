"""What people say has changed: heard as their own word, and what is written freely by a human."""

import json
from datetime import timedelta

import pytest

from services.intake.replies import store as replies
from services.intake.replies.looking import look
from tests.services.intake.house import House

LICENCE = {"requirementId": "r-1", "kind": "licence", "name": "Licence C1"}
GERMAN = {"requirementId": "r-2", "kind": "language", "name": "Licence C1"}
PROFILE = {"skills": [{"name": "Forklift"}]}


@pytest.fixture
async def ada(house: House) -> House:
    await house.add_candidate(phone="+4915112345678")
    await house.add_rejection(shortfalls=[LICENCE, GERMAN])
    await house.add_consent("ada", purpose="now_and_then")
    return house


def check_in(house: House) -> str:
    return house.letter(asks="", purpose="check_in", application="", about="a-1")


async def tell(house: House, **fields: str) -> str:
    answer = await house.client.post(check_in(house), data={"do": "news", **fields})
    assert answer.status_code == 200
    return answer.text


async def test_a_check_in_asks_what_has_changed_in_the_vacancies_own_words(ada: House) -> None:
    await ada.add_vacancy(
        requirements=[
            {"requirementId": "x", "kind": "licence", "name": "Crane licence"},
            {"requirementId": "y", "kind": "permit", "name": "Work permit"},
        ],
        skills=["Route planning"],
    )
    await ada.add_vacancy("v-8", title="Closed long ago", status="closed")
    text = (await ada.client.get(check_in(ada))).text
    assert "<h1>Has anything changed for you?</h1>" in text
    for words in ("Licence C1", "Crane licence", "Route planning", "Dispatcher, day shift"):
        assert f'<option value="{words}">' in text
    assert text.index("Licence C1") < text.index("Crane licence")
    assert "Work permit" not in text
    assert "Closed long ago" not in text


async def test_the_words_of_another_source_are_not_offered(ada: House) -> None:
    await ada.add_vacancy(skills=["Route planning"])
    await ada.execute("update vacancies set source = 'another'")
    assert "Route planning" not in (await ada.client.get(check_in(ada))).text


async def test_what_has_changed_feeds_the_profile_as_their_own_word(ada: House) -> None:
    await ada.execute(
        "insert into profiles (applicant_key, candidate_id, profile, profile_time, profile_rank)"
        " values ('ada', 'ada', $1, $2, 'e')",
        json.dumps(PROFILE),
        ada.clock.now(),
    )
    text = await tell(ada, skill=" Route  planning ", job="Lead dispatcher", place="Bremen")
    assert "as your own word" in text
    profile = (await ada.published("profile.changed"))[-1]["data"]
    assert profile["profile"]["skills"] == PROFILE["skills"]
    assert profile["news"] == [
        {"kind": "job", "name": "Lead dispatcher", "on": "2026-03-02"},
        {"kind": "place", "name": "Bremen", "on": "2026-03-02"},
        {"kind": "skill", "name": "Route planning", "on": "2026-03-02"},
    ]
    (answered,) = await ada.published("candidate.answered")
    assert answered["data"]["answer"] == "news"
    assert answered["data"]["applicationId"] == "a-1"


async def test_what_has_changed_makes_a_profile_where_there_was_none(ada: House) -> None:
    await tell(ada, skill="Welding")
    profile = (await ada.published("profile.changed"))[-1]["data"]
    assert [one["name"] for one in profile["news"]] == ["Welding"]


async def test_news_by_the_name_of_a_gap_closes_that_gap_and_no_other(ada: House) -> None:
    await tell(ada, licence="licence c1")
    (rejection,) = (await ada.published("candidate.changed"))[-1]["data"]["rejections"]
    closed = {gap["requirementId"]: gap.get("closedAt") for gap in rejection["shortfalls"]}
    assert closed == {"r-1": "2026-03-02", "r-2": None}


@pytest.mark.parametrize("unseen", ["\u200b\u200d\ufeff", "\u3164 \u2800", "\u200e\n", "\ufe0f"])
async def test_what_nobody_can_see_is_nothing_new(ada: House, unseen: str) -> None:
    before = await ada.dump()
    form = {"do": "news", "skill": unseen, "job": unseen, "note": unseen}
    answer = await ada.client.post(check_in(ada), data=form)
    assert (answer.status_code, "Please write what has changed" in answer.text) == (422, True)
    assert await ada.dump() == before


async def test_who_they_are_is_taken_out_of_what_the_matcher_reads(ada: House) -> None:
    await tell(ada, skill="Welding, ask Ada Lovelace, ada@example.org, +4915112345678")
    profile = json.dumps((await ada.published("profile.changed"))[-1]["data"])
    for secret in ("Lovelace", "example.org", "12345678"):
        assert secret not in profile
    assert "Welding" in profile


async def test_a_note_waits_for_a_human_and_goes_nowhere_else(ada: House) -> None:
    before = len(await ada.published())
    await tell(ada, note="I would like to work nights.")
    assert not any("nights" in json.dumps(event) for event in await ada.published())
    assert [event["type"] for event in (await ada.published())[before:]] == [
        "candidate.changed.v1",
        "recipient.changed.v1",
    ]
    async with ada.database.transaction() as conn:
        (waiting,) = await replies.unread(conn, 10)
        assert (waiting["candidate_id"], waiting["texts"]) == (
            "ada",
            ["I would like to work nights."],
        )
        assert await look(conn, "ada", ada.clock.now(), stop=False)
        assert await replies.unread(conn, 10) == []


async def test_a_note_holds_no_text_message_back(ada: House) -> None:
    await tell(ada, note="I would like to work nights.")
    assert "held" not in (await ada.published("recipient.changed"))[-1]["data"]


async def test_a_human_who_reads_a_stop_in_a_note_stops_everything(ada: House) -> None:
    await tell(ada, note="Please leave me alone.")
    async with ada.database.transaction() as conn:
        assert await look(conn, "ada", ada.clock.now(), stop=True)
    assert (await ada.published("recipient.changed"))[-1]["data"]["stopped"] == ["email", "sms"]


async def test_whoever_is_no_longer_looking_is_no_longer_kept(ada: House) -> None:
    answer = await ada.client.post(check_in(ada), data={"do": "not_looking"})
    assert "We will not stay in touch" in answer.text
    state = (await ada.published("candidate.changed"))[-1]["data"]
    assert "consents" not in state
    assert "stopped" not in state


async def test_whoever_is_still_looking_has_answered(ada: House) -> None:
    await ada.client.post(check_in(ada), data={"do": "still_looking"})
    (answered,) = await ada.published("candidate.answered")
    assert answered["data"]["answer"] == "still_looking"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"do": "news", "skill": "Welding"}, "a new skill: Welding, 2 March 2026"),
        ({"do": "news", "place": "Graz"}, "a new town: Graz, 2 March 2026"),
        ({"do": "still_looking"}, "Nothing new, and you are still looking."),
    ],
)
async def test_what_was_told_stands_on_the_page_and_is_not_asked_again(
    ada: House, answer: dict[str, str], told: str
) -> None:
    await ada.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts)"
        " values ('ada', 'ada', $1, 'message_sent', '{\"messageId\": \"m-1\"}')",
        ada.clock.now(),
    )
    ada.clock.move(timedelta(hours=1))
    said = (await ada.client.post(check_in(ada), data=answer)).text
    for page in (said, (await ada.client.get(check_in(ada))).text):
        assert told in page
        assert "Has anything changed for you?" not in page
        assert "Tell us something else" in page


async def test_whoever_told_what_is_new_is_not_said_to_have_told_nothing_new(ada: House) -> None:
    await ada.client.post(check_in(ada), data={"do": "news", "skill": "Welding"})
    page = (await ada.client.post(check_in(ada), data={"do": "still_looking"})).text
    assert "<li>You are still looking.</li>" in page
    assert "Nothing new, and you" not in page


async def test_no_more_is_published_of_somebody_than_a_bound(ada: House) -> None:
    kinds = ("skill", "licence", "degree", "job", "place")
    for nth in range(25):
        ada.clock.move(timedelta(hours=3))
        await tell(ada, **{kind: f"{kind} {nth}" for kind in kinds})
    assert len((await ada.published("profile.changed"))[-1]["data"]["news"]) == 100
