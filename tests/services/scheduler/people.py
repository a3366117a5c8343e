"""Invented candidates, what happened to them, and their plans."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.scheduler.domain.occasions import (
    QUALIFIED,
    CandidateRecord,
    Occasion,
    PastOccasion,
    Plan,
    State,
)
from services.scheduler.domain.planning import plan
from services.scheduler.domain.policy import Employer, Policy
from shared.contract.events.applications import Reason, ReasonCode, Stage, Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.contacts import ContactDue
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import InvitationApproved
from shared.contract.events.shortfalls import RequirementKind, Shortfall

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday."""
POLICY = Policy(Employer("Hafenwerk", "Europe/Berlin", "DE"))
SOON, YEARS = timedelta(minutes=1), timedelta(days=730)


def rejection(application_id: str = "a-1", **changes: Any) -> Rejection:
    rejected = Rejection(
        application_id=application_id,
        vacancy_id="v-1",
        vacancy_title="Shift lead",
        tier=Tier.RUNNER_UP,
        stage=Stage.FINAL,
        reason=Reason(code=ReasonCode.OTHER_CANDIDATE_STRONGER),
        decided_at=NOW,
    )
    return rejected.model_copy(update=changes)


def not_yet(closes_on: date, application_id: str = "a-1", **changes: Any) -> Rejection:
    gap = Shortfall(
        requirement_id="r-1",
        kind=RequirementKind.LICENCE,
        name="Forklift licence",
        expected_at=closes_on,
    )
    return rejection(application_id, tier=Tier.NOT_YET, shortfalls=[gap], **changes)


def no(application_id: str = "a-1", **changes: Any) -> Rejection:
    return rejection(application_id, tier=Tier.NO, **changes)


def candidate(*rejections: Rejection, **changes: Any) -> CandidateChanged:
    state = CandidateChanged(
        candidate_id="c-1",
        version=1,
        time_zone="Europe/Berlin",
        country="DE",
        channels=[Channel.EMAIL],
        rejections=list(rejections),
    )
    return state.model_copy(update=changes)


def consent(
    *purposes: ConsentPurpose,
    since: datetime = NOW,
    lasts: timedelta = YEARS,
    channel: Channel = Channel.EMAIL,
) -> list[Consent]:
    return [
        Consent(purpose=purpose, channel=channel, since=since, until=since + lasts)
        for purpose in purposes
    ]


def approval(
    shortlist_id: str = "s-1", at: datetime = NOW, application_id: str | None = None
) -> InvitationApproved:
    return InvitationApproved(
        shortlist_id=shortlist_id,
        candidate_id="c-1",
        recruiter_id="r-1",
        vacancy_id="v-2",
        vacancy_title="Night shift lead",
        at=at,
        application_id=application_id,
    )


def planned(
    state: CandidateChanged,
    now: datetime = NOW,
    *,
    past: Sequence[PastOccasion] = (),
    invitations: Sequence[InvitationApproved] = (),
    answered_at: datetime | None = None,
) -> Plan:
    return plan(CandidateRecord(state, past, invitations, answered_at), now, POLICY)


def contacts(made: Plan) -> dict[Purpose, ContactDue]:
    """Returns the contacts of a plan that has no two of the same purpose."""
    dues = [occasion.event for occasion in made.occasions if occasion.kind != QUALIFIED]
    found = {due.purpose: due for due in dues if isinstance(due, ContactDue)}
    assert len(found) == len(dues)
    return found


def of_kind(made: Plan, kind: str) -> list[Occasion]:
    return [occasion for occasion in made.occasions if occasion.kind == kind]


def the(made: Plan, kind: str) -> Occasion:
    (occasion,) = of_kind(made, kind)
    return occasion


def on_record(occasion: Occasion, state: State = State.PLANNED, **changes: Any) -> PastOccasion:
    """Returns what the record would hold of an occasion in that state."""
    emitted = state is not State.PLANNED
    past = PastOccasion(
        id=occasion.id,
        kind=occasion.kind,
        subject=occasion.subject,
        state=state,
        due_at=occasion.due_at,
        expires_at=occasion.expires_at,
        revived_at=occasion.revived_at,
        decided_at=occasion.decided_at,
        asks_hat=occasion.asks_hat,
        emitted_at=occasion.due_at if emitted else None,
        ended_at=None if state in (State.PLANNED, State.EMITTED) else occasion.due_at + SOON,
    )
    return replace(past, **changes)


def sent(*occasions: Occasion) -> list[PastOccasion]:
    return [on_record(occasion, State.SENT) for occasion in occasions]
