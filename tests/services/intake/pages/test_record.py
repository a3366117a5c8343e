"""What we hold, for whoever reads at the address it is held under, and what they put right."""

import html
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.intake import access
from services.intake.access import reading
from services.intake.applicants import joining
from services.intake.consent.numbers import StoppedNumbers
from services.intake.consent.qualifying import last_day
from services.intake.pages.held_wording import HeldWording
from services.intake.pages.wording import texts
from shared.runtime.links import LinkPurpose
from tests.services.intake.house import YES, House
from tests.services.intake.upstream import IDENTITY

ADA = "ada@example.org"
NEW = "countess@example.org"
OLD_NUMBER, NEW_NUMBER = "+4915112345678", "+491712345678"
SECRETS = ("Lovelace", ADA, "15112345678")


@pytest.fixture
async def ada(house: House) -> House:
    await house.add_candidate(phone="+4915112345678")
    await house.add_rejection(
        shortfalls=[{"requirementId": "r-1", "kind": "licence", "name": "Licence C1"}]
    )
    return house


def record(house: House, address: str = ADA) -> str:
    mark = house.links.marks(address)[0]
    claims = {"candidate": "ada", "application": "a-1", "address": mark, "message": "m-9"}
    return house.link(LinkPurpose.RECORD, days=1 / 24, **claims)


def new_address(house: House, address: str = NEW, application: str = "a-1") -> str:
    mark = house.links.marks(address)[0]
    claims = {"candidate": "ada", "application": application, "address": mark}
    return house.link(LinkPurpose.ADDRESS, days=1, **claims)


async def newest(house: House) -> dict[str, Any]:
    state: dict[str, Any] = (await house.published("recipient.changed"))[-1]["data"]
    return state


async def test_the_page_behind_a_message_only_has_a_link_sent_to_the_known_address(
    ada: House,
) -> None:
    answer = await ada.client.post(ada.letter(), data={"do": "record"})
    assert "a link is on its way" in answer.text
    for secret in SECRETS:
        assert secret not in answer.text
    (asked,) = await ada.published("link.requested")
    assert asked["data"] | {"requestId": ""} == {
        "requestId": "",
        "candidateId": "ada",
        "purpose": "record",
        "applicationId": "a-1",
        "at": "2026-03-02T09:00:00Z",
        "expiresAt": "2026-03-02T10:00:00Z",
    }


async def test_nobody_floods_a_mailbox_with_links(ada: House) -> None:
    for _ in range(3):
        await ada.client.post(ada.letter(), data={"do": "record"})
    assert len(await ada.published("link.requested")) == 1
    for _ in range(20):
        ada.clock.move(timedelta(minutes=11))
        await ada.client.post(ada.letter(), data={"do": "record"})
    assert len(await ada.published("link.requested")) == 5


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_opening_the_link_shows_nobody_and_changes_nothing(ada: House, method: str) -> None:
    before = await ada.dump()
    answer = await ada.client.request(method, record(ada))
    assert answer.status_code == 200
    for secret in (*SECRETS, "Licence C1"):
        assert secret not in answer.text
    assert await ada.dump() == before


async def test_a_press_shows_all_that_is_held_and_it_can_be_taken_along(ada: House) -> None:
    await ada.client.post(ada.letter(), data=YES)
    shown = await ada.client.post(record(ada), data={"do": "show"})
    for held in (*SECRETS, "Licence C1", "Dispatcher", "when a similar role opens"):
        assert held in shown.text
    assert shown.headers["cache-control"] == "no-store"
    file = await ada.client.post(record(ada), data={"do": "download"})
    assert file.headers["content-type"] == "application/json"
    assert "attachment" in file.headers["content-disposition"]
    held = json.loads(file.content)
    assert held["people"][0]["emails"] == [ADA]
    assert [one["purpose"] for one in held["agreements"]] == ["similar_opening", "when_qualified"]
    assert {one["what"] for one in held["timeline"]} == {"hat_yes"}


async def test_what_we_hold_leads_to_where_everything_can_be_changed_and_ended(ada: House) -> None:
    await ada.client.post(ada.letter(), data=YES)
    shown = (await ada.client.post(record(ada), data={"do": "show"})).text
    found = re.search(r'href="([^"]+/c/[^"]+)"', shown)
    assert found
    page = await ada.client.get(found[1])
    assert (page.status_code, "when a similar role opens" in page.text) == (200, True)
    await ada.client.post(found[1], data={"do": "stop"})
    assert (await newest(ada))["stopped"] == ["email", "sms"]


