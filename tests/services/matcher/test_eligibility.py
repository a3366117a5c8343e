from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.matcher.domain.eligibility import PersonOutcome, Span, barred, finishing_order, spans
from shared.contract.events.applications import Stage, Tier
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.shortfalls import RequirementKind, Shortfall
from tests.services.matcher.people import AGREED, LAST_YEAR, NOW, candidate, rejection

WHEN_QUALIFIED = AGREED.model_copy(update={"purpose": ConsentPurpose.WHEN_QUALIFIED})
BY_SMS = AGREED.model_copy(update={"channel": Channel.SMS})
CLOSES_IN_JUNE = Shortfall(
    requirement_id="r",
    kind=RequirementKind.EXPERIENCE,
    name="nursing",
    required_months=24,
    observed_months=9,
    observed_at=date(2025, 3, 10),
)


@pytest.mark.parametrize(
    ("fields", "bar"),
    [
        ({}, None),
        ({"hired_at": NOW}, PersonOutcome.HIRED),
        ({"rejections": []}, PersonOutcome.NOTHING_STANDS),
        ({"rejections": [rejection(tier=Tier.NO)]}, PersonOutcome.UNQUALIFIED),
        ({"rejections": [rejection(tier=Tier.NO), rejection(tier=Tier.NOT_YET)]}, None),
        ({"stopped": [Channel.EMAIL]}, PersonOutcome.STOPPED),
        ({"channels": []}, PersonOutcome.STOPPED),
        ({"channels": [Channel.EMAIL, Channel.SMS], "stopped": [Channel.EMAIL]}, None),
        ({"stopped": [Channel("pigeon")]}, PersonOutcome.NOT_UNDERSTOOD),
        ({"channels": [Channel("pigeon")]}, PersonOutcome.STOPPED),
        ({"rejections": [rejection(tier=Tier("maybe"))]}, PersonOutcome.NOT_UNDERSTOOD),
        (
            {"rejections": [rejection(tier=Tier("maybe")), rejection(tier=Tier.NO)]},
            PersonOutcome.NOT_UNDERSTOOD,
        ),
        ({"rejections": [rejection(tier=Tier("maybe")), rejection(tier=Tier.NOT_YET)]}, None),
        ({"rejections": [rejection(stage=Stage("hovering"))]}, None),
    ],
)
def test_what_keeps_somebody_off_every_list(
    fields: dict[str, Any], bar: PersonOutcome | None
) -> None:
    assert barred(candidate(**fields)) == bar
    if bar:
        assert spans(candidate(**fields)) == []


def consented(*consents: Consent, **fields: Any) -> list[Span]:
    return spans(candidate(consents=list(consents), **fields))


def test_no_consent_is_no_span() -> None:
    assert consented() == []


def test_a_consent_to_hear_of_openings_holds_from_its_beginning_to_its_end() -> None:
    assert consented(AGREED) == [Span(AGREED.since, AGREED.until)]


def test_a_consent_for_now_and_then_lists_nobody() -> None:
    now_and_then = AGREED.model_copy(update={"purpose": ConsentPurpose.NOW_AND_THEN})
    assert consented(now_and_then) == []


def test_a_consent_for_a_channel_that_was_stopped_or_has_no_address_lists_nobody() -> None:
    both = {"channels": [Channel.EMAIL, Channel.SMS]}
    assert consented(BY_SMS) == []
    assert consented(BY_SMS, **both, stopped=[Channel.SMS]) == []
    assert consented(BY_SMS, **both, stopped=[Channel.EMAIL]) != []


def test_a_consent_for_an_unknown_purpose_or_channel_lists_nobody() -> None:
    for_anything = AGREED.model_copy(update={"purpose": ConsentPurpose("anything")})
    by_pigeon = AGREED.model_copy(update={"channel": Channel("pigeon")})
    channels = [Channel.EMAIL, Channel("pigeon")]
    assert consented(for_anything, by_pigeon, channels=channels) == []


def test_an_answer_of_an_unknown_tier_qualifies_nobody() -> None:
    unknown = rejection(tier=Tier("maybe"), shortfalls=[CLOSES_IN_JUNE])
    lacking = rejection(tier=Tier.NOT_YET)
    assert consented(WHEN_QUALIFIED, rejections=[unknown, lacking]) == []


