"""Whatever the contract lets a state say, planning raises nothing and says nothing wrong."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import available_timezones

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from services.scheduler.domain.occasions import QUALIFIED, CandidateRecord, PastOccasion, State
from services.scheduler.domain.planning import plan
from shared.contract.events.applications import ReasonCode, Stage, Tier
from shared.contract.events.blank_text import is_blank
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event, body_of
from shared.contract.events.contacts import ContactDue
from shared.contract.events.instants import is_reckonable
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import RULES, Purpose
from shared.contract.events.responses import InvitationApproved
from shared.contract.events.shortfalls import RequirementKind
from tests.searching import examples
from tests.services.scheduler.people import POLICY

Model = TypeVar("Model", bound=BaseModel)

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)
ODD_ZONES = ["Mars/Olympus", "utc", "../etc/passwd", "Factory", "localtime", ""]
ODD_COUNTRIES = ["utils", "HolidayBase", "XX", "de", "", "registry"]
"""Some are names inside the library of holidays."""

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ids = st.sampled_from(["a-1", "a-2"]) | words.filter(lambda word: not is_blank(word))
moments = st.sampled_from([FIRST, LAST]) | st.datetimes(
    FIRST.replace(tzinfo=None) + timedelta(days=1),
    LAST.replace(tzinfo=None) - timedelta(days=1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))]),
)
near = st.integers(-800, 800).map(lambda days: datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days))
instants = (near | moments).map(datetime.isoformat)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
months = st.none() | st.integers(0, 720)


def members(of: type[StrEnum]) -> st.SearchStrategy[str]:
    return st.sampled_from([*(each.value for each in of), "of_a_newer_version"])


def bodies(required: Mapping[str, Any], optional: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(dict(required), optional=dict(optional))


shortfalls = bodies(
    {"requirementId": ids, "kind": members(RequirementKind), "requiredMonths": st.integers(0, 720)},
    {"observedMonths": months, "observedAt": days, "expectedAt": days, "closedAt": days},
)
rejections = bodies(
    {
        "applicationId": ids,
        "vacancyId": ids,
        "vacancyTitle": words,
        "tier": members(Tier),
        "stage": members(Stage),
        "reason": st.fixed_dictionaries({"code": members(ReasonCode)}),
        "decidedAt": instants,
    },
    {
        "finishingPlace": st.integers(),
        "shortfalls": st.lists(shortfalls, max_size=3),
        "stillWorking": st.booleans(),
        "alreadyTold": st.booleans(),
    },
)
consents = bodies(
    {
        "purpose": members(ConsentPurpose),
        "channel": members(Channel),
        "since": instants,
        "until": instants,
    },
    {},
)
states = bodies(
    {"candidateId": ids, "version": st.integers(1, 2**63 - 1)},
    {
        "locale": words,
        "timeZone": st.sampled_from([*ODD_ZONES, *sorted(available_timezones())]),
        "country": st.sampled_from(["DE", "US", "RU", "KI", *ODD_COUNTRIES]) | words,
        "channels": st.just(["email"]) | st.lists(members(Channel), max_size=4),
        "consents": st.lists(consents, max_size=4),
        "stopped": st.lists(members(Channel), max_size=2),
        "hatAnsweredAt": instants,
        "pausedUntil": instants,
        "hiredAt": instants,
        "rejections": st.lists(rejections, max_size=4),
    },
)
approvals = bodies(
    {
        "shortlistId": ids,
        "candidateId": ids,
        "recruiterId": ids,
        "vacancyId": ids,
        "at": instants,
        "vacancyTitle": words,
    },
    {"applicationId": ids},
)


@st.composite
def occasions_on_record(draw: st.DrawFn) -> PastOccasion:
    state, due_at = draw(st.sampled_from(State)), draw(near)
    kind = draw(members(Purpose) | st.just(QUALIFIED))
    emitted = state is not State.PLANNED
    return PastOccasion(
        id=str(draw(st.uuids())),
        kind=QUALIFIED if kind == QUALIFIED else Purpose(kind),
        subject=draw(st.sampled_from(["1", "2"])) if kind == "check_in" else draw(ids),
        state=state,
        due_at=due_at,
        expires_at=None if kind == QUALIFIED else due_at + timedelta(days=14),
        asks_hat=draw(st.booleans()),
        emitted_at=due_at if emitted else None,
        ended_at=due_at if emitted and state is not State.EMITTED else None,
    )


def read(model: type[Model], body: Any) -> Model:
    return model.model_validate_json(json.dumps(body))


@examples(100)
@given(
    state=states,
    invitations=st.lists(approvals, max_size=2, unique_by=lambda body: body["shortlistId"].strip()),
    past=st.lists(occasions_on_record(), max_size=4),
    answered_at=st.none() | near,
    now=near,
)
def test_a_plan_can_be_made_for_whatever_the_contract_accepts(
    state: Any,
    invitations: list[Any],
    past: list[PastOccasion],
    answered_at: datetime | None,
    now: datetime,
) -> None:
    candidate = read(CandidateChanged, state)
    approved = [read(InvitationApproved, body) for body in invitations]
    made = plan(CandidateRecord(candidate, past, approved, answered_at), now, POLICY)
    planned = [occasion.id for occasion in made.occasions]
    assert len(set(planned)) == len(planned)
    for occasion in made.occasions:
        body = body_of(Event.about(occasion.event, source="scheduler", at=occasion.due_at))
        assert type(occasion.event).model_validate_json(body or b"") == occasion.event
        assert is_reckonable(occasion.due_at)
        if isinstance(occasion.event, ContactDue):
            assert may_be_said(occasion.event, candidate)


def may_be_said(due: ContactDue, candidate: CandidateChanged) -> bool:
    """Whether every member that decided over this contact is one that we know."""
    tiers = {each.application_id: each.tier for each in candidate.rejections}
    return (
        due.purpose in RULES
        and all(channel.is_known for channel in (*due.channels, *candidate.stopped))
        and (due.application_id is None or tiers[due.application_id].is_known)
    )
