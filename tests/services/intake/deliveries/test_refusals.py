"""What a system says of whoever is to hear nothing: the newest word holds, theirs before it."""

import json
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from services.intake.applicants import joining
from services.intake.consent import store as consent
from services.intake.deliveries.domain import State
from services.intake.sources import store as sources
from services.intake.sources.domain import APPLIED_DAYS, LETTER_DAYS
from services.intake.webhooks.standard_webhooks import ID, SIGNATURE, TIMESTAMP, signature
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.recipients import RecipientChanged
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.calling import Careers, connected
from tests.services.intake.upstream import NOW, published, rows, standing
from tests.services.intake.webhooks.greenhouse import (
    SECRET,
    THEY_DID,
    a_candidate,
    a_job,
    a_rejection,
    an_application,
    hook,
    unrejected,
)

PRIVATE = a_candidate(is_private=True)
SILENT = a_candidate(can_email=False)
ANOTHER: dict[str, Any] = {"id": 9002, "jobs": [a_job(id=4002, name="Cook")]}
EMAIL, BOTH = ["email"], ["email", "sms"]


@pytest.fixture
async def careers(databases: Databases, clock: ManualClock) -> AsyncIterator[Careers]:
    async with connected(databases, clock) as calling:
        yield calling


async def tell(careers: Careers, *bodies: dict[str, Any]) -> None:
    for body in bodies:
        await careers.call(body)
        await careers.run()
    await careers.run()


def changed(**fields: Any) -> dict[str, Any]:
    return hook("update_candidate", candidate=a_candidate(**fields))


async def stopped(careers: Careers) -> list[str]:
    [person] = await standing(careers.database)
    return list(person.get("stopped", []))


async def recipient(careers: Careers) -> RecipientChanged:
    return RecipientChanged.model_validate((await published(careers.database, "recipients"))[-1])


async def ask(careers: Careers) -> None:
    """Says yes to letters, as by the form on their page."""
    async with careers.database.transaction() as conn:
        query = "select applicant_key, candidate_id from applicants"
        [[key, candidate_id]] = await conn.fetch(query)
        now = careers.front.service.clock.now()
        await consent.hat_answered(conn, key, "yes", now)
        await consent.lift_stops(conn, [candidate_id], list(Channel), "page", now, by=key)
        await joining.publish(conn, await joining.regroup(conn, [key], now), now)


@pytest.mark.parametrize(
    "earlier",
    [
        [changed(is_private=True)],
        [changed(is_private=True), changed(is_private=False)],
        [changed(can_email=False), changed(can_email=True)],
        [a_rejection(candidate=PRIVATE, **ANOTHER)],
        [changed(is_private=True), changed(can_email=False)],
    ],
)
async def test_who_is_public_when_they_are_turned_down_is_told_whatever_they_were_before(
    careers: Careers, earlier: list[dict[str, Any]]
) -> None:
    await tell(careers, *earlier, a_rejection())
    assert await stopped(careers) == []
    [spoken_of] = (await recipient(careers)).applications
    assert spoken_of.answer_owed
    assert spoken_of.emails is None
    assert await careers.read_again() > 0
    assert await stopped(careers) == []


@pytest.mark.parametrize("candidate", [PRIVATE, SILENT])
async def test_who_is_public_again_is_told_the_next_no(
    careers: Careers, candidate: dict[str, Any]
) -> None:
    await tell(careers, a_rejection(), hook("update_candidate", candidate=candidate))
    assert await stopped(careers) == (BOTH if candidate is PRIVATE else EMAIL)
    await tell(careers, changed(last_name="Again"))
    assert await stopped(careers), "an edit of their card lets nothing leave"
    await tell(careers, a_rejection(**ANOTHER))
    assert await stopped(careers) == []
    await careers.read_again()
    assert await stopped(careers) == []


async def test_who_may_be_emailed_again_but_is_private_hears_nothing(careers: Careers) -> None:
    await tell(careers, a_rejection(), changed(is_private=True))
    await tell(careers, a_rejection(**ANOTHER | {"candidate": PRIVATE}))
    assert await stopped(careers) == BOTH
    await tell(careers, a_rejection(**ANOTHER | {"candidate": SILENT}))
    assert await stopped(careers) == EMAIL


