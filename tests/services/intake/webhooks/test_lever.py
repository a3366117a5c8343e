"""Lever is believed by a token that counts once, and means what then stands in Lever itself."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake.deliveries.domain import State
from services.intake.deliveries.reading import Reader, Reading
from services.intake.sources.domain import Source
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import needs_asking, unread
from services.intake.webhooks.lever.api import LeverApi
from services.intake.webhooks.lever.hooks import Lever
from services.intake.webhooks.lever.postings import LeverPostings
from shared.contract.events.applications import (
    ApplicantRejected,
    ApplicantUpdated,
    ReasonCode,
    Stage,
)
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.people import Channel
from shared.contract.events.vacancies import VacancyClosed
from tests.services.intake.upstream import NOW, RECEIVING
from tests.services.intake.webhooks import answering
from tests.services.intake.webhooks.answering import READ_AT
from tests.services.intake.webhooks.lever import (
    APPLIED_AT,
    ARCHIVED_AT,
    SECRET,
    SENT,
    delivered,
    hook,
    pages,
)

LEVER = Lever()
MEANS_NO = {"types": {"Too junior": "rejected"}}
GONE = ("/opportunities/opp-1",)


def read(body: Any = None, options: Any = MEANS_NO, **changed: Any) -> Reading:
    return answering.read("lever", delivered(body or hook()), pages(**changed), **options)


def refused(delivery: Delivery, *secrets: str, late: timedelta = timedelta()) -> str | None:
    return LEVER.refusal(delivery, secrets or [SECRET], NOW + late)


def the_rejection(reading: Reading) -> ApplicantRejected:
    [event] = reading.events
    assert isinstance(event.data, ApplicantRejected)
    return event.data


def test_what_lever_signed_is_genuine_and_known_by_its_token() -> None:
    assert refused(delivered(hook())) is None
    assert LEVER.key(delivered(hook())) == "tok-1"


def test_each_of_its_hooks_signs_with_a_token_of_its_own() -> None:
    for secret in ("first", "second"):
        assert refused(delivered(hook(secret=secret)), "first second") is None
    assert refused(delivered(hook(secret="third")), "first second")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"token": "tok-2"}, "another secret"),
        ({"triggeredAt": SENT + 1}, "another secret"),
        ({"signature": ""}, "not signed"),
        ({"signature": "0" * 64}, "another secret"),
        ({"token": "tok-1" + str(SENT)[0], "triggeredAt": int(str(SENT)[1:])}, "too long ago"),
        ({"token": "tok-", "triggeredAt": int(f"1{SENT}")}, "too long ago"),
    ],
)
def test_what_is_forged_or_moved_about_is_refused(changed: dict[str, Any], why: str) -> None:
    assert why in str(refused(delivered(hook() | changed)))


@pytest.mark.parametrize("body", [b"", b"[", b"null", b'{"token": {}}', b'{"triggeredAt": 1e400}'])
def test_what_is_truncated_or_no_hook_is_refused(body: bytes) -> None:
    assert "not signed" in str(refused(delivered(body)))


@pytest.mark.parametrize("late", [timedelta(hours=25), timedelta(minutes=-6)])
def test_what_is_stale_or_still_to_come_is_refused(late: timedelta) -> None:
    assert "too long ago" in str(refused(delivered(hook()), late=late))


def test_what_lever_tries_again_within_the_day_is_believed() -> None:
    assert refused(delivered(hook()), late=timedelta(hours=23)) is None


def test_a_connection_test_says_nothing_and_asks_nothing() -> None:
    empty = hook() | {"data": {}}
    assert refused(delivered(empty)) is None
    assert not needs_asking(LeverApi(), delivered(empty))
    assert read(empty).summary == "a test call"


def test_somebody_archived_for_a_reason_of_ours_was_rejected() -> None:
    reading = read()
    said = the_rejection(reading)
    assert (said.applicant.applicant_id, said.application_id) == ("con-1", "opp-1")
    assert said.applicant.emails == ["mira@mail.example"]
    assert said.applicant.phone == "+49 1512 3456789"
    assert not said.applicant.refuses_email
    assert (said.vacancy.vacancy_id, said.vacancy.title) == ("post-1", "Shift lead")
    assert said.decided_at == datetime.fromtimestamp(ARCHIVED_AT / 1000, UTC)
    assert said.decided_at == reading.events[0].time
    assert (said.stage, said.reason.code) == (Stage.APPLIED, ReasonCode.OTHER)
    assert any("sources map careers stages On-site" in note for note in reading.notes)
    assert reading.summary == "applicant rejected; a letter of ours leaves"


def test_nothing_that_a_web_hook_says_counts_but_the_ids() -> None:
    forged = hook(
        toArchived={"reason": "reason-9", "archivedAt": 1},
        name="Somebody Else",
        emails=["else@mail.example"],
    )
    assert read(forged).events == read().events


@pytest.mark.parametrize(
    ("why", "options", "changed"),
    [
        ("map careers types 'Too junior' rejected|withdrawn", {}, {}),
        ("prospect", MEANS_NO, {"applications": []}),
        ("prospect", MEANS_NO, {"opportunity": {"origin": "sourced"}}),
        ("confidential", MEANS_NO, {"opportunity": {"confidentiality": "confidential"}}),
        ("confidential", MEANS_NO, {"posting": {"confidentiality": "confidential"}}),
        ("not there any more", MEANS_NO, {"without": GONE}),
    ],
)
def test_nobody_is_told_no_whom_nobody_turned_down(
    why: str, options: Any, changed: dict[str, Any]
) -> None:
    reading = read(options=options, **changed)
    assert reading.state is State.IGNORED
    assert not reading.events
    assert why in reading.summary


@pytest.mark.parametrize("reason", [{"text": "Hired", "type": None}, {"type": "hired"}])
def test_whoever_is_archived_as_hired_is_hired(reason: dict[str, Any]) -> None:
    for event in ("candidateArchiveChange", "candidateHired"):
        [hired] = read(hook(event), reason=reason).events
        assert hired.type == "dev.notyet.applicant.hired.v1"


def test_hired_is_no_word_that_an_account_can_give_another_meaning() -> None:
    [hired] = read(options={"types": {"Hired": "rejected"}}, reason={"text": "HIRED "}).events
    assert hired.type == "dev.notyet.applicant.hired.v1"


def test_whoever_withdrew_is_told_nothing() -> None:
    [event] = read(options={"types": {"Too junior": "withdrawn"}}).events
    assert event.type == "dev.notyet.applicant.withdrawn.v1"


def test_who_is_in_the_running_again_is_so_since_that_was_read() -> None:
    [event] = read(opportunity={"archived": None}).events
    assert (event.type, event.time) == ("dev.notyet.applicant.unrejected.v1", READ_AT)
    assert read(hook("candidateHired"), opportunity={"archived": None}).state is State.IGNORED


def test_whom_lever_lets_nobody_write_to_refuses_email() -> None:
    protection = {"store": {"allowed": True}, "contact": {"allowed": False, "expiresAt": None}}
    said = the_rejection(read(opportunity={"dataProtection": protection}))
    assert said.applicant.refuses_email


@pytest.mark.parametrize(
    ("options", "changed", "kinds"),
    [
        ({"types": {"Too junior": "withdrawn"}}, {}, ["withdrawn", "updated"]),
        (MEANS_NO, {"reason": {"type": "hired"}}, ["hired", "updated"]),
        (MEANS_NO, {"applications": []}, ["updated"]),
        ({}, {}, ["updated"]),
        ({}, {"opportunity": {"archived": None}}, ["unrejected", "updated"]),
    ],
)
def test_whom_lever_lets_nobody_write_to_refuses_email_whatever_else_is_told(
    options: Any, changed: dict[str, Any], kinds: list[str]
) -> None:
    protection = {"dataProtection": {"contact": {"allowed": False}}}
    opportunity = changed.get("opportunity", {}) | protection
    events = read(options=options, **(changed | {"opportunity": opportunity})).events
    assert [event.type for event in events] == [f"dev.notyet.applicant.{it}.v1" for it in kinds]
    assert isinstance(events[-1].data, ApplicantUpdated)
    assert events[-1].data.applicant.refusals == {Channel.EMAIL: True}


def test_old_records_archived_at_once_get_no_letter() -> None:
    long_ago = {"reason": "reason-1", "archivedAt": APPLIED_AT}
    assert the_rejection(read(opportunity={"archived": long_ago})).already_told


def test_whoever_is_anonymised_is_forgotten() -> None:
    [event] = read(opportunity={"isAnonymized": True}).events
    assert (event.type, event.key) == ("dev.notyet.applicant.erased.v1", "con-1")


def test_a_deletion_counts_only_once_lever_has_no_such_person() -> None:
    deleted = hook("candidateDeleted")
    assert read(deleted).state is State.IGNORED
    [event] = read(deleted, without=GONE).events
    assert event.type == "dev.notyet.applicant.withdrawn.v1"
    [event] = read(deleted, without=(*GONE, "/contacts/con-1")).events
    assert (event.type, event.key) == ("dev.notyet.applicant.erased.v1", "con-1")
    unnamed = hook("candidateDeleted", contactId=None)
    assert read(unnamed, without=GONE).state is State.UNTRANSLATABLE


CHANGED = hook("contactUpdated", opportunityId=None)
CONTACT_NOW = {
    "id": "con-1",
    "name": "Mira Okafor",
    "emails": ["mira@home.example"],
    "phones": [{"type": "mobile", "value": "+49 1512 3456789"}],
}


def changed_to(**fields: Any) -> Reading:
    answers = pages() | {"/contacts/con-1": {"data": CONTACT_NOW | fields}}
    return answering.read("lever", delivered(CHANGED), answers)


def test_who_somebody_is_now_is_read_there() -> None:
    [event] = changed_to().events
    assert isinstance(event.data, ApplicantUpdated)
    assert event.key == "con-1"
    assert event.data.applicant.emails == ["mira@home.example"]
    assert event.data.applicant.phone == "+49 1512 3456789"
    assert event.time == READ_AT


def test_a_contact_who_is_anonymized_is_erased_and_one_who_is_gone_is_passed_over() -> None:
    [event] = changed_to(isAnonymized=True).events
    assert (event.type, event.key) == ("dev.notyet.applicant.erased.v1", "con-1")
    assert read(CHANGED, without=("/contacts/con-1",)).state is State.IGNORED


@pytest.mark.parametrize(
    "fields", [{"emails": None}, {"phones": None}, {"emails": [{}]}, {"phones": "none"}]
)
def test_a_contact_of_whom_it_is_not_told_how_to_reach_them_waits(fields: dict[str, Any]) -> None:
    assert changed_to(**fields).state is State.UNTRANSLATABLE
    assert read(CHANGED).state is State.UNTRANSLATABLE


def test_only_the_contact_is_asked_for_and_one_that_is_not_named_waits() -> None:
    assert unread(LeverApi(), delivered(CHANGED)) == ["/contacts/con-1"]
    nobody = hook("contactUpdated", contactId=None)
    assert read(nobody).state is State.UNTRANSLATABLE


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"opportunity": {"confidentiality": None}}, "confidentiality"),
        ({"opportunity": {"archived": {"reason": "reason-1", "archivedAt": "soon"}}}, "archivedAt"),
        ({"without": ("/archive_reasons/reason-1",)}, "reason"),
        ({"without": ("/postings/post-1",)}, "posting"),
    ],
)
def test_what_does_not_tell_enough_waits(changed: dict[str, Any], why: str) -> None:
    reading = read(**changed)
    assert reading.state is State.UNTRANSLATABLE
    assert why in reading.summary


def test_another_event_says_nothing_and_asks_nothing() -> None:
    moved = hook("candidateStageChange")
    assert not needs_asking(LeverApi(), delivered(moved))
    assert read(moved).state is State.IGNORED


def test_its_key_is_sent_as_lever_takes_it() -> None:
    assert LeverApi().headers("key") == {"authorization": "Basic a2V5Og=="}


def a_posting(id: str = "post-1", **fields: Any) -> dict[str, Any]:
    said = {
        "id": id,
        "text": "Shift lead",
        "state": "published",
        "confidentiality": "non-confidential",
        "updatedAt": ARCHIVED_AT,
    }
    return said | fields


def a_page(*postings: dict[str, Any], **fields: Any) -> bytes:
    return json.dumps({"data": postings, "hasNext": False} | fields).encode()


def looked_for(posting: dict[str, Any]) -> Reading:
    answer = json.dumps({"data": posting}).encode()
    found = Delivery(b"", {}, NOW, {"/postings/post-1": answer})
    return Reader(Source("careers", "lever"), LEVER, RECEIVING).read(b"k" * 32, found)


def test_postings_are_looked_through_page_by_page_and_each_change_is_found_once() -> None:
    postings = LeverPostings()
    assert postings.path(None) == "/postings?limit=20&updated_at_start=0"
    first = postings.page(None, a_page(a_posting("a", updatedAt=7), hasNext=True, next="x y&z"))
    assert ([each.path for each in first.found], first.has_more) == (["/postings/a"], True)
    assert postings.path(first.until).endswith("updated_at_start=0&offset=x%20y%26z")
    last = postings.page(first.until, a_page(a_posting("b", updatedAt=5)))
    assert ([each.key for each in last.found], last.has_more) == (["b 5"], False)
    assert postings.path(last.until) == "/postings?limit=20&updated_at_start=7"
    both = a_page(a_posting("a", updatedAt=7), a_posting("b", updatedAt=8))
    assert [each.key for each in postings.page(last.until, both).found] == ["b 8"]
    assert postings.page(last.until, a_page()).until == last.until
    assert postings.path(postings.again(first.until)) == postings.path(None)


@pytest.mark.parametrize(
    "answer", [b"[]", a_page({"id": "a"}), a_page(a_posting("../me")), a_page(a_posting(id=""))]
)
def test_a_page_that_cannot_be_read_is_told_so(answer: bytes) -> None:
    with pytest.raises(Unreadable):
        LeverPostings().page(None, answer)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "opened"),
        ({"state": "closed"}, "closed"),
        ({"state": "internal"}, "closed"),
        ({"state": "draft"}, None),
        ({"state": "pending"}, None),
    ],
)
def test_a_posting_opens_and_closes_its_vacancy(fields: dict[str, Any], kind: str | None) -> None:
    types = [each.type for each in looked_for(a_posting(**fields)).events]
    assert types == ([f"dev.notyet.vacancy.{kind}.v1"] if kind else [])


def test_a_confidential_posting_is_closed_and_not_named() -> None:
    [event] = looked_for(a_posting(confidentiality="confidential")).events
    assert isinstance(event.data, VacancyClosed)
    assert event.data.title == "A confidential position"


def test_nobody_can_call_with_what_is_looked_for() -> None:
    assert refused(delivered(b""))
    said = read(hook("posting") | {"data": a_posting()})
    assert said.state is State.IGNORED
