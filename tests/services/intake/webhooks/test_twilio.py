"""What Twilio calls: believed only when signed, and each thing once."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from services.intake.consent import store as answers
from services.intake.replies import store as replies
from services.intake.replies.looking import look
from services.intake.sms import inbound
from services.intake.webhooks.sms.twilio_signature import signature
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from tests.services.intake.conftest import PUBLIC_URL, TWILIO_TOKEN
from tests.services.intake.house import YES, House
from tests.services.intake.upstream import (
    DECIDED,
    erased,
    record,
    recorder,
    rejected,
    standing,
    updated,
)

PHONE = "+4915112345678"
GRACE = "+4915187654321"
INBOUND = f"{PUBLIC_URL}/v1/twilio/inbound"
STATUS = f"{PUBLIC_URL}/v1/twilio/status"


@pytest.fixture
async def ada(house: House) -> House:
    """Ada and her mother, who share a telephone and agreed to text messages, and Grace."""
    for candidate_id, phone in (("ada", PHONE), ("mum", PHONE), ("grace", GRACE)):
        await house.add_candidate(candidate_id, phone=phone)
        await house.add_rejection(candidate_id)
        await house.add_consent(candidate_id, channel="sms")
        await house.add_consent(candidate_id, channel="email")
    return house


async def call(house: House, url: str, **form: str) -> httpx.Response:
    signed = signature(TWILIO_TOKEN, url, form.items())
    return await house.client.post(url, data=form, headers={"X-Twilio-Signature": signed})


async def text(house: House, body: str, *, sid: str = "SM1", phone: str = PHONE) -> httpx.Response:
    return await call(house, INBOUND, MessageSid=sid, From=phone, To="+49301234", Body=body)


async def status(house: House, outcome: str, *, message: str = "m-1", **form: str) -> None:
    url = f"{STATUS}?{urlencode({'message': message, 'candidate': 'ada'})}"
    answer = await call(house, url, MessageSid="SM9", MessageStatus=outcome, To=PHONE, **form)
    assert answer.status_code == 204


async def states(house: House) -> dict[str, dict[str, Any]]:
    return {event["key"]: event["data"] for event in await house.published("candidate.changed")}


async def recipients(house: House) -> dict[str, dict[str, Any]]:
    return {event["key"]: event["data"] for event in await house.published("recipient.changed")}


@pytest.mark.parametrize(
    "word",
    [
        "STOP",
        " Stop. ",
        "Stop 🙏",
        "opt out, please",
        "STOPALL",
        "UNSUBSCRIBE",
        "cancel",
        "End",
        "QUIT",
        "revoke",
        "OPTOUT",
    ],
)
async def test_a_stop_word_ends_text_messages_for_everybody_with_that_number(
    ada: House, word: str
) -> None:
    answer = await text(ada, word)
    assert answer.status_code == 200
    assert answer.text.endswith("<Response/>")
    published = await states(ada)
    assert set(published) == {"ada", "mum"}
    for state in published.values():
        assert state["stopped"] == ["sms"]
        assert [consent["channel"] for consent in state["consents"]] == ["email"]


async def test_twilios_own_verdict_on_an_opt_out_comes_before_the_words(ada: House) -> None:
    form = {"MessageSid": "SM1", "From": PHONE, "Body": "genug jetzt", "OptOutType": "STOP"}
    await call(ada, INBOUND, **form)
    assert (await states(ada))["ada"]["stopped"] == ["sms"]


async def test_start_opens_the_channel_again_but_revives_no_consent(ada: House) -> None:
    await text(ada, "STOP")
    await text(ada, "START", sid="SM2")
    state = (await states(ada))["ada"]
    assert "stopped" not in state
    assert [consent["channel"] for consent in state["consents"]] == ["email"]
    kinds = [row["kind"] for row in await ada.rows("select kind from timeline order by id")]
    assert kinds == ["sms_stopped", "sms_stopped", "sms_started", "sms_started"]


async def test_start_without_a_stop_changes_nothing(ada: House) -> None:
    await text(ada, "START")
    assert await ada.published() == []
    assert await ada.rows("select 1 from timeline") == []


async def test_a_bare_yes_opens_again_what_a_stop_closed(ada: House) -> None:
    await text(ada, "STOP")
    await text(ada, "Yes", sid="SM2")
    assert "stopped" not in (await states(ada))["ada"]


async def test_a_bare_yes_with_nothing_stopped_is_an_answer_that_a_human_reads(ada: House) -> None:
    await text(ada, "Yes", phone=GRACE)
    (entry,) = await ada.rows("select kind, facts::text as facts from timeline")
    assert entry["kind"] == "sms_replied"
    assert "Yes" in entry["facts"]
    assert (await recipients(ada))["grace"]["held"] == ["sms"]


async def test_start_does_not_open_what_was_stopped_on_the_page(ada: House) -> None:
    now = ada.clock.now()
    async with ada.database.transaction() as conn:
        await answers.stop(conn, ["grace"], [Channel.SMS], "page", now)
    await text(ada, "START", phone=GRACE)
    (stop,) = await ada.rows("select how, lifted_at from channel_stops")
    assert (stop["how"], stop["lifted_at"]) == ("page", None)


async def test_words_that_are_no_command_hold_text_messages_until_a_human_looked(
    ada: House,
) -> None:
    await text(ada, "who is this? I think you have the wrong person", phone=GRACE)
    assert (await recipients(ada))["grace"]["held"] == ["sms"]
    async with ada.database.transaction() as conn:
        (waiting,) = await replies.unread(conn, 10)
        assert waiting["candidate_id"] == "grace"
        assert waiting["texts"] == ["who is this? I think you have the wrong person"]
        assert await replies.count(conn) == 1
        assert await look(conn, "grace", ada.clock.now(), stop=False)
        assert not await look(conn, "grace", ada.clock.now(), stop=False)
    assert "held" not in (await recipients(ada))["grace"]
    assert "stopped" not in (await states(ada))["grace"]


async def test_a_human_who_reads_a_stop_in_it_stops_text_messages(ada: House) -> None:
    await text(ada, "could you leave me in peace", phone=GRACE)
    async with ada.database.transaction() as conn:
        assert await look(conn, "grace", ada.clock.now(), stop=True)
    state = (await recipients(ada))["grace"]
    assert (state["stopped"], state.get("held")) == (["sms"], None)


async def test_a_stop_that_says_more_stops_at_once_and_a_human_reads_it(ada: House) -> None:
    await text(ada, "STOP was a mistake, sorry", phone=GRACE)
    assert (await recipients(ada))["grace"]["stopped"] == ["sms"]
    async with ada.database.transaction() as conn:
        (waiting,) = await replies.unread(conn, 10)
        assert waiting["texts"] == ["STOP was a mistake, sorry"]
    kinds = [row["kind"] for row in await ada.rows("select kind from timeline order by id")]
    assert kinds == ["sms_stopped", "sms_replied"]


async def test_a_bare_stop_waits_for_no_human(ada: House) -> None:
    await text(ada, "STOP", phone=GRACE)
    async with ada.database.transaction() as conn:
        assert not await replies.unread(conn, 10)


async def test_a_complaint_that_we_do_not_write_waits_for_a_human_and_stops_nothing(
    ada: House,
) -> None:
    await text(ada, "You never contact me", phone=GRACE)
    known = (await recipients(ada))["grace"]
    assert (known.get("stopped"), known["held"]) == (None, ["sms"])


async def test_a_stop_holds_whether_or_not_a_reply_waits(ada: House) -> None:
    await text(ada, "what?", phone=GRACE)
    await text(ada, "STOP", sid="SM2", phone=GRACE)
    async with ada.database.transaction() as conn:
        assert await look(conn, "grace", ada.clock.now(), stop=False)
    assert (await recipients(ada))["grace"]["stopped"] == ["sms"]


async def test_help_is_answered_and_changes_nothing_that_holds(ada: House) -> None:
    answer = await text(ada, "help")
    assert answer.headers["content-type"].startswith("text/xml")
    assert (
        "<Message>Hartmann &amp; Sons: we text you about your application with us. Reply STOP"
        in answer.text
    )
    assert await ada.published() == []


async def test_help_speaks_the_language_of_everybody_with_that_number(ada: House) -> None:
    async def language(**locales: str) -> str | None:
        for candidate_id, locale in locales.items():
            claim = json.dumps({"value": locale, "stamp": {"time": 0, "rank": ""}})
            await ada.execute(
                "update candidates set personal_data = personal_data"
                " || jsonb_build_object('locale', $2::jsonb) where candidate_id = $1",
                candidate_id,
                claim,
            )
        async with ada.database.connection() as conn:
            return await inbound.language_of(conn, PHONE)

    assert await language() is None
    assert await language(ada="de-AT") is None
    assert await language(mum="de") == "de"
    assert await language(mum="tr") is None


@pytest.mark.parametrize("sid", ["", "SM\0", "S" * 256])
async def test_a_text_message_without_a_usable_id_is_refused_and_changes_nothing(
    ada: House, sid: str
) -> None:
    before = await ada.dump()
    answer = await text(ada, "STOP", sid=sid)
    assert answer.status_code == 400
    assert "MessageSid" in answer.text
    assert await ada.dump() == before


async def test_a_text_message_that_does_not_say_from_whom_is_refused(ada: House) -> None:
    for form in ({"Body": "STOP"}, {"MessageSid": "SM1", "Body": "STOP"}):
        assert (await call(ada, INBOUND, **form)).status_code == 400
    assert (await text(ada, "STOP", phone="+49\0")).status_code == 400


async def test_a_stop_word_with_a_nul_in_it_stops(ada: House) -> None:
    await text(ada, "ST\0OP")
    assert set(await states(ada)) == {"ada", "mum"}


@pytest.mark.parametrize("query", ["message=m-1%00&candidate=ada", "message=m-1&candidate="])
async def test_a_report_that_names_nothing_readable_is_refused(ada: House, query: str) -> None:
    answer = await call(ada, f"{STATUS}?{query}", MessageStatus="delivered", To=PHONE)
    assert answer.status_code == 400


async def test_the_same_text_message_delivered_again_has_no_further_effect(ada: House) -> None:
    await text(ada, "STOP")
    await text(ada, "START", sid="SM2")
    before = await ada.dump()
    assert (await text(ada, "STOP")).status_code == 200
    assert await ada.dump() == before


async def test_a_reply_is_kept_without_the_number(ada: House) -> None:
    await text(ada, "Thank you, who should I call?", phone=GRACE)
    (entry,) = await ada.rows("select candidate_id, kind, facts::text as facts from timeline")
    assert (entry["candidate_id"], entry["kind"]) == ("grace", "sms_replied")
    assert "who should I call?" in entry["facts"]
    assert "87654321" not in entry["facts"]


async def test_words_from_a_shared_number_are_nobodys(ada: House) -> None:
    await text(ada, "I moved to Berlin")
    entries = await ada.rows("select kind, facts::text as facts from timeline")
    assert [entry["kind"] for entry in entries] == ["sms_replied", "sms_replied"]
    assert not any("Berlin" in entry["facts"] for entry in entries)


async def test_a_stop_from_a_stranger_leaves_only_its_id_and_a_hash(ada: House) -> None:
    before = await ada.dump()
    assert (await text(ada, "STOP", phone="+15005550006")).status_code == 200
    after = await ada.dump()
    for left in ("sms_received", "stopped_numbers"):
        assert len(after[left]) == 1
        assert "5005550006" not in after.pop(left)[0]
        before.pop(left)
    assert after == before


def with_phone(number: str, hours: int, applicant: str = "p-1") -> Event:
    return updated(applicant, phone=number, time=DECIDED + timedelta(hours=hours))


async def stopped(house: House) -> list[str]:
    """What the one person of an upstream system is stopped on by now."""
    person = (await standing(house.database))[0]
    return list(person.get("stopped", []))


async def test_a_stop_from_a_number_that_the_record_no_longer_has_stops_who_had_it(
    house: House,
) -> None:
    await record(house.database, rejected(person={"phone": PHONE}))
    await record(house.database, with_phone(GRACE, 1))
    await text(house, "STOP")
    assert await stopped(house) == ["sms"]


async def test_a_number_that_said_stop_stops_who_gets_it_later_until_it_says_start(
    house: House,
) -> None:
    await text(house, "STOP")
    await record(house.database, rejected(person={"phone": GRACE}))
    assert await stopped(house) == []
    await record(house.database, with_phone(PHONE, 1))
    assert await stopped(house) == ["sms"]
    await text(house, "START", sid="SM2")
    assert await stopped(house) == []
    await record(house.database, with_phone(PHONE, 2))
    assert await stopped(house) == []


async def test_start_from_another_number_does_not_open_the_one_that_said_stop(
    house: House,
) -> None:
    await record(house.database, rejected(person={"phone": PHONE}))
    await text(house, "STOP")
    await record(house.database, with_phone(GRACE, 1))
    await text(house, "START", sid="SM2", phone=GRACE)
    assert await stopped(house) == []
    await record(house.database, with_phone(PHONE, 2))
    assert await stopped(house) == ["sms"]


async def test_start_from_a_number_opens_nothing_for_who_only_had_it(house: House) -> None:
    await record(house.database, rejected(person={"phone": PHONE}))
    await record(house.database, with_phone(GRACE, 1))
    await text(house, "STOP", phone=GRACE)
    await text(house, "START", sid="SM2", phone=PHONE)
    assert await stopped(house) == ["sms"]


async def test_a_yes_opens_a_number_that_said_stop_only_behind_a_link_that_came_to_it(
    house: House,
) -> None:
    await text(house, "STOP")
    await record(house.database, rejected(person={"phone": PHONE}))
    [person] = await standing(house.database)
    mailed = house.letter(person["candidateId"])
    assert 'value="sms"' not in (await house.client.get(mailed)).text
    await house.client.post(mailed, data={**YES, "channel": ["email", "sms"]})
    await record(house.database, with_phone(PHONE, 1))
    assert await stopped(house) == ["sms"]

    texted = house.letter(person["candidateId"], address=house.links.marks(PHONE)[0])
    await house.client.post(texted, data={**YES, "channel": ["email", "sms"]})
    await record(house.database, with_phone(PHONE, 2))
    assert await stopped(house) == []


async def test_a_number_that_said_stop_is_not_texted_when_its_owner_comes_back_after_an_erasure(
    house: House,
) -> None:
    await record(house.database, rejected(person={"phone": PHONE}))
    await text(house, "STOP")
    await record(house.database, erased(time=DECIDED + timedelta(hours=1)))
    later = DECIDED + timedelta(hours=2)
    await record(
        house.database, rejected(application_id="a-2", time=later, person={"phone": PHONE})
    )
    assert (await standing(house.database))[-1]["stopped"] == ["sms"]


async def test_an_opt_out_found_while_sending_is_remembered_when_its_person_is_no_more(
    house: House,
) -> None:
    await status(house, "failed", ErrorCode="21610")
    await record(house.database, rejected(person={"phone": PHONE}))
    assert await stopped(house) == ["sms"]


async def test_a_stop_that_comes_just_while_its_number_is_recorded_is_not_missed(
    house: House,
) -> None:
    async with house.database.transaction() as conn:
        await recorder().record(conn, [rejected(person={"phone": PHONE})], house.clock.now())
        stop = asyncio.create_task(text(house, "STOP"))
        await asyncio.sleep(0.3)
        assert not stop.done()
    await stop
    assert await stopped(house) == ["sms"]


@pytest.mark.parametrize(
    ("url", "form"),
    [
        (INBOUND, {"MessageSid": "SM1", "From": PHONE, "Body": "STOP"}),
        (f"{STATUS}?message=m-1&candidate=ada", {"MessageStatus": "delivered", "To": PHONE}),
    ],
    ids=["inbound", "status"],
)
async def test_what_twilio_did_not_sign_is_refused_and_changes_nothing(
    ada: House, url: str, form: dict[str, str]
) -> None:
    before = await ada.dump()
    good = signature(TWILIO_TOKEN, url, form.items())
    for headers in (
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": good[:-2] + "A="},
        {"X-Twilio-Signature": signature("another token", url, form.items())},
        {"X-Twilio-Signature": signature(TWILIO_TOKEN, url + "0", form.items())},
    ):
        assert (await ada.client.post(url, data=form, headers=headers)).status_code == 403
    tampered = {**form, "Body": "START"}
    answer = await ada.client.post(url, data=tampered, headers={"X-Twilio-Signature": good})
    assert answer.status_code == 403
    assert await ada.dump() == before


async def test_the_signature_is_checked_against_the_public_url_whatever_the_proxy_made_of_it(
    ada: House,
) -> None:
    form = {"MessageSid": "SM1", "From": PHONE, "Body": "STOP"}
    signed = signature(TWILIO_TOKEN, INBOUND, form.items())
    answer = await ada.client.post(
        "http://10.0.0.7:8080/v1/twilio/inbound", data=form, headers={"X-Twilio-Signature": signed}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("delivered", "delivered"),
        ("read", "delivered"),
        ("undelivered", "bounced"),
        ("failed", "failed"),
        ("canceled", "failed"),
    ],
)
async def test_how_a_message_ended_is_reported_by_its_id(
    ada: House, said: str, outcome: str
) -> None:
    await status(ada, said)
    (reported,) = await ada.published("delivery.reported")
    assert reported["key"] == "ada"
    assert reported["data"] == {
        "messageId": "m-1",
        "candidateId": "ada",
        "channel": "sms",
        "outcome": outcome,
        "addressIsDead": False,
        "at": "2026-03-02T09:00:00Z",
    }


@pytest.mark.parametrize("said", ["accepted", "queued", "sending", "sent", "surprise"])
async def test_a_message_on_its_way_is_no_news(ada: House, said: str) -> None:
    before = await ada.dump()
    await status(ada, said)
    assert await ada.dump() == before


async def test_a_final_status_is_never_taken_back(ada: House) -> None:
    for said in ("delivered", "sent", "undelivered", "delivered", "failed"):
        await status(ada, said)
    assert len(await ada.published("delivery.reported")) == 1


async def test_a_number_that_does_not_exist_is_reported_as_dead(ada: House) -> None:
    await status(ada, "undelivered", ErrorCode="30005")
    (reported,) = await ada.published("delivery.reported")
    assert reported["data"]["addressIsDead"] is True


async def test_an_opt_out_found_while_sending_stops_the_number_for_everybody(ada: House) -> None:
    await status(ada, "failed", ErrorCode="21610")
    (reported,) = await ada.published("delivery.reported")
    assert reported["data"]["outcome"] == "opted_out"
    published = await states(ada)
    assert set(published) == {"ada", "mum"}
    assert all(state["stopped"] == ["sms"] for state in published.values())


async def test_a_report_about_nobody_known_is_forgotten(house: House) -> None:
    before = await house.dump()
    await status(house, "delivered")
    assert await house.dump() == before


@pytest.mark.parametrize(
    "written",
    [f"whatsapp:{PHONE}", PHONE.replace("+", "00"), PHONE.replace("+49", "0"), f"{PHONE} "],
)
async def test_a_stop_is_heard_however_the_number_is_written(ada: House, written: str) -> None:
    assert (await text(ada, "STOP", phone=written)).status_code == 200
    assert {key for key, state in (await states(ada)).items() if state["stopped"]} == {"ada", "mum"}


@pytest.mark.parametrize("written", ["anonymous", "whatsapp:", "12"])
async def test_a_number_that_nobody_can_read_is_refused_and_not_taken_for_heard(
    ada: House, written: str
) -> None:
    before = await ada.dump()
    assert (await text(ada, "STOP", phone=written)).status_code == 400
    assert await ada.dump() == before