async def test_what_they_stopped_themselves_stays_stopped_when_their_system_takes_back_its_own(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection(), changed(is_private=True))
    async with careers.database.transaction() as conn:
        [[candidate_id]] = await conn.fetch("select candidate_id from applicants")
        now = careers.front.service.clock.now()
        await consent.stop(conn, [candidate_id], [Channel.EMAIL], "page", now)
    await tell(careers, a_rejection(**ANOTHER))
    assert await stopped(careers) == EMAIL


@pytest.mark.parametrize("action", ["unreject_candidate", "hire_candidate", "unhire_candidate"])
async def test_who_is_private_as_one_application_is_decided_on_hears_nothing_of_another(
    careers: Careers, action: str
) -> None:
    await tell(careers, a_rejection(), a_rejection(**ANOTHER))
    await tell(careers, hook(action, application={"id": 9002, "candidate": PRIVATE}))
    assert await stopped(careers) == BOTH
    status = "hired" if action == "hire_candidate" else "unrejected"
    assert await careers.applications() == [("rejected", False), (status, False)]


def merging(id: int, into: int) -> dict[str, Any]:
    return hook("merge_candidate", person={"id": id, "new_candidate_id": into})


@pytest.mark.parametrize(
    "told",
    list(permutations([a_rejection(), changed(id=7002, is_private=True), merging(7002, 7001)])),
)
async def test_a_private_candidate_who_is_merged_into_a_public_one_stops_nothing(
    careers: Careers, told: list[dict[str, Any]]
) -> None:
    await tell(careers, *told)
    assert await stopped(careers) == []


async def test_a_private_candidate_with_a_letter_is_as_public_as_whom_they_are_merged_into(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection())
    hers = a_candidate(id=7002)
    await tell(careers, a_rejection(**ANOTHER | {"candidate": hers}))
    await tell(careers, changed(id=7002, is_private=True))
    await tell(careers, merging(7002, 7001))
    assert await stopped(careers) == []


async def test_a_public_candidate_who_is_merged_into_a_private_one_hears_nothing(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection(), changed(is_private=True), merging(7002, 7001))
    await tell(careers, a_rejection(**ANOTHER | {"candidate": a_candidate(id=7002)}))
    assert await stopped(careers) == BOTH


async def test_a_private_candidate_of_whom_no_other_id_says_anything_hears_nothing(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection(), merging(7001, 7002), changed(id=7001, is_private=True))
    assert await stopped(careers) == BOTH


async def test_who_asked_for_it_themselves_is_not_silenced_by_what_was_said_before(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection(), changed(is_private=True))
    await ask(careers)
    await tell(careers, changed(is_private=True, tags=["seen"]))
    await tell(careers, a_rejection(**ANOTHER | {"candidate": PRIVATE}))
    await careers.read_again()
    assert await stopped(careers) == []
    stops = await rows(careers.database, "select 1 from channel_stops where lifted_at is null")
    assert stops == []


async def test_who_agreed_to_it_is_not_silenced_by_what_was_said_before_and_is_read_after(
    careers: Careers, clock: ManualClock
) -> None:
    await tell(careers, a_rejection())
    await careers.call(changed(is_private=True))
    clock.move(timedelta(minutes=1))
    now = clock.now()
    agreed = [
        Consent(
            purpose=ConsentPurpose.SIMILAR_OPENING,
            channel=each,
            since=now,
            until=now + timedelta(days=90),
        )
        for each in Channel
    ]
    async with careers.database.transaction() as conn:
        [[key]] = await conn.fetch("select applicant_key from applicants")
        await consent.begin_consents(conn, key, agreed, how="page", wording_version="w", now=now)
    await tell(careers)
    assert await stopped(careers) == []
    clock.move(timedelta(minutes=1))
    await tell(careers, a_rejection(**ANOTHER), changed(is_private=True, tags=["anew"]))
    assert await stopped(careers) == BOTH


