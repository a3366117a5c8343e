"""A page speaks the language of the message that led to it."""

import shutil
import tomllib
from pathlib import Path

import pytest

from services.intake.pages import wording
from services.notifier.rendering.layout import shipped
from shared.runtime.links import LinkPurpose
from tests.services.intake.house import House


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A second language, which stands in a second file."""
    folder = tmp_path / "locales"
    shutil.copytree(wording._FOLDER, folder)
    english = (folder / "en.toml").read_text()
    (folder / "de.toml").write_text(
        english.replace("Your data is deleted", "Ihre Daten sind gelöscht")
    )
    monkeypatch.setattr(wording, "_FOLDER", folder)
    monkeypatch.setattr(wording, "LANGUAGES", frozenset({"de", "en"}))
    monkeypatch.setattr(wording, "_texts", wording._texts.__wrapped__)


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


@pytest.mark.parametrize(
    "phrases", ["sms/keywords.toml", "sms/limits.toml", "mailbox/domain/optouts.toml"]
)
def test_whoever_is_written_to_in_a_language_is_understood_in_it(phrases: str) -> None:
    path = Path(wording.__file__).parents[1] / phrases
    assert tomllib.loads(path.read_text(encoding="utf-8")).keys() >= wording.LANGUAGES


async def test_the_last_page_speaks_the_language_of_somebody_who_is_erased(
    house: House, german: None
) -> None:
    await house.add_candidate()
    await house.add_rejection()
    erase = {"do": "erase", "confirm": "yes"}
    answer = await house.client.post(house.letter(language="de"), data=erase)
    assert "Ihre Daten sind gelöscht" in answer.text
