"""By what names a system upstream may go."""

import pytest

from shared.contract.events.sources import LONGEST_SOURCE, is_source


@pytest.mark.parametrize("name", ["hospital-ats", "Acme HR", "/hr", "系统", "s" * LONGEST_SOURCE])
def test_a_name_that_can_be_read_is_a_source(name: str) -> None:
    assert is_source(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", " hr", "hr ", "\u200b", "h\u200br", "hr\u00a0", "\u3164", "h\nr", "h\0r"),
        *("s" * (LONGEST_SOURCE + 1), "/notyet/intake", "/notyet/"),
    ],
)
def test_a_name_of_ours_or_that_looks_like_another_is_none(name: str) -> None:
    assert not is_source(name)
