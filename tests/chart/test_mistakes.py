"""Each of many mistakes is caught, before a cluster would have to."""

import shutil
from pathlib import Path

import pytest

from tests.chart import mistaken_chart, mistaken_values
from tests.chart.checks import complaints
from tests.chart.declared import CHART
from tests.chart.mistakes import InChart, InValues
from tests.chart.release import Refused, rendered
from tests.chart.schemas import (
    LACKING,
    NEWEST,
    OLDEST,
    against_kubernetes,
    against_operators,
    undefined,
)

pytestmark = pytest.mark.chart

EVERY: list[InValues | InChart] = [*mistaken_values.MISTAKES, *mistaken_chart.MISTAKES]

by_what_it_is = pytest.mark.parametrize("mistake", EVERY, ids=lambda it: it.what)


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHART, tmp_path / "notyet"))


def found(chart: Path, values: Path) -> list[str]:
    """Returns what is wrong, by whoever is first to say so."""
    try:
        release = rendered(values, chart)
    except Refused as reason:
        return [str(reason)]
    return complaints(release) or [
        line for version in (OLDEST, NEWEST) for line in against_kubernetes(release, version)
    ]


@by_what_it_is
def test_it_is_caught_that(mistake: InValues | InChart, chart: Path) -> None:
    assert found(chart, mistake.make(chart)), mistake.what


@pytest.mark.parametrize("mistake", mistaken_values.MISTAKES, ids=lambda it: it.what)
def test_helm_itself_refuses_values_in_which(mistake: InValues, chart: Path) -> None:
    try:
        rendered(mistake.make(chart), chart)
    except Refused:
        assert mistake.what not in mistaken_values.TAKEN_BY_HELM
    else:
        assert mistake.what in mistaken_values.TAKEN_BY_HELM


@pytest.mark.parametrize("mistake", mistaken_chart.OF_OPERATORS, ids=lambda it: it.what)
def test_the_operators_schemas_catch_that(mistake: InChart, chart: Path) -> None:
    release = rendered(mistake.make(chart), chart)
    if not (caught := list(against_operators(release))) and undefined(release):
        pytest.skip(LACKING)
    assert caught


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    assert len({mistake.what for mistake in EVERY}) == len(EVERY) > 100