def test_who_pauses_is_listed_after_it_only() -> None:
    until = NOW + timedelta(days=30)
    assert consented(AGREED, paused_until=until) == [Span(until, AGREED.until)]
    assert consented(AGREED, paused_until=AGREED.until) == []


def test_a_consent_for_when_they_qualify_holds_from_the_projected_day_on() -> None:
    lacking = rejection(tier=Tier.NOT_YET, shortfalls=[CLOSES_IN_JUNE])
    qualifies = datetime(2026, 6, 10, tzinfo=UTC)
    assert consented(WHEN_QUALIFIED, rejections=[lacking]) == [Span(qualifies, AGREED.until)]


@pytest.mark.parametrize("tier", [Tier.RUNNER_UP, Tier.NOT_YET])
def test_what_one_letter_tells_qualifies_once_the_last_that_it_named_is_there(tier: Tier) -> None:
    close = rejection(tier=tier)
    other = rejection(
        tier=Tier.NOT_YET, shortfalls=[CLOSES_IN_JUNE], told_with=close.application_id
    )
    qualifies = datetime(2026, 6, 10, tzinfo=UTC)
    for told in ([close, other], [other, close]):
        assert consented(WHEN_QUALIFIED, rejections=told) == [Span(qualifies, AGREED.until)]


def test_a_gap_that_nothing_closes_never_qualifies() -> None:
    lacking = rejection(tier=Tier.NOT_YET, shortfalls=[CLOSES_IN_JUNE], still_working=False)
    assert consented(WHEN_QUALIFIED, rejections=[lacking]) == []
    without_reason = rejection(tier=Tier.NOT_YET)
    assert consented(WHEN_QUALIFIED, rejections=[without_reason]) == []


def test_a_runner_up_who_lacked_nothing_is_qualified_already() -> None:
    assert consented(WHEN_QUALIFIED) == [Span(LAST_YEAR, AGREED.until)]


def test_the_finishing_order_goes_by_place_then_by_how_far_they_came() -> None:
    def runner_up(name: str, **fields: Any) -> Any:
        return candidate(name, rejections=[rejection(vacancy_id="v", **fields)])

    people = [
        runner_up("interviewed", stage=Stage.INTERVIEWED),
        runner_up("final", stage=Stage.FINAL),
        runner_up("hovering", stage=Stage("hovering")),
        runner_up("screened", stage=Stage.SCREENED),
        candidate("maybe", rejections=[rejection(vacancy_id="v", tier=Tier("maybe"))]),
        runner_up("third", finishing_place=3),
        runner_up("second", finishing_place=2, stage=Stage.OFFERED),
        candidate("elsewhere"),
        runner_up("said no", finishing_place=1).model_copy(update={"hat_refused_at": NOW}),
    ]
    order = [state.candidate_id for state, _ in finishing_order(people, "v", NOW, {})]
    assert order == ["second", "third", "final", "interviewed", "screened", "hovering"]


def test_whose_letter_named_no_exception_is_next_in_line_only_by_agreement() -> None:
    def is_next(told_as: Tier | None, **fields: Any) -> bool:
        close = rejection(vacancy_id="v", told_as=told_as)
        return bool(finishing_order([candidate(rejections=[close], **fields)], "v", NOW, {}))

    assert is_next(None, consents=[])
    assert is_next(Tier.RUNNER_UP, consents=[])
    assert not is_next(Tier.NOT_YET, consents=[])
    assert is_next(Tier.NOT_YET)


def test_who_was_written_to_since_the_decision_is_next_in_line_only_by_agreement() -> None:
    def is_next(written: datetime, **fields: Any) -> bool:
        runner_up = candidate(rejections=[rejection(vacancy_id="v")], **fields)
        return bool(finishing_order([runner_up], "v", NOW, {"c-1": written}))

    before, since = LAST_YEAR - timedelta(days=1), LAST_YEAR + timedelta(days=1)
    assert not is_next(since, consents=[])
    assert is_next(since)
    assert is_next(before, consents=[])
    assert not is_next(since, consents=[], candidate_id="c-2", merged_from=["c-1"])