async def test_what_happened_is_told_in_words(ada: House) -> None:
    await ada.client.post(ada.letter(), data=YES)
    await ada.client.post(ada.letter(), data={"do": "not_now"})
    shown = (await ada.client.post(record(ada), data={"do": "show"})).text
    assert "2 March 2026: You said yes: we may keep your name in the hat." in shown
    assert "2 March 2026: You told us: not now." in shown
    assert "hat_yes" not in shown


async def test_what_a_newer_version_noted_is_told_in_words_and_never_by_its_code(
    ada: House,
) -> None:
    await ada.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts) values"
        """ ('ada', 'ada', '2026-03-01Z', 'message_pondered', '{"purpose": "invitation"}')"""
    )
    page = (await ada.client.post(record(ada), data={"do": "show"})).text
    assert f"1 March 2026: {texts().say('record.event.unknown')}" in page
    assert "an invitation" in page
    assert "pondered" not in page


async def test_every_table_about_a_person_is_in_what_is_held(ada: House) -> None:
    tables = await ada.rows(
        "select table_name from information_schema.columns"
        " inner join information_schema.tables using (table_schema, table_name)"
        " where table_schema = 'intake' and column_name = 'applicant_key'"
        " and table_type = 'BASE TABLE'"
    )
    recognises = {"identities", "likenesses", "joins", "former_memberships"}
    recognises |= {"former_application_ids"}
    said_elsewhere = {"unread_replies", "mail_replies", "delivery_reports", "short_links"}
    said_elsewhere |= {"held_decisions"}
    read = Path(access.__file__).with_name("store.sql").read_text()
    for name in {row["table_name"] for row in tables} - recognises - said_elsewhere:
        assert re.search(rf"(from|join) {name}\b", read), name


PROFILE = {
    "summary": "Nurse by heart",
    "work": [
        {
            "position": "Ward nurse",
            "name": "St Anna",
            "startDate": "2019-01",
            "endDate": "2024-06",
            "summary": "Nights",
            "highlights": ["Led a ward"],
        },
        {"position": "Porter", "startDate": "2018"},
        {"position": "Cook", "startDate": "2017-03-04", "endIsUnknown": True},
    ],
    "education": [
        {"studyType": "BSc", "area": "Nursing", "institution": "Linz", "endDate": "2018"}
    ],
    "skills": [{"name": "Wound care", "level": "expert", "keywords": ["burns"]}],
    "certificates": [
        {"name": "Life support", "issuer": "Red Cross", "date": "2023-04-05"},
        {"name": "Hygiene", "dateIsUnknown": True},
    ],
    "languages": [{"language": "Welsh", "fluency": "native"}],
    "resumeText": "All of <my> life\n2019-99",
}
DETAILS: dict[str, Any] = {
    "tier": "runner_up",
    "stage": "final",
    "finishingPlace": 2,
    "reason": {
        "code": "experience_too_short",
        "strengths": ["work_sample"],
        "note": "A near thing",
    },
}
TABLES = (
    "update applicants set paused_until = '2026-07-08Z', last_human_contact_at = '2026-01-09Z'",
    "update applications set note = 'Call her back', answered_at = '2026-03-10Z'",
    "insert into closed_gaps values ('ada', 'a-1', 'r-1', '2026-02-11')",
    "insert into news values ('ada', 'ada', 'skill', 'Welding', '2026-02-12Z')",
    "insert into consent_entries (candidate_id, applicant_key, act, channel, at, how)"
    " values ('ada', 'ada', 'stopped', 'sms', '2026-02-13Z', 'page')",
    "insert into consent_entries (chain, candidate_id, applicant_key, act, channel, at, how, ends)"
    " select chain, 'ada', 'ada', 'lifted', 'sms', '2026-02-14Z', 'page', position"
    " from channel_stops",
    "insert into audit_entries (at, kind, actor, act, about)"
    " values ('2026-02-14Z', 'recruiter', 'rita', 'shortlist_seen', '{ada}')",
    "insert into shortlists values ('s-1', 'v-9', 'Night lead', false, 10, 1, '2026-02-15Z')",
    "insert into shortlisted (shortlist_id, candidate_id, rank, tier, readiness, reasons_for,"
    " reasons_against) values ('s-1', 'ada', 3, 'not_yet', 'met',"
    """ '[{"code": "skills_shown", "words": ["triage"], "months": 30}]',"""
    """ '[{"code": "other_country"}]')""",
    "insert into shortlist_decisions (shortlist_id, candidate_id, recruiter_id, choice, because,"
    " decided_at) values ('s-1', 'ada', 'rita', 'declined', 'too_senior', '2026-02-16Z')",
    "insert into endpoints (endpoint_id, source, secrets, added_at)"
    " select 'e-1', source, '{}', '2026-01-01Z' from applicants",
    "insert into outgoing (endpoint_id, applicant_key, event_id, source_applicant_id, what, at)"
    " values ('e-1', 'ada', 'n-1', 'p-7', 'hat_yes', '2026-02-17Z')",
    "insert into applicant_ids values ('ada', 'p-7', decode(repeat('00', 16), 'hex'))",
)