async def test_who_asked_for_it_is_silenced_by_a_refusal_that_was_taken_back_and_said_anew(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection(), changed(is_private=True))
    await ask(careers)
    await tell(careers, a_rejection(**ANOTHER), changed(is_private=True, tags=["anew"]))
    assert await stopped(careers) == BOTH


DECIDING = {
    "hire_candidate": "hired",
    "unreject_candidate": "unrejected",
    "unhire_candidate": "unrejected",
}


def deciding(action: str, **fields: Any) -> dict[str, Any]:
    return hook(action, application=an_application(status="active", **fields))


async def pause(careers: Careers) -> None:
    async with careers.database.transaction() as conn:
        await sources.pause(conn, "careers", careers.front.service.clock.now())


async def start(careers: Careers) -> None:
    async with careers.database.transaction() as conn:
        now = careers.front.service.clock.now()
        await sources.start(conn, "careers", LETTER_DAYS, APPLIED_DAYS, now)
    await careers.read_again(states=[State.TRIED])


@pytest.mark.parametrize("fields", [{"is_private": True}, {"can_email": False}, {}])
@pytest.mark.parametrize("action", DECIDING)
async def test_what_was_decided_counts_while_its_source_is_paused(
    careers: Careers, action: str, fields: dict[str, Any]
) -> None:
    await tell(careers, a_rejection())
    await pause(careers)
    await tell(careers, deciding(action, candidate=a_candidate(**fields)))
    assert await careers.applications() == [(DECIDING[action], False)]
    expected = BOTH if "is_private" in fields else EMAIL if fields else []
    assert await stopped(careers) == expected
    assert (await careers.made())[-1][0] == "recorded"
    await start(careers)
    assert await careers.applications() == [(DECIDING[action], False)]


MOVED = [{"value": "moved@mail.example", "type": "personal"}]


@pytest.mark.parametrize(
    ("body", "channels"),
    [
        (changed(is_private=True, email_addresses=MOVED), BOTH),
        (changed(can_email=False, email_addresses=MOVED), EMAIL),
        (a_rejection(**ANOTHER | {"candidate": PRIVATE}), BOTH),
        (a_rejection(**ANOTHER | {"candidate": SILENT}), EMAIL),
        (deciding("candidate_stage_change", id=9002, candidate=SILENT), EMAIL),
    ],
)
async def test_that_they_may_not_be_written_to_counts_alone_while_their_source_is_paused(
    careers: Careers, body: dict[str, Any], channels: list[str]
) -> None:
    await tell(careers, a_rejection())
    known = await rows(careers.database, "select personal_data::text from applicants")
    await pause(careers)
    await tell(careers, body)
    assert await stopped(careers) == channels
    assert await careers.applications() == [("rejected", False)]
    assert await rows(careers.database, "select personal_data::text from applicants") == known
    await start(careers)
    assert await stopped(careers) == channels
    if body["payload"].get("candidate", PRIVATE)["is_private"]:
        return
    recorded = await rows(careers.database, "select personal_data::text as it from applicants")
    assert "moved@mail.example" in recorded[0]["it"]


@pytest.mark.parametrize("body", [a_rejection(candidate=SILENT), changed(is_private=True)])
async def test_a_refusal_begins_no_record_while_its_source_is_paused(
    careers: Careers, body: dict[str, Any]
) -> None:
    await pause(careers)
    await tell(careers, body)
    assert await rows(careers.database, "select from applicants") == []


async def test_a_no_of_whoever_refuses_email_counts_once_its_paused_source_goes_on(
    careers: Careers,
) -> None:
    await tell(careers, a_rejection())
    await pause(careers)
    await tell(careers, a_rejection(**ANOTHER | {"candidate": SILENT}))
    assert (await careers.made())[-1][0] == "tried"
    await start(careers)
    assert await careers.applications() == [("rejected", False)] * 2
    assert await stopped(careers) == EMAIL


