"""What upstream systems meet at `/v1`."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from services.intake.applicants.store import people
from services.intake.applicants.store.people import RecordUnreadable
from services.intake.ingestion import submissions
from services.intake.keys import store as keys
from shared.contract.events.profiles import ProfileChanged
from shared.runtime.clock import ManualClock
from shared.runtime.postgres import is_at_fault
from tests.databases import Databases
from tests.services.intake.front import Front, a_rejection, a_vacancy, opened
from tests.services.intake.upstream import ATS, published, rows, standing
from tests.services.intake.vacancies.stream import INES, keep, vacancy

NDJSON = "application/x-ndjson"


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock) as door:
        yield door


async def test_a_rejection_is_in_the_record_when_it_is_answered(front: Front) -> None:
    answer = await front.post("/v1/rejections", a_rejection(id="event-1"))
    assert (answer.status_code, answer.json()) == (
        202,
        {"id": "event-1", "outcome": "recorded"},
    )
    [person] = await standing(front.service.database)
    assert person["rejections"][0]["applicationId"] == "a-1"
    assert await rows(front.service.database, "select source, event_id from inbox") == [
        {"source": ATS, "event_id": "event-1"}
    ]


async def test_whoever_was_erased_is_recorded_anew_or_the_sender_is_told(
    front: Front, clock: ManualClock
) -> None:
    first = a_rejection(applicationId="a-1")
    database = front.service.database
    assert (await front.post("/v1/rejections", first)).status_code == 202
    erased = {
        "specversion": "1.0",
        "id": "erased-1",
        "source": ATS,
        "type": "dev.notyet.applicant.erased.v1",
        "time": "2026-03-01T08:00:00Z",
        "data": {"applicantId": first["applicant"]["applicantId"]},
    }
    for outcome in ("erased", "known"):
        answer = await front.post("/v1/events", erased)
        assert (answer.status_code, answer.json()["outcome"]) == (202, outcome)
    earlier = a_rejection(applicationId="a-0")
    for body in (first, earlier, earlier):
        answer = await front.post("/v1/rejections", body)
        assert answer.status_code == 409
        assert "this applicant was erased" in answer.json()["detail"]
    batch = await front.post("/v1/rejections/batch", [earlier, first])
    assert batch.json()["refused"] == 2
    assert await standing(database) == []
    clock.move(timedelta(hours=1))
    again = a_rejection(applicationId="a-2", decidedAt="2026-03-02T09:30:00Z")
    batch = await front.post("/v1/rejections/batch", [earlier, again])
    assert [set(item) for item in batch.json()["items"]] == [
        {"index", "errors"},
        {"index", "id", "outcome"},
    ]
    [person] = await standing(database)
    assert [it["applicationId"] for it in person["rejections"]] == ["a-2"]


async def test_two_people_under_one_id_are_refused_and_their_sender_is_told(front: Front) -> None:
    assert (await front.post("/v1/rejections", a_rejection())).status_code == 202
    other = {"name": {"fullName": "Bob Best"}, "emails": ["bob@mail.example"]}
    stranger = a_rejection(applicationId="a-2")
    stranger["applicant"] |= other
    for _ in range(2):
        answer = await front.post("/v1/rejections", stranger)
        assert answer.status_code == 409
        assert "give each person an id of their own" in answer.json()["detail"]
    stranger["applicant"] |= {"applicantId": "p-2"}
    assert (await front.post("/v1/rejections", stranger)).json()["outcome"] == "recorded"


def an_event(kind: str, id: str, **data: str) -> dict[str, object]:
    type = f"dev.notyet.applicant.{kind}.v1"
    return {"specversion": "1.0", "id": id, "source": ATS, "type": type, "data": data}


async def test_another_event_under_an_id_that_was_used_is_refused_and_does_nothing(
    front: Front,
) -> None:
    database = front.service.database
    of_mira = await front.post("/v1/rejections", a_rejection(id="one"))
    other = a_rejection(id="one", applicationId="a-2")
    for body in (other, other):
        answer = await front.post("/v1/rejections", body)
        assert (answer.status_code, "id of its own" in answer.text) == (409, True)
    batch = (await front.post("/v1/rejections/batch", [a_rejection(id="one"), other])).json()
    assert [item.get("outcome") for item in batch["items"]] == ["known", None]
    [person] = await standing(database)
    assert [it["applicationId"] for it in person["rejections"]] == ["a-1"]
    assert of_mira.json()["outcome"] == "recorded"

    same = an_event("erased", "erased-1", applicantId="p-9")
    for event, status in (
        (same, 202),
        (same, 202),
        (an_event("erased", "erased-1", applicantId="p-1"), 409),
        (an_event("merged", "erased-1", applicantId="p-9", intoApplicantId="p-1"), 409),
    ):
        assert (await front.post("/v1/events", event)).status_code == status
    assert len(await standing(database)) == 1


async def test_the_same_rejection_counts_once_however_it_is_formatted(front: Front) -> None:
    body = a_rejection()
    first = await front.post("/v1/rejections", body)
    again = await front.post("/v1/rejections", json.dumps(body, indent=2).encode())
    batch = await front.post("/v1/rejections/batch", [body])
    assert first.json()["id"] == again.json()["id"] == batch.json()["items"][0]["id"]
    assert (first.json()["outcome"], again.json()["outcome"]) == ("recorded", "known")
    assert batch.json()["items"][0]["outcome"] == "known"
    assert len(await rows(front.service.database, "select * from timeline")) == 1


async def test_a_correction_with_the_time_of_the_decision_counts_and_says_so(front: Front) -> None:
    for number in range(8):
        body = a_rejection(applicationId=f"fix-{number}")
        await front.post("/v1/rejections", body)
        body["vacancy"] |= {"title": f"Right {number}"}
        answer = await front.post("/v1/rejections", body)
        assert answer.json()["outcome"] == "changed"
    [person] = await standing(front.service.database)
    titles = {it["vacancyTitle"] for it in person["rejections"]}
    assert titles == {f"Right {number}" for number in range(8)}


async def test_a_request_repeated_under_its_key_gets_the_same_answer(front: Front) -> None:
    for path, body in (("/v1/vacancies", a_vacancy()), ("/v1/rejections/batch", [a_rejection()])):
        first = await front.post(path, body, idempotency_key=path)
        again = await front.post(path, body, idempotency_key=path)
        assert (again.status_code, again.content) == (first.status_code, first.content)
    assert len(await published(front.service.database, "openings")) == 1


async def test_a_key_that_comes_with_another_request_changes_nothing(front: Front) -> None:
    await front.post("/v1/vacancies", a_vacancy(), idempotency_key="k")
    other = await front.post("/v1/vacancies", a_vacancy(vacancyId="v-2"), idempotency_key="k")
    assert other.status_code == 409
    assert len(await published(front.service.database, "openings")) == 1


async def test_of_requests_at_once_under_one_key_one_counts(front: Front) -> None:
    answers = await asyncio.gather(
        *(front.post("/v1/vacancies", a_vacancy(), idempotency_key="k") for _ in range(10))
    )
    assert len({answer.content for answer in answers}) == 1
    assert len(await published(front.service.database, "openings")) == 1


async def test_requests_at_once_share_commits(front: Front) -> None:
    bodies = [a_rejection(applicationId=f"a-{number}") for number in range(100)]
    answers = await asyncio.gather(*(front.post("/v1/rejections", body) for body in bodies))
    assert {answer.status_code for answer in answers} == {202}
    [person] = await standing(front.service.database)
    assert len(person["rejections"]) == 100
    assert person["version"] <= 25, "each commit publishes the person once"


async def test_a_batch_records_the_good_and_names_the_bad(front: Front) -> None:
    good = [a_rejection(applicationId=f"a-{number}") for number in range(3)]
    answer = await front.post("/v1/rejections/batch", [good[0], {"a": 1}, good[1], 7, good[2]])
    assert answer.status_code == 202
    found = answer.json()
    assert (found["recorded"], found["refused"]) == (3, 2)
    assert [it["index"] for it in found["items"] if "errors" in it] == [1, 3]
    assert found["items"][1]["errors"][0]["field"] == "applicationId"


async def test_of_the_same_item_twice_in_a_batch_one_is_new_and_the_other_known(
    front: Front,
) -> None:
    answer = await front.post("/v1/rejections/batch", [a_rejection(), a_rejection()])
    assert [item["outcome"] for item in answer.json()["items"]] == ["recorded", "known"]


@pytest.mark.parametrize(
    "bad", [b"[" * 990 + b"]" * 990, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b"9" * 5000]
)
async def test_what_is_too_deep_or_long_in_a_batch_costs_no_other_item(
    front: Front, bad: bytes
) -> None:
    good = [json.dumps(a_rejection(applicationId=it)).encode() for it in ("a-[1]", 'a-",\\')]
    answer = await front.post("/v1/rejections/batch", b" [ " + b", ".join([*good, bad]) + b" ] ")
    assert answer.status_code == 202
    found = answer.json()
    assert (found["recorded"], found["refused"]) == (2, 1)
    assert found["items"][2]["errors"][0]["field"] == "body"


@pytest.mark.parametrize("form", [b"%s", b'{"a": %s}', b"[%s", b"[%s] 1", b"[%s], [1]"])
async def test_what_is_no_array_is_none_whatever_is_in_it(front: Front, form: bytes) -> None:
    answer = await front.post("/v1/rejections/batch", form % (b"9" * 5000))
    assert (answer.status_code, answer.json()["detail"]) == (400, "send a JSON array")


@pytest.mark.parametrize("address", ["a@b.at ", "eva@bo.at,"])
async def test_texts_within_their_limits_are_taken_whatever_is_taken_out_of_them(
    front: Front, address: str
) -> None:
    note, text = (address * 280)[:1960], (address * 9000)[:60_000]
    body = a_rejection(reason={"code": "other", "note": note}, profile={"resumeText": text})
    assert (await front.post("/v1/rejections", body)).status_code == 202
    [able] = await published(front.service.database, "profiles")
    assert ProfileChanged.model_validate(able).profile.resume_text
    [person] = await standing(front.service.database)
    assert person["rejections"][0]["reason"]["note"].startswith("[address]")


async def test_a_batch_may_be_lines_of_which_one_is_no_json(front: Front) -> None:
    lines = b"\n".join([json.dumps(a_rejection()).encode(), b"{nonsense", b""])
    answer = await front.post("/v1/rejections/batch", lines, content_type=NDJSON)
    assert (answer.json()["recorded"], answer.json()["refused"]) == (1, 1)


async def test_a_batch_of_which_nothing_is_good_is_a_problem(front: Front) -> None:
    answer = await front.post("/v1/rejections/batch", [{}])
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["items"][0]["errors"]


async def test_every_event_about_an_applicant_can_be_posted(front: Front) -> None:
    await front.post("/v1/rejections", a_rejection())
    data = {"applicantId": "p-1", "applicationId": "a-1", "decidedAt": "2026-02-26T09:00:00Z"}
    event = {
        "specversion": "1.0",
        "id": "1",
        "source": ATS,
        "type": "dev.notyet.applicant.unrejected.v1",
        "time": "2026-02-26T09:00:00Z",
        "partitionkey": "extension attributes are welcome",
        "data": data,
    }
    answer = await front.post("/v1/events", event, content_type="application/cloudevents+json")
    assert answer.status_code == 202
    [person] = await standing(front.service.database)
    assert not person.get("rejections")


async def test_events_in_a_batch_count_each_for_itself(front: Front) -> None:
    data = {"applicantId": "p-1", "applicationId": "a-1", "decidedAt": "2026-02-26T09:00:00Z"}
    events = [
        an_event("hired", "1", **data),
        an_event("hired", "2", **data | {"decidedAt": "never"}),
        an_event("hired", "3") | {"source": "another"},
        an_event("hired", "1", **data),
    ]
    for media_type in ("application/cloudevents-batch+json", "application/json"):
        answer = await front.post("/v1/events/batch", events, content_type=media_type)
        assert answer.status_code == 202
        told = answer.json()
        assert (told["recorded"], told["refused"]) == (2, 2)
        assert [it["errors"][0]["field"] for it in told["items"][1:3]] == [
            *("data.decidedAt", "source"),
        ]
    assert {it["outcome"] for it in told["items"] if "errors" not in it} == {"known"}
    lines = b"\n".join(json.dumps(event).encode() for event in events)
    answer = await front.post("/v1/events/batch", lines, content_type=NDJSON)
    assert (answer.json()["recorded"], answer.json()["refused"]) == (2, 2)


async def test_a_posted_vacancy_leaves_for_everybody(front: Front) -> None:
    answer = await front.post("/v1/vacancies", a_vacancy(event="reopened"))
    assert answer.status_code == 202
    [opening] = await published(front.service.database, "openings")
    assert (opening["vacancyId"], opening["state"]) == ("v-1", "reopened")
    [row] = await rows(
        front.service.database, "select key, causation_id from outbox where type like '%opening%'"
    )
    assert row == {"key": "v-1", "causation_id": answer.json()["id"]}


BAD: list[tuple[str, Any, int, str]] = [
    ("malformed JSON", b'{"a":', 400, ""),
    ("nothing", b"", 400, ""),
    ("not UTF-8", b'{"applicationId": "\xff"}', 400, ""),
    ("deep nesting", b"[" * 5000, 400, ""),
    ("a lone surrogate", a_rejection(applicationId="a\ud800"), 422, "applicationId"),
    ("a NUL", a_rejection(applicationId="a\0"), 422, "applicationId"),
    ("an array", [], 422, "body"),
    ("an unknown field", a_rejection(surprise=1), 422, "surprise"),
    ("a wrong type", a_rejection(stage=7), 422, "stage"),
    ("an unknown code", a_rejection(reason={"code": "did not like"}), 422, "reason.code"),
    ("an impossible date", a_rejection(decidedAt="2026-02-30T09:00:00Z"), 422, "decidedAt"),
    ("a time without an offset", a_rejection(decidedAt="2026-02-25T09:00:00"), 422, "decidedAt"),
    (
        "a bad address",
        a_rejection(applicant={"applicantId": "p", "name": {}, "emails": ["a@b@c"]}),
        422,
        "applicant.emails.0",
    ),
    (
        "a bad telephone",
        a_rejection(applicant={"applicantId": "p", "name": {}, "phone": "123"}),
        422,
        "applicant.phone",
    ),
]


@pytest.mark.parametrize(("what", "body", "status", "field"), BAD, ids=[case[0] for case in BAD])
async def test_what_is_bad_is_refused_with_its_field_and_leaves_nothing(
    front: Front, what: str, body: Any, status: int, field: str
) -> None:
    answer = await front.post("/v1/rejections", body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    if field:
        assert field in [error["field"] for error in problem["errors"]]
    assert "did not like" not in answer.text
    assert "a@b@c" not in answer.text
    assert await rows(front.service.database, "select * from inbox") == []


async def test_other_refusals_are_problems_that_say_what_to_do(front: Front) -> None:
    post = front.post
    answers = [
        (401, "Bearer", await post("/v1/rejections", {}, authorization="Bearer ny_0_0")),
        (401, "Bearer", await post("/v1/rejections", {}, authorization="Basic x")),
        (404, "openapi", await front.client.get("/v1/nothing")),
        (405, "openapi", await front.client.get("/v1/rejections")),
        (413, "smaller", await post("/v1/rejections", b"x" * 600_000)),
        (415, "application/json", await post("/v1/rejections", b"", content_type="text/plain")),
        (415, "Content-Encoding", await post("/v1/rejections", {}, content_encoding="gzip")),
        (422, "1,000", await post("/v1/rejections/batch", [1] * 1001)),
        (422, "our-applicant-tracking", await post("/v1/events", _event_of("another"))),
        (422, "dev.notyet.applicant.hired.v1", await post("/v1/events", _event_of(ATS))),
        (400, "255", await post("/v1/vacancies", a_vacancy(), idempotency_key="k" * 256)),
    ]
    for status, remedy, answer in answers:
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert remedy in answer.text + str(answer.headers)


def _event_of(source: str) -> dict[str, Any]:
    return {"specversion": "1.0", "id": "1", "source": source, "type": "unknown", "data": {}}


async def test_a_row_that_cannot_be_read_is_a_fault_of_ours_and_costs_only_its_own_person(
    front: Front,
) -> None:
    broken, fine = a_rejection(), a_rejection(applicationId="a-8")
    fine["applicant"] |= {"applicantId": "p-8", "emails": ["other@mail.example"]}
    assert (await front.post("/v1/rejections", broken)).status_code == 202
    database, unreadable = front.service.database, '{"emails": 5}'
    async with database.transaction() as conn:
        kept = await conn.fetchval("select personal_data from applicants")
        await conn.execute("update applicants set personal_data = $1", unreadable)
    broken["applicationId"] = "a-9"
    answer = await front.post("/v1/rejections", broken, idempotency_key="k")
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert "nothing is wrong with it" in answer.json()["detail"]
    batch = (await front.post("/v1/rejections/batch", [broken, fine])).json()
    assert (batch["recorded"], batch["refused"]) == (1, 1)
    assert "it failed here" in batch["items"][0]["errors"][0]["problem"]
    async with database.transaction() as conn:
        statement = "update applicants set personal_data = $1 where personal_data = $2"
        await conn.execute(statement, kept, unreadable)
    assert (await front.post("/v1/rejections", broken, idempotency_key="k")).status_code == 202


async def test_a_row_that_cannot_be_read_is_never_laid_to_an_event(
    front: Front,
) -> None:
    database = front.service.database
    assert (await front.post("/v1/rejections", a_rejection())).status_code == 202
    async with database.transaction() as conn:
        await conn.execute("update candidates set personal_data = '{\"emails\": 5}'")
        [person] = await conn.fetch("select candidate_id from candidates")
        with pytest.raises(RecordUnreadable) as raised:
            await people.lock_described(conn, [person["candidate_id"]])
    assert not is_at_fault(raised.value)


async def test_a_revoked_key_opens_nothing(databases: Databases, clock: ManualClock) -> None:
    async with opened(databases, clock) as front:
        [key] = await rows(front.service.database, "select key_id from api_keys")
        async with front.service.database.transaction() as conn:
            assert await keys.revoke(conn, key["key_id"], clock.now())
        assert (await front.post("/v1/rejections", a_rejection())).status_code == 401


async def test_a_database_that_is_away_is_a_503_that_says_when_to_come_again(front: Front) -> None:
    await front.post("/v1/rejections", a_rejection())
    await front.service.database.stop()
    answer = await front.post("/v1/rejections", a_rejection(applicationId="a-2"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


async def test_a_database_that_hangs_keeps_nobody_waiting(
    databases: Databases, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submissions, "SECONDS", 0.3)
    monkeypatch.setattr(submissions, "MOST_WAITING", 5)
    blocker = await asyncpg.connect(databases.admin_url)
    async with opened(databases, clock) as front:
        async with blocker.transaction():
            await blocker.execute("lock table intake.candidates")
            bodies = [a_rejection(applicationId=f"b-{number}") for number in range(20)]
            async with asyncio.timeout(10):
                answers = await asyncio.gather(*(front.post("/v1/rejections", it) for it in bodies))
            assert {answer.status_code for answer in answers} == {503}
        async with asyncio.timeout(10):
            while (answer := await front.post("/v1/rejections", bodies[0])).status_code == 503:
                await asyncio.sleep(0.1)
        assert answer.status_code == 202
    await blocker.close()


async def test_a_database_without_a_table_is_a_503_until_it_is_migrated(
    front: Front, databases: Databases
) -> None:
    migrating = await asyncpg.connect(databases.admin_url)
    await migrating.execute("alter table intake.timeline rename to away")
    refused = await front.post("/v1/rejections", a_rejection())
    assert (refused.status_code, refused.headers.get("retry-after")) == (503, "5")
    await migrating.execute("alter table intake.away rename to timeline")
    assert (await front.post("/v1/rejections", a_rejection())).status_code == 202
    await migrating.close()


@pytest.mark.parametrize("nobody", ["null", "[object Object]", "{{candidate.id}}", 0, "N/A"])
async def test_ids_that_many_would_have_in_common_are_refused(front: Front, nobody: Any) -> None:
    person = a_rejection()["applicant"] | {"applicantId": nobody}
    answer = await front.post("/v1/rejections", a_rejection(applicationId=nobody, applicant=person))
    assert answer.status_code == 422
    told = {each["field"]: each["problem"] for each in answer.json()["errors"]}
    assert told == dict.fromkeys(
        ["applicationId", "applicant.applicantId"], "send an id; this stands for none"
    )
    assert await standing(front.service.database) == []


async def test_what_could_never_be_published_is_refused_with_its_size(front: Front) -> None:
    texts = ["a@b " * 12] * 6_000
    answer = await front.post(
        "/v1/rejections", a_rejection(profile={"work": [{"highlights": texts}]})
    )
    assert answer.status_code == 422
    assert "the profile has" in answer.json()["errors"][0]["problem"]
    assert await standing(front.service.database) == []


async def test_a_vacancy_larger_than_brokers_take_is_refused_with_its_size_and_costs_no_other(
    front: Front,
) -> None:
    skills = [f"{number:03}" + "\U0001f600" * 497 for number in range(200)]
    vast = a_vacancy(
        vacancyId="v-2",
        skills=skills,
        description="\U0001f600" * 60_000,
        requirements=[
            {"requirementId": "\U0001f600" * 200, "kind": "skill", "name": "\U0001f600" * 500}
        ]
        * 100,
    )
    answer = await front.post("/v1/vacancies/batch", [vast, a_vacancy()])
    assert answer.status_code == 202
    refused, recorded = answer.json()["items"]
    assert "would have 9" in refused["errors"][0]["problem"]
    assert recorded["id"]
    alone = await front.post("/v1/vacancies/batch", [vast])
    assert alone.status_code == 422
    assert alone.json()["items"][0]["errors"] == refused["errors"]
    known = await rows(front.service.database, "select vacancy_id from vacancies")
    assert known == [{"vacancy_id": "v-1"}]


async def test_a_member_of_an_enumeration_that_nobody_knows_is_refused_at_the_door(
    front: Front,
) -> None:
    answer = await front.post("/v1/rejections", a_rejection(stage="knighted"))
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["field"] == "stage"
    assert "knighted" not in fault["problem"]


async def test_a_path_with_a_slash_too_many_is_not_there_and_leads_nowhere_else(
    front: Front,
) -> None:
    answer = await front.post("/v1/rejections/", a_rejection(), host="attacker.example")
    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_recruiters_at_a_domain_that_is_not_allowed_are_refused_with_what_is(
    databases: Databases, clock: ManualClock
) -> None:
    allowed = frozenset({"Work.Example", "hafenwerk.example"})
    elsewhere = [{"name": "Mallory", "email": "mallory@evil.work.example"}]
    async with opened(databases, clock, recruiter_domains=allowed) as front:
        assert (await front.post("/v1/vacancies", a_vacancy())).status_code == 202
        answer = await front.post("/v1/vacancies", a_vacancy(recruiters=elsewhere))
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["field"] == "recruiters.0.email"
    assert "at hafenwerk.example, work.example;" in fault["problem"]


async def test_a_posted_vacancy_that_the_stream_has_overtaken_is_not_taken_in_silence(
    front: Front,
) -> None:
    await keep(front.service.database, vacancy(INES, version=2**62))
    answer = await front.post("/v1/vacancies", a_vacancy(title="Too late"))
    assert answer.status_code == 422
    assert "higher version" in answer.json()["errors"][0]["problem"]
    assert (await front.post("/v1/vacancies", a_vacancy(vacancyId="v-2"))).status_code == 202


async def test_which_key_changed_whom_is_kept_also_once_they_are_erased(front: Front) -> None:
    await front.post("/v1/rejections", a_rejection(id="event-1"))
    await front.post("/v1/rejections", a_rejection(id="event-1"))
    [known] = await rows(front.service.database, "select candidate_id from candidates")
    erased = {
        "specversion": "1.0",
        "id": "erased-1",
        "source": ATS,
        "type": "dev.notyet.applicant.erased.v1",
        "data": {"applicantId": a_rejection()["applicant"]["applicantId"]},
    }
    assert (await front.post("/v1/events", erased)).status_code == 202
    assert await rows(front.service.database, "select * from candidates") == []
    noted = "select act, about from audit_entries inner join api_keys on key_id = actor order by id"
    whom = [known["candidate_id"]]
    assert await rows(front.service.database, noted) == [
        {"act": "posted", "about": about} for about in (whom, [], whom)
    ]
