"""Nobody is written to who should not be, whatever happens at the last moment."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.notifier.gauges import Gauges
from services.notifier.store import operating
from shared.contract.events.cloudevents import Event, RecordPosition
from shared.contract.events.contacts import Window
from shared.contract.events.people import Channel, ConsentPurpose, PersonName
from shared.contract.events.purposes import BY_CONSENT, RULES, Purpose
from shared.contract.events.recipients import RecipientChanged, RecipientsHeartbeat, SpeakingOf
from shared.runtime.processing import Missed
from tests.services.notifier.house import House

NOT_TO_BE_WRITTEN_TO: list[tuple[Purpose, dict[str, Any], str]] = [
    (Purpose.LETTER, {"applications": []}, "not_speaking_of_it"),
    (
        Purpose.LETTER,
        {"applications": [SpeakingOf(application_id="a1", answer_owed=False)]},
        "no_answer_owed",
    ),
    (Purpose.KIND_LETTER, {"applications": []}, "not_speaking_of_it"),
    (Purpose.QUESTION, {"applications": []}, "not_speaking_of_it"),
    (Purpose.CONTINUATION, {"applications": []}, "not_speaking_of_it"),
    *((purpose, {}, "no_consent") for purpose in sorted(BY_CONSENT)),
    (Purpose.LETTER, {"stopped": [Channel.EMAIL]}, "stopped"),
    (Purpose.LETTER, {"emails": []}, "no_address"),
]


async def test_who_should_not_be_written_to_is_not(house: House) -> None:
    for number, (purpose, change, because) in enumerate(NOT_TO_BE_WRITTEN_TO):
        contact, person = f"k{number}", f"c{number}"
        await house.knows(house.person(person, **change))
        await house.is_due(house.contact(contact, candidate_id=person, purpose=purpose))
        await house.sends()
        assert await house.state(contact) == ("dropped", because), purpose
    assert house.server.steps == []
    reported = [("dropped", f"c{number}") for number in range(len(NOT_TO_BE_WRITTEN_TO))]
    assert await house.reported() == reported


async def test_a_letter_goes_to_whom_its_own_application_names(house: House) -> None:
    other = SpeakingOf(
        application_id="a2",
        answer_owed=True,
        name=PersonName(full_name="Mira Schulz"),
        emails=["schulz@mail.example"],
    )
    person = house.person("c1")
    await house.knows(person.model_copy(update={"applications": [*person.applications, other]}))
    await house.is_due(house.contact("k1"), house.contact("k2", application_id="a2"))
    await house.sends()
    assert sorted(house.server.recipients) == ["c1@example.com", "schulz@mail.example"]
    texts = [str(mail.content) for mail in house.server.accepted]
    named = [name for name in ("Ada Lovelace", "Mira Schulz") if any(name in it for it in texts)]
    assert named == ["Ada Lovelace", "Mira Schulz"]


@pytest.mark.parametrize(
    ("purpose", "consent"),
    [
        (purpose, consent)
        for purpose in sorted(BY_CONSENT)
        for consent in sorted(RULES[purpose].consents)
    ],
)
async def test_a_consent_holds_from_its_first_instant_to_before_its_last(
    house: House, purpose: Purpose, consent: ConsentPurpose
) -> None:
    await house.knows(house.person(consents=[house.consent(consent, days=1)]))
    now = house.clock.now()
    window = Window(opens_at=now, closes_at=now + timedelta(days=2))
    await house.is_due(
        house.contact("k1", purpose=purpose, windows=[window]),
        house.contact(
            "k2",
            purpose=purpose,
            windows=[Window(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))],
        ),
    )
    await house.sends()
    house.clock.move(timedelta(days=1))
    await house.is_fresh()
    await house.sends()
    assert (await house.state("k1"))[0] == "sent"
    assert await house.state("k2") == ("dropped", "no_consent")


async def test_a_person_not_known_yet_is_waited_for(house: House) -> None:
    await house.is_fresh()
    await house.tell(house.handlers.on_contacts, house.contact())
    await house.sends()
    assert await house.state() == ("pending", "recipient_unknown")
    await house.knows(house.person())
    house.clock.move(timedelta(seconds=2))
    await house.sends()
    assert (await house.state())[0] == "sent"


async def test_a_person_still_unknown_after_all_is_known_is_never_written_to(house: House) -> None:
    await house.is_due(house.contact())
    await house.sends()
    assert await house.state() == ("dropped", "recipient_unknown")


async def test_with_stale_knowledge_of_consent_nothing_leaves(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await house.run(
        "update heartbeats set written_at = written_at - interval '30 s' where partition = 3"
    )
    await house.sends()
    assert await house.state() == ("pending", None)
    await house.is_fresh()
    await house.sends()
    assert (await house.state())[0] == "sent"


async def of_partitions(house: House, number: int, of: int | None) -> None:
    """Beats on so many partitions, saying that there are `of` of them."""
    now = (await house.one("select clock_timestamp() as now"))["now"]
    beats = [
        RecipientsHeartbeat(partition=partition, partitions=of, written_at=now)
        for partition in range(number)
    ]
    await house.tell(house.handlers.on_recipients, *beats)


@pytest.mark.parametrize(
    ("heard", "of", "sent"),
    [(6, None, True), (5, None, False), (7, 7, True), (6, 7, False), (3, 3, True), (8, 3, True)],
)
async def test_every_partition_that_exists_has_to_be_heard_of(
    house: House, heard: int, of: int | None, sent: bool
) -> None:
    await house.knows(house.person())
    await house.tell(house.handlers.on_contacts, house.contact())
    await of_partitions(house, heard, of)
    await house.sends()
    assert bool(house.server.accepted) == sent


async def test_a_partition_that_was_added_has_to_be_fresh_as_well(house: House) -> None:
    await of_partitions(house, 7, 7)
    await house.run(
        "update heartbeats set written_at = written_at - interval '4 min' where partition = 6"
    )
    await house.knows(house.person())
    await house.tell(house.handlers.on_contacts, house.contact())
    await house.sends()
    assert house.server.steps == []


async def test_a_partition_that_is_no_more_holds_up_nothing(house: House) -> None:
    await of_partitions(house, 7, 7)
    await house.run("update heartbeats set written_at = written_at - interval '4 min'")
    await house.knows(house.person())
    await house.tell(house.handlers.on_contacts, house.contact())
    await of_partitions(house, 6, 6)
    await house.sends()
    assert len(house.server.accepted) == 1


async def test_an_older_intake_that_counts_no_partitions_leaves_the_count_as_it_is(
    house: House,
) -> None:
    await of_partitions(house, 7, 7)
    await of_partitions(house, 6, None)
    counted = await house.all("select partitions from heartbeats")
    assert {row["partitions"] for row in counted} == {7}


async def test_one_partition_never_heard_of_is_enough_to_send_nothing(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await house.run("delete from heartbeats where partition = 5")
    await house.sends()
    assert house.server.steps == []


class Interrupted:
    """Makes something happen after the server took the recipient, and before the attempt."""

    def __init__(self, house: House) -> None:
        self._house = house
        house.server.pauses["RCPT"] = 0.3

    async def by(self, *work: object) -> None:
        await self._house.dispatcher.send_due(self._house.clock.now())
        while "RCPT" not in self._house.server.steps and "MAIL" not in self._house.server.steps:
            await asyncio.sleep(0.01)
        for one in work:
            await one  # type: ignore[misc]
        await asyncio.gather(*self._house.dispatcher._under_way)


async def test_consent_withdrawn_between_claim_and_attempt_stops_the_message(house: House) -> None:
    consent = house.consent(ConsentPurpose.NOW_AND_THEN)
    await house.knows(house.person(consents=[consent]))
    await house.is_due(house.contact(purpose=Purpose.CHECK_IN))
    await Interrupted(house).by(house.knows(house.person(consents=[])))
    assert house.server.accepted == []
    assert await house.state() == ("dropped", "no_consent")
    assert house.server.steps[-1] == "RSET"


async def test_somebody_whose_newest_state_turns_out_unreadable_at_the_last_moment_is_spared(
    house: House,
) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await Interrupted(house).by(unread(house, "c1"))
    assert house.server.accepted == []
    assert await house.state() == ("pending", "recipient_unread")


async def test_an_unread_state_stops_nobody_else_and_an_erasure_ends_the_mark(house: House) -> None:
    await house.knows(house.person("c1"), house.person("c2"))
    await unread(house, "c1", "heartbeat-3")
    await Gauges(house.database, house.metrics).refresh(house.clock.now())
    assert house.metrics.unread_recipients._value.get() == 1
    await house.is_due(house.contact(candidate_id="c2"))
    await house.sends()
    assert (await house.state())[0] == "sent"
    await house.tell(house.handlers.on_recipients, tombstone(house, "c1"))
    assert [row["recipient_id"] for row in await house.all("select * from recipients")] == ["c2"]


async def test_a_stored_message_that_cannot_be_read_is_dropped_and_costs_only_itself(
    house: House,
) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact("k1"), house.contact("k2"), house.contact("k3"))
    await house.run("update messages set facts = '{\"tier\": 7}' where contact_id = 'k2'")
    await house.run("update messages set purpose = 'yearly_note' where contact_id = 'k3'")
    await house.sends()
    assert (await house.state("k1"))[0] == "sent"
    assert await house.state("k2") == ("dropped", "unreadable")
    assert await house.state("k3") == ("dropped", "unknown_purpose")
    assert sorted(await house.reported()) == [("dropped", "c1"), ("dropped", "c1"), ("sent", "c1")]


async def test_a_stored_recipient_who_cannot_be_read_costs_nobody_else(house: House) -> None:
    await house.knows(house.person("c1"), house.person("c2"))
    await house.run("update recipients set state = '{}' where recipient_id = 'c1'")
    await house.is_due(house.contact("k1"), house.contact("k2", candidate_id="c2"))
    await house.sends()
    assert await house.state("k1") == ("pending", "recipient_unread")
    assert (await house.state("k2"))[0] == "sent"


async def test_a_contact_withdrawn_between_claim_and_attempt_stops_the_message(
    house: House,
) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await Interrupted(house).by(house.tell(house.handlers.on_contacts, house.withdrawal()))
    assert house.server.accepted == []
    assert await house.state() == ("dropped", "withdrawn")
    assert await house.reported() == [("dropped", "c1")]


async def test_somebody_erased_between_claim_and_attempt_is_not_written_to(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await Interrupted(house).by(house.tell(house.handlers.on_recipients, tombstone(house, "c1")))
    assert house.server.accepted == []
    assert await house.state() == ("dropped", "erased")


async def test_a_hold_between_claim_and_attempt_stops_the_message(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await Interrupted(house).by(hold(house, "everything"))
    assert house.server.accepted == []
    assert await house.state() == ("pending", "on_hold")


async def test_a_changed_name_is_worded_anew(house: House) -> None:
    await house.knows(house.person())
    await house.is_due(house.contact())
    await Interrupted(house).by(house.knows(house.person(emails=["new@example.com"])))
    assert await house.state() == ("pending", "rerouted")
    house.clock.move(timedelta(seconds=2))
    await house.sends()
    assert house.server.recipients == ["new@example.com"]


def tombstone(house: House, key: str) -> Event:
    return Event.tombstone(key, RecipientChanged.type, source="intake", at=house.clock.now())


async def unread(house: House, *keys: str) -> None:
    await house.misses(*(Missed(key, RecordPosition(0, 7)) for key in keys))


async def hold(house: House, scope: str) -> None:
    async with house.database.transaction() as conn:
        await operating.hold(conn, scope, "a test", house.clock.now())


@pytest.mark.parametrize("scope", ["everything", "email"])
async def test_what_is_on_hold_waits_and_leaves_after_the_release(house: House, scope: str) -> None:
    await house.knows(house.person())
    await hold(house, scope)
    await house.is_due(house.contact())
    await house.sends()
    house.clock.move(timedelta(seconds=5))
    await house.sends()
    assert (await house.state())[0] == "pending"
    async with house.database.transaction() as conn:
        assert await operating.release(conn, scope)
    house.clock.move(timedelta(seconds=5))
    await house.sends()
    assert (await house.state())[0] == "sent"
