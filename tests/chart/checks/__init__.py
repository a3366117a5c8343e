"""What must agree within a release: each check yields a line for what does not."""

from collections.abc import Callable, Collection, Iterator

from tests.chart.checks import broker, names, network, order, safety, scaling, secrets, settings
from tests.chart.release import Release

Check = Callable[[Release], Iterator[str]]

ALL: tuple[Check, ...] = (
    names.labels_are_complete,
    names.names_are_there_once,
    names.selectors_choose_what_they_are_for,
    names.pods_are_spread_and_watched,
    names.ports_are_there,
    names.doors_lead_to_intake,
    names.pages_are_where_people_are_sent,
    network.everybody_is_closed_in,
    network.each_reaches_what_it_needs_and_no_more,
    network.whoever_tests_is_let_in,
    order.hooks_come_before_what_needs_them,
    order.jobs_fail_where_it_can_be_seen,
    order.tests_wait_to_be_asked,
    order.there_is_time_to_end,
    safety.pods_may_do_nothing_but_their_work,
    safety.resources_have_limits,
    safety.images_are_those_of_the_values,
    safety.pods_are_asked_whether_they_are_well,
    safety.nobody_is_evicted_to_the_last,
    scaling.one_alone_says_how_many,
    scaling.scalers_have_a_target_and_bounds,
    scaling.work_that_waits_scales_whose_it_is,
    scaling.lag_is_that_of_groups_that_exist,
    secrets.what_is_named_is_mounted,
    secrets.what_is_mounted_exists,
    secrets.each_holds_its_own_alone,
    settings.variables_are_settings_of_the_reader,
    settings.the_services_take_them,
    settings.what_is_given_arrives,
    settings.commands_exist,
    broker.topics_are_as_declared,
    broker.rights_are_as_declared,
)


OF_EXAMPLES: frozenset[Check] = frozenset({secrets.what_is_mounted_exists})
"""Which Secrets are there is known of the examples alone."""


def complaints(release: Release, *, without: Collection[Check] = ()) -> list[str]:
    """Returns all that does not agree."""
    return [line for check in ALL if check not in without for line in check(release)]
