"""What Recruitee sends: of a disqualification it is not known where it tells why."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.deliveries.domain import State
from services.intake.webhooks.recruitee.hooks import Recruitee
from services.intake.webhooks.signatures import hmac_sha256
from shared.contract.events.applications import Stage
from tests.services.intake.upstream import NOW
from tests.services.intake.webhooks.greenhouse import SECRET
from tests.services.intake.webhooks.reading import (
    assert_ignored,
    delivery_of,
    kinds,
    read,
    the_rejection,
)

RECRUITEE = Recruitee()
SETTLED: dict[str, Any] = {
    "places": {"reason": "details.why.name", "applied": "candidate.created_at"},
    "types": {"Too junior": "rejected", "Withdrew": "withdrawn"},
    "jobs": {"any": "named"},
}


def moved(subtype: str = "disqualified", why: str = "Too junior", **offer: Any) -> dict[str, Any]:
    return {
        "id": 501,
        "event_type": "candidate_moved",
        "event_subtype": subtype,
        "created_at": "2026-03-02T08:30:00Z",
        "payload": {
            "candidate": {
                "id": 71,
                "name": "Mira Okafor",
                "created_at": "2026-02-01 08:00:00+00:00",
                "emails": ["mira@mail.example"],
                "phones": ["+49 1512 3456789"],
            },
            "offer": {"id": 41, "title": "Shift lead"} | offer,
            "details": {"from_stage": {"id": 1, "name": "Onsite"}, "why": {"name": why}},
        },
    }


def test_nobody_is_told_no_until_it_is_known_where_the_reason_stands_and_what_it_means() -> None:
    assert_ignored(read("recruitee", moved()), "sources map careers places reason details.NAME")
    places = SETTLED["places"]
    assert_ignored(read("recruitee", moved(), places=places), "types 'Too junior' rejected")
    undated = SETTLED | {"places": {"reason": "details.why.name"}}
    assert_ignored(
        read("recruitee", moved(), **undated), "sources map careers places applied candidate.NAME"
    )
    nowhere = SETTLED | {"places": {"reason": "details.elsewhere"}}
    assert_ignored(read("recruitee", moved(), **nowhere), "types none rejected")
    withdrew = moved(why="Withdrew")
    assert kinds(read("recruitee", withdrew, **undated)) == [("applicant.withdrawn.v1", "71")]
    unsaid = SETTLED | {"jobs": {}}
    assert_ignored(read("recruitee", moved(), **unsaid), "jobs any named")


def test_a_settled_disqualification_says_who_was_turned_down_for_what_and_when() -> None:
    reading = read("recruitee", moved(), stages={"onsite": "interviewed"}, **SETTLED)
    said = the_rejection(reading)
    assert (said.applicant.applicant_id, said.application_id) == ("71", "71-41")
    assert said.applicant.emails == ["mira@mail.example"]
    assert (said.vacancy.vacancy_id, said.vacancy.title) == ("41", "Shift lead")
    assert said.stage is Stage.INTERVIEWED
    assert said.decided_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert (said.reason.note, said.already_told) == ("Too junior", False)


def test_a_no_without_a_moment_is_none_of_today() -> None:
    body = moved()
    del body["created_at"]
    reading = read("recruitee", body, **SETTLED)
    assert (reading.state, list(reading.events)) == (State.UNTRANSLATABLE, [])
    assert "created_at" in reading.summary


@pytest.mark.parametrize(
    "written", ["2026-02-01", "2026-02-01 08:00:00 UTC", "last week", 1769932800, {}, []]
)
def test_an_application_of_which_the_moment_cannot_be_read_waits(written: Any) -> None:
    body = moved()
    body["payload"]["candidate"]["created_at"] = written
    reading = read("recruitee", body, **SETTLED)
    assert (reading.state, list(reading.events)) == (State.UNTRANSLATABLE, [])
    assert "candidate.created_at" in reading.summary


@pytest.mark.parametrize("options", [SETTLED, {}])
def test_whoever_was_hired_is_told_no_no_whatever_else_is_not_said_yet(
    options: dict[str, Any],
) -> None:
    body = moved()
    body["payload"]["details"]["from_stage"]["name"] = "Hired"
    del body["created_at"]
    assert kinds(read("recruitee", body, **options)) == [("applicant.hired.v1", "71")]


@pytest.mark.parametrize(
    ("stage", "hires"),
    [
        ({"name": "Zatrudniony", "category": "hire"}, {}),
        ({"name": None, "category": "hire"}, {}),
        ({"name": " EINGESTELLT"}, {}),
        ({"name": "Embauché"}, {}),
        ({"name": "zatrudniony"}, {"Zatrudniony": "hired"}),
        ({"name": "Signed", "category": "offer"}, {"signed": "hired"}),
        ({"name": "Onboarding", "category": "HIRE"}, {}),
        ({"name": "Onboarding", "category": " hired "}, {}),
        ({"name": {"en": "Start"}, "category": "Hire"}, {}),
        *(
            ({"name": "Onboarding", "category": category}, {})
            for category in (
                "\u200bhire", "hire!", "Hired \N{WHITE HEAVY CHECK MARK}", "hire\0", "(hire)",
                "\uff28\uff49\uff52\uff45", "Eingestellt", "embauch\u00e9(e)",
            )
        ),
        ("hire", {}),
        ({"name": "6. Hired"}, {}),
        ({"name": "Onboarding", "category": "custom"}, {"onboarding": "hired"}),
        ({"category": ["hire"]}, {"none": "hired"}),
        ("Hired", {}),
        (None, {"none": "hired"}),
        ({"id": 1}, {"None": "hired"}),
        *(
            ({"name": name}, {})
            for name in (
                "HIRED!", "Hired \N{PARTY POPPER}", "\N{WHITE HEAVY CHECK MARK}\ufe0f Hired.",
                "\uff28\uff49\uff52\uff45\uff44", "- hired -",
                "Embauche\u0301", "Embauch\u00e9(e)s",
                "Embauch\u00e9e", "Eingestellte:r", "Eingestellte", "Contratada", "Contratado/a",
                "contratados", "Aangenomen",
            )
        ),
    ],
)  # fmt: skip
def test_whoever_was_hired_is_so_whatever_their_stage_is_called(
    stage: Any, hires: dict[str, str]
) -> None:
    body = moved()
    body["payload"]["details"]["from_stage"] = stage
    given = SETTLED | {"hires": hires}
    assert kinds(read("recruitee", body, **given)) == [("applicant.hired.v1", "71")]


@pytest.mark.parametrize(
    ("was", "is_now", "said"),
    [
        ({"name": "Offer"}, {"name": "Onboarding", "category": "hire"}, "hired"),
        ({"name": "Offer"}, {"name": "Angestellt"}, "hired"),
        ({"name": "Hired"}, {"name": "Hired", "category": "hire"}, "hired"),
        ({"name": "Hired"}, {"name": "Offer", "category": "offer"}, "unrejected"),
    ],
)
def test_who_is_moved_to_the_hired_is_hired_and_who_is_moved_on_is_no_more(
    was: Any, is_now: Any, said: str
) -> None:
    body = moved("stage_changed")
    body["payload"]["details"] = {"from_stage": was, "to_stage": is_now}
    told = read("recruitee", body, **SETTLED | {"hires": {"angestellt": "hired"}})
    assert kinds(told) == [(f"applicant.{said}.v1", "71")]


@pytest.mark.parametrize("stages", [{}, {"from_stage": {"name": "Hired"}}, {"to_stage": 7}])
def test_who_is_moved_nobody_knows_where_is_not_told_of(stages: Any) -> None:
    body = moved("stage_changed")
    body["payload"]["details"] = stages
    assert_ignored(read("recruitee", body, **SETTLED), "another stage")


def test_of_a_stage_without_a_category_it_is_asked_whether_it_is_for_the_hired() -> None:
    def notes(stage: Any, **options: Any) -> str:
        body = moved()
        body["payload"]["details"]["from_stage"] = stage
        reading = read("recruitee", body, **SETTLED, **options)
        assert the_rejection(reading).applicant.applicant_id == "71"
        return " ".join(reading.notes)

    how = "sources map careers hires 'Auf Probe' hired"
    assert how in notes({"name": "Auf Probe"})
    assert how not in notes({"name": "Auf Probe", "category": "interview"})
    assert how not in notes({"name": "Auf Probe"}, stages={"Auf Probe": "interviewed"})
    assert "hires" not in notes({"category": "apply"})
    for unnamed in ({"id": 1}, {"name": ["Onsite"]}, {"name": {"en": "Onsite"}}, {"name": None}):
        assert "sources map careers hires none hired" in notes(unnamed)
        assert "hires" not in notes(unnamed, stages={"none": "applied"})


@pytest.mark.parametrize("stage", [None, 5, [{"name": "Onsite"}], True])
def test_of_whom_nothing_tells_from_which_stage_they_come_is_told_no_no_until_it_is_said(
    stage: Any,
) -> None:
    body = moved()
    body["payload"]["details"]["from_stage"] = stage
    assert_ignored(read("recruitee", body, **SETTLED), "sources map careers stages none")
    told = read("recruitee", body, **SETTLED, stages={"none": "applied"})
    assert kinds(told) == [("applicant.rejected.v1", "71")]


@pytest.mark.parametrize(
    "category",
    ["hiring", "hires", "Einstellung", "custom", "h\u0131re", "\N{PARTY POPPER}", ["hire"],
     {"name": "hire"}, {"id": 3}, [], {}, 5, False],
)  # fmt: skip
@pytest.mark.parametrize("name", ["Onboarding", None])
def test_of_a_category_that_nobody_knows_nobody_is_told_no_until_it_is_said_what_it_is_for(
    name: str | None, category: Any
) -> None:
    body = moved()
    body["payload"]["details"]["from_stage"] = {"name": name, "category": category}
    word = name or "none"
    assert_ignored(read("recruitee", body, **SETTLED), f"sources map careers stages {word} ")
    assert_ignored(read("recruitee", body, **SETTLED), f"sources map careers hires {word} hired")
    told = read("recruitee", body, **SETTLED, stages={word: "offered"})
    assert kinds(told) == [("applicant.rejected.v1", "71")]


@pytest.mark.parametrize(
    "category", ["apply", "Phone Screen", "phone_screen", " INTERVIEW ", "offer", "", "  ", None]
)
def test_a_category_of_the_others_is_as_good_as_none_for_a_no(category: str | None) -> None:
    body = moved()
    body["payload"]["details"]["from_stage"] = {"name": "Onsite", "category": category}
    assert kinds(read("recruitee", body, **SETTLED)) == [("applicant.rejected.v1", "71")]


UNREAD = "sources map careers places reason details.NAME"


@pytest.mark.parametrize(
    ("why", "waits_for"),
    [
        ({"name": {"id": 1, "name": "Withdrew"}}, UNREAD),
        ({"name": {"en": "Withdrew"}}, UNREAD),
        ({"name": ["Withdrew"]}, UNREAD),
        ({"name": []}, UNREAD),
        ({"name": {}}, UNREAD),
        ({"name": 7.5}, UNREAD),
        ({"name": True}, UNREAD),
        ({"name": "\ud83d"}, UNREAD),
        ({"name": 7}, "sources map careers types 7 "),
        ("Withdrew", UNREAD),
        (["Withdrew"], UNREAD),
        ([{"name": "Withdrew"}], UNREAD),
        (7, UNREAD),
    ],
)
def test_a_reason_that_cannot_be_read_is_not_taken_for_none(why: Any, waits_for: str) -> None:
    body = moved()
    body["payload"]["details"]["why"] = why
    types = {"none": "rejected", "Withdrew": "withdrawn"}
    assert_ignored(read("recruitee", body, **(SETTLED | {"types": types})), waits_for)


def test_a_reason_that_was_left_out_is_not_taken_for_none() -> None:
    body = moved()
    body["payload"]["details"]["why"] = {"type": "With\0drew"}
    places = SETTLED["places"] | {"reason": "details.why.type"}
    told = SETTLED | {"places": places, "types": {"none": "rejected"}}
    assert_ignored(read("recruitee", body, **told), UNREAD)


@pytest.mark.parametrize("why", [None, {}, {"name": None}, {"name": ""}, {"name": " "}])
def test_where_no_reason_stands_it_is_none(why: Any) -> None:
    body = moved()
    body["payload"]["details"]["why"] = why
    told = SETTLED | {"types": {"none": "rejected"}}
    assert kinds(read("recruitee", body, **told)) == [("applicant.rejected.v1", "71")]


@pytest.mark.parametrize(
    "stage", ["To be hired", "Hiring", "Not hired", "Not-hired", "Unhired", "Hired by others", ""]
)
def test_a_stage_that_is_not_for_the_hired_is_like_any_other(stage: str) -> None:
    body = moved()
    body["payload"]["details"]["from_stage"]["name"] = stage
    assert the_rejection(read("recruitee", body, **SETTLED)).applicant.applicant_id == "71"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (moved(why="Withdrew"), ("applicant.withdrawn.v1", "71")),
        (moved("requalified"), ("applicant.unrejected.v1", "71")),
        ({"event_type": "candidate_deleted", "payload": {"candidate": {"id": 71}}},
         ("applicant.erased.v1", "71")),
        ({"event_type": "job_published", "payload": {"offer": {"id": 41, "title": "Shift lead"}}},
         ("vacancy.opened.v1", "41")),
        ({"event_type": "job_unpublished", "payload": {"job": {"id": 41, "title": "Shift lead"}}},
         ("vacancy.closed.v1", "41")),
    ],
)  # fmt: skip
def test_what_else_happens_is_told(body: Any, said: tuple[str, str]) -> None:
    assert kinds(read("recruitee", body, **SETTLED)) == [said]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (moved(kind="talent_pool"), "prospect"),
        (moved("stage_changed"), "another stage"),
        ({"event_type": "candidate_assigned", "payload": {}}, "candidate_assigned"),
        ({"event_type": "job_updated", "payload": {}}, "whether it is open"),
        ({"event_type": "job_published",
          "payload": {"offer": {"id": 41, "title": "Leads", "kind": "talent_pool"}}}, "pool"),
        ({"test": True}, "test call"),
    ],
)  # fmt: skip
def test_what_says_nothing_to_us_is_passed_over(body: Any, why: str) -> None:
    assert_ignored(read("recruitee", body, **SETTLED), why)


def test_a_test_call_is_one_only_where_it_says_so() -> None:
    assert RECRUITEE.test_answer(delivery_of({"test": True, "event_type": "x"})) == {}
    for body in (b"{", b"[]", {"test": False}, {"test": "perhaps"}, moved()):
        assert RECRUITEE.test_answer(delivery_of(body)) is None


def test_what_is_tried_again_is_known_by_its_body_and_another_body_is_another() -> None:
    body = moved()
    first, again = (delivery_of(body | {"attempt_count": count}) for count in (1, 2))
    assert RECRUITEE.key(first) == RECRUITEE.key(again)
    assert RECRUITEE.kept(first) == RECRUITEE.kept(RECRUITEE.kept(again))
    assert RECRUITEE.key(first) != RECRUITEE.key(
        delivery_of(body | {"event_subtype": "requalified"})
    )
    assert RECRUITEE.key(delivery_of(b"[]")) != RECRUITEE.key(delivery_of(b"["))


def test_only_a_body_signed_with_one_of_our_secrets_is_believed() -> None:
    raw = json.dumps(moved()).encode()
    signed = hmac_sha256(SECRET.encode(), raw).hex()

    def refusal(body: bytes, signature: str) -> str | None:
        given = delivery_of(body, x_recruitee_signature=signature)
        return RECRUITEE.refusal(given, ["newer", SECRET], NOW)

    assert refusal(raw, signed) is None
    assert refusal(raw, signed.upper()) is None
    assert "another secret" in str(refusal(raw[:-1], signed))
    assert "not signed" in str(refusal(raw, ""))
