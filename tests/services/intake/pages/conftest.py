import shutil
from pathlib import Path

import pytest

from services.intake.pages import wording
from tests.services.intake.house import House
from tests.services.intake.shortlisting import keep, place


@pytest.fixture
async def shortlist(house: House) -> House:
    """Ada, who agreed to hear of similar openings, on a shortlist for Rita's vacancy."""
    await house.add_vacancy()
    await house.add_candidate()
    await house.add_rejection()
    await house.add_consent("ada")
    await keep(house, [place("ada", 1)])
    return house


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
