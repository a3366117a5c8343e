"""What nobody could read or keep of a body costs itself alone, and is named."""

import json
from typing import Any

import pytest

from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.bodies import take_body
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.decoding import decode
from shared.contract.topics import APPLICATIONS
from tests.shared.contract.events.records import REJECTION, structured

NO_CHARACTERS = ["\0", "\ud83d", "\udc00"]


def rejection(applicant: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return {**REJECTION, "applicant": {**REJECTION["applicant"], **(applicant or {})}, **changes}


def read(body: dict[str, Any] | bytes) -> tuple[ApplicantRejected, list[str]]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    taken, left_out = take_body(raw, ApplicantRejected)
    return taken, [fault.field for fault in left_out]


@pytest.mark.parametrize("none", NO_CHARACTERS)
def test_words_are_kept_without_what_is_no_character(none: str) -> None:
    name = {"givenName": f"Mi{none}ra", "familyName": f"Okafor{none} \N{WAVING HAND SIGN}"}
    body = rejection({"name": name}, profile={"resumeText": f"Led{none} a shift \\u0000"})
    taken, left_out = read(body)
    assert taken.applicant.name.display == "Mira Okafor \N{WAVING HAND SIGN}"
    assert taken.profile.resume_text == "Led a shift \\u0000"
    assert left_out == [
        "applicant.name.givenName",
        "applicant.name.familyName",
        "profile.resumeText",
    ]


@pytest.mark.parametrize("none", NO_CHARACTERS)
def test_an_address_with_what_is_no_character_is_left_out(none: str) -> None:
    emails = [f"mi{none}ra@mail.example", "mira@mail.example"]
    taken, left_out = read(rejection({"emails": emails}))
    assert taken.applicant.emails == ["mira@mail.example"]
    assert left_out == ["applicant.emails.0"]


@pytest.mark.parametrize("none", NO_CHARACTERS)
def test_an_id_with_what_is_no_character_is_no_id(none: str) -> None:
    with pytest.raises(Unreadable, match="applicationId"):
        read(rejection(applicationId=f"a{none}1"))


@pytest.mark.parametrize(
    "odd", ["9" * 5000, "[" * 300 + "]" * 300, '{"a":' * 250 + "1" + "}" * 250]
)
def test_what_nobody_could_read_in_a_profile_costs_itself_alone(odd: str) -> None:
    marked = json.dumps(rejection(profile={"resumeText": "Led a shift", "odd": "@"}))
    taken, left_out = read(marked.replace('"@"', odd).encode())
    assert taken.profile.resume_text == "Led a shift"
    assert left_out[0].startswith("profile.odd")


@pytest.mark.parametrize("none", NO_CHARACTERS)
def test_a_structured_event_is_read_without_what_is_no_character(none: str) -> None:
    event = decode(structured(rejection(decidedBy=f"Ada{none}")), APPLICATIONS)
    assert isinstance(event.data, ApplicantRejected)
    assert event.data.decided_by == "Ada"
    assert [fault.field for fault in event.left_out] == ["decidedBy"]
