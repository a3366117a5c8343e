"""What a language has no words for is told at once, and all together."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.notifier import commands_templates
from services.notifier.rendering.languages import Incomplete, lacking
from services.notifier.rendering.layout import FOLDER, KINDS, Templates


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The product's own words, and the same as those of a second language."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / "templates"))
    shutil.copytree(folder / "en", folder / "de", dirs_exist_ok=True)
    return folder


def found(folder: Path) -> list[str]:
    return list(lacking(folder, KINDS))


def change(folder: Path, old: str, new: str, language: str = "de") -> None:
    path = folder / language / "sentences.toml"
    words = path.read_text()
    assert old in words
    path.write_text(words.replace(old, new, 1))


def test_a_language_with_all_that_english_has_lacks_nothing(folder: Path) -> None:
    assert found(folder) == []


def test_all_that_is_missing_is_told_at_the_start(folder: Path) -> None:
    for name in ("base", "renewal", "reply"):
        (folder / f"de/{name}.jinja").unlink()
    change(folder, 'skills = "You', 'skill = "You')
    told = [
        "de/base.jinja is missing",
        "de/renewal.jinja is missing",
        "de/reply.jinja is missing",
        "de/sentences.toml lacks strength.skills",
        "de/sentences.toml has strength.skill, which English does not",
    ]
    assert found(folder) == told
    with pytest.raises(Incomplete) as refused:
        Templates(folder)
    assert str(refused.value).splitlines() == told


def test_english_itself_must_be_complete(folder: Path) -> None:
    (folder / "en/renewal.jinja").unlink()
    assert found(folder) == ["en/renewal.jinja is missing"]


def test_a_folder_with_templates_alone_is_a_language_without_sentences(folder: Path) -> None:
    (folder / "de/sentences.toml").unlink()
    assert found(folder) == ["de/sentences.toml is missing"]


def test_a_value_that_there_is_not_is_told(folder: Path) -> None:
    change(folder, 'expected = "You should have it by {day}."', 'expected = "Bis {tag}."')
    change(folder, 'met = "One has', 'met = "{count} has')
    assert found(folder) == [
        "de/sentences.toml puts {tag} into gap.expected, which English does not"
    ]


def test_what_depends_on_a_number_is_wanted_in_each_form_of_the_language(folder: Path) -> None:
    (folder / "de").rename(folder / "pl")
    lacked = {line.rpartition(".")[0] for line in found(folder)}
    assert lacked == {
        f"pl/sentences.toml lacks {about}_{form}"
        for about in ("standing", "evidence")
        for form in ("few", "many")
    }


def test_a_form_of_numbers_that_are_seldom_spoken_of_may_be_there_and_then_is_complete(
    folder: Path,
) -> None:
    (folder / "de").rename(folder / "fr")
    assert found(folder) == []
    change(folder, "[evidence_one]", '[standing_many]\nmet = "{count}"\n\n[evidence_one]', "fr")
    assert "fr/sentences.toml lacks standing_many.unknown" in found(folder)


def test_a_language_with_one_form_alone_needs_no_other(folder: Path) -> None:
    path = (folder / "de").rename(folder / "ja") / "sentences.toml"
    words = path.read_text()
    for about in ("standing", "evidence"):
        before, _, rest = words.partition(f"[{about}_one]")
        words = f"{before}[{about}_other]{rest.partition(f'[{about}_other]')[2]}"
    path.write_text(words)
    assert found(folder) == []


def test_a_folder_of_no_language_is_told(folder: Path) -> None:
    (folder / "de").rename(folder / "german")
    (told,) = found(folder)
    assert told.startswith("german/sentences.toml is of no language that is known")


def test_the_check_command_lists_what_is_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "de/renewal.jinja").unlink()
    monkeypatch.setattr(commands_templates, "FOLDER", folder)
    result = CliRunner().invoke(commands_templates.template, ["check"])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "de/renewal.jinja is missing",
        "1 faults in what is written; no message was made",
    ]
