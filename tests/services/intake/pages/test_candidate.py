"""The candidate's page: looking changes nothing, answering acts once and says what now holds."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from services.intake.applicants import deciding, joining
from services.intake.applicants.store import joining as store
from shared.contract.events.purposes import RULES, Purpose, Question
from shared.runtime.links import LinkPurpose, Links
from tests.services.intake.house import YES, Form, House

INVITATION: dict[str, Any] = {
    "purpose": "invitation",
    "asks": "",
    "application": "",
    "vacancy": "v-9",
}
GAP = {"requirementId": "r-1", "kind": "licence", "name": "Licence C1"}


@pytest.fixture
async def ada(house: House) -> House:
    """Ada, who has an email address and a telephone, and lacked a licence."""
    await house.add_candidate(phone="+4915112345678")
    await house.add_rejection(shortfalls=[GAP])
    return house


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (GAP, "Once you tell us on this page that you have what was missing"),
        (GAP | {"expectedAt": "2027-01-01"}, "Once you should have the experience"),
    ],
)
async def test_when_i_qualify_says_what_it_waits_for(
    house: House, gap: dict[str, str], words: str
) -> None:
    await house.add_candidate()
    await house.add_rejection(shortfalls=[gap])
    asked = (await house.client.get(house.letter())).text
    assert words in asked
    assert "Yes, I have this now" in asked
    told = await house.client.post(house.letter(), data={"do": "has_it_now", "gap": "r-1"})
    assert "You have told us that you have what was missing" in told.text


@pytest.mark.parametrize("phone", ["+4915112345678", None])
async def test_whoever_can_choose_both_channels_reads_that_each_message_comes_once(
    house: House, phone: str | None
) -> None:
    await house.add_candidate(phone=phone)
    await house.add_rejection()
    text = (await house.client.get(house.letter())).text
    assert ("by text message where no email can reach you" in text) is (phone is not None)


@pytest.mark.parametrize("phone", ["+4915112345678", None])
async def test_nobody_reads_of_a_channel_that_they_never_had(
    house: House, phone: str | None
) -> None:
    await house.add_candidate(phone=phone)
    await house.add_rejection()
    await house.client.post(house.letter(), data={"do": "stop"})
    text = (await house.client.post(house.letter(), data=YES)).text
    assert ("no longer write to you by text message" in text) is (phone is not None)


async def test_a_yes_that_ends_before_they_qualify_says_so_and_that_it_is_asked_about_again(
    house: House,
) -> None:
    await house.add_candidate()
    await house.add_rejection(shortfalls=[GAP | {"expectedAt": "2027-09-01"}])
    asked = (await house.client.get(house.letter())).text
    assert "We expect that in September 2027. What you agree to for 1 year or less ends" in asked
    for months, said in ((12, True), (24, False)):
        form = {**YES, "months": str(months)}
        agreed = (await house.client.post(house.letter(), data=form)).text
        assert ("That is before September 2027, when we expect you to qualify" in agreed) is said


async def test_an_invitation_offers_to_say_that_what_was_missing_is_there_now(ada: House) -> None:
    await ada.add_consent("ada")
    await ada.add_vacancy()
    text = (await ada.client.get(ada.letter(**INVITATION))).text
    assert "Would you like to talk about Dispatcher, day shift?" in text
    assert "Your application for Dispatcher: what was missing" in text
    assert "on this page that you have" in text


async def test_an_invitation_promises_no_section_that_it_does_not_have(house: House) -> None:
    await house.add_candidate()
    await house.add_rejection(shortfalls=[GAP])
    house.clock.move(timedelta(days=1))
    newer = GAP | {"requirementId": "r-2", "closedAt": "2026-03-02"}
    await house.add_rejection(application_id="a-2", shortfalls=[newer])
    await house.add_consent("ada")
    await house.add_vacancy()
    text = (await house.client.get(house.letter(**INVITATION))).text
    assert "on this page that you have" not in text
    assert "on the page behind our answer to another application of yours" in text


MONTHS: dict[str, Any] = {
    "requirementId": "m",
    "kind": "experience",
    "name": "Pharmacy",
    "requiredMonths": 36,
    "observedMonths": 30,
}


@pytest.fixture
async def theo(house: House) -> House:
    """Theo, told in one letter that he came close and of a decision by which he lacked things."""
    await house.add_candidate(name="Theo Lind")
    await house.add_rejection(tier="runner_up")
    await house.add_rejection(application_id="a-2", shortfalls=[GAP, MONTHS])
    return house


async def test_the_page_behind_a_letter_offers_all_that_was_missing_by_what_it_tells(
    theo: House,
) -> None:
    asked = (await theo.client.get(theo.letter())).text
    assert asked.count(">Yes, I have this now<") == 2
    assert "Once you tell us on this page that you have what was missing" in asked
    assert "Licence C1" in asked
    assert "another application of yours" not in asked
    told = await theo.client.post(theo.letter(), data={"do": "has_it_now", "gap": "r-1"})
    assert "Once you should have the experience" in told.text
    (closed,) = await theo.rows("select application_id, requirement_id from closed_gaps")
    assert tuple(closed) == ("a-2", "r-1")
    invited = (await theo.client.get(theo.letter(**INVITATION))).text
    assert "Pharmacy" in invited
    assert "You told us that you have had this since" in invited


async def test_what_several_decisions_lacked_is_said_once_to_be_there_and_taken_back(
    theo: House,
) -> None:
    again = GAP | {"requirementId": "other", "name": "licence c1"}
    await theo.add_rejection(application_id="a-3", shortfalls=[again])
    assert (await theo.client.get(theo.letter())).text.lower().count("licence c1</h3>") == 1
    await theo.client.post(theo.letter(), data={"do": "has_it_now", "gap": "r-1"})
    closed = await theo.rows("select application_id from closed_gaps order by 1")
    assert [row["application_id"] for row in closed] == ["a-2", "a-3"]
    await theo.client.post(theo.letter(), data={"do": "has_it_now", "gap": "m"})
    answers = ["has_it_now", "has_it_now"]
    for gap, left, ends in (("r-1", 1, False), ("m", 0, True)):
        await theo.client.post(theo.letter(), data={"do": "not_yet", "gap": gap})
        answers.append("not_yet")
        assert len(await theo.rows("select * from closed_gaps")) == left
        open_ones = await theo.rows("select * from interests where ended_at is null")
        assert (not open_ones) is ends
    told = [event["data"]["answer"] for event in await theo.published("candidate.answered")]
    assert told == answers


@pytest.mark.parametrize("harder", ["a-2", "a-3"])
async def test_one_thing_missing_in_two_measures_is_one_that_is_there_and_is_taken_back(
    house: House, harder: str
) -> None:
    five = MONTHS | {"requirementId": "n", "requiredMonths": 60, "observedMonths": 58}
    await house.add_candidate(name="Lena Moll")
    for application_id in ("a-2", "a-3"):
        lacked = five if application_id == harder else MONTHS
        await house.add_rejection(application_id=application_id, shortfalls=[lacked])
    await house.execute(
        "update applications set answered_at = $1, answered_for = $1,"
        " answered_with = nullif('a-2', application_id)",
        house.clock.now(),
    )
    asked = (await house.client.get(house.letter(application="a-2"))).text
    assert asked.count(">Yes, I have this now<") == 1
    assert "Pharmacy: 5 years (you had 4 years and 10 months)" in asked
    letter = house.letter(application="a-2")
    told = await house.client.post(letter, data={"do": "has_it_now", "gap": "n"})
    assert len(await house.rows("select * from closed_gaps")) == 2
    assert "Pharmacy: 5 years" in told.text
    assert told.text.count(">I do not have this yet after all<") == 1
    (raised,) = await house.published("interest.raised")
    assert [it["requiredMonths"] for it in raised["data"]["shortfalls"]] == [60]
    taken_back = await house.client.post(letter, data={"do": "not_yet", "gap": "n"})
    assert await house.rows("select * from closed_gaps") == []
    assert taken_back.text.count(">Yes, I have this now<") == 1


async def test_a_gap_that_no_letter_named_is_not_offered(theo: House) -> None:
    await theo.execute(
        "update applications set answered_at = $1, answered_for = $1 where application_id = 'a-1'",
        theo.clock.now(),
    )
    late = theo.clock.now() + timedelta(hours=1)
    await theo.execute("update applications set heard_at = $1 where application_id = 'a-2'", late)
    text = (await theo.client.get(theo.letter())).text
    assert "Licence C1" not in text
    assert "when I qualify" not in text
    pressed = await theo.client.post(theo.letter(), data={"do": "has_it_now", "gap": "r-1"})
    assert pressed.status_code == 422
    assert await theo.rows("select * from closed_gaps") == []


@pytest.mark.parametrize("already_told", [True, False])
async def test_only_what_we_answer_has_a_page_of_ours(house: House, already_told: bool) -> None:
    await house.add_candidate()
    await house.add_rejection()
    await house.add_rejection(
        application_id="a-2", vacancyId="v-2", shortfalls=[GAP], alreadyTold=already_told
    )
    text = (await house.client.get(house.letter())).text
    assert "Nothing tells us when that will be." in text
    assert ("behind our answer to another application of yours" in text) is not already_told


async def same_address(house: House, *names: str) -> None:
    """Adds people whose first address is Ada's."""
    for name in names:
        await house.add_candidate(name, name=name)
        await house.add_rejection(name, application_id=f"of {name}")


