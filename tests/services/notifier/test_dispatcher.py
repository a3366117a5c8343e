import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from services.notifier.channels import Carrier
from services.notifier.channels.allowed_numbers import AllowedNumbers
from services.notifier.channels.http_sms import Account
from services.notifier.channels.twilio import Twilio
from services.notifier.domain import Content, Rendered
from shared.contract.events.contacts import Window
from shared.contract.events.notifications import MessageBounced
from shared.contract.events.people import Channel
from shared.contract.events.recipients import SpeakingOf
from shared.contract.events.responses import DeliveryOutcome, DeliveryReported
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.notifier.house import House, build_house, message_id
from tests.services.notifier.mailserver import DROP, HANG, mail_server
from tests.services.notifier.smsserver import Fault, SmsServer, sms_server

Reachable = tuple[House, SmsServer]


@asynccontextmanager
async def sending_texts(
    databases: Databases, clock: ManualClock, **settings: Any
) -> AsyncIterator[Reachable]:
    """Lends a notifier that sends text messages too, and whoever takes them."""
    async with mail_server() as mail, sms_server() as texts:
        account = Account("AC1", "secret", "+15005550006", "https://jobs.example/", texts.url)
        twilio = Twilio(account)
        carriers: dict[Channel, Carrier] = {Channel.SMS: AllowedNumbers(twilio, ["DE"])}
        house = build_house(await databases("notifier"), clock, mail, more=carriers, **settings)
        yield house, texts
        await house.dispatcher.stop()


@pytest.fixture
async def reachable(databases: Databases, clock: ManualClock) -> AsyncIterator[Reachable]:
    async with sending_texts(databases, clock) as both:
        yield both


