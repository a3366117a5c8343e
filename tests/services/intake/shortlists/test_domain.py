"""What a recruiter decides, and who cannot be invited."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake.shortlists.domain import (
    Because,
    Choice,
    InvalidDecision,
    Obstacle,
    ShortlistDecision,
    obstacle,
    read_decision,
)
from shared.contract.events.applications import Reason, ReasonCode, Stage, Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.people import Channel, Consent, ConsentPurpose

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def consent(
    purpose: ConsentPurpose = ConsentPurpose.SIMILAR_OPENING, channel: Channel = Channel.EMAIL
) -> Consent:
    return Consent(purpose=purpose, channel=channel, since=NOW, until=NOW + timedelta(days=1))


WILLING = CandidateChanged(
    candidate_id="c", version=1, channels=[Channel.EMAIL, Channel.SMS], consents=[consent()]
)


def but(**changes: Any) -> CandidateChanged:
    return WILLING.model_copy(update=changes)


def test_somebody_who_agreed_can_be_invited() -> None:
    assert obstacle(WILLING, NOW, vacancy_open=True, application_id=None) is None


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (but(hired_at=NOW), Obstacle.HIRED),
        (but(channels=[]), Obstacle.UNREACHABLE),
        (but(stopped=list(Channel)), Obstacle.STOPPED),
        (but(paused_until=NOW + timedelta(days=1)), Obstacle.PAUSED),
        (but(consents=[]), Obstacle.NO_CONSENT),
        (but(consents=[consent(ConsentPurpose.NOW_AND_THEN)]), Obstacle.NO_CONSENT),
        (but(stopped=[Channel.EMAIL]), Obstacle.NO_CONSENT),
    ],
)
def test_what_forbids_an_invitation_is_named(person: CandidateChanged, expected: Obstacle) -> None:
    assert obstacle(person, NOW, vacancy_open=True, application_id=None) is expected


def test_nobody_is_invited_to_a_closed_vacancy() -> None:
    assert obstacle(WILLING, NOW, vacancy_open=False, application_id="a") is Obstacle.VACANCY_CLOSED


def test_a_consent_that_ran_out_is_none() -> None:
    later = NOW + timedelta(days=2)
    assert obstacle(WILLING, later, vacancy_open=True, application_id=None) is Obstacle.NO_CONSENT


TURNED_DOWN = Rejection(
    application_id="a",
    vacancy_id="v",
    vacancy_title="Dispatcher",
    tier=Tier.RUNNER_UP,
    stage=Stage.FINAL,
    reason=Reason(code=ReasonCode.OTHER_CANDIDATE_STRONGER),
    decided_at=NOW,
)


def going_on(*, was_continued: bool = False, **changes: Any) -> Obstacle | None:
    """Returns what keeps somebody from going on with the application that they were second in."""
    person = but(rejections=[TURNED_DOWN]).model_copy(update=changes)
    return obstacle(person, NOW, vacancy_open=True, application_id="a", was_continued=was_continued)


def test_a_continued_application_needs_no_consent_but_respects_a_stop() -> None:
    assert going_on(consents=[]) is None
    assert going_on(consents=[], stopped=list(Channel)) is Obstacle.STOPPED


def test_only_an_application_that_stands_as_turned_down_goes_on() -> None:
    assert going_on(rejections=[]) is Obstacle.NOT_STANDING
    unqualified = TURNED_DOWN.model_copy(update={"tier": Tier.NO})
    assert going_on(rejections=[unqualified]) is Obstacle.NOT_STANDING


def test_to_go_on_for_a_second_time_needs_a_consent() -> None:
    assert going_on(was_continued=True) is None
    assert going_on(was_continued=True, consents=[]) is Obstacle.WRITTEN_ONCE


def test_only_people_on_the_list_can_be_decided_about() -> None:
    form = {"do": ["approve"], "candidate": ["a", "b", "stranger"]}
    assert read_decision(form, ["a", "b", "c"]) == ShortlistDecision(
        Choice.APPROVED, frozenset({"a", "b"})
    )


@pytest.mark.parametrize(
    "form",
    [
        {"do": ["approve"], "candidate": ["stranger"]},
        {"do": ["approve"]},
        {"do": ["dance"], "candidate": ["a"]},
    ],
)
def test_what_names_nobody_or_nothing_to_do_decides_nothing(form: dict[str, list[str]]) -> None:
    with pytest.raises(InvalidDecision) as misread:
        read_decision(form, ["a"])
    assert misread.value.fault == "nothing"


def test_a_decline_has_one_of_the_known_reasons() -> None:
    form = {"do": ["decline"], "candidate": ["a"], "because": ["terms"]}
    assert read_decision(form, ["a"]) == ShortlistDecision(
        Choice.DECLINED, frozenset({"a"}), Because.TERMS
    )


@pytest.mark.parametrize("given", [["<b>"], [""], []])
def test_no_reason_is_chosen_for_whoever_chose_none(given: list[str]) -> None:
    with pytest.raises(InvalidDecision) as misread:
        read_decision({"do": ["decline"], "candidate": ["a"], "because": given}, ["a"])
    assert misread.value.fault == "no_reason"