async def are_one(house: House) -> list[list[str]]:
    found = await house.rows(
        "select array_agg(applicant_key order by applicant_key) as keys from applicants"
        " group by candidate_id order by 1"
    )
    return [row["keys"] for row in found]


async def test_a_press_behind_a_link_sent_there_makes_one_of_those_who_can_be_nobody_else(
    ada: House,
) -> None:
    await same_address(ada, "A. Lovelace")
    letter = ada.letter(address=ada.links.marks("ada@example.org")[0])
    await ada.client.get(letter)
    assert await are_one(ada) == [["A. Lovelace"], ["ada"]]
    assert (await ada.client.post(letter, data=YES)).status_code == 200
    assert await are_one(ada) == [["A. Lovelace", "ada"]]
    [state] = [
        it for it in (await ada.published("candidate.changed"))[-1:] if it["data"]["mergedFrom"]
    ]
    assert {it["applicationId"] for it in state["data"]["rejections"]} == {
        "a-1",
        "of A. Lovelace",
    }


@pytest.mark.parametrize(
    ("names", "address"),
    [
        (["Mona Sand"], "ada@example.org"),
        (["A. Lovelace", "Mona Sand"], "ada@example.org"),
        (["A. Lovelace"], "another@example.org"),
        (["A. Lovelace"], None),
    ],
)
async def test_a_press_makes_nobody_one_at_a_mailbox_of_many_or_another_address(
    ada: House, names: list[str], address: str | None
) -> None:
    await same_address(ada, *names)
    letter = ada.letter(address=ada.links.marks(address)[0] if address else "")
    assert (await ada.client.post(letter, data=YES)).status_code == 200
    assert len(await are_one(ada)) == len(names) + 1