async def test_a_due_letter_leaves_and_is_reported_once(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await house.sends()
    await house.sends()
    assert house.server.recipients == ["c1@example.com"]
    assert await house.state() == ("sent", None)
    assert await house.reported() == [("sent", "c1")]
    body = json.loads((await house.one("select value from outbox"))["value"])
    assert body["messageId"] == message_id("k1")
    assert (body["wordingVersion"], body["askedHat"]) == ("test.1", True)
    assert body["at"].startswith("2026-03-02T09:00")


async def test_the_same_contact_announced_again_makes_no_second_message(house: House) -> None:
    await house.knows(house.person())
    for _ in range(3):
        await house.is_due(house.contact())
        await house.sends()
    assert len(house.server.accepted) == 1


async def test_the_report_belongs_to_the_story_of_the_contact(house: House) -> None:
    await house.knows(house.person())
    cause = house.event(house.contact())
    await house.tell(house.handlers.on_contacts, cause)
    await house.is_fresh()
    await house.sends()
    row = await house.one("select * from outbox")
    assert (row["correlation_id"], row["causation_id"]) == (cause.id, cause.id)


FAULTS = [
    ("connect", DROP, "pending", "unreachable"),
    ("EHLO", DROP, "pending", "unreachable"),
    ("MAIL", DROP, "pending", "lost_at_envelope"),
    ("MAIL", "451 later", "pending", "mail_451"),
    ("MAIL", "550 no", "failed", "mail_550"),
    ("RCPT", DROP, "pending", "lost_at_envelope"),
    ("RCPT", "450 greylisted", "pending", "rcpt_450"),
    ("RCPT", "550 5.1.1 unknown", "failed", "rcpt_550"),
    ("DATA", DROP, "pending", "lost_at_data"),
    ("DATA", "451 later", "pending", "data_451"),
    ("DATA", "554 no", "failed", "data_554"),
    ("body", DROP, "uncertain", "lost_after_body"),
    ("body", HANG, "uncertain", "lost_after_body"),
    ("body", "452 full", "pending", "body_452"),
    ("body", "554 spam", "failed", "body_554"),
    ("answered", DROP, "uncertain", "lost_after_body"),
]


async def test_each_fault_has_its_end_and_at_most_one_body_is_ever_taken(house: House) -> None:
    for number, (step, fault, state, because) in enumerate(FAULTS):
        contact, person = f"k{number}", f"c{number}"
        await house.knows(house.person(person))
        await house.hang_up()
        house.server.fail(step, fault)
        await house.is_due(house.contact(contact, candidate_id=person))
        await house.one_round()
        assert await house.state(contact) == (state, because), (step, fault)

        await house.until_channels_are_open()
        house.clock.move(timedelta(hours=1))
        await house.is_due(house.contact(contact, candidate_id=person))
        await house.sends()
        retried = state == "pending"
        taken = house.server.recipients.count(f"{person}@example.com")
        assert taken == (1 if retried or step == "answered" else 0), (step, fault)
        ends = [kind for kind, key in await house.reported() if key == person]
        assert ends == ["sent" if retried else state], (step, fault)
        house.clock.move(timedelta(days=7))


async def test_faults_in_any_number_never_lead_to_two_mails(house: House) -> None:
    await house.knows(*(house.person(f"c{number}") for number in range(60)))
    contacts = [house.contact(f"k{number}", candidate_id=f"c{number}") for number in range(60)]
    for step, fault, _, _ in FAULTS:
        if fault != HANG:
            house.server.fail(step, fault, fault)
    await house.is_due(*contacts)
    for _ in range(12):
        await house.sends()
        await house.until_channels_are_open()
        house.clock.move(timedelta(minutes=30))
        await house.is_fresh()
    bodies = [envelope.original_content or b"" for envelope in house.server.accepted]
    ids = [body.split(b"Message-ID: <")[1][:36] for body in bodies]
    assert len(ids) == len(set(ids))
    ends = await house.all("select state, count(*) from messages group by state")
    counted = {row["state"]: row["count"] for row in ends}
    assert set(counted) <= {"sent", "failed", "uncertain"}
    assert sum(counted.values()) == 60
    assert len(ids) <= counted["sent"] + counted["uncertain"]
    assert counted["sent"] <= len(ids)
    assert len(await house.reported()) == 60


async def test_a_server_that_is_away_costs_no_message_a_try(house: House) -> None:
    await house.knows(house.person())
    house.server.fail("connect", *["421 busy"] * 3)
    await house.is_due(*(house.contact(f"k{number}") for number in range(3)))
    await house.sends()
    assert {(r["state"], r["tries"]) for r in await house.all("select * from messages")} == {
        ("pending", 0)
    }
    await house.until_channels_are_open()
    await house.sends()
    assert len(house.server.accepted) == 3


async def test_a_channel_is_told_of_as_paused_until_the_next_try_is_due(house: House) -> None:
    def paused() -> float:
        (metric,) = house.metrics.channel_paused.collect()
        return next(it.value for it in metric.samples if it.labels["channel"] == "email")

    await house.knows(house.person())
    house.server.fail("connect", "421 busy")
    await house.is_due(house.contact())
    await house.one_round()
    assert paused() == 1
    await house.until_channels_are_open()
    assert paused() == 0


async def test_one_message_alone_finds_out_whether_a_server_is_still_away(house: House) -> None:
    await house.knows(house.person())
    house.server.fail("connect", "421 busy", "421 busy")
    await house.is_due(house.contact("k0"))
    await house.one_round()
    await house.is_due(*(house.contact(f"k{number}") for number in range(1, 5)))
    await house.until_channels_are_open()
    await house.one_round()
    assert house.server.connections == 2
    waiting = await house.all("select because, tries from messages where state = 'pending'")
    assert {row["tries"] for row in waiting} == {0}
    assert sorted(row["because"] for row in waiting) == ["channel_paused"] * 4 + ["connect_421"]
    await house.until_channels_are_open()
    await house.sends()
    assert len(house.server.accepted) == 5


EITHER = [Channel.EMAIL, Channel.SMS]


async def for_a_while(house: House) -> None:
    """Sends over and over, for longer than a first pause."""
    for _ in range(20):
        await house.one_round()
        await asyncio.sleep(0.05)


async def test_mail_waits_while_its_server_is_away_also_where_a_text_message_may_be_sent(
    reachable: Reachable,
) -> None:
    house, texts = reachable
    await house.knows(house.person())
    house.server.fail("connect", *["421 busy"] * 1000)
    await house.is_due(*(house.contact(f"k{number}", channels=EITHER) for number in range(5)))
    await for_a_while(house)
    assert house.server.connections < 10
    assert texts.requests == []
    assert {row["tries"] for row in await house.all("select tries from messages")} == {0}
    house.server.faults.clear()
    await house.until_channels_are_open()
    await house.sends()
    assert len(house.server.accepted) == 5
    assert texts.requests == []


async def test_a_text_message_waits_while_nobody_carries_it_also_where_mail_may_be_sent(
    reachable: Reachable,
) -> None:
    house, texts = reachable
    await house.knows(house.person(emails=[]))
    texts.faults += [(401, 20003)] * 1000
    await house.is_due(*(house.contact(f"k{number}", channels=EITHER) for number in range(5)))
    await for_a_while(house)
    assert len(texts.requests) < 10
    texts.faults.clear()
    texts.requests.clear()
    await house.until_channels_are_open()
    await house.sends()
    assert len(texts.requests) == 5


async def test_while_a_channel_is_away_all_that_goes_over_the_other_leaves(
    reachable: Reachable,
) -> None:
    house, texts = reachable
    await house.knows(house.person("c1"), house.person("c2", emails=[]))
    house.server.fail("connect", "421 busy")
    await house.is_due(house.contact("away"))
    await house.one_round()
    texted = [house.contact(f"t{n}", candidate_id="c2", channels=EITHER) for n in range(3)]
    await house.is_due(*texted)
    await house.one_round()
    assert len(texts.requests) == 3

    texts.faults.append((401, 20003))
    await house.until_channels_are_open()
    await house.is_due(house.contact("sms", channels=[Channel.SMS]))
    await house.one_round()
    mailed = [house.contact(f"m{n}", channels=EITHER) for n in range(3)]
    await house.is_due(*mailed)
    await house.one_round()
    assert len(texts.requests) == 4
    assert len(house.server.accepted) == 4


@pytest.mark.parametrize("fault", [(500, None), (502, None), DROP])
async def test_a_provider_that_leaves_all_in_doubt_does_not_use_up_what_is_due(
    databases: Databases, clock: ManualClock, fault: Fault
) -> None:
    async with sending_texts(databases, clock, at_once=5) as (house, texts):
        await house.knows(house.person())
        texts.faults += [fault] * 1000
        by_text = [house.contact(f"k{n}", channels=[Channel.SMS]) for n in range(40)]
        await house.is_due(*by_text, house.contact("mail"))
        await for_a_while(house)
        assert await house.state("mail") == ("sent", None)
        uncertain = len(texts.requests)
        assert uncertain < 10
        texts.faults.clear()
        while len(texts.requests) < 40:
            await house.until_channels_are_open()
            await house.sends()
        ends = await house.all("select state, count(*) from messages group by state order by 1")
        assert [tuple(end) for end in ends] == [("sent", 41 - uncertain), ("uncertain", uncertain)]


async def test_a_single_message_in_doubt_pauses_nothing(reachable: Reachable) -> None:
    house, texts = reachable
    await house.knows(house.person())
    texts.faults.append((500, None))
    await house.is_due(house.contact("lost", channels=[Channel.SMS]))
    await house.one_round()
    await house.is_due(house.contact("next", channels=[Channel.SMS]))
    await house.one_round()
    assert (await house.state("lost"))[0] == "uncertain"
    assert await house.state("next") == ("sent", None)


async def test_waits_grow_and_stay_inside_windows(house: House) -> None:
    now = house.clock.now()
    await house.knows(house.person())
    windows = [
        Window(opens_at=now, closes_at=now + timedelta(minutes=5)),
        Window(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=1, hours=8)),
    ]
    house.server.fail("RCPT", *["450 greylisted"] * 4)
    await house.is_due(house.contact(windows=windows))
    waits = []
    for _ in range(4):
        await house.sends()
        row = await house.row("k1")
        waits.append(row["next_attempt_at"] - house.clock.now())
        house.clock.set(row["next_attempt_at"])
        await house.is_fresh()
    assert timedelta(seconds=30) <= waits[0] <= timedelta(minutes=1)
    assert timedelta(minutes=1) <= waits[1] <= timedelta(minutes=2)
    assert windows[1].opens_at in (now + sum(waits[:3], timedelta()), now + sum(waits, timedelta()))
    await house.sends()
    assert (await house.state())[0] == "sent"


