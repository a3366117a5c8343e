"""What Greenhouse sends is believed only when signed, and means what it means to the person."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.deliveries.domain import State
from services.intake.deliveries.reading import Reader, Reading
from services.intake.sources.domain import Source, Speaks
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.greenhouse.hooks import Greenhouse
from shared.contract.events.applications import (
    ApplicantRejected,
    ApplicantUpdated,
    ReasonCode,
    Stage,
    Tier,
)
from shared.contract.events.people import Channel
from shared.contract.events.vacancies import VacancyClosed, VacancyOpened
from tests.services.intake.upstream import NOW, RECEIVING
from tests.services.intake.webhooks.greenhouse import (
    SECRET,
    a_candidate,
    a_job,
    a_rejection,
    delivered,
    hook,
    signed,
    unrejected,
    written,
)

KEY = b"k" * 32
GREENHOUSE = Greenhouse()


def read(body: Any, *, speaks: Speaks = Speaks.US, at: datetime = NOW, **source: Any) -> Reading:
    careers = Source("careers", "greenhouse", speaks=speaks, **source)
    raw = body if isinstance(body, bytes) else written(body)
    return Reader(careers, GREENHOUSE, RECEIVING).read(KEY, Delivery(raw, {}, at))


def the_rejection(reading: Reading) -> ApplicantRejected:
    [event] = reading.events
    assert isinstance(event.data, ApplicantRejected)
    return event.data


def test_a_rejection_says_who_was_turned_down_for_what_and_when() -> None:
    reading = read(a_rejection())
    said = the_rejection(reading)
    assert (said.applicant.applicant_id, said.application_id) == ("7001", "9001")
    assert said.applicant.emails == ["mira@mail.example", "mira@work.example"]
    assert said.applicant.phone == "+49 1512 3456789"
    assert not said.applicant.refuses_email
    assert (said.vacancy.vacancy_id, said.vacancy.title) == ("4001", "Shift lead")
    assert said.vacancy.job_location
    assert said.vacancy.job_location.locality == "Hamburg"
    assert said.profile.work[0].start_date == "2022-02-01"
    assert said.profile.education[0].end_date == "2019-06-30"
    assert said.decided_at == reading.events[0].time == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert reading.events[0].source == "careers"
    assert reading.summary == "applicant rejected; a letter of ours leaves"


def test_what_is_not_mapped_is_told_with_how_to_map_it_and_what_is_counts() -> None:
    bare = read(a_rejection())
    said = the_rejection(bare)
    assert (said.stage, said.reason.code, said.tier) == (Stage.APPLIED, ReasonCode.OTHER, None)
    assert any("sources map careers stages 'Face to Face'" in note for note in bare.notes)
    assert any("sources map careers reasons 'Too junior'" in note for note in bare.notes)
    words = {
        "stages": {"face to face": "interviewed"},
        "reasons": {"TOO JUNIOR": "experience_too_short"},
        "tiers": {"Too junior": "runner_up"},
    }
    mapped = read(a_rejection(), options=words)
    said = the_rejection(mapped)
    assert said.stage is Stage.INTERVIEWED
    assert said.reason.code is ReasonCode.EXPERIENCE_TOO_SHORT
    assert said.tier is Tier.RUNNER_UP
    assert not mapped.notes


@pytest.mark.parametrize(
    ("why", "fields"),
    [
        ("prospect", {"prospect": True, "jobs": []}),
        ("prospect", {"prospect": True}),
        ("hired", {"status": "hired"}),
        ("active again", {"status": "active", "rejected_at": None}),
        ("confidential", {"jobs": [a_job(confidential=True)]}),
        ("types none", {"rejection_reason": None}),
        ("types 'Position filled'", {"rejection_reason": {"type": {"name": "Position filled"}}}),
        ("months ago", {"rejected_at": "2019-01-01T00:00:00Z"}),
    ],
)
def test_nobody_is_told_no_whom_nobody_turned_down(why: str, fields: dict[str, Any]) -> None:
    reading = read(a_rejection(**fields))
    assert reading.state is State.IGNORED
    assert not reading.events
    assert why in reading.summary


def test_whoever_rejected_us_has_withdrawn() -> None:
    reason = {"name": "Took another job", "type": {"name": "They rejected us"}}
    [event] = read(a_rejection(rejection_reason=reason)).events
    assert event.type == "dev.notyet.applicant.withdrawn.v1"


def test_a_type_counts_as_its_source_says() -> None:
    given = a_rejection(rejection_reason={"type": {"name": "Position filled"}})
    [event] = read(given, options={"types": {"position filled": "rejected"}}).events
    assert event.type == "dev.notyet.applicant.rejected.v1"
    [event] = read(given, options={"types": {"Position filled": "withdrawn"}}).events
    assert event.type == "dev.notyet.applicant.withdrawn.v1"


def test_no_letter_of_ours_leaves_where_the_source_speaks_or_of_one_vacancy() -> None:
    told = read(a_rejection(), speaks=Speaks.SOURCE)
    assert the_rejection(told).already_told
    assert the_rejection(told).already_asked
    assert told.summary.endswith("; nothing of ours leaves: the source tells and asks them")
    asked = read(a_rejection(), speaks=Speaks.QUESTION)
    assert the_rejection(asked).already_told
    assert not the_rejection(asked).already_asked
    assert asked.summary.endswith("; our question alone leaves: the source tells them")
    ours = read(a_rejection(), speaks=Speaks.SOURCE, speaks_of={"4001": Speaks.US})
    assert not the_rejection(ours).already_told


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, False),
        ({"rejected_at": "2026-02-16T08:30:00Z"}, True),
        ({"rejected_at": "2026-02-17T08:30:00Z"}, False),
        ({"applied_at": "2025-08-01T08:30:00Z"}, True),
        ({"applied_at": None}, True),
    ],
)
def test_old_records_archived_at_once_get_no_letter(fields: dict[str, Any], told: bool) -> None:
    said = the_rejection(read(a_rejection(**fields)))
    assert (said.already_told, said.already_asked) == (told, told)


def test_what_waited_for_the_start_is_as_old_as_it_is_then() -> None:
    start = NOW + timedelta(days=15)
    assert the_rejection(read(a_rejection(), started_at=start)).already_told
    assert not the_rejection(read(a_rejection(), started_at=start, letter_days=30)).already_told


def test_whom_greenhouse_lets_nobody_email_refuses_it() -> None:
    given = a_rejection(candidate=a_candidate(can_email=False))
    assert the_rejection(read(given)).applicant.refuses_email


def test_without_a_word_on_whether_they_may_be_written_to_nothing_is_made_of_it() -> None:
    silent = a_candidate()
    del silent["can_email"]
    reading = read(a_rejection(candidate=silent))
    assert reading.state is State.UNTRANSLATABLE
    assert "candidate.can_email" in reading.summary


def test_a_date_that_nobody_can_read_costs_itself_alone() -> None:
    job = {"company_name": "Hafenwerk", "title": "Picker", "start_date": "13/45/20222"}
    reading = read(a_rejection(candidate=a_candidate(employments=[job])))
    assert the_rejection(reading).profile.work[0].start_date is None
    assert any(note.startswith("left out profile.work.0.startDate") for note in reading.notes)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (unrejected(), "unrejected"),
        (hook("hire_candidate", application={"id": 9001, "candidate": {"id": 7001}}), "hired"),
        (hook("unhire_candidate", application={"id": 9001, "candidate": {"id": 7001}}),
         "unrejected"),
        (hook("merge_candidate", person={"id": 7001, "new_candidate_id": 7002}), "merged"),
        (hook("delete_candidate", person={"id": 7001, "deleted_application_ids": []}), "erased"),
        ({"action": "candidate_anonymized", "payload":
          {"candidate_id": 7001, "anonymized_fields": ["full_name", "rejection_reasons"]}},
         "erased"),
        (hook("delete_application", application={"id": 9001, "candidate_id": 7001}), "withdrawn"),
    ],
)  # fmt: skip
def test_what_happens_to_somebody_since_is_told(body: Any, kind: str) -> None:
    [event] = read(body).events
    assert (event.type, event.key) == (f"dev.notyet.applicant.{kind}.v1", "7001")


def test_an_update_says_who_somebody_is_now() -> None:
    candidate = a_candidate(email_addresses=[{"value": "okafor@mail.example", "type": "other"}])
    del candidate["can_email"], candidate["is_private"]
    [event] = read(hook("update_candidate", candidate=candidate)).events
    assert isinstance(event.data, ApplicantUpdated)
    assert event.data.applicant.emails == ["okafor@mail.example"]
    assert not event.data.applicant.refuses_email


PRIVATE = {"id": 7001, "is_private": True}


@pytest.mark.parametrize(
    "body",
    [
        hook("update_candidate", candidate=PRIVATE),
        hook("update_candidate", candidate=a_candidate(**PRIVATE)),
        hook("update_candidate", candidate=a_candidate(phone_numbers=None, **PRIVATE)),
        hook("reject_candidate", application={"id": 9001, "candidate": PRIVATE}),
        a_rejection(candidate=a_candidate(**PRIVATE)),
        a_rejection(candidate=a_candidate(**PRIVATE), rejection_reason=None),
        a_rejection(candidate=a_candidate(**PRIVATE), jobs=[]),
    ],
)
def test_whoever_is_private_is_to_hear_nothing_and_nobody_hears_of_them(body: Any) -> None:
    [event] = read(body).events
    assert isinstance(event.data, ApplicantUpdated)
    said = event.data.applicant
    assert (said.applicant_id, said.refusals) == ("7001", dict.fromkeys(Channel, True))
    assert (said.name.display, said.emails, said.phone, event.data.profile) == ("", [], None, None)


OF_PRIVATE = {"id": 9001, "candidate": PRIVATE}


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (unrejected(candidate=a_candidate(**PRIVATE)), ["unrejected", "updated"]),
        (hook("hire_candidate", application=OF_PRIVATE), ["hired", "updated"]),
        (hook("unhire_candidate", application=OF_PRIVATE), ["unrejected", "updated"]),
        (hook("hire_candidate", application=OF_PRIVATE | {"prospect": True}), ["updated"]),
        (hook("candidate_stage_change", application=OF_PRIVATE), ["updated"]),
        (hook("new_candidate_application", application=OF_PRIVATE), ["updated"]),
        (hook("application_updated", application=OF_PRIVATE), ["updated"]),
    ],
)
def test_whatever_a_web_hook_says_of_somebody_private_stops_what_rests_for_them(
    body: Any, kinds: list[str]
) -> None:
    events = read(body).events
    assert [event.type for event in events] == [f"dev.notyet.applicant.{it}.v1" for it in kinds]
    assert isinstance(events[-1].data, ApplicantUpdated)
    assert events[-1].data.applicant.refusals == dict.fromkeys(Channel, True)


@pytest.mark.parametrize(
    "body",
    [
        hook("candidate_stage_change", application={"id": 9001, "candidate": {"id": 7001}}),
        hook("candidate_stage_change", application={"id": 9001, "candidate": None}),
        hook("offer_created", application_id=9001, candidate_id=7001),
    ],
)
def test_a_web_hook_of_which_nothing_is_recorded_says_nothing_of_somebody_public(body: Any) -> None:
    assert read(body).state is State.IGNORED


@pytest.mark.parametrize("key", ["email_addresses", "phone_numbers"])
def test_an_update_that_does_not_say_how_somebody_is_reached_waits(key: str) -> None:
    candidate = a_candidate()
    del candidate[key]
    assert read(hook("update_candidate", candidate=candidate)).state is State.UNTRANSLATABLE


@pytest.mark.parametrize(
    ("action", "fields", "model"),
    [
        ("job_created", {}, VacancyOpened),
        ("job_approved", {}, VacancyOpened),
        ("job_updated", {}, VacancyOpened),
        ("job_updated", {"status": "closed"}, VacancyClosed),
        ("job_updated", {"confidential": True}, VacancyClosed),
    ],
)
def test_a_job_says_whether_its_vacancy_is_open(
    action: str, fields: dict[str, Any], model: type[VacancyOpened]
) -> None:
    [event] = read(hook(action, job=a_job(**fields))).events
    assert type(event.data) is model
    assert event.key == "4001"
    assert ("Shift" in event.data.title) is not fields.get("confidential", False)


@pytest.mark.parametrize(
    "body",
    [
        hook("job_created", job=a_job(status="draft")),
        hook("job_approved", job=a_job(), approval_flow={"approval_flow_type": "offer_job"}),
        hook("new_prospect_application", application={}),
        {"action": "candidate_anonymized", "payload":
         {"candidate_id": 7001, "anonymized_fields": ["rejection_reasons"]}},
        {"action": "ping", "payload": {"web_hook": {"id": 1}}},
        {"web_hook": {"id": 1}},
    ],
)  # fmt: skip
def test_what_says_nothing_to_us_is_passed_over_with_the_reason(body: Any) -> None:
    reading = read(body)
    assert (reading.state, list(reading.events)) == (State.IGNORED, [])
    assert reading.summary


def test_what_is_signed_alone_tells_whether_a_delivery_came_before() -> None:
    for body in (a_rejection(), unrejected(), hook("job_updated", job=a_job(status="closed"))):
        assert GREENHOUSE.key(delivered(body)) == GREENHOUSE.key(
            delivered(body, **{"greenhouse-event-id": "gh-2"})
        )
    one, other = (delivered(hook("delete_candidate", person={"id": id})) for id in (1, 2))
    assert GREENHOUSE.key(one) != GREENHOUSE.key(other)


def test_the_same_delivery_is_read_alike_each_time() -> None:
    assert read(a_rejection()) == read(a_rejection())


def test_the_body_is_hashed_as_it_was_sent() -> None:
    body = a_rejection(candidate=a_candidate(first_name="<Mira>"))
    raw = written(body)
    assert b"\\u003cMira\\u003e" in raw
    assert GREENHOUSE.refusal(delivered(body), [SECRET], NOW) is None
    rewritten = json.dumps(json.loads(raw)).encode()
    assert GREENHOUSE.refusal(Delivery(rewritten, signed(raw), NOW), [SECRET], NOW)


def test_either_of_two_secrets_is_believed_and_no_other() -> None:
    delivery = delivered(a_rejection())
    assert GREENHOUSE.refusal(delivery, ["newer", SECRET], NOW) is None
    assert "another secret" in str(GREENHOUSE.refusal(delivery, ["newer", "other"], NOW))
    assert "not signed" in str(GREENHOUSE.refusal(Delivery(delivery.body, {}, NOW), [SECRET], NOW))


BODY = written(a_rejection())


@settings(max_examples=25)
@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_no_byte_of_a_signed_body_can_be_another(place: int, by: int) -> None:
    forged = bytearray(BODY)
    forged[place] ^= by
    assert GREENHOUSE.refusal(Delivery(bytes(forged), signed(BODY), NOW), [SECRET], NOW)


@settings(max_examples=25)
@given(st.text(max_size=100))
def test_no_header_but_the_signature_is_believed(header: str) -> None:
    genuine = signed(BODY)["signature"]
    headers = {"signature": header}
    assert (GREENHOUSE.refusal(Delivery(BODY, headers, NOW), [SECRET], NOW) is None) is (
        header == genuine
    )


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=25)
@given(ANYTHING, st.sampled_from(["reject_candidate", "job_updated", "delete_candidate"]))
def test_whatever_was_signed_costs_itself_alone(payload: Any, action: str) -> None:
    reading = read(json.dumps({"action": action, "payload": payload}).encode())
    assert reading.state in set(State)
    assert read(json.dumps(payload).encode()).events == ()


@settings(max_examples=25)
@given(st.integers(0, len(BODY) - 1))
def test_a_body_cut_off_says_nothing(length: int) -> None:
    assert read(BODY[:length]).state is State.UNTRANSLATABLE