ELSEWHERE = ("reasonsFor", "reasonsAgainst", "messageId", "contactId", "interestId", "shortlistId")
"""What is said as sentences of its own, and the ids that the file has alone."""


def leaves(held: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Lists every single thing that is held, with what it is called."""
    if isinstance(held, dict):
        for inner, value in held.items():
            yield from leaves(value, inner) if inner not in ELSEWHERE else ()
    elif isinstance(held, list):
        for value in held:
            yield from leaves(value, name)
    else:
        yield name, held


WORDED_BY = {
    "what": "record.event",
    "purpose": "now.purpose",
    "channel": "channel",
    "kind": "news.kind",
    "status": "record.status",
    "decision": "record.decision",
}


def worded(name: str, value: Any) -> list[str]:
    """Returns the words of which one stands for what is held."""
    if name == "until":
        return [texts().day(last_day(datetime.fromisoformat(value)))]
    said = texts().find(WORDED_BY[name], value) if name in WORDED_BY else None
    words = (value, HeldWording(texts()).value(value, name), said or value)
    return [" ".join(html.unescape(str(each)).split()) for each in words]


@pytest.mark.parametrize("version", ["e933aa3cd438", "e933aa3cd438.2", "e933aa3cd438.11"])
def test_what_somebody_read_is_named_in_words_however_often_they_read_the_like(
    version: str,
) -> None:
    said = HeldWording(texts()).value(f"outcome.en.{version}", "wordingVersion")
    assert "English" in said
    assert f"(version {version})" in said


async def test_the_page_says_each_thing_that_the_file_holds(house: House) -> None:
    await house.add_candidate(phone=OLD_NUMBER)
    gap = {"requirementId": "r-1", "kind": "experience", "name": "Ward nursing"}
    months = {"requiredMonths": 24, "observedMonths": 9, "expectedAt": "2027-05-06"}
    await house.add_rejection(shortfalls=[gap | months], **DETAILS)
    await house.execute(
        "insert into profiles values ('ada', 'ada', $1, null, '2026-01-01Z', 'e')",
        json.dumps(PROFILE),
    )
    await house.client.post(house.letter(), data=YES)
    await house.add_vacancy()
    invited = house.letter(purpose="invitation", asks="", vacancy="v-9")
    for answer in ("interested", "not_now"):
        await house.client.post(invited, data={"do": answer})
    for statement in TABLES:
        await house.execute(statement)
    held = json.loads((await house.client.post(record(house), data={"do": "download"})).content)
    assert [part for part, entries in held.items() if not entries] == []
    page = (await house.client.post(record(house), data={"do": "show"})).text
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())
    for name, value in leaves(held):
        assert any(words in shown for words in worded(name, value)), (name, value)
        label = re.sub(r"(?=[A-Z])", " ", name).capitalize()
        assert texts().find("record.label", name) or f"{label}: " not in shown, name
    for words in (
        "Ward nurse, St Anna, January 2019 to June 2024",
        "Porter, since 2018",
        "Cook, from 4 March 2017",
        "Life support, Red Cross, 5 April 2023",
        "Finishing place: 2",
        "What you are called there: p-7",
        ": your name may stay in the hat",
        "How far it came: you reached the final round",
        "Asked for: 2 years",
        "What recruiters read in your favour: Names skills this role asks for: triage",
        "The words that you answered: our answer to your application, in English (version 1)",
        "Why: more experience was needed",
        "We may write to you: when a similar role opens; when you qualify",
    ):
        assert words in shown
    assert "How: on a page of ours" in shown
    assert "By: email" in shown
    for unsaid in (
        *("2024-06", "final_round", "runner_up", "None", "experience_too_short", "letter.en.1"),
        *("similar_opening", "skills_shown", "one_click"),
    ):
        assert unsaid not in shown


@pytest.mark.parametrize("note", ["A near thing", "Call her back"])
async def test_a_note_that_is_also_the_reason_is_said_once(house: House, note: str) -> None:
    await house.add_candidate()
    await house.add_rejection(**DETAILS)
    await house.execute("update applications set note = $1", note)
    page = (await house.client.post(record(house), data={"do": "show"})).text
    assert (page.count("A near thing"), note in page) == (1, True)


async def test_the_link_ends_within_the_hour_and_opens_nothing_else(ada: House) -> None:
    link = record(ada)
    ada.clock.move(timedelta(minutes=61))
    assert (await ada.client.post(link, data={"do": "show"})).status_code == 404
    fresh = record(ada)
    for path in ("/c/", "/v/", "/u/"):
        assert (await ada.client.get(fresh.replace("/d/", path))).status_code == 404
    letter = ada.letter().replace("/c/", "/d/")
    assert (await ada.client.post(letter, data={"do": "show"})).status_code == 404


async def test_who_reads_at_another_address_sees_and_changes_nothing(ada: House) -> None:
    link = record(ada, "stranger@example.org")
    before = await ada.dump()
    for form in ({"do": "show"}, {"do": "download"}, {"do": "correct", "name": "Mallory"}):
        assert (await ada.client.post(link, data=form)).status_code == 404
    assert await ada.dump() == before


async def test_what_another_applicant_of_theirs_said_is_neither_shown_nor_changed(
    ada: House,
) -> None:
    await ada.add_candidate("other", name="Ada L.", email="other@example.org")
    await ada.add_rejection("other", application_id="o-1", title="Secret job")
    await ada.execute("update applicants set candidate_id = 'ada' where applicant_key = 'other'")
    shown = (await ada.client.post(record(ada), data={"do": "show"})).text
    assert "Secret job" not in shown
    assert "other@example.org" not in shown
    await ada.client.post(record(ada), data={"do": "correct", "name": "Augusta King"})
    (other,) = await ada.rows("select corrected from applicants where applicant_key = 'other'")
    assert json.loads(other["corrected"]) == {}


async def test_a_correction_holds_whatever_a_source_says_later(ada: House) -> None:
    form = {
        "do": "correct",
        "name": "Augusta King",
        "zone": "europe/london",
    }
    answer = await ada.client.post(record(ada), data=form)
    assert "We have corrected it" in answer.text
    assert "Augusta King" in answer.text
    now = ada.clock.now()
    async with ada.database.transaction() as conn:
        await joining.publish(conn, await joining.regroup(conn, ["ada"], now), now)
    state = await newest(ada)
    assert state["name"] == {"fullName": "Augusta King"}
    assert state["timeZone"] == "Europe/London"
    assert state["emails"] == [ADA]
    (application,) = state["applications"]
    assert application.keys() == {"applicationId", "answerOwed"}


async def test_a_new_number_counts_only_once_a_link_sent_there_says_so(ada: House) -> None:
    await ada.add_consent("ada", channel="sms")
    await ada.add_consent("ada", channel="email")
    answer = await ada.client.post(record(ada), data={"do": "correct", "phone": "0171 2345678"})
    assert "sent a link to the new number" in answer.text
    state = await newest(ada)
    assert (state["phone"], state["phoneToVerify"]) == (OLD_NUMBER, NEW_NUMBER)
    (asked,) = await ada.published("link.requested")
    assert (asked["data"]["purpose"], asked["data"]["channel"]) == ("address", "sms")
    before = await ada.dump()
    await ada.client.post(new_address(ada, "+491729999999"))
    assert await ada.dump() == before
    assert (await ada.client.post(new_address(ada, NEW_NUMBER))).status_code == 200
    state = await newest(ada)
    assert state["phone"] == NEW_NUMBER
    assert "phoneToVerify" not in state
    assert [consent["channel"] for consent in state["consents"]] == ["email"]


async def test_a_number_and_an_address_are_each_asked_for_themselves(ada: House) -> None:
    await ada.client.post(record(ada), data={"do": "correct", "phone": "0171 2345678"})
    await ada.client.post(record(ada), data={"do": "address", "email": NEW})
    await ada.client.post(new_address(ada, NEW_NUMBER))
    state = await newest(ada)
    assert (state["phone"], state["emails"], state["toVerify"]) == (NEW_NUMBER, [ADA], NEW)
    await ada.client.post(new_address(ada))
    assert (await newest(ada))["emails"] == [NEW]


@pytest.mark.parametrize("number", ["0900 1 234567", "+43 664 1234567", "0171 9999999"])
async def test_a_number_that_no_text_message_may_go_to_is_not_taken(
    ada: House, number: str
) -> None:
    async with ada.database.transaction() as conn:
        await StoppedNumbers(IDENTITY).silence(conn, "+491719999999", ada.clock.now())
    before = await ada.dump()
    form = {"do": "correct", "name": "Augusta King", "phone": number}
    answer = await ada.client.post(record(ada), data=form)
    assert answer.status_code == 422
    assert "cannot send a text message to that number" in answer.text
    assert "unless they have told us to stop: Germany." in answer.text
    assert await ada.dump() == before


async def test_a_number_that_says_stop_before_it_is_theirs_stays_silent(ada: House) -> None:
    numbers = StoppedNumbers(IDENTITY)
    await ada.client.post(record(ada), data={"do": "correct", "phone": "0171 2345678"})
    async with ada.database.transaction() as conn:
        await numbers.silence(conn, NEW_NUMBER, ada.clock.now())
    await ada.client.post(new_address(ada, NEW_NUMBER))
    assert (await newest(ada))["stopped"] == ["sms"]
    async with ada.database.connection() as conn:
        assert await numbers.ever_of(conn, NEW_NUMBER) == ["ada"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "correct"}, "Nothing was filled in"),
        ({"do": "correct", "name": "\u200b"}, "Nothing was filled in"),
        ({"do": "correct", "name": "Ada", "zone": "Europe/Atlantis"}, "time zone"),
        ({"do": "correct", "name": "Ada", "phone": "12"}, "phone number"),
        ({"do": "correct", "name": "x" * 201, "zone": "Europe/London"}, "at most 100 characters"),
        ({"do": "address", "email": "nowhere"}, "such as name@example.org"),
    ],
)
async def test_what_cannot_be_used_changes_nothing_and_is_kept_in_the_form(
    ada: House, form: dict[str, str], words: str
) -> None:
    before = await ada.dump()
    answer = await ada.client.post(record(ada), data=form)
    assert answer.status_code == 422
    assert words in answer.text
    kept = [value for name, value in form.items() if name != "do" and value.isprintable()]
    assert all(f'value="{value}"' in answer.text for value in kept)
    assert answer.text.count('aria-invalid="true"') == (len(kept) > 0)
    assert await ada.dump() == before


async def test_a_new_address_counts_only_once_a_link_sent_there_says_so(ada: House) -> None:
    answer = await ada.client.post(record(ada), data={"do": "address", "email": NEW})
    assert "We have sent a link to the new address" in answer.text
    state = await newest(ada)
    assert (state["emails"], state["toVerify"]) == ([ADA], NEW)
    (asked,) = await ada.published("link.requested")
    assert asked["data"]["purpose"] == "address"
    before = await ada.dump()
    opened = await ada.client.get(new_address(ada))
    assert NEW not in opened.text
    await ada.client.post(new_address(ada, "stranger@example.org"))
    assert await ada.dump() == before
    assert (await ada.client.post(new_address(ada))).status_code == 200
    state = await newest(ada)
    assert state["emails"] == [NEW]
    assert "toVerify" not in state
    assert (await ada.client.post(record(ada), data={"do": "show"})).status_code == 404
    assert NEW in (await ada.client.post(record(ada, NEW), data={"do": "show"})).text


async def test_a_new_address_is_shown_to_be_theirs_behind_a_letter_about_no_application_too(
    ada: House,
) -> None:
    await ada.client.post(record(ada), data={"do": "address", "email": NEW})
    await ada.client.post(new_address(ada, application=""))
    assert (await newest(ada))["emails"] == [NEW]


async def test_where_no_link_would_be_sent_the_page_says_so_and_changes_nothing(ada: House) -> None:
    for number in range(6):
        ada.clock.move(timedelta(minutes=1))
        address = f"new{number}@example.org"
        answer = await ada.client.post(record(ada), data={"do": "address", "email": address})
    assert (answer.status_code, "Please try again tomorrow" in answer.text) == (422, True)
    assert len(await ada.published("link.requested")) == 5
    assert (await newest(ada))["toVerify"] == "new4@example.org"


async def test_so_much_can_be_corrected_in_a_day_and_no_more(ada: House) -> None:
    link = record(ada)
    for number in range(10):
        form = {"do": "correct", "name": f"Ada {'I' * number} King"}
        assert (await ada.client.post(link, data=form)).status_code == 200
    before = await ada.dump()
    for form in (
        {"do": "correct", "name": "Mallory"},
        {"do": "correct", "zone": "Europe/London", "phone": "0171 2345678"},
        {"do": "address", "email": NEW},
    ):
        refused = await ada.client.post(link, data=form)
        assert (refused.status_code, "as much today as can be" in refused.text) == (422, True)
    letter = ada.letter(asks="", purpose="check_in")
    refused = await ada.client.post(letter, data={"do": "news", "skill": "Welding"})
    assert "as much today as can be" in refused.text
    assert await ada.dump() == before
    ada.clock.move(timedelta(hours=24))
    form = {"do": "correct", "name": "Augusta King"}
    assert (await ada.client.post(record(ada), data=form)).status_code == 200


async def test_what_was_given_is_called_what_it_is(ada: House) -> None:
    await ada.client.post(record(ada), data={"do": "correct", "phone": "0171 2345678"})
    await ada.client.post(new_address(ada, NEW_NUMBER))
    shown = (await ada.client.post(record(ada), data={"do": "show"})).text
    assert "You gave us a new phone number." in shown
    assert "You showed us that the new phone number is yours." in shown
    assert "email address." not in shown.partition("What happened")[2]


@pytest.mark.parametrize(
    ("known", "given"),
    [
        ({"givenName": "Ada", "familyName": "Byron"}, "Ada"),
        ({"givenName": "Augusta", "familyName": "King Noel"}, "Ada Augusta"),
        ({"givenName": "Bea", "familyName": "Byron"}, None),
        ({"fullName": "Ada Byron"}, None),
    ],
)
async def test_a_corrected_name_is_greeted_by_its_given_name_where_that_can_be_told(
    ada: House, known: dict[str, str], given: str | None
) -> None:
    await ada.execute(
        "update applicants set personal_data = jsonb_set(personal_data, '{name,value}', $1)",
        json.dumps(known),
    )
    await ada.client.post(record(ada), data={"do": "correct", "name": "Ada Augusta King Noel"})
    name = (await newest(ada))["name"]
    assert (name["fullName"], name.get("givenName")) == ("Ada Augusta King Noel", given)


async def test_the_page_of_a_new_address_says_what_it_is_about_and_what_is_left_to_do(
    ada: House,
) -> None:
    await ada.client.post(record(ada), data={"do": "correct", "phone": "0171 2345678"})
    await ada.client.post(record(ada), data={"do": "address", "email": NEW})
    for address, title in ((NEW, "your email address"), (NEW_NUMBER, "your phone number")):
        page = new_address(ada, address)
        assert f"<h1>Confirm {title}</h1>" in (await ada.client.get(page)).text
        await ada.client.post(page)
        before = await ada.dump()
        again = (await ada.client.get(page)).text
        assert "You have told us that this is yours" in again
        assert "<button" not in again
        assert await ada.dump() == before


async def test_what_is_published_of_a_new_address_names_the_newest_request_alone(
    ada: House,
) -> None:
    for given in (NEW, "third@example.org"):
        await ada.client.post(record(ada), data={"do": "address", "email": given})
    await ada.client.post(record(ada), data={"do": "correct", "phone": "0171 2345678"})
    asked = [it["data"]["requestId"] for it in await ada.published("link.requested")]
    state = await newest(ada)
    assert (state["toVerify"], state["toVerifyRequest"]) == ("third@example.org", asked[1])
    assert (state["phoneToVerify"], state["phoneToVerifyRequest"]) == (NEW_NUMBER, asked[2])
    await ada.client.post(new_address(ada, "third@example.org"))
    state = await newest(ada)
    assert "toVerifyRequest" not in state
    assert state["phoneToVerifyRequest"] == asked[2]


async def test_a_link_to_an_address_that_another_one_replaced_says_that_it_does_nothing(
    ada: House,
) -> None:
    for given in (NEW, "third@example.org"):
        ada.clock.move(timedelta(minutes=11))
        await ada.client.post(record(ada), data={"do": "address", "email": given})
    pressed = await ada.client.post(new_address(ada))
    assert "Nothing is left to do here" in pressed.text
    assert (await newest(ada))["emails"] == [ADA]


async def test_an_address_that_nobody_showed_to_be_theirs_is_let_go_of(ada: House) -> None:
    await ada.client.post(record(ada), data={"do": "address", "email": NEW})
    ada.clock.move(timedelta(days=3))
    assert not await reading.forget_unverified(ada.database, ada.clock.now())
    assert "toVerify" not in await newest(ada)
    assert NEW not in str(await ada.rows("select to_verify from applicants"))
    await ada.client.post(new_address(ada))
    assert (await newest(ada))["emails"] == [ADA]


async def test_whoever_cannot_be_published_without_such_an_address_is_parked_and_it_leaves_others(
    ada: House,
) -> None:
    for who in ("bob", "eve"):
        await ada.add_candidate(who, name=who, email=f"{who}@example.org")
        await ada.add_rejection(who, application_id=f"a-{who}")
    await ada.execute(
        "update applicants set to_verify = $1, to_verify_request = candidate_id,"
        " to_verify_since = $2",
        NEW,
        ada.clock.now(),
    )
    await ada.execute(
        "update applications set rejection = jsonb_set(rejection, '{decidedAt}', '\"some day\"')"
        " where candidate_id = 'bob'"
    )
    ada.clock.move(timedelta(days=3))
    assert not await reading.forget_unverified(ada.database, ada.clock.now())
    kept = await ada.rows(
        "select candidate_id, applicant_key from applicants where to_verify = $1", NEW
    )
    assert [row["candidate_id"] for row in kept] == ["bob"]
    (parked,) = await ada.rows("select job, key, reason from parked_rows")
    assert tuple(parked) == (
        "unverified addresses",
        kept[0]["applicant_key"],
        "InvalidDatetimeFormatError",
    )
    await ada.execute("delete from candidates where candidate_id = 'bob'")
    await reading.forget_unverified(ada.database, ada.clock.now())
    assert not await ada.rows("select 1 from parked_rows")


@pytest.mark.parametrize("agreed", [True, False])
async def test_whoever_had_agreed_for_another_number_alone_reads_that_it_has_ended(
    ada: House, agreed: bool
) -> None:
    if agreed:
        await ada.add_consent("ada", channel="sms")
    await ada.client.post(record(ada), data={"do": "correct", "phone": "0171 2345678"})
    confirmed = (await ada.client.post(new_address(ada, NEW_NUMBER))).text
    assert "This is now the number that we have for you" in confirmed
    assert "write to you" not in confirmed
    assert ("on another number has ended" in confirmed) is agreed
    assert ("If you would like text messages, you can choose them" in confirmed) is not agreed
    await ada.client.post(record(ada), data={"do": "address", "email": NEW})
    confirmed = (await ada.client.post(new_address(ada))).text
    assert "This is now the address that we have for you" in confirmed
    assert "text message" not in confirmed


async def test_whoever_is_reached_by_text_alone_is_asked_anew_on_the_page_of_their_new_number(
    ada: House,
) -> None:
    await ada.add_consent("ada", channel="sms")
    ends = "on another number ends"
    assert ends in (await ada.client.post(record(ada), data={"do": "show"})).text
    await ada.client.post(record(ada), data={"do": "correct", "phone": "0171 2345678"})
    door = new_address(ada, NEW_NUMBER)
    assert "on another number, that ends with it" in (await ada.client.get(door)).text
    for page in ((await ada.client.post(door)).text, (await ada.client.get(door)).text):
        [theirs] = re.findall(r'href="([^"]+/c/[^"?]+)', page)
    asks = await ada.client.get(f"{theirs}?ask")
    assert "May we keep your name in the hat?" in asks.text
    await ada.client.post(theirs, data={**YES, "channel": "sms"})
    state = await newest(ada)
    assert (state["phone"], {it["channel"] for it in state["consents"]}) == (NEW_NUMBER, {"sms"})


async def test_a_link_that_has_run_out_says_for_how_long_it_works_and_how_to_ask_again(
    ada: House,
) -> None:
    link = record(ada)
    ada.clock.move(timedelta(minutes=61))
    over = await ada.client.get(link)
    assert over.status_code == 404
    for words in ("works for one hour", "Have a new link sent"):
        assert words in over.text
    assert "recruiter" not in over.text
