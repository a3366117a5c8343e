"""What a source reads back over `/v1`: of its own applicants and calls, nothing of another's."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.intake.consent.store import begin_consents
from services.intake.keys import store as keys
from services.intake.keys.domain import Scope
from services.intake.messages.handlers import on_notifications
from shared.contract.events.applications import ApplicantHired
from shared.contract.events.cloudevents import Event
from shared.contract.events.notifications import MessageSent
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.purposes import Purpose
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.calling import connected
from tests.services.intake.front import Front, a_rejection, opened
from tests.services.intake.upstream import (
    ATS,
    NOW,
    decided,
    erased,
    merged,
    record,
    rejected,
    rows,
    standing,
)
from tests.services.intake.webhooks.greenhouse import an_application, hook

OTHER = "another-system"
GAP = {
    "requirementId": "r-1",
    "kind": "experience",
    "name": "logistics",
    "requiredMonths": 24,
    "observedMonths": 12,
}


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock) as door:
        yield door


async def read(front: Front, path: str, source: str = ATS) -> httpx.Response:
    async with front.service.database.transaction() as conn:
        key = await keys.create(conn, source, NOW, [Scope.CANDIDATES, Scope.DELIVERIES])
    return await front.client.get(path, headers={"authorization": f"Bearer {key}"})


async def sent(front: Front, candidate_id: str, **fields: Any) -> None:
    data = MessageSent(
        recipient_id=candidate_id,
        channel=Channel.EMAIL,
        at=NOW,
        **{"message_id": "m-1", "wording_version": "w1", "purpose": Purpose.LETTER, **fields},
    )
    async with front.service.database.transaction() as conn:
        await on_notifications(conn, [Event.about(data, source="notifier", at=NOW)], NOW)


async def execute(front: Front, statement: str, *values: Any) -> None:
    async with front.service.database.transaction() as conn:
        await conn.execute(statement, *values)


async def agree(front: Front, source: str) -> None:
    [theirs] = await rows(
        front.service.database, "select applicant_key from applicants where source = $1", source
    )
    yes = Consent(
        purpose=ConsentPurpose.WHEN_QUALIFIED,
        channel=Channel.EMAIL,
        since=NOW,
        until=NOW + timedelta(days=700),
    )
    said: dict[str, Any] = {"how": "page", "wording_version": "letter.en.1", "now": NOW}
    async with front.service.database.transaction() as conn:
        await begin_consents(conn, theirs["applicant_key"], [yes], **said)


async def invite(front: Front, source: str, vacancy_id: str) -> None:
    """Approves everybody for a vacancy of a source, on a list of its own."""
    await execute(
        front,
        "with named as (insert into vacancy_ids values ($1, $2, $2) on conflict do nothing),"
        " open as (insert into vacancies (vacancy_id, source, status, vacancy, event_time,"
        " event_id, type, version, source_version) values"
        " ($2, $1, 'open', '{}', $3, 'e', 't', 1, 1)),"
        " list as (insert into shortlists values ($2, $2, 'Role ' || $2, false, 9, 1, $3)),"
        " placed as (insert into shortlisted select $2, candidate_id, 1, 'runner_up', null, 'now',"
        " null, null, '[]', '[]' from candidates returning candidate_id)"
        " insert into shortlist_decisions (shortlist_id, candidate_id, recruiter_id, choice,"
        " decided_at) select $2, candidate_id, 'r', 'approved', $3 from placed",
        source,
        vacancy_id,
        NOW,
    )


async def test_a_letter_is_planned_until_it_has_left_and_is_then_what_was_said(
    front: Front,
) -> None:
    body = a_rejection(shortfalls=[GAP])
    assert (await front.post("/v1/rejections", body)).status_code == 202
    known = (await read(front, "/v1/candidates/p-1")).json()
    assert known["applicantId"] == "p-1"
    letter = {"what": "letter", "applicationId": "a-1", "vacancyTitle": "Shift lead"}
    assert known["planned"] == [letter | {"since": "2026-02-25T09:00:00Z"}]
    assert (known["messages"], known["agreements"], known["stops"]) == ([], [], [])

    [person] = await standing(front.service.database)
    await sent(front, person["candidateId"], application_id="a-1")
    await agree(front, ATS)
    known = (await read(front, "/v1/candidates/p-1")).json()
    [application] = known["applications"]
    assert application["toldAt"] == "2026-03-02T09:00:00Z"
    assert application["vacancyId"] == "v-1"
    [message] = known["messages"]
    assert (message["what"], message["purpose"], message["applicationId"]) == (
        *("sent", "letter"),
        "a-1",
    )
    [agreement] = known["agreements"]
    assert (agreement["purpose"], agreement["wording"]) == ("when_qualified", "letter.en.1")
    [planned] = known["planned"]
    assert (planned["what"], planned["expectedOn"]) == ("when_qualified", "2027-02-25")


async def test_nothing_of_another_source_is_read(front: Front) -> None:
    database = front.service.database
    await record(database, rejected(), rejected("q-9", "b-7", source=OTHER, stage="final"))
    [person] = await standing(database)
    candidate_id = person["candidateId"]
    assert len(person["rejections"]) == 2
    by_id = {it["source"]: it["applicationId"] for it in person["rejections"]}
    await sent(front, candidate_id, message_id="m-2", application_id=by_id[OTHER])
    await agree(front, OTHER)
    await invite(front, OTHER, "v-8")
    await sent(front, candidate_id, message_id="m-3", shortlist_id="v-8", purpose="invitation")
    own = (await read(front, "/v1/candidates/p-1")).json()
    assert [it["applicationId"] for it in own["applications"]] == ["a-1"]
    assert [it["what"] for it in own["planned"]] == []
    assert (own["messages"], own["agreements"]) == ([], [])
    theirs = (await read(front, "/v1/candidates/q-9", OTHER)).json()
    assert [it["applicationId"] for it in theirs["applications"]] == ["b-7"]
    assert [it["purpose"] for it in theirs["messages"]] == ["letter", "invitation"]
    assert len(theirs["agreements"]) == 1
    for path, source in (("q-9", ATS), ("p-1", OTHER), (candidate_id, ATS), ("b-7", OTHER)):
        answer = await read(front, f"/v1/candidates/{path}", source)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_an_approved_invitation_is_planned_until_it_has_left(front: Front) -> None:
    await record(front.service.database, rejected(alreadyTold=True))
    await invite(front, ATS, "v-2")
    planned = (await read(front, "/v1/candidates/p-1")).json()["planned"]
    assert [(it["what"], it["vacancyTitle"]) for it in planned] == [("invitation", "Role v-2")]
    [person] = await standing(front.service.database)
    about = {"shortlist_id": "v-2", "purpose": "invitation"}
    await sent(front, person["candidateId"], **about)
    known = (await read(front, "/v1/candidates/p-1")).json()
    assert (known["planned"], len(known["messages"])) == ([], 1)


async def test_what_somebody_asked_of_what_is_held_is_not_told_to_their_source(
    front: Front,
) -> None:
    await record(front.service.database, rejected())
    [person] = await standing(front.service.database)
    await sent(front, person["candidateId"], purpose=Purpose.RECORD, application_id="a-1")
    assert (await read(front, "/v1/candidates/p-1")).json()["messages"] == []


async def test_an_applicant_is_found_under_each_id_they_were_told_by_until_they_are_erased(
    front: Front,
) -> None:
    database = front.service.database
    slashed = rejected("p/2 ?", "a-2", person={"emails": ["other@mail.example"]})
    await record(database, rejected(), slashed)
    assert (await read(front, "/v1/candidates/p%2F2%20%3F")).json()["applicantId"] == "p/2 ?"
    await record(database, merged("p/2 ?", "p-1", time=NOW))
    for path in ("p-1", "p%2F2%20%3F"):
        found = (await read(front, f"/v1/candidates/{path}")).json()
        assert len(found["applications"]) == 2, path
    await record(database, erased(time=NOW))
    for path in ("p-1", "p%2F2%20%3F", "", "%00", "x" * 900, "%ff"):
        assert (await read(front, f"/v1/candidates/{path}")).status_code == 404, path


async def test_who_was_never_turned_down_is_read_too(front: Front) -> None:
    await record(front.service.database, decided(ApplicantHired))
    known = (await read(front, "/v1/candidates/p-1")).json()
    assert [it["status"] for it in known["applications"]] == ["hired"]
    assert known["planned"] == []


async def test_deliveries_are_read_page_by_page_the_newest_first(
    databases: Databases, clock: ManualClock
) -> None:
    async with connected(databases, clock) as careers:
        for number in range(3):
            clock.move(timedelta(minutes=number))
            gone = an_application(id=number + 1)
            await careers.call(hook("reject_candidate", application=gone))
        await careers.call({"action": "ping", "payload": {}})
        await careers.run()
        first = (await read(careers.front, "/v1/deliveries?limit=3", "careers")).json()
        ids = [each["id"] for each in first["items"]]
        assert ids == sorted(ids, reverse=True)
        second = (
            await read(careers.front, f"/v1/deliveries?cursor={first['next']}", "careers")
        ).json()
        assert len(second["items"]) == 1
        assert second["items"][0]["id"] < ids[-1]
        assert "next" not in second
        [oldest] = second["items"]
        assert oldest["eventTypes"] == ["dev.notyet.applicant.rejected.v1"]
        assert (oldest["state"], "letter of ours" in oldest["summary"]) == ("recorded", True)
        recorded = await read(careers.front, "/v1/deliveries?state=recorded", "careers")
        assert len(recorded.json()["items"]) == 3
        assert (await read(careers.front, "/v1/deliveries")).json() == {"items": []}
        assert "Okafor" not in recorded.text


async def test_a_page_goes_on_where_the_last_delivery_of_the_one_before_was_erased(
    databases: Databases, clock: ManualClock
) -> None:
    async with connected(databases, clock) as careers:
        for number in range(4):
            clock.move(timedelta(microseconds=number))
            await careers.call(hook("reject_candidate", application=an_application(id=number + 1)))
        first = (await read(careers.front, "/v1/deliveries?limit=2", "careers")).json()
        async with careers.database.transaction() as conn:
            await conn.execute("delete from deliveries where id = $1", first["items"][-1]["id"])
        path = f"/v1/deliveries?cursor={first['next']}"
        second = (await read(careers.front, path, "careers")).json()
        ids = [each["id"] for page in (first, second) for each in page["items"]]
        assert (len(set(ids)), ids) == (4, sorted(ids, reverse=True))
        assert (await read(careers.front, path)).json() == {"items": []}


async def test_a_parameter_that_is_wrong_is_named(front: Front) -> None:
    for wrong in ("limit=0", "limit=201", "cursor=now", "cursor=7", "state=lost", "page=2"):
        answer = await read(front, f"/v1/deliveries?{wrong}")
        assert answer.status_code == 422
        assert [fault["field"] for fault in answer.json()["errors"]] == [wrong.partition("=")[0]]


async def test_a_key_that_posts_reads_nothing_and_one_that_reads_posts_nothing(
    front: Front,
) -> None:
    for path in ("/v1/candidates/p-1", "/v1/deliveries"):
        assert (await front.client.get(path)).status_code == 403
        assert (await front.client.get(path, headers={"authorization": ""})).status_code == 401
    async with front.service.database.transaction() as conn:
        key = await keys.create(conn, ATS, NOW, [Scope.CANDIDATES, Scope.DELIVERIES])
    answer = await front.post("/v1/rejections", a_rejection(), authorization=f"Bearer {key}")
    assert answer.status_code == 403
    assert await rows(front.service.database, "select * from applications") == []
