"""Each check of the demonstration finds what it is there to find."""

from datetime import datetime, timedelta

import pytest

from deploy.local.demo import claims, promises
from deploy.local.demo.claims import KeptInterest
from deploy.local.demo.personas import NURSE
from deploy.local.demo.simulated_time import UNANSWERED
from tests.deploy.local.demo.conftest import ADA, BEN, TUESDAY_NOON, Play

QUESTION = "May we keep your name in the hat? http://intake/c/token"
BOTH = '<form><button name="do" value="hat_yes">Yes</button><button name="do" value="hat_no">No'
LOOKED = "We looked at 9 past applicants, all of whom we may ask about the Ward Nurse role today."
LISTED = f"{LOOKED}\nOf these, 2 may fit.\n"
ONE_MEETS = "One meets every requirement of this role."
MAIL = f"{LISTED}- {ONE_MEETS}\n- One should have what was missing by now: "
APPROVED = '<span class="tag">Approved on 8 December 2026.</span>'
LEAD = "<p>2 past applicants who may fit, out of 9 whom we could ask.</p>"
BEST = "The 2 past applicants who seem to fit best, out of 9 whom we could ask; 4 more may fit."
MORE = "<p>2 more past applicants who may fit, out of 9 whom we could ask, beside those.</p>"
READY = "<p>Meets every requirement of this role</p>"
ASSUMED = "<p>Should have what was missing by now: assumed, please check</p>"
END = TUESDAY_NOON + timedelta(days=365)


async def test_a_question_that_its_page_cannot_answer_is_found(play: Play) -> None:
    asked, unopened = (play.send("letter", ADA.email, QUESTION) for _ in range(2))
    await play.open(asked, BOTH.partition("<button")[0] + '<button name="do" value="hat_yes">')
    found = claims.answerable(play.evidence)
    assert found.checked == 2
    assert found.broken == [
        "“A letter” offers no hat_no",
        "“A letter” offers no hat_no, hat_yes",
    ]
    await play.open(unopened, BOTH)
    assert claims.answerable(play.evidence).broken == found.broken[:1]


async def test_what_a_recruiter_is_asked_is_looked_for_on_their_page(play: Play) -> None:
    mail = play.send("interest", NURSE.recruiter_email, "tell us: talking, hired, or not this time")
    await play.open(mail, '<form><button name="do" value="talking">')
    assert claims.answerable(play.evidence).broken == [
        "“A interest” offers no hired, not_this_time"
    ]


def test_the_same_words_behind_another_link_are_the_same_words(play: Play) -> None:
    for token in ("one", "two"):
        play.send("check_in", ADA.email, f"How are things? http://intake/c/{token}")
    play.send("check_in", BEN.email, "How are things? http://intake/c/three")
    assert claims.no_text_twice(play.evidence).broken == ["2 times: A check_in"]


@pytest.mark.parametrize(
    ("page", "agrees"),
    [
        (LEAD + READY + ASSUMED, True),
        (LEAD + READY + READY, False),
        (LEAD + READY, False),
        (LEAD.replace("9", "8") + READY + ASSUMED, False),
        (LEAD.replace("2", "3") + READY + ASSUMED, False),
    ],
)
async def test_a_mail_that_counts_otherwise_than_its_page_is_found(
    play: Play, page: str, agrees: bool
) -> None:
    await play.open(play.send("shortlist", NURSE.recruiter_email, MAIL), page)
    assert (not claims.mail_and_page_agree(play.evidence).broken) is agrees


@pytest.mark.parametrize(
    ("said", "page", "agrees"),
    [
        ("The 2 who seem to fit best are on your list; 4 more may fit.", BEST, True),
        ("The 2 who seem to fit best are on your list; 3 more may fit.", BEST, False),
        ("The 2 who seem to fit best are on your list; 4 more may fit.", LEAD, False),
        ("2 more past applicants may fit, beside those on your list.", MORE, True),
        ("One more past applicant may fit, beside those on your list.", MORE, False),
    ],
)
async def test_a_mail_that_leaves_others_out_than_its_page_is_found(
    play: Play, said: str, page: str, agrees: bool
) -> None:
    await play.open(play.send("shortlist", NURSE.recruiter_email, f"{LOOKED}\n{said}"), page)
    assert (not claims.mail_and_page_agree(play.evidence).broken) is agrees


@pytest.mark.parametrize(("page", "agrees"), [("", True), (APPROVED, False)])
async def test_a_mail_that_says_nobody_where_its_page_shows_an_approval_is_found(
    play: Play, page: str, agrees: bool
) -> None:
    said = f"{MAIL}\nNobody has been contacted about it."
    mail = play.send("shortlist", NURSE.recruiter_email, said)
    await play.open(mail, LEAD + READY + ASSUMED + page)
    assert (not claims.mail_and_page_agree(play.evidence).broken) is agrees


@pytest.mark.parametrize(
    ("raised", "ended", "ended_as", "is_told", "is_kept"),
    [
        (timedelta(days=40), None, None, False, False),
        (UNANSWERED - timedelta(hours=1), None, None, False, True),
        (timedelta(days=40), timedelta(days=30), "talking", False, True),
        (timedelta(days=40), timedelta(days=30), "unanswered", False, False),
        (timedelta(days=40), timedelta(days=30), "unanswered", True, True),
        (timedelta(days=40), timedelta(days=2), "vacancy_closed", False, True),
    ],
)
def test_an_interest_without_an_end_or_a_word_about_it_is_found(
    raised: timedelta, ended: timedelta | None, ended_as: str | None, is_told: bool, is_kept: bool
) -> None:
    ended_at: datetime | None = END - ended if ended else None
    interest = KeptInterest("i-1", END - raised, ended_at, ended_as, is_told)
    assert (not claims.every_interest_ended([interest], END).broken) is is_kept


def test_a_message_at_night_is_found_unless_it_was_asked_for(play: Play) -> None:
    night = TUESDAY_NOON + timedelta(hours=9)
    play.send("record", ADA.email, at=night)
    assert not promises.by_day(play.evidence).broken
    play.send("letter", ADA.email, at=night)
    assert promises.by_day(play.evidence).broken == ["message 2 arrived Tuesday 22:00"]


def test_silence_and_a_second_letter_are_found(play: Play) -> None:
    for _ in range(2):
        play.send("kind_letter", BEN.email)
    assert promises.one_letter_each(play.evidence).broken == [
        f"{ADA.applicant_id}-{NURSE.vacancy_id} had 0 letters",
        f"{BEN.applicant_id}-{NURSE.vacancy_id} had 2 letters",
    ]
    assert promises.one_kind_letter(play.evidence).broken == [
        f"{BEN.applicant_id}-{NURSE.vacancy_id}: 2 messages"
    ]


def test_a_letter_about_a_no_that_was_taken_back_is_found(play: Play) -> None:
    assert not promises.nothing_after_it_was_taken_back(play.evidence).broken
    play.send("letter", play.taken_back.email)
    assert promises.nothing_after_it_was_taken_back(play.evidence).broken == ["1 messages"]
