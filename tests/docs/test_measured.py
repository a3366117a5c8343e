"""The pages of what is measured show the runs that are kept."""

from tests.bench import figures, table
from tests.bench.capacity import figures as capacity
from tests.bench.capacity.table import figures_table, growth_table
from tests.bench.rounds import measured
from tests.bench.rounds import table as rounds
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "measured.md").read_text()
CAPACITY = (ROOT / "docs" / "capacity.md").read_text()


def test_the_table_of_benchmarks_is_that_of_the_run_that_is_kept() -> None:
    assert table.markdown(figures.kept()) in PAGE


def test_the_table_of_rounds_is_that_of_the_run_that_is_kept() -> None:
    assert rounds.markdown(measured.kept()) in PAGE


def test_the_tables_of_capacity_are_those_of_the_runs_that_are_kept() -> None:
    assert figures_table(capacity.kept(), figures.kept()) in CAPACITY
    assert growth_table(capacity.kept(), figures.kept()) in CAPACITY