async def test_a_link_acts_for_whom_it_was_sent_to_once_two_are_one_and_once_they_are_two_again(
    ada: House,
) -> None:
    await same_address(ada, "Ada Lovelace")
    now = ada.clock.now()
    async with ada.database.transaction() as conn:
        await joining.publish(conn, await joining.regroup(conn, ["ada"], now), now)
    assert await are_one(ada) == [["Ada Lovelace", "ada"]]
    [one] = await ada.rows("select candidate_id from candidates")
    letter = ada.letter(one["candidate_id"], application="of Ada Lovelace")
    assert (await ada.client.post(letter, data=YES)).status_code == 200
    async with ada.database.transaction() as conn:
        [pair] = await store.joined(conn, 9)
        assert await deciding.undo(conn, pair.join_id, now) is not None
    agreed = await ada.rows("select distinct applicant_key, candidate_id from consents")
    [theirs] = agreed
    assert theirs["applicant_key"] == "Ada Lovelace"
    stop = {"do": "stop"}
    assert (await ada.client.post(letter, data=stop)).status_code == 200
    stopped = await ada.rows("select distinct applicant_key from channel_stops")
    assert [row["applicant_key"] for row in stopped] == ["Ada Lovelace"]


async def test_a_link_erases_nobody_who_is_not_written_to_where_it_was_sent(ada: House) -> None:
    await same_address(ada, "Ada Lovelace")
    now = ada.clock.now()
    async with ada.database.transaction() as conn:
        await joining.publish(conn, await joining.regroup(conn, ["ada"], now), now)
    [one] = await ada.rows("select candidate_id from candidates")
    erase = {"do": "erase", "confirm": "yes"}
    for mark in (ada.links.marks("evil@example.org")[0], ""):
        old = ada.letter(one["candidate_id"], application="of Ada Lovelace", address=mark)
        answer = await ada.client.post(old, data=erase)
        assert (answer.status_code, len(await ada.rows("select from applicants"))) == (422, 2)
        assert "at the address that we write to now" in answer.text
    there = ada.links.marks("ada@example.org")[0]
    letter = ada.letter(one["candidate_id"], application="of Ada Lovelace", address=there)
    assert (await ada.client.post(letter, data=erase)).status_code == 200
    assert await ada.rows("select from applicants") == []


async def test_a_link_about_an_applicant_who_is_gone_erases_nobody_else(ada: House) -> None:
    erase = {"do": "erase", "confirm": "yes"}
    gone = ada.letter(application="of somebody gone")
    assert (await ada.client.get(gone)).status_code == 410
    await ada.client.post(gone, data=erase)
    assert len(await ada.rows("select from applicants")) == 1


