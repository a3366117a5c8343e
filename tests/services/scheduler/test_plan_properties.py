"""What holds for every person, whatever the clock does: their years are lived through here."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import available_timezones

from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.occasions import (
    QUALIFIED,
    CandidateRecord,
    Occasion,
    PastOccasion,
    Plan,
    State,
)
from services.scheduler.domain.planning import plan
from shared.contract.business_hours import hours_of
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.contacts import ContactDue
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import INVITING, LETTERS
from tests.searching import examples
from tests.services.scheduler.people import (
    NOW,
    POLICY,
    approval,
    candidate,
    consent,
    not_yet,
    on_record,
    rejection,
)

DAY = timedelta(days=1)
ZONES = sorted(available_timezones())

days = st.integers(0, 20) | st.integers(-400, 400)
"""Often close together, so that contacts compete for room."""


@st.composite
def people(draw: st.DrawFn) -> CandidateRecord:
    count = draw(st.integers(0, 10))
    rejections = []
    for number in range(count):
        decided_at = NOW + draw(days) * DAY
        tier = draw(st.just(Tier.NOT_YET) | st.sampled_from(Tier))
        common: dict[str, Any] = {"decided_at": decided_at, "already_told": draw(st.booleans())}
        if tier is Tier.NOT_YET:
            closes_on = (decided_at + draw(days) * DAY).date()
            rejections.append(not_yet(closes_on, f"a-{number}", **common))
        else:
            rejections.append(rejection(f"a-{number}", tier=tier, **common))
    purposes = draw(st.just(list(ConsentPurpose)) | st.lists(st.sampled_from(ConsentPurpose)))
    since = NOW + draw(days) * DAY
    state = candidate(
        *rejections,
        time_zone=draw(st.none() | st.sampled_from(ZONES)),
        country=draw(st.sampled_from(["DE", "US", "JP", "KI", "RU", None])),
        channels=draw(st.just(list(Channel)) | st.lists(st.sampled_from(Channel), unique=True)),
        consents=consent(*purposes, since=since),
        hat_answered_at=since if purposes else None,
        paused_until=draw(st.none() | st.just(NOW + 50 * DAY)),
    )
    invitations = [
        approval(f"s-{number}", NOW + draw(days) * DAY) for number in range(draw(st.integers(0, 5)))
    ]
    return CandidateRecord(state, invitations=invitations)


@dataclass
class Life:
    """Keeps the record as the scheduler and the notifier would."""

    person: CandidateRecord
    record: dict[str, PastOccasion] = field(default_factory=dict)
    forgotten: dict[str, PastOccasion] = field(default_factory=dict)
    under_way: list[Occasion] = field(default_factory=list)
    left: list[tuple[datetime, Occasion]] = field(default_factory=list)

    def planned(self, now: datetime) -> Plan:
        return plan(replace(self.person, past=list(self.record.values())), now, POLICY)

    def live(self, now: datetime, *, notifier_is_there: bool = True) -> None:
        """Plans, and emits what is due; the notifier sends in the first window there is."""
        if notifier_is_there:
            self.send(now)
        made = self.planned(now)
        self.keep(made)
        for occasion in made.occasions:
            overdue = occasion.due_at <= now
            if not overdue or (occasion.expires_at and occasion.expires_at <= now):
                continue
            self.record[occasion.id] = on_record(occasion, State.EMITTED, emitted_at=now)
            self.under_way.append(occasion)
        if notifier_is_there:
            self.send(now)

    def send(self, now: datetime) -> None:
        """Ends all that is under way."""
        for occasion in self.under_way:
            moment = self.sends(occasion, now)
            self.left.append((moment or now, occasion))
            if occasion.kind != QUALIFIED:
                self.record[occasion.id] = replace(
                    self.record[occasion.id],
                    state=State.SENT if moment else State.EXPIRED,
                    ended_at=moment or occasion.expires_at,
                )
        self.under_way.clear()

    def keep(self, made: Plan) -> None:
        for id in made.obsolete:
            del self.record[id]
        self.forgotten |= {id: self.record.pop(id) for id in made.forgotten}
        self.record |= {occasion.id: on_record(occasion) for occasion in made.occasions}

    def sends(self, occasion: Occasion, now: datetime) -> datetime | None:
        if not isinstance(occasion.event, ContactDue):
            return now
        opens = (max(w.opens_at, now) for w in occasion.event.windows if w.closes_at > now)
        return next(opens, None)


JUMPS = {DAY / 24: 1, DAY: 5, 7 * DAY: 5, 90 * DAY: 1, -DAY / 12: 1}
"""How the clock moves, and how often so."""


@examples(20)
@given(person=people(), chance=st.randoms(use_true_random=True))
def test_a_life_under_any_clock_keeps_to_the_rules(person: CandidateRecord, chance: Random) -> None:
    life, now = Life(person), NOW
    for jump in chance.choices(list(JUMPS), list(JUMPS.values()), k=100):
        now += jump
        life.live(now, notifier_is_there=chance.random() < 0.7)
    life.live(now)
    assert_nothing_twice(life)
    assert_in_their_hours(life)
    assert_within_the_budget(life)
    assert_asked_with_measure(life, person.state)


def assert_nothing_twice(life: Life) -> None:
    ids = [occasion.id for _, occasion in life.left]
    assert len(set(ids)) == len(ids)
    letters = [o.subject for _, o in life.left if o.kind in LETTERS and sent(life, o)]
    assert len(set(letters)) == len(letters)


def assert_in_their_hours(life: Life) -> None:
    hours = hours_of(life.person.state.time_zone, life.person.state.country, POLICY.employer.hours)
    for at, occasion in life.left:
        assert at >= occasion.due_at
        if occasion.kind != QUALIFIED and sent(life, occasion):
            (window,) = hours.windows(at, at + timedelta(microseconds=1))
            assert window.opens_at == at


def assert_within_the_budget(life: Life) -> None:
    ordinary = sorted(
        (at, occasion.kind)
        for at, occasion in life.left
        if occasion.kind not in {*INVITING, QUALIFIED} and sent(life, occasion)
    )
    for (before, _), (after, kind) in pairwise(ordinary):
        assert kind in LETTERS or after - before >= 14 * DAY
    for group in zip(*(ordinary[start:] for start in range(7)), strict=False):
        assert group[-1][1] in LETTERS or group[-1][0] - group[0][0] >= 365 * DAY
    inviting = sorted(
        at for at, occasion in life.left if occasion.kind in INVITING and sent(life, occasion)
    )
    assert all(c - a >= 14 * DAY for a, c in zip(inviting, inviting[2:], strict=False))


def assert_asked_with_measure(life: Life, state: CandidateChanged) -> None:
    asked = sorted(at for at, o in life.left if o.asks_hat and sent(life, o))
    assert all(
        later - earlier >= 300 * DAY or (state.hat_answered_at and state.hat_answered_at > earlier)
        for earlier, later in pairwise(asked)
    )


def sent(life: Life, occasion: Occasion) -> bool:
    return (life.record | life.forgotten)[occasion.id].state is State.SENT


@examples(40)
@given(person=people(), hours=st.integers(0, 24 * 400))
def test_planning_again_changes_nothing(person: CandidateRecord, hours: int) -> None:
    life = Life(person)
    first = life.planned(NOW)
    life.keep(first)
    again = life.planned(NOW)
    assert list(again.occasions) == list(first.occasions)
    assert not again.obsolete
    later = NOW + timedelta(hours=hours)
    planned_later = life.planned(later).occasions
    overtaken = {o.id for o in planned_later} != {o.id for o in first.occasions}
    if not overtaken and not any(occasion.revived_at == later for occasion in planned_later):
        assert list(planned_later) == list(first.occasions)


@examples(25)
@given(person=people())
def test_whoever_got_a_no_for_good_is_never_written_to_again(person: CandidateRecord) -> None:
    hopeless = [
        each.model_copy(update={"tier": Tier.NO, "already_told": False})
        for each in person.state.rejections
    ]
    state = person.state.model_copy(update={"rejections": hopeless})
    life, now = Life(replace(person, state=state)), NOW
    for _ in range(40):
        now += 30 * DAY
        life.live(now)
    if hopeless:
        assert {occasion.kind for _, occasion in life.left} <= {"kind_letter"}
    assert not any(occasion.asks_hat for _, occasion in life.left)


def test_the_same_facts_give_the_same_ids_on_every_machine() -> None:
    (letter,) = plan(CandidateRecord(candidate(rejection())), NOW, POLICY).occasions
    assert letter.id == "6c7103e3-e714-5cdd-8bbd-bde27754ccac"
