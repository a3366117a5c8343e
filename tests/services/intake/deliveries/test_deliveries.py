"""What a system calls us with is kept before it is answered, and counts once, in any order."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from structlog.testing import capture_logs

from services.intake.applicants.handlers import ANOTHER_PERSON
from services.intake.deliveries import store as stored
from services.intake.deliveries.store import claim
from services.intake.sources import store as sources
from services.intake.sources.domain import APPLIED_DAYS, LETTER_DAYS
from services.intake.webhooks import route
from shared.contract.events.applications import ApplicantErased
from shared.runtime.clock import ManualClock
from shared.runtime.quarantine import Copy, Quarantine
from tests.databases import Databases
from tests.services.intake.deliveries.calling import Careers, connected
from tests.services.intake.front import a_rejection as api_rejection
from tests.services.intake.upstream import ATS, dump, published, rows, standing
from tests.services.intake.upstream import applicant as an_applicant
from tests.services.intake.webhooks import ashby, smartrecruiters
from tests.services.intake.webhooks.greenhouse import (
    SECRET,
    a_candidate,
    a_job,
    a_rejection,
    an_application,
    hook,
    signed,
    unrejected,
    written,
)

SIGNATURE = "smartrecruiters-signature"
RECORDED = ("recorded", "applicant rejected; a letter of ours leaves")


@pytest.fixture
async def careers(databases: Databases, clock: ManualClock) -> AsyncIterator[Careers]:
    async with connected(databases, clock) as calling:
        yield calling


async def test_a_rejection_is_kept_answered_and_then_recorded_as_one_posted_to_v1(
    careers: Careers,
) -> None:
    answer = await careers.call(a_rejection())
    assert (answer.status_code, answer.content) == (200, b"")
    assert await careers.applications() == []
    assert not await careers.run()
    assert await careers.made() == [RECORDED]
    assert await careers.applications() == [("rejected", False)]
    [person] = await standing(careers.database)
    assert person["rejections"][0]["source"] == "careers"
    assert person["channels"] == ["email", "sms"]


async def test_what_is_kept_wakes_who_reads_it_and_nobody_who_finds_nothing_to_do(
    careers: Careers,
) -> None:
    commits: list[None] = []
    careers.database.on_commit.append(lambda: commits.append(None))
    await careers.call(a_rejection())
    assert careers.woken("deliveries")
    assert not careers.woken("hints")
    assert not commits


async def test_what_is_kept_is_sealed_until_it_is_read(careers: Careers) -> None:
    await careers.call(a_rejection())
    async with careers.database.connection() as conn:
        everything = await dump(conn)
    for theirs in ("Okafor", "mira@mail.example", "3456789", SECRET):
        assert theirs not in everything


async def test_what_is_not_the_sources_changes_nothing_and_is_answered_alike(
    careers: Careers, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = written(a_rejection())
    answers = [
        await careers.call(body, signature=signed(body, "wrong")["signature"]),
        await careers.call(body, signature=""),
        await careers.call(body, name="nobody"),
        await careers.call(body[:-20], signature=signed(body)["signature"]),
        await careers.call(b"x" * 2000, name="nobody", signature="sha256 00"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    monkeypatch.setattr(route, "LARGEST", 1000)
    assert (await careers.call(b"x" * 1001)).status_code == 413
    assert await careers.made() == []
    await careers.run("refused deliveries")
    [known] = await rows(careers.database, "select refused, refused_because from sources")
    assert known["refused"] == 3
    assert "another secret" in known["refused_because"]


async def test_a_delivery_that_comes_again_counts_once_even_long_after(
    careers: Careers, clock: ManualClock
) -> None:
    for _ in range(3):
        assert (await careers.call(a_rejection())).status_code == 200
    await careers.run()
    assert await careers.made() == [RECORDED]
    [known] = await rows(careers.database, "select repeats from deliveries")
    assert known["repeats"] == 2
    clock.move(timedelta(days=31))
    await careers.run("old deliveries")
    assert await careers.made() == []
    assert (await careers.call(a_rejection())).status_code == 200
    assert await careers.made() == []


async def test_what_comes_under_an_id_that_is_known_counts_if_it_says_something_else(
    careers: Careers,
) -> None:
    await careers.call(a_rejection())
    await careers.call(a_rejection(id=9002, candidate=a_candidate(id=7002)))
    for person in (7001, 7002):
        await careers.call(hook("delete_candidate", person={"id": person}))
    await careers.run()
    assert [state for state, _ in await careers.made()] == ["recorded"] * 4
    assert await careers.applications() == []


async def test_a_signed_body_says_nothing_new_under_another_id(
    careers: Careers, clock: ManualClock
) -> None:
    taken_back = unrejected(last_activity_at="2026-03-02T08:40:00Z")
    await careers.call(a_rejection())
    await careers.call(taken_back, event_id="gh-2")
    clock.move(timedelta(hours=1))
    await careers.call(a_rejection(rejected_at="2026-03-02T09:50:00Z"), event_id="gh-3")
    await careers.run()
    assert await careers.applications() == [("rejected", False)]
    clock.move(timedelta(days=90))
    await careers.call(taken_back, event_id="gh-4")
    await careers.run()
    assert len(await careers.made()) == 3
    assert await careers.applications() == [("rejected", False)]


async def test_a_hire_sent_once_more_under_another_id_takes_no_letter_away(
    careers: Careers, clock: ManualClock
) -> None:
    running = {"id": 9001, "candidate": {"id": 7001}}
    hired = hook("hire_candidate", application=running)
    gone = hook("delete_candidate", person={"id": 7001})
    told = [a_rejection(), hired, hook("unhire_candidate", application=running), gone]
    for number, body in enumerate(told):
        await careers.call(body, event_id=f"gh-{number}")
        await careers.run()
        clock.move(timedelta(minutes=10))
    await careers.call(a_rejection(rejected_at=clock.now().isoformat()), event_id="gh-5")
    await careers.run()
    for number, body in enumerate((*told, hook("ping"))):
        await careers.call(body, event_id=f"mine-{number}")
    await careers.run()
    assert await careers.applications() == [("rejected", False)]


@pytest.mark.parametrize("seed", range(3))
async def test_any_order_and_repetition_ends_in_the_same_record(
    careers: Careers, seed: int
) -> None:
    bodies = [
        a_rejection(rejected_at="2026-03-01T08:00:00Z"),
        unrejected(),
        a_rejection(id=9002),
        hook("hire_candidate", application={"id": 9003, "candidate": {"id": 7001}}),
    ]
    mixed = [(str(number), body) for number, body in enumerate(bodies) for _ in range(2)]
    random.Random(seed).shuffle(mixed)
    for event_id, body in mixed:
        await careers.call(body, event_id=event_id)
        await careers.run()
    await careers.run()
    statuses = [status for status, _ in await careers.applications()]
    assert statuses == ["unrejected", "rejected", "hired"]
    [person] = await standing(careers.database)
    assert person["hiredAt"]


async def test_read_again_it_becomes_the_same_and_has_no_second_effect(careers: Careers) -> None:
    await careers.call(hook("job_created", job=a_job()), event_id="gh-0")
    await careers.call(a_rejection())
    await careers.run()
    async with careers.database.connection() as conn:
        before = await dump(conn, without=("receipts",))
    assert await careers.read_again() == 2
    async with careers.database.connection() as conn:
        assert await dump(conn, without=("receipts",)) == before


async def test_until_it_is_started_all_is_shown_and_nothing_recorded(
    databases: Databases, clock: ManualClock
) -> None:
    async with connected(databases, clock, live=False) as careers:
        await careers.call(a_rejection())
        old = a_rejection(id=9002, rejected_at="2026-02-18T08:30:00Z")
        await careers.call(old, event_id="gh-2")
        await careers.run()
        assert await careers.made() == [("tried", RECORDED[1])] * 2
        assert await careers.applications() == []
        clock.move(timedelta(days=3))
        async with careers.database.transaction() as conn:
            await sources.start(conn, "careers", LETTER_DAYS, APPLIED_DAYS, clock.now())
        assert await careers.read_again() == 2
        assert await careers.applications() == [("rejected", False), ("rejected", True)]


async def test_what_gives_one_id_to_two_people_waits_and_is_shown(careers: Careers) -> None:
    await careers.call(a_rejection())
    other = {"first_name": "Bob", "last_name": "Best", "phone_numbers": []}
    stranger = a_candidate(
        **other, email_addresses=[{"value": "bob@mail.example", "type": "personal"}]
    )
    await careers.call(a_rejection(id=9002, candidate=stranger), event_id="gh-2")
    await careers.run()
    made = await careers.made()
    assert [state for state, _ in made] == ["recorded", "untranslatable"]
    assert ANOTHER_PERSON.detail in made[1][1]


async def test_what_cannot_be_read_waits_and_costs_itself_alone(careers: Careers) -> None:
    silent = a_candidate(id=7002)
    del silent["can_email"]
    await careers.call(a_rejection(id=9002, candidate=silent), event_id="gh-2")
    await careers.call(b"[", event_id="gh-3")
    await careers.call(a_rejection())
    await careers.run()
    made = await careers.made()
    assert [state for state, _ in made] == ["untranslatable", "untranslatable", "recorded"]
    await careers.run("measures of deliveries")
    registry = careers.front.service.metrics.registry
    waiting = "notyet_intake_untranslatable_deliveries"
    assert registry.get_sample_value(waiting, {"source": "careers"}) == 2


async def test_a_mapped_reason_counts_once_its_delivery_is_read_again(careers: Careers) -> None:
    reason = {"name": "Filled", "type": {"name": "Position filled"}}
    await careers.call(a_rejection(rejection_reason=reason))
    await careers.run()
    [(state, why)] = await careers.made()
    assert state == "ignored"
    assert "sources map careers types 'Position filled' rejected|withdrawn" in why
    async with careers.database.transaction() as conn:
        options = {"types": {"position filled": "rejected"}}
        await sources.set_options(conn, "careers", options)
    assert await careers.read_again(source="careers") == 1
    assert await careers.made() == [RECORDED]
    assert await careers.applications() == [("rejected", False)]


async def test_of_whom_nobody_turned_down_nothing_is_kept_until_somebody_does(
    careers: Careers,
) -> None:
    moved = a_candidate(email_addresses=[{"value": "new@mail.example", "type": "personal"}])
    await careers.call(hook("update_candidate", candidate=moved), event_id="gh-2")
    running = {"id": 9004, "candidate": {"id": 7001}}
    await careers.call(hook("unhire_candidate", application=running), event_id="gh-3")
    await careers.run()
    assert [state for state, _ in await careers.made()] == ["ignored", "ignored"]
    assert await rows(careers.database, "select from applicants") == []
    await careers.call(a_rejection())
    await careers.run()
    await careers.run()
    assert [state for state, _ in await careers.made()] == ["recorded"] * 3
    assert await careers.applications() == [("rejected", False), ("unrejected", False)]
    recipient = (await published(careers.database, "recipients"))[-1]
    assert recipient["emails"] == ["new@mail.example"]


async def test_whoever_was_turned_down_without_a_usable_address_hears_once_there_is_one(
    careers: Careers,
) -> None:
    nobody = {"email_addresses": [{"value": "see CV"}], "phone_numbers": [{"value": "ask her"}]}
    await careers.call(a_rejection(candidate=a_candidate(**nobody)))
    await careers.run()
    unreached = "applicant rejected; cannot be reached: nobody will tell them"
    assert await careers.made() == [("recorded", unreached)]
    assert await careers.applications() == [("rejected", False)]
    assert "emails" not in (await published(careers.database, "recipients"))[-1]
    reached = a_candidate(email_addresses=[{"value": "mira@mail.example"}])
    await careers.call(hook("update_candidate", candidate=reached), event_id="gh-2")
    await careers.run()
    recipient = (await published(careers.database, "recipients"))[-1]
    assert recipient["emails"] == ["mira@mail.example"]
    assert [it["answerOwed"] for it in recipient["applications"]] == [True]


async def test_it_is_said_of_whoever_refuses_email_and_has_no_mobile_that_nobody_tells_them(
    careers: Careers,
) -> None:
    landline = [{"value": "+49 30 901820"}]
    await careers.call(a_rejection(candidate=a_candidate(can_email=False, phone_numbers=landline)))
    await careers.run()
    [(_, said)] = await careers.made()
    assert said == "applicant rejected; cannot be reached: nobody will tell them"


async def test_email_stops_for_whom_greenhouse_lets_nobody_write_and_no_yes_there_brings_it_back(
    careers: Careers,
) -> None:
    await careers.call(a_rejection())
    silent = a_candidate(can_email=False)
    await careers.call(hook("update_candidate", candidate=silent), event_id="gh-2")
    await careers.call(hook("update_candidate", candidate=a_candidate()), event_id="gh-3")
    await careers.run()
    [person] = await standing(careers.database)
    assert person["stopped"] == ["email"]


async def test_our_key_is_found_at_each_place_among_sixteen(careers: Careers) -> None:
    await careers.connect("smartrecruiters")
    async with careers.database.transaction() as conn:
        await sources.rotate(
            conn, "jobs", smartrecruiters.SECRET, careers.front.service.settings.seal()
        )
    call = smartrecruiters.delivered(sent_at=round(datetime.now(UTC).timestamp()))
    for place in (0, 14, 15):
        signatures = [f"v1={number:064x}" for number in range(16)]
        signatures[place] = call.headers[SIGNATURE]
        several = {**call.headers, SIGNATURE: ";".join(signatures)}
        answer = await careers.call(call.body, name="jobs", **several)
        assert answer.status_code == 200, place


async def test_a_header_that_is_too_long_is_refused_and_not_cut(careers: Careers) -> None:
    for length, status in ((4096, 200), (4097, 401)):
        answer = await careers.call(hook("ping"), event_id="1" * length)
        assert answer.status_code == status
    await careers.run("refused deliveries")
    [refused] = await rows(careers.database, "select refused_because as it from sources")
    assert refused["it"] == "a header of it is longer than 4096 characters"


async def test_greenhouses_own_id_of_a_call_is_kept_with_it(careers: Careers) -> None:
    await careers.call(hook("ping"), event_id="gh-77")
    [kept] = await rows(careers.database, "select record, received_at, read_at from deliveries")
    opened = stored.opened(careers.front.service.quarantine, kept)
    assert opened
    assert opened.headers["greenhouse-event-id"] == "gh-77"


async def test_all_stops_for_who_has_become_private_and_nothing_new_is_known_of_them(
    careers: Careers,
) -> None:
    await careers.call(a_rejection())
    await careers.run()
    known = await rows(careers.database, "select personal_data::text from applicants")
    moved = [{"value": "hidden@mail.example", "type": "personal"}]
    file = {"filename": "cv.pdf", "type": "resume", "url": "https://files.example/cv.pdf"}
    candidate = a_candidate(
        is_private=True, last_name="Hidden", email_addresses=moved, attachments=[file]
    )
    await careers.call(hook("update_candidate", candidate=candidate))
    await careers.run()
    [person] = await standing(careers.database)
    assert person["stopped"] == ["email", "sms"]
    assert person["rejections"]
    assert await rows(careers.database, "select personal_data::text from applicants") == known
    [last, _] = await rows(careers.database, "select * from deliveries order by id desc")
    assert "notyet erase" in last["notes"][0]
    assert last["resume_at"] is None, "nobody reads their résumé"


async def test_a_no_to_who_is_private_is_not_told_and_stops_what_rests_for_them(
    careers: Careers,
) -> None:
    await careers.call(a_rejection())
    await careers.call(a_rejection(id=9002, candidate=a_candidate(is_private=True)))
    await careers.run()
    [person] = await standing(careers.database)
    assert person["stopped"] == ["email", "sms"]
    assert len(person["rejections"]) == 1


@pytest.mark.parametrize(
    "said",
    [
        hook("update_candidate", candidate=a_candidate(is_private=True)),
        a_rejection(candidate=a_candidate(is_private=True)),
    ],
    ids=["updated", "turned down"],
)
async def test_of_a_private_candidate_who_was_never_told_of_nothing_is_recorded(
    careers: Careers, said: dict[str, Any]
) -> None:
    await careers.call(said)
    await careers.run()
    assert await standing(careers.database) == []


async def test_a_test_call_is_answered_before_a_secret_is_known_and_nothing_is_kept_of_it(
    careers: Careers,
) -> None:
    await careers.connect("recruitee")
    test_call = {"test": True, "event_type": "candidate_moved"}
    assert (await careers.call(test_call, name="jobs", signature="")).status_code == 200
    untried = {"event_type": "candidate_moved"}
    assert (await careers.call(untried, name="jobs", signature="")).status_code == 401
    assert (await careers.call(test_call, signature="")).status_code == 401
    assert (await careers.call(test_call, name="nobody", signature="")).status_code == 401
    assert await careers.made() == []
    await careers.run("refused deliveries")
    refused = await rows(careers.database, "select name, refused from sources order by name")
    assert refused == [{"name": "careers", "refused": 1}, {"name": "jobs", "refused": 1}]


async def test_what_nobody_needs_to_know_is_left_out_before_a_delivery_is_kept(
    careers: Careers,
) -> None:
    await careers.connect("ashby")
    for action in ("candidateStageChange", "applicationUpdate"):
        await from_ashby(careers, ashby.hook(action))
    [kept] = await rows(
        careers.database, "select record, received_at, read_at, repeats from deliveries"
    )
    opened = stored.opened(careers.front.service.quarantine, kept)
    assert opened
    assert b"Okafor" in opened.body
    assert b"203.0.113.9" not in opened.body
    assert kept["repeats"] == 1


async def from_ashby(careers: Careers, body: Any) -> None:
    raw = written(body)
    answer = await careers.call(raw, name="jobs", **{"ashby-signature": ashby.signed(raw)})
    assert answer.status_code == 200


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("minute", "status"), [(20, "rejected"), (40, "unrejected")], ids=["before", "after"]
)
async def test_whatever_ashby_tells_last_of_an_application_it_stands_as_it_came_to_last(
    careers: Careers, seed: int, minute: int, status: str
) -> None:
    await careers.connect("ashby", jobs={"any": "named"})
    bodies = [
        ashby.hook("candidateStageChange"),
        ashby.hook("applicationUpdate"),
        ashby.hook("applicationUpdate"),
        ashby.hook(status="Active", updatedAt=f"2026-03-02T08:{minute}:00Z"),
    ]
    random.Random(seed).shuffle(bodies)
    for body in bodies:
        await from_ashby(careers, body)
        await careers.run()
    await careers.run()
    assert [each for each, _ in await careers.applications()] == [status]
    assert len(await careers.made()) == 2


async def test_a_reason_put_right_in_ashby_there_and_back_counts_each_time(
    careers: Careers,
) -> None:
    await careers.connect("ashby", jobs={"any": "named"})
    stood = []
    for minute, who in ((31, "Org"), (32, "Candidate"), (33, "Org")):
        reason = ashby.BY_ORG | {"reasonType": f"RejectedBy{who}"}
        body = ashby.hook(archiveReason=reason, updatedAt=f"2026-03-02T08:{minute}:00Z")
        for _ in range(2):
            await from_ashby(careers, body)
        await careers.run()
        stood += await careers.applications()
    assert [status for status, _ in stood] == ["rejected", "withdrawn", "rejected"]


async def test_an_address_put_right_in_ashby_is_the_one_that_is_written_to(
    careers: Careers,
) -> None:
    await careers.connect("ashby", jobs={"any": "named"})
    moved = ashby.application()["candidate"] | {
        "primaryEmailAddress": {"value": "mira@home.example"}
    }
    await from_ashby(careers, ashby.hook())
    later = {"archivedAt": "2026-03-02T08:40:00Z", "updatedAt": "2026-03-02T08:40:00Z"}
    await from_ashby(careers, ashby.hook(id="app-2", **later))
    await careers.run()
    await from_ashby(careers, ashby.hook(candidate=moved, updatedAt="2026-03-02T08:45:00Z"))
    await careers.run()
    [address] = await rows(
        careers.database, "select personal_data #>> '{emails,value,0}' as it from applicants"
    )
    assert address["it"] == "mira@home.example"


async def test_a_job_opens_and_closes_its_vacancy(careers: Careers) -> None:
    await careers.call(hook("job_created", job=a_job()))
    await careers.run()
    await careers.call(hook("job_updated", job=a_job(status="closed")), event_id="gh-2")
    await careers.run()
    states = [each["state"] for each in await published(careers.database, "openings")]
    assert states == ["opened", "closed"]


async def test_whoever_is_erased_stands_in_no_delivery_either(careers: Careers) -> None:
    await careers.call(a_rejection())
    candidate = a_candidate(id=7002, first_name="Ada", last_name="Lane", phone_numbers=[])
    candidate["email_addresses"] = [{"value": "ada@mail.example", "type": "other"}]
    await careers.call(a_rejection(id=9002, candidate=candidate), event_id="gh-2")
    names_nobody = {"id": 9001, "candidate": {"id": 7001}}
    await careers.call(hook("hire_candidate", application=names_nobody), event_id="gh-3")
    await careers.call(hook("delete_candidate", person={"id": 7001}), event_id="gh-4")
    await careers.run()
    with capture_logs() as logs:
        await careers.run("quarantine search")
    left = await rows(careers.database, "select id, source from deliveries")
    assert len(left) == 1
    assert [each["event"] for each in logs].count("quarantine.erased") == 3
    assert await careers.applications() == [("rejected", False)]


async def test_what_waits_of_one_system_outlasts_what_another_erases(
    databases: Databases, clock: ManualClock
) -> None:
    async with connected(databases, clock, live=False) as careers:
        await careers.call(a_rejection())
        await careers.run()
        mira = an_applicant("p-1", name={"fullName": "Mira Okafor"}, emails=["mira@mail.example"])
        told = await careers.front.post("/v1/rejections", api_rejection(applicant=mira))
        gone = ApplicantErased(applicant_id="p-1").model_dump(by_alias=True)
        type_ = ApplicantErased.type
        event = {"specversion": "1.0", "id": "e-1", "source": ATS, "type": type_, "data": gone}
        assert (await careers.front.post("/v1/events", event)).json()["outcome"] == "erased"
        assert told.json()["outcome"] == "recorded"
        await careers.run("quarantine search")
        assert await careers.made() == [("tried", RECORDED[1])]


async def test_a_rejection_that_brings_somebody_back_is_read_before_it_is_searched(
    careers: Careers, clock: ManualClock
) -> None:
    await careers.call(hook("delete_candidate", person={"id": 7001}))
    await careers.run()
    await careers.run("quarantine search")
    assert await careers.made() == []
    clock.move(timedelta(days=2))
    decided = {"rejected_at": "2026-03-03T10:00:00Z", "last_activity_at": "2026-03-03T10:00:00Z"}
    await careers.call(a_rejection(**decided), event_id="gh-2")
    await careers.run("quarantine search")
    await careers.run()
    await careers.run("quarantine search")
    assert await careers.made() == [RECORDED]


async def test_what_was_sealed_with_a_key_that_is_gone_waits_for_it(careers: Careers) -> None:
    await careers.call(a_rejection())
    other = Quarantine(Fernet.generate_key().decode()).seal(Copy(None, b"{}", [], 0))
    async with careers.database.transaction() as conn:
        await conn.execute("update deliveries set record = $1", other)
    await careers.run()
    [(state, why)] = await careers.made()
    assert (state, "NOTYET_QUARANTINE_KEYS_FORMER" in why) == ("untranslatable", True)


async def test_a_burst_is_recorded_in_rounds_and_the_operators_are_warned_once(
    databases: Databases, clock: ManualClock
) -> None:
    async with connected(databases, clock, burst_rejections=2) as careers:
        for number in range(3):
            candidate = a_candidate(id=7100 + number)
            body = hook(
                "reject_candidate", application=an_application(id=number + 1, candidate=candidate)
            )
            await careers.call(body, event_id=str(number))
        await careers.run()
        with capture_logs() as logs:
            await careers.run("measures of deliveries")
            await careers.run("measures of deliveries")
        assert [each["event"] for each in logs] == ["source.burst"]
        registry = careers.front.service.metrics.registry
        count = "notyet_intake_rejections_within_an_hour"
        assert registry.get_sample_value(count, {"source": "careers"}) == 3


async def test_two_processes_share_what_waits(careers: Careers) -> None:
    await careers.call(a_rejection())
    async with careers.database.transaction() as conn:
        assert len(await claim(conn, 10)) == 1
        assert not await careers.run()
        [(state, _)] = await careers.made()
        assert state == "waiting"
    await careers.run()
    assert await careers.made() == [RECORDED]
