"""A page speaks the language of the message that led to it."""

import pytest

from services.intake.pages import wording
from services.intake.understanding.phrases import FOLDER, Table, tables_of
from services.notifier.rendering.layout import shipped
from shared.runtime.links import LinkPurpose
from tests.services.intake.house import House

UNDERSTOOD = {path.stem for path in FOLDER.glob("*.toml")}


@pytest.mark.parametrize(("claim", "spoken"), [("de", "de"), ("fr", "en"), ("", "en")])
async def test_a_page_speaks_as_the_message_did(
    house: House, german: None, claim: str, spoken: str
) -> None:
    await house.add_candidate()
    await house.add_rejection()
    unsubscribe = house.link(LinkPurpose.UNSUBSCRIBE, candidate="ada", language=claim)
    for link in (house.letter(language=claim), unsubscribe):
        for method in ("GET", "POST"):
            answer = await house.client.request(method, link)
            assert answer.headers["content-language"] == spoken
            assert f'<html lang="{spoken}">' in answer.text


def test_whoever_reads_letters_in_a_language_reads_pages_in_it() -> None:
    assert shipped().languages == wording.LANGUAGES


@pytest.mark.parametrize("table", Table)
@pytest.mark.parametrize("language", sorted(wording.LANGUAGES | UNDERSTOOD - {"others"}))
def test_whoever_is_written_to_in_a_language_is_understood_in_it(
    language: str, table: Table
) -> None:
    kinds = tables_of(language)[table]
    assert kinds.keys() == tables_of(wording.FALLBACK)[table].keys()
    assert any(kinds.values())


@pytest.mark.parametrize("language", sorted(UNDERSTOOD))
def test_nothing_is_understood_that_nobody_looks_for(language: str) -> None:
    for table, kinds in tables_of(language).items():
        assert table in set(Table)
        assert kinds.keys() <= tables_of(wording.FALLBACK)[table].keys()


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr-CH, fr;q=0.9, de;q=0.7, *;q=0.5", "de"),
        ("en, de;q=0.5", "en"),
        ("fr, ../de, *", "en"),
        ("", "en"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/lost-link", "/c/forged", "/t/forged"])
async def test_a_page_that_no_message_led_to_speaks_as_the_browser_asks(
    house: House, german: None, path: str, asked: str, spoken: str
) -> None:
    answer = await house.client.get(path, headers={"accept-language": asked})
    assert answer.headers["content-language"] == spoken


async def test_a_link_that_is_over_is_still_answered_in_the_language_of_its_message(
    house: House, german: None
) -> None:
    over = house.letter(language="de", days=-1)
    for link in (over, over.replace("/c/", "/d/")):
        answer = await house.client.get(link, headers={"accept-language": "en"})
        assert (answer.status_code, answer.headers["content-language"]) == (404, "de")


async def test_the_last_page_speaks_the_language_of_somebody_who_is_erased(
    house: House, german: None
) -> None:
    await house.add_candidate()
    await house.add_rejection()
    erase = {"do": "erase", "confirm": "yes"}
    answer = await house.client.post(house.letter(language="de"), data=erase)
    assert "Ihre Daten sind gelöscht" in answer.text
