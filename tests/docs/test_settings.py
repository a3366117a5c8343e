"""The page of settings tells of every one, and no page of one that does not exist."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, sections
from tests.docs.settings import PAGE, markdown, settings

NAMED = re.compile(r"\bNOTYET_[A-Z_]*[A-Z]\b")
SHORTENED = re.compile(r"…(_[A-Z_]*[A-Z])\b")
OTHERS = {"NOTYET_API_KEY", "NOTYET_CRD_SCHEMAS", "NOTYET_DATA_DIR"}
"""What commands alone read, of the product and of `make`."""


def test_the_page_has_every_setting_as_its_class_has_it() -> None:
    assert markdown() in PAGE.read_text(), "run python -m tests.docs.settings"


def test_every_setting_says_what_it_is_for() -> None:
    assert [setting.variable for setting in settings() if not setting.purpose] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_names_no_setting_that_does_not_exist(page: Path) -> None:
    known = {setting.variable for setting in settings()} | OTHERS
    files = {f"{variable}_FILE" for variable in known}
    named = {name for name in NAMED.findall((ROOT / page).read_text()) if "_TEST_" not in name}
    assert named <= known | files


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_shortens_no_name_that_could_be_completed_wrongly(page: Path) -> None:
    assert set(SHORTENED.findall((ROOT / page).read_text())) <= {"_FILE"}, "any may end so"


def test_whoever_rotates_a_key_is_told_where_its_former_ones_go() -> None:
    told = NAMED.findall(sections(Path("docs/operate.md"))["rotate-a-key"])
    former = {it.variable for it in settings() if it.variable.endswith("_FORMER")}
    assert former <= set(told)
    assert {name.replace("_KEYS_FORMER", "_KEY") for name in former} <= set(told)
