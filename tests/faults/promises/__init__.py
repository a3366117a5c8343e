"""Judges a run by its history alone: each promise with its cases, and where it was broken."""

from collections.abc import Collection

from tests.faults.history import Story
from tests.faults.promises import (
    doors,
    messages,
    neighbours,
    pace,
    poison,
    privacy,
    recovery,
    streams,
    writing,
)
from tests.faults.promises.verdict import Verdict

PROMISES = (
    doors.recorded_once,
    doors.order_makes_no_difference,
    doors.accepts_without_broker,
    doors.refuses_without_database,
    doors.same_key_same_answer,
    doors.looking_changes_nothing,
    doors.forgeries_change_nothing,
    streams.poison_is_set_aside,
    streams.nothing_is_left_unread,
    streams.offsets_only_grow,
    streams.repetitions_are_equal,
    streams.states_are_in_order,
    streams.newest_state_is_last,
    streams.compaction_keeps_the_newest,
    streams.every_end_is_told,
    messages.every_contact_has_one_effect,
    messages.nothing_is_early,
    messages.nothing_leaves_twice,
    messages.every_message_ends,
    messages.doubt_has_a_reason,
    messages.everybody_is_answered,
    pace.a_backlog_leaves_at_its_pace,
    writing.allowed_at_the_instant,
    writing.inside_their_hours,
    writing.within_the_budget,
    writing.nothing_without_database,
    writing.nothing_to_the_erased,
    privacy.no_name_where_none_belongs,
    privacy.nothing_of_the_erased,
    poison.poison_is_refused,
    poison.what_is_broken_is_parked,
    poison.what_waits_is_counted,
    poison.nothing_of_the_erased_is_set_aside,
    neighbours.nobody_is_renamed,
    neighbours.nobody_is_joined,
    neighbours.nobody_is_taken_away,
    neighbours.vacancies_stay_their_own,
    neighbours.lists_name_only_their_own,
    recovery.ready_in_time,
    recovery.as_fast_as_anew,
    recovery.a_restore_is_noticed,
    recovery.ends_when_asked,
)


BY_HAND = frozenset(
    {
        doors.same_key_same_answer,
        doors.looking_changes_nothing,
        doors.forgeries_change_nothing,
        streams.compaction_keeps_the_newest,
        pace.a_backlog_leaves_at_its_pace,
        poison.what_is_broken_is_parked,
        poison.what_waits_is_counted,
        recovery.as_fast_as_anew,
        recovery.a_restore_is_noticed,
    }
)
"""Those for which the campaign breaks or does something of its own, to see what follows."""


def judge(story: Story, but: Collection[object] = ()) -> list[Verdict]:
    """Returns a verdict on every promise but these."""
    return [promise(story) for promise in PROMISES if promise not in but]


__all__ = ["BY_HAND", "Verdict", "judge"]
