"""The README shows what is sent and shown, by pictures that `make browser` draws."""

import re

import pytest

from tests.docs.pages import ROOT

README = (ROOT / "README.md").read_text()
MOST_BYTES = 150_000


@pytest.mark.parametrize("name", ["letter", "shortlist"])
def test_the_readme_shows_the_picture_and_says_what_is_on_it(name: str) -> None:
    assert re.search(rf"!\[[^\]]{{40,}}\]\(docs/pictures/{name}\.png\)", README)


@pytest.mark.parametrize("name", ["letter", "shortlist"])
def test_the_picture_is_there_and_is_small(name: str) -> None:
    picture = (ROOT / "docs" / "pictures" / f"{name}.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n")
    assert len(picture) <= MOST_BYTES