async def test_nothing_leaves_outside_its_windows(house: House) -> None:
    now = house.clock.now()
    await house.knows(house.person())
    opens = now + timedelta(hours=10)
    window = Window(opens_at=opens, closes_at=opens + timedelta(hours=1))
    await house.is_due(house.contact(windows=[window]))
    await house.sends()
    house.clock.set(opens - timedelta(microseconds=1))
    await house.sends()
    assert house.server.accepted == []
    house.clock.set(opens)
    await house.sends()
    assert len(house.server.accepted) == 1


async def test_what_is_past_its_time_expires_with_a_reason(house: House) -> None:
    await house.knows(house.person())
    house.server.fail("RCPT", "450 greylisted")
    await house.is_due(house.contact("k1"))
    await house.sends()
    await house.tell(house.handlers.on_contacts, house.contact("k2", candidate_id="unknown"))
    house.clock.move(timedelta(days=4))
    await house.sends()
    assert await house.state("k1") == ("expired", "rcpt_450")
    assert await house.state("k2") == ("expired", "windows_passed")
    assert await house.reported() == [("expired", "c1"), ("expired", "unknown")]
    assert house.server.accepted == []


async def test_a_clock_that_jumps_back_sends_nothing_twice(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await house.sends()
    house.clock.move(timedelta(hours=-2))
    await house.is_due(house.contact())
    await house.sends()
    assert len(house.server.accepted) == 1


async def test_two_processes_share_the_work_and_none_is_done_twice(
    databases: Databases, clock: ManualClock
) -> None:
    async with mail_server() as server:
        houses = [build_house(await databases("notifier"), clock, server) for _ in range(2)]
        await houses[0].knows(*(houses[0].person(f"c{number}") for number in range(100)))
        await houses[0].is_due(
            *(houses[0].contact(f"k{n}", candidate_id=f"c{n}") for n in range(100))
        )
        await asyncio.gather(*(house.sends() for house in houses))
        assert sorted(server.recipients) == sorted(f"c{n}@example.com" for n in range(100))
        assert server.connections > 10
        for house in houses:
            await house.dispatcher.stop()


async def test_a_claim_left_behind_before_its_attempt_is_taken_up_again(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await house.queue.claim(house.clock.now(), 10, [Channel.EMAIL])
    await house.sends()
    assert await house.state() == ("sending", None)
    await house.run("update messages set leased_until = clock_timestamp() - interval '1 ms'")
    await house.sends()
    assert (await house.state())[0] == "sent"


async def test_an_attempt_left_behind_becomes_uncertain_and_is_never_sent_again(
    house: House,
) -> None:
    await house.knows(house.person())
    house.server.fail("body", HANG)
    await house.is_due(house.contact())
    await house.dispatcher.send_due(house.clock.now())
    while "body" not in house.server.steps:
        await asyncio.sleep(0.01)
    for task in house.dispatcher._under_way:
        task.cancel()
    await house.run("update messages set leased_until = clock_timestamp() - interval '1 ms'")
    await house.sends()
    house.clock.move(timedelta(days=1))
    await house.is_fresh()
    await house.sends()
    assert await house.state() == ("uncertain", "crashed")
    assert await house.reported() == [("uncertain", "c1")]
    assert house.server.steps.count("body") == 1


async def test_a_paused_process_whose_claim_was_taken_over_changes_nothing(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    late = (await house.queue.claim(house.clock.now(), 1, [Channel.EMAIL]))[0]
    await house.run("update messages set leased_until = clock_timestamp() - interval '1 ms'")
    await house.sends()
    await house.dispatcher._deliver(late)
    assert len(house.server.accepted) == 1
    assert await house.reported() == [("sent", "c1")]
    assert (await house.state())[0] == "sent"


async def test_a_mail_server_that_does_not_answer_holds_up_no_text_message(
    databases: Databases, clock: ManualClock
) -> None:
    async with sending_texts(databases, clock, at_once=2, answer_seconds=1) as (house, texts):
        await house.knows(house.person())
        house.server.fail("body", HANG, HANG)
        mails = [house.contact(f"mail-{number}") for number in range(4)]
        either = house.contact("either", channels=[Channel.EMAIL, Channel.SMS])
        await house.is_due(*mails, either, house.contact("text", channels=[Channel.SMS]))
        while not texts.requests:
            await house.dispatcher.send_due(house.clock.now())
            await asyncio.sleep(0.01)
        assert house.server.accepted == []
        await house.sends()
        assert len(texts.requests) == 1
        assert len(house.server.accepted) == 3


async def test_a_template_that_raises_holds_up_its_own_message_alone(
    databases: Databases, clock: ManualClock
) -> None:
    def words(content: Content, _: object) -> Rendered:
        if content.contact_id == "k1":
            raise KeyError("secret name")
        return Rendered("s", "t", None, "1")

    async with mail_server() as server:
        house = build_house(await databases("notifier"), clock, server, words=words)
        await house.knows(house.person())
        await house.is_due(house.contact("k1"), house.contact("k2"))
        await house.sends()
        assert await house.state("k1") == ("pending", "rendering_failed")
        assert (await house.state("k2"))[0] == "sent"
        await house.dispatcher.stop()


async def test_a_dead_address_is_not_tried_again_and_the_next_one_is(house: House) -> None:
    await house.knows(house.person(emails=["dead@example.com", "alive@example.com"]))
    house.server.fail("RCPT", "550 5.1.1 no such user")
    await house.is_due(house.contact("k1"))
    await house.sends()
    await house.is_due(house.contact("k2"))
    await house.sends()
    assert await house.state("k1") == ("sent", None)
    assert house.server.recipients == ["alive@example.com", "alive@example.com"]
    assert house.server.steps.count("RCPT") == 3
    await house.knows(house.person(emails=["dead@example.com"]))
    await house.is_due(house.contact("k3"))
    await house.sends()
    assert await house.state("k3") == ("dropped", "address_dead")


@pytest.mark.parametrize(
    "refused", ["550 5.1.1 no such user", "550 User unknown", "554 5.7.1 blocked as spam"]
)
async def test_an_address_refused_for_good_leads_to_the_next_one_and_then_to_a_text_message(
    reachable: Reachable, refused: str
) -> None:
    house, texts = reachable
    await house.knows(house.person(emails=["one@example.com", "two@example.com"]))
    house.server.fail("RCPT", refused, refused)
    await house.is_due(house.contact(channels=[Channel.EMAIL, Channel.SMS]))
    await house.sends()
    assert await house.state() == ("sent", None)
    assert house.server.recipients == []
    assert [request.form["To"] for request in texts.requests] == ["+491700000000"]
    assert await house.reported() == [("sent", "c1")]


@pytest.mark.parametrize("is_dead", [True, False])
async def test_a_letter_that_comes_back_later_is_reported_untold_and_goes_once_to_each_address(
    reachable: Reachable, is_dead: bool
) -> None:
    house, texts = reachable
    owed = [SpeakingOf(application_id=each, answer_owed=True) for each in ("a1", "a2")]
    emails = ["one@example.com", "two@example.com"]
    await house.knows(house.person(emails=emails, applications=owed))
    for contact in ("k1", "k2", "k3", "k4"):
        await house.is_due(house.contact(contact, channels=[Channel.EMAIL, Channel.SMS]))
        await house.sends()
        left = await house.row(contact)
        await house.tell(house.handlers.on_responses, returned(house, contact, is_dead=is_dead))
        if left["state"] == "sent":
            [said] = await house.all(
                "select convert_from(value, 'utf8')::jsonb as it from outbox"
                " where type like '%bounced%' order by id desc limit 1"
            )
            bounced = MessageBounced.model_validate_json(said["it"])
            assert (bounced.left_at, bounced.untold) == (left["ended_at"], True)
    assert house.server.recipients == ["one@example.com", "two@example.com"]
    assert [request.form["To"] for request in texts.requests] == ["+491700000000"]
    assert await house.state("k4") == ("dropped", "address_dead")
    await house.is_due(house.contact("k5", application_id="a2"))
    await house.sends()
    assert (await house.state("k5"))[0] == ("dropped" if is_dead else "sent")


def returned(house: House, contact_id: str, *, is_dead: bool) -> DeliveryReported:
    return DeliveryReported(
        message_id=message_id(contact_id),
        candidate_id="c1",
        channel=Channel.EMAIL,
        outcome=DeliveryOutcome.BOUNCED,
        address_is_dead=is_dead,
        at=house.clock.now(),
    )


async def test_an_address_that_cannot_be_written_leads_to_the_next_one(house: House) -> None:
    await house.knows(house.person(emails=["jörg@people.example", "joerg@people.example"]))
    await house.is_due(house.contact())
    await house.sends()
    assert await house.state() == ("sent", None)
    assert house.server.recipients == ["joerg@people.example"]


async def test_a_letter_has_failed_once_every_way_was_tried(reachable: Reachable) -> None:
    house, texts = reachable
    await house.knows(house.person(emails=["one@example.com", "two@example.com"]))
    house.server.fail("RCPT", "550 5.1.1 no such user", "554 5.7.1 blocked")
    texts.faults.append((400, 21211))
    await house.is_due(house.contact(channels=[Channel.EMAIL, Channel.SMS]))
    await house.sends()
    assert await house.state() == ("failed", "twilio_21211")
    assert await house.reported() == [("failed", "c1")]
    assert (house.server.steps.count("RCPT"), len(texts.requests)) == (2, 1)


async def test_a_text_message_over_a_number_that_is_not_allowed_leads_to_mail(
    reachable: Reachable,
) -> None:
    house, texts = reachable
    await house.knows(house.person(phone="+881612345678"))
    await house.is_due(house.contact(channels=[Channel.SMS, Channel.EMAIL]))
    await house.sends()
    assert await house.state() == ("sent", None)
    assert (house.server.recipients, texts.requests) == (["c1@example.com"], [])


async def test_no_text_message_leaves_before_a_human_has_read_what_somebody_wrote(
    reachable: Reachable,
) -> None:
    house, texts = reachable
    await house.knows(house.person(held=[Channel.SMS]))
    await house.is_due(house.contact("k1", channels=[Channel.SMS]))
    await house.is_due(house.contact("k2", channels=[Channel.SMS, Channel.EMAIL]))
    await house.sends()
    assert await house.state("k1") == ("pending", "reply_unread")
    assert await house.state("k2") == ("sent", None)
    assert (house.server.recipients, texts.requests) == (["c1@example.com"], [])
    await house.knows(house.person())
    house.clock.move(timedelta(minutes=2))
    await house.is_fresh()
    await house.sends()
    assert await house.state("k1") == ("sent", None)
    assert len(texts.requests) == 1


async def test_a_letter_whose_mail_failed_waits_while_its_text_message_is_held(
    reachable: Reachable,
) -> None:
    house, texts = reachable
    await house.knows(house.person(held=[Channel.SMS]))
    house.server.fail("RCPT", "550 5.1.1 no such user")
    await house.is_due(house.contact(channels=[Channel.EMAIL, Channel.SMS]))
    await house.sends()
    assert (await house.state())[0] == "pending"
    await house.knows(house.person())
    house.clock.move(timedelta(minutes=2))
    await house.is_fresh()
    await house.sends()
    assert await house.state() == ("sent", None)
    assert len(texts.requests) == 1


async def test_a_withdrawal_while_on_the_wire_stops_the_next_try(house: House) -> None:
    await house.knows(house.person())
    house.server.fail("body", HANG)
    await house.is_due(house.contact())
    await house.dispatcher.send_due(house.clock.now())
    while "body" not in house.server.steps:
        await asyncio.sleep(0.01)
    await house.tell(house.handlers.on_contacts, house.withdrawal())
    assert (await house.state())[0] == "sending"
    await asyncio.gather(*house.dispatcher._under_way)
    assert await house.state() == ("uncertain", "lost_after_body")

    house.server.fail("body", "452 later")
    house.server.pauses["body"] = 0.3
    await house.is_due(house.contact("k2"))
    await house.dispatcher.send_due(house.clock.now())
    while house.server.steps[-1] != "body":
        await asyncio.sleep(0.01)
    await house.tell(house.handlers.on_contacts, house.withdrawal("k2"))
    await asyncio.gather(*house.dispatcher._under_way)
    house.clock.move(timedelta(hours=1))
    await house.is_fresh()
    await house.sends()
    assert await house.state("k2") == ("dropped", "withdrawn")
    assert house.server.accepted == []


async def test_a_backlog_leaves_no_faster_than_allowed(
    databases: Databases, clock: ManualClock
) -> None:
    async with mail_server() as server:
        house = build_house(await databases("notifier"), clock, server, per_second=20)
        await house.knows(house.person())
        await house.is_due(*(house.contact(f"k{number}") for number in range(50)))
        began = asyncio.get_running_loop().time()
        await house.sends()
        took = asyncio.get_running_loop().time() - began
        assert len(server.accepted) == 50
        assert took > 1.2
        await house.dispatcher.stop()
