"""The templates as files: complete, versioned, read once, checked as a whole."""

import shutil
from itertools import chain
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.notifier.commands_templates import template
from services.notifier.domain import Rendered
from services.notifier.rendering.checks import check, faults
from services.notifier.rendering.layout import FOLDER, KINDS, Templates
from services.notifier.rendering.renderer import Renderer
from services.notifier.rendering.samples import (
    NOW,
    contact,
    content,
    every_reason,
    in_each,
    samples,
)
from services.notifier.rendering.template_context import VARIANTS
from shared.contract.events.contacts import ContactFacts
from shared.contract.events.purposes import Purpose
from tests.services.notifier.letters import LINKS, NORTHWIND, renderer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "templates"))


def test_every_kind_renders_without_fault_from_every_sort_of_facts() -> None:
    everything = renderer()
    contents = list(in_each(everything.languages, chain(samples(), every_reason())))
    assert list(check(everything, contents)) == []
    assert {sample.purpose for _, sample in contents} == set(KINDS)


def test_a_purpose_without_facts_of_its_own_is_shown_in_each_of_its_wordings() -> None:
    facts = [sample.facts for name, sample in samples() if name.startswith("stopped-")]
    shown = {each.nth for each in facts if isinstance(each, ContactFacts)}
    assert shown == set(range(1, VARIANTS + 2))
    assert "stopped-bare-sms" in dict(samples())


def test_a_changed_template_changes_the_version_of_its_kind_alone(folder: Path) -> None:
    before = Templates(folder)
    path = folder / "en/letter.jinja"
    path.write_text(path.read_text().replace("Thank you", "Many thanks"))
    after = Templates(folder)
    assert after.version("en", Purpose.LETTER) != before.version("en", Purpose.LETTER)
    assert after.version("en", Purpose.READY) == before.version("en", Purpose.READY)


@pytest.mark.parametrize("shared", ["base.jinja", "sentences.toml"])
def test_changed_words_that_all_kinds_share_change_every_version(folder: Path, shared: str) -> None:
    before = Templates(folder)
    path = folder / "en" / shared
    path.write_text(path.read_text() + "\n")
    after = Templates(folder)
    assert all(after.version("en", kind) != before.version("en", kind) for kind in KINDS)


def test_a_changed_look_changes_no_version(folder: Path) -> None:
    before = Templates(folder)
    (folder / "mail.html").write_text("{{ subject }}")
    after = Templates(folder)
    assert all(after.version("en", kind) == before.version("en", kind) for kind in KINDS)


def test_the_version_stays_the_same_from_process_to_process() -> None:
    assert Templates().version("en", Purpose.LETTER) == Templates().version("en", Purpose.LETTER)


def test_templates_are_read_once_and_never_again(folder: Path) -> None:
    templates = Templates(folder)
    shutil.rmtree(folder)
    assert list(check(Renderer(LINKS, NORTHWIND, templates), samples())) == []


def test_a_sibling_folder_is_a_new_language_with_its_own_dates(folder: Path) -> None:
    shutil.copytree(folder / "en", folder / "de", dirs_exist_ok=True)
    (folder / "de/base.jinja").write_text(
        (folder / "de/base.jinja").read_text().replace("Hello", "Guten Tag")
    )
    german = content(
        Purpose.CHECK_IN, contact(consent_until=NOW.replace(year=2026)), locale="de-AT"
    )
    letter = Renderer(LINKS, NORTHWIND, Templates(folder)).render(german, NOW)
    assert letter.text.startswith("Guten Tag Amara,")
    assert "5. März 2026" in letter.text
    assert letter.wording_version.startswith("check_in.de.")


def test_what_is_wrong_in_one_language_is_found_in_it(folder: Path) -> None:
    shutil.copytree(folder / "en", folder / "de", dirs_exist_ok=True)
    path = folder / "de/renewal.jinja"
    path.write_text(path.read_text().replace("kept_until", "kept_til"))
    two = Renderer(LINKS, NORTHWIND, Templates(folder))
    found = [name for name, _ in check(two, in_each(two.languages, samples()))]
    assert found
    assert {name.partition("-")[0] for name in found} == {"renewal"}


def test_the_check_finds_what_is_wrong() -> None:
    wrong = Rendered(
        subject="Dear None",
        text="Yes: https://one.example/\n",
        html='<p>No: <a href="https://other.example/">here</a>',
        wording_version="v",
    )
    assert list(faults(wrong, stoppable=True)) == [
        "'None' was left in the words",
        "the tags of the HTML do not close",
        "the HTML and the text say different things",
        "the HTML and the text link to different places",
        "no List-Unsubscribe",
    ]


def test_the_check_command_says_that_all_is_well() -> None:
    result = CliRunner().invoke(template, ["check"])
    assert result.exit_code == 0
    assert "0 faults" in result.output


def test_the_preview_shows_another_employers_messages_in_their_name_everywhere(
    tmp_path: Path,
) -> None:
    CliRunner().invoke(template, ["preview", "--out", str(tmp_path), "--employer", "Acme Rail"])
    for page in tmp_path.iterdir():
        text = page.read_text()
        assert "Acme Rail" in text
        assert "northwind" not in text.lower()


def test_the_preview_command_writes_every_message_and_an_index(tmp_path: Path) -> None:
    result = CliRunner().invoke(template, ["preview", "--out", str(tmp_path / "preview")])
    index = (tmp_path / "preview/index.html").read_text()
    assert result.exit_code == 0
    for name, sample in in_each(renderer().languages, samples()):
        assert name in index
        assert (tmp_path / f"preview/{name}.html").exists() == (sample.channel == "email")
