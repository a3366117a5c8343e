"""What the events of each stream do to the notifier's tables."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from services.notifier.addresses import AddressHash
from services.notifier.domain import Because
from services.notifier.domain.shortlists import summary
from services.notifier.store import recipients
from shared.contract.events.applications import Tier
from shared.contract.events.cloudevents import Event, RecordPosition, Unreadable
from shared.contract.events.evidence import Evidence, EvidenceCode, Readiness
from shared.contract.events.matches import ShortlistedCandidate, ShortlistReady
from shared.contract.events.notifications import (
    MessageDelivered,
    MessageDropped,
    MessagePayload,
    MessageSent,
)
from shared.contract.events.people import Channel, ConsentPurpose, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.recipients import RecipientChanged, RecipientKind, SpeakingOf
from shared.contract.events.responses import (
    DeliveryReported,
    LinkRequested,
    LinksRequested,
    OpenShortlist,
)
from shared.runtime.erasures import QuarantineSearch
from shared.runtime.processing import Missed
from shared.runtime.quarantine import Quarantine
from shared.runtime.telemetry import Metrics
from tests.services.notifier.house import HASHED, MARKER, House, build_house, message_id


def shortlist(house: House, **changes: Any) -> ShortlistReady:
    listed = [
        ShortlistedCandidate(
            candidate_id=f"c{rank}",
            rank=rank,
            score=0.5,
            tier=Tier.RUNNER_UP if rank == 1 else Tier.NOT_YET,
            readiness=Readiness.MAY_NOW_BE_MET if rank == 1 else Readiness.NOT_MET,
            ready_on=None if rank == 1 else date(2027, 3, rank),
            reasons_for=[
                Evidence(code=EvidenceCode.FINISHED, name=f"Baker of {rank}", place=rank + 1),
                Evidence(code=EvidenceCode.SKILL_LISTED, name="Rye" if rank == 3 else "Sourdough"),
                Evidence(code=EvidenceCode("sings_well"), name="Choir"),
            ],
        )
        for rank in (1, 2, 3)
    ]
    facts = {
        "shortlist_id": "s1",
        "vacancy_id": "v1",
        "vacancy_title": "Baker",
        "considered": 40,
        "candidates": listed,
        "ranked_at": house.clock.now(),
    }
    return ShortlistReady(**{**facts, **changes})


def recruiter(recruiter_id: str = "r1", vacancies: list[str] | None = None) -> RecipientChanged:
    return RecipientChanged(
        recipient_id=recruiter_id,
        version=1,
        kind=RecipientKind.RECRUITER,
        name=PersonName(full_name="Grace Hopper"),
        emails=[f"{recruiter_id}@acme.example"],
        vacancies=vacancies or ["v1"],
    )


async def told(house: House) -> list[str]:
    """Runs what tells recruiters, and returns who was written to."""
    while await house.notices.tell(house.clock.now()):
        pass
    await house.is_fresh()
    await house.sends()
    return sorted(house.server.recipients)


@pytest.mark.parametrize("recruiter_first", [True, False])
async def test_each_recruiter_of_the_vacancy_is_told_once_in_whichever_order_they_are_known(
    house: House, recruiter_first: bool
) -> None:
    people = [recruiter("r1"), recruiter("r2"), recruiter("r3", ["other"])]
    if recruiter_first:
        await house.knows(*people)
    await house.tell(house.handlers.on_matches, shortlist(house))
    assert await told(house) == (
        [] if not recruiter_first else ["r1@acme.example", "r2@acme.example"]
    )
    await house.knows(*people)
    assert await told(house) == ["r1@acme.example", "r2@acme.example"]
    assert await told(house) == ["r1@acme.example", "r2@acme.example"]
    reported = await house.all("select value from outbox")
    sent = [json.loads(row["value"]) for row in reported]
    assert {one["shortlistId"] for one in sent} == {"s1"}
    assert not any("purpose" in one or "contactId" in one for one in sent)


async def test_a_list_of_the_same_people_is_no_second_mail(
    house: House,
) -> None:
    await house.knows(recruiter("r1"))
    await house.tell(house.handlers.on_matches, shortlist(house))
    again = shortlist(house, shortlist_id="s2", repeats="s1")
    await house.tell(house.handlers.on_matches, again)
    assert await told(house) == ["r1@acme.example"]
    news = shortlist(house, shortlist_id="s3")
    await house.tell(house.handlers.on_matches, news)
    assert await told(house) == ["r1@acme.example"] * 2


async def test_a_list_of_the_same_people_is_news_where_the_first_mail_never_left(
    house: House,
) -> None:
    house.clock.move(timedelta(hours=9))
    await house.knows(recruiter("r1"))
    await house.tell(house.handlers.on_matches, shortlist(house))
    assert await told(house) == [], "it is evening"
    await house.knows(recruiter("r1", ["other"]))
    house.clock.move(timedelta(hours=15))
    assert await told(house) == [], "the vacancy is closed"
    await house.knows(recruiter("r1"))
    again = shortlist(house, shortlist_id="s2", repeats="s1")
    await house.tell(house.handlers.on_matches, again)
    assert await told(house) == ["r1@acme.example"]


@pytest.mark.parametrize("of_newcomers", [False, True])
async def test_what_waits_to_be_told_of_a_list_that_was_replaced_never_leaves(
    house: House, of_newcomers: bool
) -> None:
    house.clock.move(timedelta(hours=9))
    await house.knows(recruiter("r1"))
    await house.tell(house.handlers.on_matches, shortlist(house))
    assert await told(house) == [], "it is evening"
    lists = [
        shortlist(house, shortlist_id=f"s{number}", of_newcomers=of_newcomers)
        for number in (2, 3, 4)
    ]
    await house.tell(house.handlers.on_matches, *lists)
    house.clock.move(timedelta(hours=15))
    assert await told(house) == ["r1@acme.example"] * (4 if of_newcomers else 1)
    (last,) = await house.all("select shortlist_id from messages where shortlist_id = 's4'")
    dropped = await house.all("select because from messages where state = 'dropped'")
    assert last
    assert [row["because"] for row in dropped] == ([] if of_newcomers else ["superseded"])


async def test_a_shortlist_is_summed_up_without_saying_who_is_on_it(house: House) -> None:
    await house.tell(house.handlers.on_matches, shortlist(house))
    facts = json.loads((await house.one("select facts from shortlists"))["facts"])
    assert (facts["considered"], facts["listed"]) == (40, 3)
    assert facts["standings"] == [
        {"readiness": "may_now_be_met", "count": 1},
        {"readiness": "not_met", "count": 1, "notBefore": "2027-03-02"},
        {"readiness": "not_met", "count": 1, "notBefore": "2027-03-03"},
    ]
    assert [
        (reason["evidence"]["code"], reason["evidence"]["name"], reason["count"])
        for reason in facts["reasons"][:2]
    ] == [("sings_well", "Choir", 3), ("skill_listed", "Sourdough", 2)]
    assert "c1" not in json.dumps(facts)
    assert "place" not in json.dumps(facts)


@pytest.mark.parametrize(("asks", "counted"), [(True, [1, 2]), (False, [1])])
def test_who_nothing_is_known_of_is_counted_where_something_is_needed(
    house: House, asks: bool, counted: list[int]
) -> None:
    against = [{"code": "nothing_known", "name": "Wards", "standing": "unknown"}] if asks else []
    listed = [
        {
            "candidateId": f"c{rank}",
            "rank": rank,
            "score": 0.5,
            "tier": "runner_up",
            "readiness": readiness,
            "reasonsAgainst": against if readiness == "unknown" else [],
        }
        for rank, readiness in enumerate(["by_own_word", "unknown", "unknown"], 1)
    ]
    ready = shortlist(house).model_dump(by_alias=True) | {"candidates": listed}
    facts = summary(ShortlistReady.model_validate(ready))
    assert [standing.count for standing in facts.standings] == counted


async def test_recruiters_are_told_in_the_business_hours_of_their_own_zone(house: House) -> None:
    house.clock.move(timedelta(hours=9))
    people = [recruiter("r1"), recruiter("r2").model_copy(update={"time_zone": "Asia/Tokyo"})]
    await house.knows(*people)
    await house.tell(house.handlers.on_matches, shortlist(house))
    assert await told(house) == [], "it is evening in Berlin, and night in Tokyo"
    house.clock.move(timedelta(hours=6, minutes=30))
    assert await told(house) == ["r2@acme.example"]
    house.clock.move(timedelta(hours=8))
    assert await told(house) == ["r1@acme.example", "r2@acme.example"]


async def test_whoever_is_on_holiday_for_as_long_as_a_list_is_news_is_told_on_their_next_day(
    house: House,
) -> None:
    house.handlers._shortlist_life = timedelta(hours=1)
    house.clock.move(timedelta(hours=9))
    await house.knows(recruiter())
    await house.tell(house.handlers.on_matches, shortlist(house))
    assert await told(house) == []
    house.clock.move(timedelta(hours=15))
    assert await told(house) == ["r1@acme.example"]


async def test_whoever_asks_for_lost_links_is_sent_them_at_once_and_once(house: House) -> None:
    house.clock.move(timedelta(hours=12))
    await house.knows(recruiter("r1"))
    lists = [OpenShortlist(shortlist_id="s1", vacancy_id="v1", vacancy_title="Baker")]
    asked = [
        house.event(
            LinksRequested(
                request_id="q1", recruiter_id=each, shortlists=lists, at=house.clock.now()
            )
        )
        for each in ("r1", "r1")
    ]
    await house.tell(house.handlers.on_responses, *asked)
    assert await told(house) == ["r1@acme.example"]
    (report,) = await house.all("select value from outbox")
    assert "purpose" not in json.loads(report["value"])
    row = await house.one("select * from messages")
    assert (row["purpose"], row["state"]) == ("links", "sent")


async def test_the_end_of_such_a_mail_is_learnt_again_after_a_restore(house: House) -> None:
    sent = MessageSent(
        message_id="m1",
        recipient_id="r1",
        channel=Channel.EMAIL,
        at=house.clock.now(),
        wording_version="w1",
    )
    await house.tell(house.handlers.on_notifications, sent)
    assert (await house.one("select purpose from messages"))["purpose"] == "links"


async def test_a_link_that_was_asked_for_leaves_at_once_at_any_hour_and_is_worth_an_hour(
    house: House,
) -> None:
    now = house.clock.now()
    await house.knows(house.person(stopped=[Channel.EMAIL, Channel.SMS]))
    asked = LinkRequested(
        request_id="r1",
        candidate_id="c1",
        purpose=Purpose.RECORD,
        at=now,
        expires_at=now + timedelta(hours=1),
    )
    late = asked.model_copy(update={"request_id": "r2", "expires_at": now})
    late = late.model_copy(update={"at": now - timedelta(hours=1)})
    for request in (asked, asked, late):
        await house.tell(house.handlers.on_responses, request)
    await house.is_fresh()
    await house.sends()
    assert house.server.recipients == ["c1@example.com"]
    assert await house.state("r2") == ("expired", Because.WINDOWS_PASSED)


async def test_an_empty_shortlist_is_no_news(house: House) -> None:
    await house.knows(recruiter())
    await house.tell(house.handlers.on_matches, shortlist(house, candidates=[]))
    assert await told(house) == []


async def test_a_recruiter_who_left_the_vacancy_is_not_written_to(house: House) -> None:
    await house.knows(recruiter())
    await house.tell(house.handlers.on_matches, shortlist(house))
    await house.notices.tell(house.clock.now())
    await house.knows(recruiter(vacancies=["other"]))
    assert await told(house) == []
    row = await house.one("select * from messages")
    assert (row["state"], row["because"]) == ("dropped", "not_their_vacancy")


async def test_an_erased_person_leaves_no_name_and_no_address(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact("k1"))
    gone = Event.tombstone("c1", RecipientChanged.type, source="intake", at=house.clock.now())
    await house.tell(house.handlers.on_recipients, gone)
    assert await house.state() == ("dropped", "erased")
    assert await house.reported() == [("dropped", "c1")]
    tables = await house.all(
        "select table_name from information_schema.tables where table_schema = 'notifier'"
    )
    for table in tables:
        rows = await house.all(f"select t::text as row from {table['table_name']} as t")
        text = " ".join(row["row"] for row in rows)
        assert "example.com" not in text
        assert "Lovelace" not in text
        assert "+4917" not in text


async def test_addresses_are_kept_in_one_table_alone(house: House) -> None:
    await house.knows(house.person())
    house.server.fail("RCPT", "550 5.1.1 unknown")
    await house.is_due(house.contact("k1"))
    await house.sends()
    for table in ("messages", "suppressions", "outbox"):
        rows = await house.all(f"select t::text as row from {table} as t")
        assert rows
        assert not any("c1@example.com" in row["row"] for row in rows)


@pytest.mark.parametrize("under_way", [False, True])
async def test_a_contact_can_be_withdrawn_as_long_as_it_has_not_left(
    house: House, under_way: bool
) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact("k1"))
    if under_way:
        await house.queue.claim(house.clock.now(), 1, [Channel.EMAIL])
    await house.tell(house.handlers.on_contacts, house.withdrawal())
    await house.tell(house.handlers.on_contacts, house.withdrawal())
    assert await house.state() == ("dropped", "withdrawn")
    assert await house.reported() == [("dropped", "c1")]


async def test_what_has_left_cannot_be_withdrawn(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await house.sends()
    await house.tell(house.handlers.on_contacts, house.withdrawal())
    assert (await house.state())[0] == "sent"
    assert await house.reported() == [("sent", "c1")]


async def test_due_and_withdrawn_in_one_batch_is_withdrawn(house: House) -> None:
    await house.knows(house.person())
    await house.tell(house.handlers.on_contacts, house.contact(), house.withdrawal())
    assert await house.state() == ("dropped", "withdrawn")


def said(house: House, outcome: str, *, dead: bool = False, at: str = "k1") -> DeliveryReported:
    return DeliveryReported.model_validate(
        {
            "message_id": message_id(at),
            "candidate_id": "c1",
            "channel": Channel.EMAIL,
            "outcome": outcome,
            "address_is_dead": dead,
            "at": house.clock.now(),
        }
    )


async def sent_one(house: House, contact_id: str = "k1") -> None:
    await house.knows(house.person())
    await house.is_due(house.contact(contact_id))
    await house.sends()


async def test_a_delivery_is_reported_once_however_often_the_provider_says_it(
    house: House,
) -> None:
    await sent_one(house)
    report = said(house, "delivered")
    await house.tell(house.handlers.on_responses, report, report)
    await house.tell(house.handlers.on_responses, report)
    assert await house.reported() == [("sent", "c1"), ("delivered", "c1")]


@pytest.mark.parametrize("together", [True, False])
async def test_a_bounce_is_heard_also_after_a_delivery(house: House, together: bool) -> None:
    await sent_one(house)
    reports = [said(house, "delivered"), said(house, "bounced")]
    for batch in [reports] if together else [[one] for one in reports]:
        await house.tell(house.handlers.on_responses, *batch)
    assert (await house.reported())[-1] == ("bounced", "c1")
    await house.tell(house.handlers.on_responses, said(house, "delivered"))
    assert (await house.reported())[-1] == ("bounced", "c1")


async def on_the_wire(house: House) -> None:
    """Puts a letter on its way whose attempt is committed, and whose answer is kept back."""
    await house.knows(house.person())
    await house.is_due(house.contact())
    house.server.fail("body", "hang")
    await house.dispatcher.send_due(house.clock.now())
    while not (await house.row("k1"))["attempted_at"]:
        await asyncio.sleep(0.01)


async def test_a_report_that_is_quicker_than_we_are_is_kept(house: House) -> None:
    await on_the_wire(house)
    await house.tell(house.handlers.on_responses, said(house, "delivered"))
    await asyncio.gather(*house.dispatcher._under_way)
    row = await house.row("k1")
    assert (row["state"], row["delivered_at"]) == ("uncertain", house.clock.now())


async def test_a_report_that_is_quicker_than_we_are_is_not_taken_for_a_restore(
    house: House,
) -> None:
    await on_the_wire(house)
    delivered = reported_end(house, MessageDelivered, "k1")
    await house.tell(house.handlers.on_notifications, delivered)
    assert await house.all("select * from holds") == []
    await asyncio.gather(*house.dispatcher._under_way)
    assert (await house.row("k1"))["state"] == "uncertain"


async def test_an_end_learnt_after_a_restore_leaves_the_time_of_its_attempt(house: House) -> None:
    await on_the_wire(house)
    attempted_at = (await house.row("k1"))["attempted_at"]
    house.clock.move(timedelta(days=1))
    sent = reported_end(house, MessageSent, "k1", wording_version="test.1")
    await house.tell(house.handlers.on_notifications, sent)
    row = await house.row("k1")
    assert (row["attempted_at"], row["ended_at"]) == (attempted_at, house.clock.now())
    await asyncio.gather(*house.dispatcher._under_way)


async def test_what_a_provider_says_of_an_address_is_kept_under_a_hash(house: House) -> None:
    heard = [
        ("bounced", True, "dead"),
        ("failed", True, "dead"),
        ("opted_out", False, "opted_out"),
        ("complained", False, "opted_out"),
        ("bounced", False, None),
        ("delivered", False, None),
    ]
    for outcome, dead, because in heard:
        contact = f"{outcome} {dead}"
        await house.run("delete from suppressions")
        await house.run("delete from messages")
        await sent_one(house, contact)
        await house.tell(house.handlers.on_responses, said(house, outcome, dead=dead, at=contact))
        rows = await house.all("select * from suppressions")
        assert [row["because"] for row in rows] == ([because] if because else [])
        if because:
            assert rows[0]["address_hash"] == HASHED(" C1@Example.com")
            await house.is_due(house.contact(f"after {contact}"))
            await house.sends()
            assert await house.state(f"after {contact}") == ("dropped", "address_dead")


async def test_one_soft_bounce_kills_no_address_and_three_in_a_row_do(house: House) -> None:
    outcomes = ["bounced", "bounced", "delivered", "bounced", "bounced", "bounced"]
    about = [f"a{number}" for number in range(len(outcomes))]
    owed = [SpeakingOf(application_id=each, answer_owed=True) for each in about]
    await house.knows(house.person(applications=owed))
    for number, outcome in enumerate(outcomes):
        assert await house.all("select * from suppressions") == []
        await house.is_due(house.contact(f"k{number}", application_id=about[number]))
        await house.sends()
        house.clock.move(timedelta(hours=1))
        await house.tell(house.handlers.on_responses, said(house, outcome, at=f"k{number}"))
        again = said(house, outcome, at=f"k{number}")
        await house.tell(house.handlers.on_responses, again, again)
    [suppressed] = await house.all("select * from suppressions")
    assert suppressed["because"] == "dead"


async def test_only_an_explicit_new_yes_opens_an_address_that_opted_out(house: House) -> None:
    await sent_one(house)
    await house.tell(house.handlers.on_responses, said(house, "opted_out"))
    old_yes = house.consent(ConsentPurpose.NOW_AND_THEN)
    await house.knows(house.person(consents=[old_yes]))
    assert len(await house.all("select * from suppressions")) == 1
    new_yes = old_yes.model_copy(update={"since": house.clock.now().replace(hour=10)})
    await house.knows(house.person(consents=[new_yes], stopped=[Channel.EMAIL]))
    assert len(await house.all("select * from suppressions")) == 1
    await house.knows(house.person(consents=[new_yes]))
    assert await house.all("select * from suppressions") == []


@pytest.mark.parametrize("outcome", ["opted_out", "bounced"])
async def test_no_opt_out_and_no_dead_address_is_forgotten_when_the_key_is_rotated(
    house: House, outcome: str
) -> None:
    await sent_one(house, "before")
    await sent_one(house, "reported later")
    await house.tell(house.handlers.on_responses, said(house, outcome, dead=True, at="before"))
    new_key = AddressHash("n" * 32, ["k" * 32])
    rotated = build_house(house.database, house.clock, house.server, hashed=new_key)
    await rotated.is_due(rotated.contact("after"))
    await rotated.sends()
    assert await rotated.state("after") == ("dropped", "address_dead")


async def test_what_is_suppressed_after_a_rotation_is_known_by_the_new_key_alone(
    house: House,
) -> None:
    await sent_one(house)
    rotated = build_house(
        house.database, house.clock, house.server, hashed=AddressHash("n" * 32, ["k" * 32])
    )
    await sent_one(rotated, "after")
    await rotated.tell(rotated.handlers.on_responses, said(rotated, "opted_out", at="after"))
    (row,) = await rotated.all("select * from suppressions")
    assert row["address_hash"] == AddressHash("n" * 32)("c1@example.com")
    await rotated.is_due(rotated.contact("later"))
    await rotated.sends()
    assert await rotated.state("later") == ("dropped", "address_dead")
    consent = rotated.consent(ConsentPurpose.NOW_AND_THEN)
    new_yes = consent.model_copy(update={"since": rotated.clock.now().replace(hour=10)})
    await rotated.knows(rotated.person(consents=[new_yes]))
    assert await rotated.all("select * from suppressions") == []


async def test_a_dead_address_stays_dead_whatever_is_agreed_to(house: House) -> None:
    await sent_one(house)
    await house.tell(house.handlers.on_responses, said(house, "bounced", dead=True))
    yes = house.consent(ConsentPurpose.NOW_AND_THEN)
    later = yes.model_copy(update={"since": house.clock.now().replace(hour=10)})
    await house.knows(house.person(consents=[later]))
    assert len(await house.all("select * from suppressions")) == 1


def reported_end(house: House, kind: type[MessagePayload], contact: str, **more: Any) -> Any:
    facts = {
        "message_id": message_id(contact),
        "recipient_id": "c1",
        "contact_id": contact,
        "purpose": Purpose.LETTER,
        "channel": Channel.EMAIL,
        "at": house.clock.now(),
    }
    return kind.model_validate({**facts, **more})


async def test_reading_back_what_it_reported_itself_changes_nothing(house: House) -> None:
    await sent_one(house)
    sent = reported_end(house, MessageSent, "k1", wording_version="test.1")
    delivered = reported_end(house, MessageDelivered, "k1")
    await house.tell(house.handlers.on_notifications, sent, delivered)
    assert await house.all("select * from holds") == []


@pytest.mark.parametrize("contact_known", [True, False])
async def test_an_end_that_this_database_has_lost_is_learnt_and_everything_goes_on_hold(
    house: House, contact_known: bool
) -> None:
    await house.knows(house.person())
    if contact_known:
        await house.is_due(house.contact("k1"), house.contact("k2"))
    await house.tell(
        house.handlers.on_notifications,
        reported_end(house, MessageSent, "k1", wording_version="test.1"),
        reported_end(house, MessageDelivered, "k1"),
        reported_end(house, MessageDropped, "k2", because="no_consent"),
    )
    hold = await house.one("select * from holds")
    assert (hold["scope"], hold["because"]) == ("everything", "restored")
    await house.run("delete from holds")
    await house.is_due(house.contact("k1"), house.contact("k2"), house.contact("k3"))
    await house.sends()
    assert len(house.server.accepted) == 1
    assert (await house.state("k1"))[0] == "sent"
    assert await house.state("k2") == ("dropped", "no_consent")
    assert (await house.state("k3"))[0] == "sent"
    assert await house.reported() == [("sent", "c1")]


@dataclass
class Broken:
    offset: int
    key: bytes
    value: bytes
    topic: str = "notyet.recipients.v1"
    partition: int = 0
    timestamp: int = 0
    headers: list[tuple[str, bytes]] = field(default_factory=list)


async def test_of_somebody_erased_the_quarantine_and_the_messages_keep_nothing(
    house: House,
) -> None:
    await house.knows(house.person("c2", phone=None))
    await sent_one(house)
    elsewhere = SpeakingOf(
        application_id="a2",
        answer_owed=True,
        name=PersonName(full_name="Augusta King"),
        emails=["augusta@agency.example"],
        phone="+4930901820",
    )
    await house.knows(house.person(applications=[elsewhere]))
    await house.misses(Missed("c7", RecordPosition(0, 7)))
    quarantine = Quarantine(Fernet.generate_key().decode())
    records = [
        Broken(1, b"", b"(ada LOVELACE)"),
        Broken(2, b"c8", b"mailto:C1@example.com"),
        Broken(3, b"", b"Tel. 0170/0000000"),
        Broken(4, b"c2", b"Ada Lovelace"),
        Broken(5, b"c9", b"Ada Lovelace"),
        Broken(6, b"c8", b"Augusta@Agency.example"),
        Broken(7, b"", b"King, Augusta"),
        Broken(8, b"", b"030 90 18 20"),
        Broken(9, b"c7", b"c1@example.com"),
    ]
    async with house.database.transaction() as conn:
        await quarantine.set_aside(
            conn, [(each, Unreadable("invalid_body", "")) for each in records]
        )

    tombstone = Event.tombstone("c1", RecipientChanged.type, source="intake", at=house.clock.now())
    await house.tell(house.handlers.on_recipients, tombstone)
    search = QuarantineSearch(
        house.database, quarantine, Metrics(), MARKER.of_record, recipients.is_known
    )
    await search.run()
    assert [row["offset"] for row in await house.all('select "offset" from quarantine')] == [4, 5]
    assert await house.all("select 1 from messages where address_hash is not null") == []
