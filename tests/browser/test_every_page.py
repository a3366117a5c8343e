"""Every message and page, on the phone and on the desktop, by keyboard and without scripts."""

from urllib.parse import urlsplit

import pytest

from tests.browser import sights
from tests.browser.cast import CARDIOLOGY, LENA
from tests.browser.keyboard import do
from tests.browser.looking import Reader
from tests.browser.play import EVERY_KIND, Play
from tests.browser.sights import LETTER, Answer, Mail, Sight

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


def named(one: Mail | Sight | Answer) -> str:
    return one.name


@pytest.mark.parametrize("mail", sights.MAILS, ids=named)
async def test_a_mail_can_be_read_by_everybody(reader: Reader, play: Play, mail: Mail) -> None:
    await reader.unpack(play.mail(mail.to, mail.kind, mail.words)["html"])
    assert await reader.faults(mail.name) == []


@pytest.mark.parametrize("sight", sights.PAGES, ids=named)
async def test_a_page_can_be_read_and_reached_by_everybody(
    reader: Reader, play: Play, sight: Sight
) -> None:
    await reader.open(sight.how(play))
    assert await reader.faults(sight.name) == []


async def test_the_pictures_in_the_readme_are_of_what_is_sent_and_shown(
    reader: Reader, play: Play
) -> None:
    letter = play.mail(LENA, LETTER)["html"]
    await reader.unpack(letter)
    await reader.draw("letter")
    await reader.open(sights.behind(CARDIOLOGY, "shortlist", path="s")(play))
    await reader.draw("shortlist")


@pytest.mark.parametrize("answer", sights.ANSWERS, ids=named)
async def test_an_answer_is_given_by_keyboard_alone_and_heard(
    reader: Reader, play: Play, answer: Answer
) -> None:
    await reader.open(answer.how(play))
    await do(reader.page, answer.steps)
    await reader.page.get_by_text(answer.says).first.wait_for()
    assert await reader.faults(answer.name) == []


async def test_no_kind_of_mail_and_no_kind_of_link_is_left_out(play: Play) -> None:
    assert {mail.kind for mail in sights.MAILS} == EVERY_KIND
    led_to = {urlsplit(sight.how(play)).path.split("/")[1] for sight in sights.PAGES}
    assert led_to >= set("cdistuv")