async def test_nobody_is_asked_to_agree_for_a_number_that_only_another_source_gave(
    ada: House,
) -> None:
    await same_address(ada, "Ada Lovelace")
    now = ada.clock.now()
    async with ada.database.transaction() as conn:
        await joining.publish(conn, await joining.regroup(conn, ["ada"], now), now)
    [one] = await ada.rows("select candidate_id from candidates")
    without = ada.letter(one["candidate_id"], application="of Ada Lovelace")
    assert 'value="sms"' not in (await ada.client.get(without)).text
    by_text = {**YES, "channel": ["sms"]}
    assert (await ada.client.post(without, data=by_text)).status_code == 422
    assert await ada.rows("select from consents") == []
    with_number = ada.letter(one["candidate_id"], application="a-1")
    assert 'value="sms"' in (await ada.client.get(with_number)).text
    assert (await ada.client.post(with_number, data=by_text)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_opening_the_link_changes_nothing_and_tells_nothing_about_the_person(
    ada: House, method: str
) -> None:
    before = await ada.dump()
    answer = await ada.client.request(method, ada.letter())
    assert answer.status_code == 200
    assert await ada.dump() == before
    for secret in ("Ada", "Lovelace", "ada@example.org", "12345678"):
        assert secret not in answer.text


async def test_the_page_says_what_it_is_about_and_asks_the_question(ada: House) -> None:
    text = (await ada.client.get(ada.letter())).text
    assert "Dispatcher" in text
    assert "May we keep your name in the hat?" in text
    assert "when a similar role opens" in text
    assert "text message" in text


async def test_a_page_is_complete_in_itself_and_closed_to_others(ada: House) -> None:
    answer = await ada.client.get(ada.letter())
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in answer.text
    assert "src=" not in answer.text


async def test_a_yes_is_kept_with_the_wording_that_was_sent_and_published(ada: House) -> None:
    answer = await ada.client.post(ada.letter(), data=YES)
    assert answer.status_code == 200
    assert "Thank you. Your name is in the hat." in answer.text
    assert "until 2 March 2027" in answer.text
    consents = await ada.rows("select purpose, channel, how, wording_version from consents")
    assert sorted(tuple(row) for row in consents) == [
        ("similar_opening", "email", "page", "letter.en.1"),
        ("when_qualified", "email", "page", "letter.en.1"),
    ]
    (candidate,) = await ada.published("candidate.changed")
    assert {consent["purpose"] for consent in candidate["data"]["consents"]} == {
        "similar_opening",
        "when_qualified",
    }
    assert candidate["data"]["hatAnsweredAt"]
    (recipient,) = await ada.published("recipient.changed")
    assert recipient["data"]["consents"] == candidate["data"]["consents"]


async def test_an_answer_is_written_into_the_timeline_with_its_source_and_wording(
    ada: House,
) -> None:
    await ada.client.post(ada.letter(), data=YES)
    (entry,) = await ada.rows(
        "select kind, at, facts ->> 'how' as how, facts ->> 'wordingVersion' as wording"
        " from timeline"
    )
    assert tuple(entry) == ("hat_yes", ada.clock.now(), "page", "letter.en.1")


@pytest.mark.parametrize(
    "form",
    [
        YES,
        {"do": "hat_no"},
        {"do": "interested"},
        {"do": "has_it_now", "gap": "r-1"},
        {"do": "news", "licence": "licence c1", "skill": "Welding", "note": "I moved."},
        {"do": "still_looking"},
        {"do": "not_looking"},
        {"do": "pause", "months": "3"},
        {"do": "stop"},
        {"do": "erase", "confirm": "yes"},
    ],
    ids=lambda form: form["do"],
)
async def test_the_same_answer_sent_twice_has_one_effect(ada: House, form: dict[str, str]) -> None:
    first = await ada.client.post(ada.letter(), data=form)
    after_one = await ada.dump()
    ada.clock.move(timedelta(minutes=3))
    second = await ada.client.post(ada.letter(), data=form)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.text == second.text
    assert await ada.dump() == after_one


async def test_impatient_clicks_at_the_same_time_have_one_effect(ada: House) -> None:
    clicks = [ada.client.post(ada.letter(), data=YES) for _ in range(4)]
    answers = await asyncio.gather(*clicks)
    assert {answer.status_code for answer in answers} == {200}
    assert len(await ada.rows("select 1 from consents")) == 2
    assert len(await ada.published("candidate.changed")) == 1


async def test_a_no_ends_what_was_agreed_and_is_not_asked_again(ada: House) -> None:
    await ada.client.post(ada.letter(), data=YES)
    answer = await ada.client.post(ada.letter(), data={"do": "hat_no"})
    assert "Your name is not in the hat." in answer.text
    assert "May we keep" not in answer.text
    candidate = (await ada.published("candidate.changed"))[-1]["data"]
    assert "consents" not in candidate
    assert candidate["hatAnsweredAt"]


async def test_a_new_yes_replaces_the_one_before(ada: House) -> None:
    await ada.client.post(ada.letter(), data=YES)
    await ada.client.post(
        ada.letter(), data={**YES, "purpose": "now_and_then", "channel": ["email", "sms"]}
    )
    candidate = (await ada.published("candidate.changed"))[-1]["data"]
    assert [(one["purpose"], one["channel"]) for one in candidate["consents"]] == [
        ("now_and_then", "email"),
        ("now_and_then", "sms"),
    ]


async def test_a_no_ends_also_a_second_consent_that_a_merge_brought_along(ada: House) -> None:
    await ada.add_consent("ada")
    await ada.add_consent("ada", until=ada.clock.now() + timedelta(days=30))
    await ada.client.post(ada.letter(), data={"do": "hat_no"})
    assert await ada.rows("select 1 from consents where ended_at is null") == []


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({**YES, "purpose": []}, "choose at least one thing"),
        ({**YES, "channel": "pigeon"}, "choose how we may write"),
        ({**YES, "months": "600"}, "choose for how long"),
        ({"do": "erase"}, "tick the box first"),
        ({"do": "has_it_now", "gap": "r-2"}, "choose what you have now"),
        ({"do": "news"}, "write what has changed"),
        ({"do": "news", "skill": "x" * 121}, "make it shorter"),
        ({"do": "dance"}, "did not understand"),
        ({}, "did not understand"),
    ],
)
async def test_an_answer_that_cannot_be_acted_on_changes_nothing_and_says_what_is_missing(
    ada: House, form: dict[str, str], words: str
) -> None:
    before = await ada.dump()
    answer = await ada.client.post(ada.letter(), data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert await ada.dump() == before


async def test_a_channel_that_does_not_exist_is_neither_offered_nor_taken(house: House) -> None:
    await house.add_candidate(phone=None)
    await house.add_rejection()
    assert 'value="sms"' not in (await house.client.get(house.letter())).text
    answer = await house.client.post(house.letter(), data={**YES, "channel": "sms"})
    assert answer.status_code == 422


async def test_stop_ends_everything_at_once(ada: House) -> None:
    await ada.client.post(ada.letter(), data={**YES, "channel": ["email", "sms"]})
    answer = await ada.client.post(ada.letter(), data={"do": "stop"})
    assert "We have stopped all messages to you." in answer.text
    for stream in ("candidate.changed", "recipient.changed"):
        state = (await ada.published(stream))[-1]["data"]
        assert state["stopped"] == ["email", "sms"]
        assert "consents" not in state


async def test_after_a_stop_only_a_new_yes_opens_a_channel_and_only_that_one(ada: House) -> None:
    await ada.client.post(ada.letter(), data={"do": "stop"})
    await ada.client.post(ada.letter(purpose="check_in"), data={"do": "interested"})
    assert (await ada.published("candidate.changed"))[-1]["data"]["stopped"] == ["email", "sms"]
    await ada.client.post(ada.letter(), data=YES)
    assert (await ada.published("candidate.changed"))[-1]["data"]["stopped"] == ["sms"]


@pytest.mark.parametrize("purpose", ["letter", "question", "check_in", "ready", "invitation"])
async def test_after_a_stop_nothing_asks_again_and_a_small_link_leads_to_the_question(
    ada: House, purpose: str
) -> None:
    await ada.add_consent("ada")
    link = ada.letter(purpose=purpose)
    stopped = (await ada.client.post(link, data={"do": "stop"})).text
    for text in (stopped, (await ada.client.get(link)).text):
        buttons = re.findall(r'name="do" value="(\w+)"', text)
        assert buttons == ["record", "erase"]
        assert "<h1>Your choices</h1>" in text
        assert 'href="?ask"' in text
    asked = (await ada.client.get(f"{link}?ask")).text
    assert "<h1>May we keep your name in the hat?</h1>" in asked
    again = await ada.client.post(f"{link}?ask", data={**YES, "months": ""})
    assert again.status_code == 422
    assert 'value="hat_yes"' in again.text
    yes = await ada.client.post(f"{link}?ask", data=YES)
    assert "Your name is in the hat." in yes.text


async def test_whoever_chooses_again_after_a_stop_can_choose_what_they_had(ada: House) -> None:
    await ada.add_vacancy()
    invitation = ada.letter(purpose="invitation", application="", vacancy="v-9")
    for link in (ada.letter(), invitation):
        await ada.client.post(link, data=YES)
        await ada.client.post(link, data={"do": "stop"})
        asked = (await ada.client.get(f"{link}?ask")).text
        assert 'value="when_qualified"' in asked
        assert 'value="has_it_now"' not in asked


@pytest.mark.parametrize(
    ("said", "words", "other"),
    [
        ("interested", "You told us that you would like to talk", "not_now"),
        ("not_now", "You told us “not now”", "interested"),
    ],
)
async def test_what_was_answered_is_shown_with_the_way_to_change_it_and_not_asked_again(
    ada: House, said: str, words: str, other: str
) -> None:
    await ada.add_vacancy()
    link = ada.letter(asks="", purpose="invitation", application="", vacancy="v-9")
    answered = (await ada.client.post(link, data={"do": said})).text
    for text in (answered, (await ada.client.get(link)).text):
        assert words in text
        assert "Would you like to talk" not in text
        assert f'value="{other}"' in text
        assert f'value="{said}"' not in text
    changed = (await ada.client.post(link, data={"do": other})).text
    assert f'value="{said}"' in changed


@pytest.mark.parametrize("said", ["still_looking", "news", "has_it_now"])
async def test_nobody_outside_the_hat_is_told_that_we_look_for_them(ada: House, said: str) -> None:
    form = {"do": said, "skill": "Welding", "gap": "r-1"}
    link = ada.letter(asks="")
    outside = (await ada.client.post(link, data=form)).text
    assert "Your name is not in the hat" in outside.partition("<h1>")[0]
    await ada.add_consent("ada")
    assert "not in the hat" not in (await ada.client.post(link, data=form)).text


async def test_a_fault_keeps_what_was_chosen(ada: House) -> None:
    chosen = {**YES, "purpose": ["now_and_then"], "channel": ["sms"], "months": ""}
    text = (await ada.client.post(ada.letter(), data=chosen)).text
    ticked = re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', text)
    assert ticked == [("purpose", "now_and_then"), ("channel", "sms")]


async def test_a_fault_opens_the_form_that_it_is_about(ada: House) -> None:
    await ada.client.post(ada.letter(), data=YES)
    forms: list[Form] = [
        {**YES, "purpose": []},
        {"do": "pause"},
        {"do": "erase"},
        {"do": "news"},
    ]
    for form in forms:
        text = (await ada.client.post(ada.letter(), data=form)).text
        opened = text.partition("<details open>")[2].partition("</details>")[0]
        assert f'value="{form["do"]}"' in opened


async def test_what_was_written_survives_a_fault(ada: House) -> None:
    told = {"do": "news", "skill": "Welding", "note": "I moved." + "!" * 2000}
    answer = await ada.client.post(ada.letter(purpose="check_in", asks=""), data=told)
    assert answer.status_code == 422
    assert 'value="Welding"' in answer.text
    assert ">I moved.!!!" in answer.text


async def test_a_pause_that_outlasts_a_consent_says_so(ada: House) -> None:
    end = ada.clock.now() + timedelta(days=100)
    await ada.add_consent("ada", until=end)
    await ada.add_consent("ada", purpose="now_and_then")
    link = ada.letter(asks="")
    before = (await ada.client.get(link)).text
    assert "Your pause lasts longer" not in before
    long = (await ada.client.post(link, data={"do": "pause", "months": "6"})).text
    assert long.count("Your pause lasts longer than that") == 1
    short = (await ada.client.post(link, data={"do": "pause", "months": "3"})).text
    assert "Your pause lasts longer than that" not in short


async def test_the_form_for_a_pause_tells_which_is_too_long(ada: House) -> None:
    await ada.add_consent("ada", until=ada.clock.now() + timedelta(days=100))
    text = (await ada.client.get(ada.letter(asks=""))).text
    assert "What you have agreed to ends on 10 June 2026. If your pause lasts longer" in text
    await ada.add_consent("ada", until=ada.clock.now() + timedelta(days=500))
    assert "If your pause lasts" not in (await ada.client.get(ada.letter(asks=""))).text


async def test_a_closed_vacancy_is_not_offered(ada: House) -> None:
    await ada.add_vacancy(status="closed")
    for purpose in ("invitation", "continuation"):
        link = ada.letter(asks="", purpose=purpose, vacancy="v-9")
        assert 'value="interested"' not in (await ada.client.get(link)).text
        answer = await ada.client.post(link, data={"do": "interested"})
        assert answer.status_code == 422
        assert "This role has closed in the meantime" in answer.text
    assert await ada.published("candidate.answered") == []


async def test_a_pause_holds_until_the_end_of_its_last_day_and_can_be_ended(ada: House) -> None:
    answer = await ada.client.post(ada.letter(), data={"do": "pause", "months": "3"})
    assert "You have paused messages until 2 June 2026." in answer.text
    state = (await ada.published("candidate.changed"))[-1]["data"]
    assert state["pausedUntil"].startswith("2026-06-03T00:00:00")
    await ada.client.post(ada.letter(), data={"do": "resume"})
    assert "pausedUntil" not in (await ada.published("candidate.changed"))[-1]["data"]


async def test_interest_is_told_with_the_contact_it_answers(ada: House) -> None:
    await ada.client.post(ada.letter(asks=""), data={"do": "interested"})
    (answered,) = await ada.published("candidate.answered")
    assert answered["key"] == "ada"
    assert answered["data"] == {
        "candidateId": "ada",
        "answer": "interested",
        "contactId": "c-1",
        "applicationId": "a-1",
        "vacancyId": "v-1",
        "at": "2026-03-02T09:00:00Z",
    }


async def test_a_changed_mind_is_told_again(ada: House) -> None:
    for answer in ("interested", "not_now", "not_now", "interested"):
        await ada.client.post(ada.letter(asks="", purpose="check_in"), data={"do": answer})
    told = [event["data"]["answer"] for event in await ada.published("candidate.answered")]
    assert told == ["interested", "not_now", "interested"]


async def test_a_gap_that_is_closed_is_published_and_told(ada: House) -> None:
    answer = await ada.client.post(ada.letter(), data={"do": "has_it_now", "gap": "r-1"})
    assert "you have had this since 2 March 2026" in answer.text
    state = (await ada.published("candidate.changed"))[-1]["data"]
    assert state["rejections"][0]["shortfalls"][0]["closedAt"] == "2026-03-02"
    (answered,) = await ada.published("candidate.answered")
    assert answered["data"]["answer"] == "has_it_now"


async def test_a_person_who_asks_for_it_is_erased_everywhere(ada: House) -> None:
    await ada.client.post(ada.letter(), data=YES)
    answer = await ada.client.post(ada.letter(), data={"do": "erase", "confirm": "yes"})
    assert answer.status_code == 200
    assert "Your data is deleted" in answer.text
    tombstones = {event["type"] for event in await ada.published() if event["data"] is None}
    assert tombstones == {"candidate.changed.v1", "profile.changed.v1", "recipient.changed.v1"}
    kept = await ada.dump()
    for table in ("candidates", "applications", "timeline", "answers"):
        assert kept[table] == []
    assert await ada.rows("select from consents") == []


async def test_the_link_of_somebody_erased_says_so_and_does_nothing(ada: House) -> None:
    await ada.client.post(ada.letter(), data={"do": "erase", "confirm": "yes"})
    before = await ada.dump()
    assert (await ada.client.get(ada.letter())).status_code == 410
    assert "Your data is deleted" in (await ada.client.post(ada.letter(), data=YES)).text
    assert await ada.dump() == before


async def test_the_link_of_somebody_merged_acts_for_whom_they_turned_out_to_be(ada: House) -> None:
    await ada.execute(
        "insert into former_memberships (candidate_id, applicant_key) values ('a. lovelace', 'ada')"
    )
    await ada.client.post(ada.letter("a. lovelace"), data={"do": "stop"})
    assert (await ada.published("candidate.changed"))[-1]["key"] == "ada"


async def test_every_link_that_does_not_work_gets_the_same_answer(ada: House) -> None:
    good = ada.letter()
    foreign = Links("another key of at least thirty-two bytes", "https://jobs.example.org")
    tomorrow = ada.clock.now() + timedelta(days=1)
    wrong = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good[:-20],
        ada.letter(days=-1),
        foreign.url(LinkPurpose.CANDIDATE, {"candidate": "ada"}, tomorrow),
        ada.link(LinkPurpose.UNSUBSCRIBE, candidate="ada", message="m-1").replace("/u/", "/c/"),
        "https://jobs.example.org/c/0",
        "https://jobs.example.org/c/%00%ff",
    ]
    before = await ada.dump()
    for method in ("GET", "POST"):
        answers = [await ada.client.request(method, link) for link in wrong]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({str(answer.headers) for answer in answers}) == 1
    assert await ada.dump() == before


