"""Whatever container is replaced under load: nothing is lost, and nothing leaves twice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from tests.containers.composed import SECURED, composing
from tests.containers.replacing import REPLACED, Replacement
from tests.faults.history import History, Story
from tests.faults.promises import (
    Verdict,
    doors,
    messages,
    neighbours,
    poison,
    privacy,
    recovery,
    streams,
    writing,
)
from tests.faults.table import show

pytestmark = pytest.mark.containers

PROMISES: tuple[Callable[[Story], Verdict], ...] = (
    doors.recorded_once,
    doors.order_makes_no_difference,
    doors.accepts_without_broker,
    doors.refuses_without_database,
    streams.poison_is_set_aside,
    streams.nothing_is_left_unread,
    streams.offsets_only_grow,
    streams.repetitions_are_equal,
    streams.states_are_in_order,
    streams.newest_state_is_last,
    streams.every_end_is_told,
    messages.every_contact_has_one_effect,
    messages.nothing_is_early,
    messages.nothing_leaves_twice,
    messages.every_message_ends,
    messages.doubt_has_a_reason,
    messages.everybody_is_answered,
    writing.allowed_at_the_instant,
    writing.inside_their_hours,
    writing.within_the_budget,
    writing.nothing_without_database,
    writing.nothing_to_the_erased,
    privacy.no_name_where_none_belongs,
    privacy.nothing_of_the_erased,
    poison.poison_is_refused,
    poison.nothing_of_the_erased_is_set_aside,
    neighbours.nobody_is_renamed,
    neighbours.nobody_is_joined,
    neighbours.nobody_is_taken_away,
    neighbours.vacancies_stay_their_own,
    neighbours.lists_name_only_their_own,
    recovery.ready_in_time,
    recovery.ends_when_asked,
)
"""The campaign's, but for what it breaks by hand to see."""

KILLED = 137
"""How a container ends that did not do so within its grace period."""
SETTINGS = {"NOTYET_MESSAGES_PER_SECOND": "10"}
"""So that letters leave for as long as it takes to replace who sends them."""


async def test_whatever_is_replaced_every_promise_is_kept(
    images: dict[str, str], tmp_path: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    with composing(SECURED, images, tmp_path, **SETTINGS) as composed:
        history = History(tmp_path / "history.jsonl", composed.clock)
        await Replacement(composed, history, logs).run()
        history.close()
    story = Story.read(tmp_path / "history.jsonl")
    verdicts = [promise(story) for promise in PROMISES]
    show(story, verdicts, Console(width=120))
    assert [verdict.promise for verdict in verdicts if verdict.broken] == []
    replaced = story.of("replaced")
    assert [line["what"] for line in replaced if line["code"] == KILLED] == []
    assert len(replaced) == len(REPLACED)
