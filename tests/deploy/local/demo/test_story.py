import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from deploy.local.demo.evidence import PromiseCheck
from deploy.local.demo.story import Story, kind_name, write_story
from tests.deploy.local.demo.conftest import ADA, BEN, TUESDAY_NOON, Play

NOBODY = BEN.__class__(9, "Nobody", "Else", None, None)
PAGE = '<!doctype html><html><head></head><body><form><button name="do" value="hat_yes">Yes, do'


def told(play: Play, path: Path, *, sink_url: str | None = None, broken: Sequence[str] = ()) -> str:
    news = [(TUESDAY_NOON - timedelta(days=1), "2 people hear no")]
    story = Story(play.evidence, news, NOBODY)
    promises = [PromiseCheck("Nobody is told twice", 7, list(broken))]
    write_story(path / "story.html", story, promises, {"people turned down": 2}, sink_url)
    return (path / "story.html").read_text()


async def test_the_first_of_a_kind_is_shown_whole_and_the_others_in_a_line(
    play: Play, tmp_path: Path
) -> None:
    for person in (ADA, BEN):
        letter = play.send("letter", person.email, f"Dear {person.given}")
        await play.open(letter, PAGE)
        await play.open(letter, PAGE, pressed="hat_yes")
        await play.open(letter, PAGE)
    page = told(play, tmp_path)
    assert "Dear Ada" in page
    assert "Dear Ben" not in page
    assert "They press “Yes, do”" in page
    assert page.count("<iframe") == 3
    assert 'id="message-2" class="line"' in page
    assert "2 people hear no" in page


async def test_another_answer_to_the_same_kind_is_shown_too(play: Play, tmp_path: Path) -> None:
    for person, pressed in ((ADA, "hat_yes"), (BEN, "hat_no")):
        letter = play.send("letter", person.email)
        await play.open(letter, PAGE)
        await play.open(letter, PAGE, pressed=pressed)
    assert told(play, tmp_path).count("<iframe") == 6


def test_an_sms_is_shown_as_text(play: Play, tmp_path: Path) -> None:
    message = play.send("letter", "+4366012345", "Sorry <not> yet")
    message["html"] = None
    assert '<p class="bubble">Sorry &lt;not&gt; yet</p>' in told(play, tmp_path)


def test_the_page_needs_and_runs_nothing_else_whatever_was_written(
    play: Play, tmp_path: Path
) -> None:
    mail = play.send("letter", ADA.email, subject='"><script>alert(1)</script>')
    mail["html"] = '<html><head></head><img src="http://elsewhere/x.png"><script>alert(2)</script>'
    page = told(play, tmp_path)
    assert "<script" not in page
    assert not re.findall(r"<(?:link|img|script|object|embed)\b|@import|url\(", page)
    assert "default-src 'none'" in page
    assert set(re.findall(r'\bsandbox="([^"]*)"', page)) == {""}
    assert not re.findall(r'href="(?!#)', page)


def test_each_message_leads_into_a_stack_that_is_kept(play: Play, tmp_path: Path) -> None:
    for person in (ADA, BEN):
        play.send("letter", person.email)
    page = told(play, tmp_path, sink_url="http://127.0.0.1:8025")
    for number in (1, 2):
        assert f'href="http://127.0.0.1:8025/messages/{number}"' in page


def test_a_broken_promise_is_not_passed_over(play: Play, tmp_path: Path) -> None:
    assert "broken" not in told(play, tmp_path).partition("<body>")[2]
    assert "broken</strong>: she was told twice" in told(
        play, tmp_path, broken=["she was told twice"]
    )


async def test_the_story_keeps_nothing_that_an_erased_person_was_told(
    play: Play, tmp_path: Path
) -> None:
    erased = play.evidence.erased
    letter = play.send("letter", erased.email, f"Dear {erased.given}")
    await play.open(letter, PAGE, pressed="erase")
    page = told(play, tmp_path)
    assert erased.given not in page
    assert "somebody who was erased later" in page
    assert "They press “erase”" in page


def test_kinds_that_have_no_phrase_are_not_taken_for_one_another() -> None:
    assert [kind_name(kind) for kind in ("check_in", "address", "stopped")] == [
        "a check-in",
        "address",
        "stopped",
    ]