async def test_an_invitation_says_to_what(ada: House) -> None:
    await ada.add_vacancy()
    link = ada.letter(asks="", purpose="invitation", application="", vacancy="v-9")
    text = (await ada.client.get(link)).text
    assert "<h1>Would you like to talk about Dispatcher, day shift?</h1>" in text


async def test_whoever_has_agreed_behind_one_letter_is_not_asked_behind_another(
    ada: House,
) -> None:
    await ada.client.post(ada.letter(message="m-2"), data=YES)
    other = (await ada.client.get(ada.letter())).text
    assert "<h1>Your choices</h1>" in other
    assert "If you do not answer" not in other


@pytest.mark.parametrize("purpose", ["question", "renewal"])
async def test_a_message_about_the_hat_opens_with_that_question(ada: House, purpose: str) -> None:
    await ada.add_consent("ada")
    link = ada.letter(asks="", purpose=purpose)
    assert "<h1>May we keep your name in the hat?</h1>" in (await ada.client.get(link)).text
    await ada.client.post(link, data=YES)
    assert "<h1>Your choices</h1>" in (await ada.client.get(link)).text


async def test_what_others_wrote_is_shown_as_text(house: House) -> None:
    await house.add_candidate()
    await house.add_rejection(
        title="<script>alert(1)</script> & {vacancy}",
        shortfalls=[{**GAP, "name": '"><img onerror=alert(2)>'}],
    )
    text = (await house.client.get(house.letter())).text
    assert "<script>" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {vacancy}" in text