@pytest.mark.parametrize("name", ["Mi\x00ra", "Mira \ud83d"])
@pytest.mark.parametrize("fields", [{"is_private": True}, {"can_email": False}, {}])
@pytest.mark.parametrize("action", DECIDING)
async def test_what_was_decided_counts_where_their_name_cannot_be_read(
    careers: Careers, action: str, fields: dict[str, Any], name: str
) -> None:
    await tell(careers, a_rejection())
    who = a_candidate(first_name=name, **fields)
    await tell(careers, deciding(action, candidate=who))
    assert await careers.applications() == [(DECIDING[action], False)]
    assert await stopped(careers) == (BOTH if "is_private" in fields else EMAIL if fields else [])
    assert (await careers.made())[-1][0] == "recorded"


UNREAD = {"first_name": "Mira \ud83d"}


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (changed(can_email=False, **UNREAD), "untranslatable"),
        (changed(can_email=False, phone_numbers=None), "untranslatable"),
        (changed(can_email=False, is_private=None), "untranslatable"),
        (changed(is_private=True, **UNREAD), "recorded"),
        (changed(is_private=True, can_email=None), "recorded"),
        (a_rejection(**ANOTHER | {"candidate": SILENT, "jobs": []}), "untranslatable"),
        (deciding("hire_candidate", id=None, candidate=SILENT), "untranslatable"),
    ],
)
async def test_that_they_may_not_be_written_to_counts_where_the_rest_cannot_be_read(
    careers: Careers, body: dict[str, Any], state: str
) -> None:
    await tell(careers, a_rejection())
    known = await rows(careers.database, "select personal_data::text from applicants")
    await tell(careers, body)
    who = body["payload"].get("candidate") or body["payload"]["application"]["candidate"]
    assert await stopped(careers) == (BOTH if who["is_private"] else EMAIL)
    assert await rows(careers.database, "select personal_data::text from applicants") == known
    assert (await careers.made())[-1][0] == state


OTHER_TYPE = {"id": 3, "name": "Filled", "type": {"id": 9, "name": "Position filled"}}


@pytest.mark.parametrize("told_before", [True, False])
@pytest.mark.parametrize(
    ("body", "state"),
    [
        (a_rejection(id=9002, rejection_reason={"id": 2, "type": THEY_DID}, candidate=SILENT),
         "recorded"),
        (a_rejection(id=9002, jobs=[a_job(confidential=True)], candidate=SILENT), "ignored"),
        (a_rejection(id=9002, prospect=True, jobs=[], candidate=SILENT), "ignored"),
        (a_rejection(id=9002, rejection_reason=OTHER_TYPE, candidate=SILENT), "ignored"),
        (a_rejection(id=9002, rejected_at="2019-01-01T00:00:00Z", candidate=SILENT), "ignored"),
        (a_rejection(id=9002, status="active", rejected_at=None, candidate=SILENT), "ignored"),
        (unrejected(id=9002, candidate=SILENT), "recorded"),
        (deciding("hire_candidate", id=9002, candidate=SILENT), "recorded"),
        (deciding("application_updated", id=9002, candidate=SILENT), "ignored"),
    ],
)  # fmt: skip
async def test_who_may_not_be_emailed_is_not_whatever_a_call_says_of_them(
    careers: Careers, body: dict[str, Any], state: str, told_before: bool
) -> None:
    bodies = [a_rejection(), body]
    await tell(careers, *(bodies if told_before else reversed(bodies)))
    if told_before:
        assert await stopped(careers) == EMAIL
        assert (await careers.made())[-1][0] == state
    else:
        assert await stopped(careers) == [], "the no that came later says that they may"
    assert ("rejected", False) in await careers.applications()


async def test_a_rejection_that_was_passed_over_counts_once_its_type_has_a_meaning(
    careers: Careers, clock: ManualClock
) -> None:
    passed_over = a_rejection(**ANOTHER | {"candidate": SILENT, "rejection_reason": OTHER_TYPE})
    await tell(careers, a_rejection(), passed_over)
    assert "types 'Position filled' rejected|withdrawn" in (await careers.made())[-1][1]
    async with careers.database.transaction() as conn:
        options = {"types": {"position filled": "rejected"}}
        await sources.set_options(conn, "careers", options)
    clock.move(timedelta(hours=1))
    await careers.read_again(source="careers")
    assert await careers.applications() == [("rejected", False)] * 2
    assert await stopped(careers) == EMAIL


