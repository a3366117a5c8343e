"""A scheduler beside producers, notifiers and tables of a newer version: nobody is misled."""

import json
from datetime import date, timedelta
from typing import Any

from services.scheduler.domain.occasions import QUALIFIED, State
from shared.contract.events.applications import ReasonCode
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.contacts import CandidateQualified, ContactDue, ContactWithdrawn
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import CandidateAnswered
from shared.contract.events.shortfalls import RequirementKind
from tests.services.scheduler.conftest import Bench, sent
from tests.services.scheduler.people import (
    NOW,
    candidate,
    consent,
    contacts,
    not_yet,
    of_kind,
    on_record,
    planned,
    rejection,
    the,
)

DAY = timedelta(days=1)
PIGEON = "carrier_pigeon"
"""A channel that a newer version has."""


def newer(state: CandidateChanged, **changes: Any) -> CandidateChanged:
    """Reads a state as a newer producer writes it, with a field that is not known here either."""
    body = state.model_dump(mode="json", by_alias=True, exclude_none=True)
    return CandidateChanged.model_validate_json(json.dumps(body | changes | {"mood": "sunny"}))


def with_tier(tier: str, *others: CandidateChanged) -> CandidateChanged:
    body = rejection("a-9").model_dump(mode="json", by_alias=True, exclude_none=True)
    rest = [each.model_dump(mode="json", by_alias=True) for o in others for each in o.rejections]
    return newer(candidate(consents=agreed()), rejections=[body | {"tier": tier}, *rest])


def agreed() -> list[Any]:
    return consent(*ConsentPurpose)


def test_a_stop_of_an_unknown_channel_stops_everything() -> None:
    letter = the(planned(candidate(rejection())), "letter")
    stopped = newer(candidate(not_yet(date(2026, 9, 1)), consents=agreed()), stopped=[PIGEON])
    made = planned(stopped, letter.due_at, past=[on_record(letter, State.EMITTED)])
    assert {occasion.kind for occasion in made.occasions} == {QUALIFIED}
    assert [each.because for each in made.withdrawn] == ["unreachable"]


def test_an_unknown_channel_is_passed_over() -> None:
    state = newer(candidate(rejection()), channels=[PIGEON, "sms", "email", "telegraph"])
    letter = contacts(planned(state))[Purpose.LETTER]
    assert letter.channels == [Channel.EMAIL, Channel.SMS]
    assert not planned(newer(candidate(rejection()), channels=[PIGEON])).occasions


def test_an_unknown_consent_allows_nothing() -> None:
    told = candidate(rejection(already_told=True), hat_answered_at=NOW + DAY)
    (known,) = consent(ConsentPurpose.NOW_AND_THEN)
    body = known.model_dump(mode="json")
    for unknown in ({"purpose": "yearly_note"}, {"channel": PIGEON}):
        assert not planned(newer(told, consents=[body | unknown])).occasions


def test_an_unknown_consent_does_not_move_the_end_of_those_that_are_known() -> None:
    told = candidate(rejection(already_told=True), hat_answered_at=NOW + DAY)
    (known,) = consent(ConsentPurpose.SIMILAR_OPENING)
    body = known.model_dump(mode="json")
    longer = body | {"channel": PIGEON, "until": (known.until + 400 * DAY).isoformat()}
    renewal, *_ = of_kind(planned(newer(told, consents=[body, longer])), Purpose.RENEWAL)
    assert renewal.subject == known.until.isoformat()


def test_nobody_is_told_an_outcome_whose_tier_is_unknown_and_their_others_go_on() -> None:
    assert not planned(with_tier("silver_medal")).occasions
    both = with_tier("silver_medal", candidate(rejection("a-1")))
    assert {o.subject for o in of_kind(planned(both), Purpose.LETTER)} == {"a-1"}


def test_a_letter_whose_tier_became_unknown_is_withdrawn_and_follows_once_it_is_known() -> None:
    letter = the(planned(candidate(rejection("a-9"))), "letter")
    out = [on_record(letter, State.EMITTED)]
    (withdrawn,) = planned(with_tier("silver_medal"), letter.due_at, past=out).withdrawn
    assert withdrawn.contact_id == letter.id
    unsent = [on_record(letter, State.WITHDRAWN)]
    assert of_kind(planned(with_tier("runner_up"), letter.due_at, past=unsent), Purpose.LETTER)