async def test_somebody_wholly_unqualified_is_offered_no_hat(house: House) -> None:
    await house.add_candidate()
    await house.add_rejection(tier="no", shortfalls=[GAP])
    text = (await house.client.get(house.letter(asks=""))).text
    assert "hat_yes" not in text
    assert "has_it_now" not in text
    assert "interested" not in text
    assert 'value="stop"' in text
    assert 'value="erase"' in text


@pytest.mark.parametrize("purpose", Purpose)
async def test_whether_somebody_goes_on_is_asked_only_where_it_makes_sense(
    ada: House, purpose: Purpose
) -> None:
    text = (await ada.client.get(ada.letter(asks="", purpose=purpose))).text
    asked = RULES[purpose].asks in (Question.INTEREST, Question.GAP)
    assert ('value="interested"' in text) is asked


async def test_a_purpose_that_is_not_known_here_asks_nothing(ada: House) -> None:
    text = (await ada.client.get(ada.letter(asks="", purpose="from a newer version"))).text
    assert "<h1>Your choices</h1>" in text


@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.CONTINUATION])
async def test_an_invitation_is_asked_about_by_its_role(ada: House, purpose: Purpose) -> None:
    text = (await ada.client.get(ada.letter(asks="", purpose=purpose))).text
    assert "<h1>Would you like to talk about Dispatcher?</h1>" in text
    assert "<title>Would you like to talk about Dispatcher?" in text


