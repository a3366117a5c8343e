"""Of what a source decides about an application the last decision holds, however it is told."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from services.intake.applicants.domain.normalisation import Normaliser
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantUnrejected,
    ApplicantWithdrawn,
)
from shared.contract.events.cloudevents import Event
from tests.services.intake.upstream import DECIDED, IDENTITY, NOW, decided, rejected

HOUR = timedelta(hours=1)
TAKEN_BACK = [ApplicantUnrejected, ApplicantHired, ApplicantWithdrawn]


def holds(*events: Event) -> str:
    """Returns what is known of an application after these events, in the order of their receipt."""
    normaliser = Normaliser(IDENTITY, "DE")
    first, *more = [
        found for n, it in enumerate(events) if (found := normaliser.normalise(it, n).application)
    ]
    for each in more:
        first = first.joined(each)
    return first.decision.value.status


@pytest.mark.parametrize("kind", TAKEN_BACK)
@pytest.mark.parametrize("turn", [1, -1])
def test_what_ended_an_earlier_rejection_ends_no_later_one_though_it_is_said_only_now(
    kind: type[ApplicantUnrejected], turn: int
) -> None:
    older = replace(decided(kind, time=DECIDED - 4 * HOUR), time=NOW)
    assert holds(*[rejected(), older][::turn]) == "rejected"


def test_what_is_decided_later_holds_whatever_its_event_says_of_the_time() -> None:
    taken_back = replace(decided(ApplicantUnrejected, time=DECIDED + HOUR), time=DECIDED - HOUR)
    for order in permutations([rejected(), taken_back]):
        assert holds(*order) == "unrejected"


@pytest.mark.parametrize("said_at", [DECIDED - HOUR, DECIDED, NOW])
def test_of_decisions_of_one_moment_the_one_received_last_holds_whenever_it_was_said(
    said_at: datetime,
) -> None:
    taken_back = replace(decided(ApplicantUnrejected), time=said_at)
    assert holds(rejected(), taken_back) == "unrejected"
    assert holds(taken_back, rejected()) == "rejected"
    assert holds(rejected(), taken_back, rejected()) == "rejected"


def test_a_decision_that_is_still_to_come_counts_from_when_it_was_received() -> None:
    ahead = replace(rejected(decidedAt=(DECIDED + 3 * HOUR).isoformat()), received_at=DECIDED)
    taken_back = replace(decided(ApplicantUnrejected, time=DECIDED + HOUR), received_at=NOW)
    for order in permutations([ahead, taken_back]):
        assert holds(*order) == "unrejected"