async def test_whoever_is_private_as_they_withdraw_has_withdrawn(careers: Careers) -> None:
    await tell(careers, a_rejection())
    reason = {"id": 2, "name": "Took another job", "type": THEY_DID}
    await tell(careers, a_rejection(candidate=PRIVATE, rejection_reason=reason))
    assert await careers.applications() == [("withdrawn", False)]
    assert await stopped(careers) == BOTH


async def test_what_was_refused_before_a_source_counts_stops_what_leaves_then(
    databases: Databases, clock: ManualClock
) -> None:
    async with connected(databases, clock, live=False) as careers:
        await tell(careers, a_rejection(), changed(can_email=False, **UNREAD))
        await start(careers)
        await careers.run()
        assert await stopped(careers) == EMAIL


def told_by_any_system(
    kind: str, refuses: bool, at: datetime | None, application_id: str = "a-1"
) -> dict[str, Any]:
    """Returns an event of ours as any system may send it."""
    who = {"applicantId": "p-1", "name": {"fullName": "Mira Okafor"}, "phone": "+4915123456789"}
    applicant = who | {"emails": ["mira@mail.example"]}
    data: dict[str, Any] = {
        "applicant": applicant | {"refusesEmail": refuses, "refusesSms": refuses}
    }
    if kind == "rejected":
        data |= {
            "applicationId": application_id,
            "vacancy": {"vacancyId": application_id, "title": "Cook"},
            "reason": {"code": "other_candidate_stronger"},
            "decidedAt": (NOW - timedelta(hours=6)).isoformat(),
        }
    said = {"id": f"{kind} {application_id} {at}", "type": f"dev.notyet.applicant.{kind}.v1"}
    return said | {"data": data} | ({"time": at.isoformat()} if at else {})


async def tell_as_any_system(careers: Careers, *bodies: dict[str, Any]) -> None:
    for body in bodies:
        raw, sent, id = json.dumps(body).encode(), int(time.time()), body["id"]
        signed = {ID: id, TIMESTAMP: str(sent), SIGNATURE: signature(SECRET, id, sent, raw)}
        answer = await careers.front.client.post("/v1/webhooks/jobs", content=raw, headers=signed)
        assert answer.status_code == 200
        await careers.run()


@pytest.mark.parametrize(
    ("refused_at", "no_at", "expected"),
    [
        (NOW - timedelta(hours=1), NOW - timedelta(hours=2), BOTH),
        (NOW - timedelta(hours=2), NOW - timedelta(hours=1), []),
        (None, NOW - timedelta(hours=1), BOTH),
        (NOW - timedelta(hours=1), None, []),
    ],
)
@pytest.mark.parametrize("in_order", [True, False])
async def test_a_refusal_is_as_old_as_a_system_says_that_tells_when_each_thing_was_said(
    careers: Careers,
    clock: ManualClock,
    refused_at: datetime | None,
    no_at: datetime | None,
    expected: list[str],
    in_order: bool,
) -> None:
    await careers.connect("generic")
    first = told_by_any_system("rejected", False, NOW - timedelta(hours=5))
    refusal = told_by_any_system("updated", True, refused_at)
    no = told_by_any_system("rejected", False, no_at, "a-2")
    await tell_as_any_system(careers, first, *([refusal, no] if in_order else [no, refusal]))
    assert await stopped(careers) == expected
    await careers.read_again()
    assert await stopped(careers) == expected


async def test_a_refusal_told_by_any_system_counts_while_that_is_paused(careers: Careers) -> None:
    await careers.connect("generic")
    await tell_as_any_system(careers, told_by_any_system("rejected", False, NOW))
    async with careers.database.transaction() as conn:
        await sources.pause(conn, "jobs", NOW)
    await tell_as_any_system(careers, told_by_any_system("updated", True, None))
    assert await stopped(careers) == BOTH