async def test_a_shortfall_of_time_says_what_was_needed_and_what_there_was(house: House) -> None:
    nursing = {"kind": "experience", "name": "ward nursing", "requiredMonths": 24}
    none = {**nursing, "requirementId": "r-2", "name": "Triage", "requiredMonths": 30}
    await house.add_candidate()
    await house.add_rejection(
        shortfalls=[{**nursing, "requirementId": "r-1", "observedMonths": 9}, none, GAP]
    )
    text = (await house.client.get(house.letter())).text
    assert "<h3>2 years of ward nursing (you had 9 months)</h3>" in text
    none_yet = "Triage: 2 years and 6 months (your application did not show any yet)"
    assert f"<h3>{none_yet}</h3>" in text
    assert 'aria-label="Yes, I have this now: Licence C1"' in text


@pytest.mark.parametrize(
    ("tag", "day"), [("en-US", "March 2, 2027"), ("en-GB", "2 March 2027"), ("en", "2 March 2027")]
)
async def test_a_day_is_written_as_the_reader_writes_it(ada: House, tag: str, day: str) -> None:
    answer = await ada.client.post(ada.letter(language=tag), data=YES)
    assert f"until {day}" in answer.text


@pytest.mark.parametrize(("tier", "close"), [("runner_up", True), ("not_yet", False)])
async def test_who_came_close_reads_that_the_same_role_may_be_offered_again(
    house: House, tier: str, close: bool
) -> None:
    await house.add_candidate()
    await house.add_rejection(tier=tier)
    text = (await house.client.get(house.letter())).text
    assert ("or once if a role you came close to opens again" in text) is close