def test_an_unknown_reason_is_passed_on_as_it_is() -> None:
    body = rejection().model_dump(mode="json", by_alias=True, exclude_none=True)
    state = newer(candidate(), rejections=[body | {"reason": {"code": "moon_phase"}}])
    assert contacts(planned(state))[Purpose.LETTER].facts.reason_code == ReasonCode("moon_phase")


def test_an_unknown_kind_of_requirement_closes_by_no_date() -> None:
    lacking = not_yet(date(2026, 9, 1))
    months = {"required_months": 24, "observed_months": 0, "expected_at": None}
    for kind, closes in ((RequirementKind.EXPERIENCE, 1), (RequirementKind("telepathy"), 0)):
        gap = lacking.shortfalls[0].model_copy(update={"kind": kind, **months})
        state = candidate(lacking.model_copy(update={"shortfalls": [gap]}))
        assert len(of_kind(planned(state), QUALIFIED)) == closes


async def rolled_back(scheduler: Bench, state: str) -> None:
    """Leaves a contact for a purpose of a newer version, planned in it or under way."""
    now = scheduler.clock.now()
    async with scheduler.database.connection() as conn:
        await conn.execute(
            """
            insert into occasions (
                occasion_id, candidate_id, kind, subject, state, due_at, expires_at, asks_hat,
                event, emitted_at, emitted_to
            ) values (
                'yearly', 'c-1', 'yearly_note', '2026', $1, $2, $2::timestamptz + '13 days', false,
                case when $1 = 'planned' then '{}'::bytea end,
                case when $1 <> 'planned' then $2::timestamptz end,
                case when $1 <> 'planned' then 'c-1' end
            )
            """,
            state,
            now,
        )


async def test_what_a_newer_version_planned_is_left_to_it(scheduler: Bench) -> None:
    await rolled_back(scheduler, "planned")
    await scheduler.know(candidate(rejection()))
    rows = await scheduler.rows("select kind from occasions")
    assert [row["kind"] for row in rows] == ["letter"]


async def test_what_a_newer_version_has_sent_out_is_withdrawn_and_counts(
    scheduler: Bench,
) -> None:
    await rolled_back(scheduler, "emitted")
    gap = not_yet((NOW + 2 * DAY).date(), already_told=True)
    await scheduler.know(candidate(gap, consents=agreed(), hat_answered_at=NOW))
    (withdrawn,) = await scheduler.published()
    assert isinstance(withdrawn, ContactWithdrawn)
    assert (withdrawn.contact_id, withdrawn.because) == ("yearly", "unknown_purpose")
    (news,) = await scheduler.live_until(NOW + 26 * DAY)
    assert isinstance(news, CandidateQualified)
    (ready,) = await scheduler.live_until(NOW + 30 * DAY)
    assert isinstance(ready, ContactDue)
    await scheduler.know(candidate(gap, consents=agreed(), hat_answered_at=NOW))
    assert not await scheduler.published()


async def test_an_unknown_answer_changes_nothing(scheduler: Bench) -> None:
    told = rejection(already_told=True)
    yes = consent(ConsentPurpose.NOW_AND_THEN)
    await scheduler.know(candidate(told, consents=yes, hat_answered_at=NOW))
    (due,) = await scheduler.live_until(NOW + 186 * DAY)
    assert isinstance(due, ContactDue)
    await scheduler.report(sent(due))
    before = await scheduler.rows("select * from occasions order by 1")
    answer = {"candidateId": "c-1", "answer": "in_spring", "at": scheduler.clock.now().isoformat()}
    await scheduler.respond(CandidateAnswered.model_validate_json(json.dumps(answer)))
    assert await scheduler.rows("select * from occasions order by 1") == before


async def test_what_is_unknown_is_kept_as_it_came_and_so_known_after_an_upgrade(
    scheduler: Bench,
) -> None:
    await scheduler.know(newer(with_tier("silver_medal"), stopped=[PIGEON]))
    (row,) = await scheduler.rows("select state from candidates")
    kept = json.loads(row["state"])
    assert kept["stopped"] == [PIGEON]
    assert kept["rejections"][0]["tier"] == "silver_medal"