@pytest.mark.parametrize("left", [True, False])
async def test_what_is_offered_again_without_a_yes_is_what_the_letter_said(
    house: House, left: bool
) -> None:
    await house.add_candidate()
    await house.add_rejection()
    if left:
        await house.execute("update applications set answered_at = decided_at")
    await house.add_rejection(application_id="a-2", tier="runner_up")
    text = (await house.client.get(house.letter())).text
    assert ("or once if a role you came close to opens again" in text) is not left


@pytest.mark.parametrize("said", ["hat_no", "not_looking"])
async def test_who_said_no_is_promised_nothing_and_asked_no_more(house: House, said: str) -> None:
    await house.add_candidate()
    await house.add_rejection(tier="runner_up")
    await house.add_vacancy()
    again = house.letter(**INVITATION | {"purpose": "continuation", "about": "a-1"})
    house.clock.move(timedelta(hours=1))
    told = await house.client.post(again, data={"do": said})
    for page in (told.text, (await house.client.get(again)).text):
        assert "or once if a role" not in page
        assert "Would you like to talk" not in page
    state = (await house.published("candidate.changed"))[-1]["data"]
    assert state["hatRefusedAt"] == state["hatAnsweredAt"]
    yes = await house.client.post(again, data=YES)
    assert "Would you like to talk" in yes.text
    assert "hatRefusedAt" not in (await house.published("candidate.changed"))[-1]["data"]


async def test_who_was_asked_once_about_the_same_role_is_not_promised_it_again(
    house: House,
) -> None:
    await house.add_candidate()
    await house.add_rejection(tier="runner_up")
    await house.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts)"
        " values ('ada', 'ada', $1, 'message_sent', $2)",
        house.clock.now(),
        '{"purpose": "continuation", "applicationId": "a-1"}',
    )
    assert "or once if a role" not in (await house.client.get(house.letter())).text


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        (None, "Your name is not in the hat"),
        ("now_and_then", "not of roles, so we do not look"),
        ("similar_opening", None),
        ("when_qualified", None),
    ],
)
@pytest.mark.parametrize(
    "answer",
    [
        {"do": "still_looking"},
        {"do": "news", "skill": "Welding"},
        {"do": "has_it_now", "gap": "r-1"},
    ],
)
async def test_a_role_is_looked_for_only_for_whoever_agreed_to_hear_of_one(
    ada: House, agreed: str | None, said: str | None, answer: Form
) -> None:
    if agreed:
        await ada.add_consent("ada", purpose=agreed)
    page = (await ada.client.post(ada.letter(), data=answer)).text
    note = page.partition('role="status">')[2].partition("</div>")[0]
    assert (said in note) if said else "so we do not look" not in note
    assert ("we go through the open ones again" in page) is (said is None)


async def test_a_body_beyond_all_measure_is_refused(ada: House) -> None:
    answer = await ada.client.post(ada.letter(), content=b"do=stop&" + b"x" * 100_000)
    assert answer.status_code == 413
    assert await ada.published() == []
