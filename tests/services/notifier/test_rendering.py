"""What a person receives: the words, the links, and nothing that is not theirs to see."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2 import TemplateError

from services.notifier.domain import SHORTLIST
from services.notifier.rendering.checks import Page, faults
from services.notifier.rendering.layout import shipped
from services.notifier.rendering.message_links import CANDIDATE_LINK_LIFE
from services.notifier.rendering.samples import (
    NOW,
    contact,
    content,
    reason,
    samples,
    shortlist,
    standing,
)
from services.notifier.rendering.wording import Wording
from shared.contract.events.applications import ReasonCode, Stage, Strength, Tier
from shared.contract.events.contacts import ContactFacts, LastWord, Outcome
from shared.contract.events.evidence import Evidence, EvidenceCode, Readiness
from shared.contract.events.people import Channel, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Answer
from shared.contract.events.shortfalls import Assumption, RequirementKind, Shortfall
from shared.runtime.links import LinkPurpose
from tests.services.notifier.letters import LINKS, renderer, token, without_tokens

SAMPLES = dict(samples())

VETTED = Path(__file__).with_name("vetted")


@pytest.mark.parametrize(
    "name", ["letter-not-yet", "letter-runner-up", "kind_letter-not-qualified"]
)
def test_the_letters_read_as_they_were_vetted(name: str) -> None:
    letter = renderer().render(SAMPLES[f"{name}-email"], NOW)
    assert letter.subject == "Our answer to your application: Staff Nurse, Intensive Care"
    assert without_tokens(letter.text) == (VETTED / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("channel", list(Channel))
def test_a_kind_letter_promises_nothing_about_decisions_that_may_come(channel: Channel) -> None:
    text = renderer().render(SAMPLES[f"kind_letter-not-qualified-{channel}"], NOW).text
    assert "this decision" in text
    for promised in ("only letter", "only text", "Nothing more will follow"):
        assert promised not in text


def test_a_recruiter_does_not_read_that_nothing_is_missing_where_something_is() -> None:
    for name, what in (("interest-has-it", "what"), ("interest-has-some", "something that")):
        mail = renderer().render(SAMPLES[f"{name}-email"], NOW)
        assert f"now has {what} was missing" in (mail.subject or "")
        assert f"that they now have {what} was missing when they applied" in mail.text


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_nobody_reads_that_they_have_all_that_was_missing_where_it_may_be_a_part(nth: int) -> None:
    ended = SAMPLES["outcome-not-this-time-has-it-email"].facts
    assert isinstance(ended, ContactFacts)
    text = (
        renderer().render(content(Purpose.OUTCOME, ended.model_copy(update={"nth": nth})), NOW).text
    )
    assert "you now have something that was missing" in " ".join(text.split())


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_whoever_came_close_is_not_told_afterwards_that_the_answer_was_not_yet(nth: int) -> None:
    ready = SAMPLES["ready-email"].facts
    assert isinstance(ready, ContactFacts)
    close = ready.model_copy(update={"tier": Tier.RUNNER_UP, "nth": nth})
    text = renderer().render(content(Purpose.READY, close), NOW).text
    assert "not yet" not in text.lower().partition("not there yet")[0]
    assert "something was missing" in text


@pytest.mark.parametrize("channel", list(Channel))
def test_codes_that_are_not_known_here_are_worded_by_the_general_sentences(
    channel: Channel,
) -> None:
    gap = Shortfall(requirement_id="one", kind=RequirementKind("months"), name="Own horse")
    newer = contact(
        tier=Tier("maybe"),
        reason_code=ReasonCode("months"),
        shortfalls=[gap, gap.model_copy(update={"name": ""})],
        asks_hat=True,
    )
    plainly = newer.model_copy(update={"tier": None, "reason_code": ReasonCode.OTHER})
    letter = renderer().render(content(Purpose.LETTER, newer, channel), NOW)
    as_known = renderer().render(content(Purpose.LETTER, plainly, channel), NOW)
    assert without_tokens(letter.text) == without_tokens(as_known.text)
    assert list(faults(letter, stoppable=True)) == []
    if channel is Channel.EMAIL:
        assert "Own horse: the role needs it, and we did not find it" in letter.text
        assert "Something else: the role needs it" in letter.text


@pytest.mark.parametrize("purpose", [Purpose.LETTER, Purpose.READY])
def test_a_day_that_rests_on_what_is_not_known_here_is_not_named(purpose: Purpose) -> None:
    known = SAMPLES["letter-not-yet-email"].facts
    assert isinstance(known, ContactFacts)
    newer = known.model_copy(update={"assumed": Assumption("moved_house")})
    assert "2026" in renderer().render(content(purpose, known), NOW).text
    words = renderer().render(content(purpose, newer), NOW).text
    assert "2026" not in words
    assert "in the field" not in words


def test_a_recruiter_reads_for_how_many_each_reason_speaks() -> None:
    facts = shortlist(
        standings=[],
        reasons=[
            reason(4, EvidenceCode("sings_well"), name="Choir"),
            reason(3, EvidenceCode.MONTHS_WORKED, name="Ward nursing", needed_months=24),
            reason(2, EvidenceCode.MONTHS_PASSED_SINCE, name="Triage", needed_months=30),
            reason(2, EvidenceCode.WAS_MISSING, name="Triage"),
            reason(1, EvidenceCode.SAID_THEY_HAVE_IT, name="Licence"),
            reason(1, EvidenceCode.FINISHED, name="Ward Nurse"),
        ],
    )
    mail = renderer().render(content(SHORTLIST, facts), NOW)
    assert listed(mail.text) == [
        "- Ward nursing: 3 have the 2 years that this role requires, going by their own dates.",
        "- Triage: 2 should have the 2 years and 6 months by now "
        "(assuming they went on working in the field).",
        "- Licence: one says they have it now (their own word).",
    ]


def test_a_recruiter_reads_how_many_have_what_is_needed_and_how_sure_that_is() -> None:
    march = date(2027, 3, 10)
    standings = [
        standing(2, Readiness.MET),
        standing(1, Readiness.BY_OWN_WORD),
        standing(3, Readiness.MAY_NOW_BE_MET),
        standing(2, Readiness.NOT_MET, march),
        standing(1, Readiness.NOT_MET),
        standing(4, Readiness.UNKNOWN),
    ]
    mail = renderer().render(content(SHORTLIST, shortlist(standings=standings, reasons=[])), NOW)
    assert listed(mail.text) == [
        "- 2 meet every requirement of this role.",
        "- One says they now have what was missing: please check.",
        "- 3 should have what was missing by now: assumed, please check.",
        "- 2 will not meet every requirement of this role before March 2027.",
        "- One still lacks something this role requires.",
        "- Of 4 we do not know whether they meet every requirement of this role.",
    ]


def test_a_recruiter_reads_no_day_that_is_over_and_which_day_of_this_month() -> None:
    today = NOW.date()
    standings = [
        standing(1, Readiness.NOT_MET, today),
        standing(1, Readiness.NOT_MET, today + timedelta(days=1)),
        standing(2, Readiness.NOT_MET, today + timedelta(days=70)),
        standing(1, Readiness.NOT_MET),
    ]
    mail = renderer().render(content(SHORTLIST, shortlist(standings=standings, reasons=[])), NOW)
    tomorrow = f"{today + timedelta(days=1):%-d %B %Y}"
    assert listed(mail.text) == [
        "- One should have what was missing by now: assumed, please check.",
        f"- 3 will not meet every requirement of this role before {tomorrow}.",
        "- One still lacks something this role requires.",
    ]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"considered": 12, "listed": 10}, "Of these, 10 may fit."),
        ({"considered": 10, "listed": 10}, "All 10 may fit."),
        ({"considered": 1, "listed": 1}, "One may fit."),
        (
            {"listed": 10, "ranked_lower": 1204},
            "The 10 who seem to fit best are on your list; 1,204 more may fit.",
        ),
        (
            {"listed": 1, "ranked_lower": 4},
            "The one who seems to fit best is on your list; 4 more may fit.",
        ),
        (
            {"listed": 1, "of_newcomers": True},
            "One more past applicant may fit, beside those on your list.",
        ),
    ],
)
def test_a_recruiter_reads_how_many_of_those_looked_at_may_fit(
    facts: dict[str, Any], said: str
) -> None:
    mail = renderer().render(content(SHORTLIST, shortlist(**facts)), NOW)
    assert said in " ".join(mail.text.split())
    more = " more" if facts.get("of_newcomers") else ""
    assert f"{more} past applicant" in mail.subject


@pytest.mark.parametrize("sample", ["invitation-email", "continuation-second-email"])
def test_an_invitation_promises_recruiters_in_their_working_hours(sample: str) -> None:
    text = " ".join(renderer().render(SAMPLES[sample], NOW).text.split())
    assert "straight away, in their working hours" in text


def listed(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("- ")]


@pytest.mark.parametrize(
    ("name", "begins"), [("ward nursing", "Ward nursing"), ("iOS", "iOS"), ("C#", "C#")]
)
def test_a_line_of_its_own_begins_with_a_capital_letter(name: str, begins: str) -> None:
    reasons = [reason(5, EvidenceCode.MONTHS_PASSED_SINCE, name=name, needed_months=24)]
    mail = renderer().render(content(SHORTLIST, shortlist(standings=[], reasons=reasons)), NOW)
    assert listed(mail.text)[0].startswith(f"- {begins}: 5 should have the 2 years by now")
    gap = Shortfall(requirement_id="r", kind=RequirementKind.SKILL, name=name)
    letter = renderer().render(content(Purpose.LETTER, contact(shortfalls=[gap])), NOW)
    assert f"{begins}: the role needs this skill" in letter.text


def test_every_claim_that_speaks_for_somebody_has_words() -> None:
    wording = Wording("en", "GB", shipped().sentences["en"])
    facts: dict[str, Any] = {"name": "Ward", "needed_months": 24, "stage": Stage.INTERVIEWED}
    silent = {
        code
        for code in EvidenceCode
        for count in (1, 2)
        if wording.evidence(Evidence(code=code, **facts), count) is None
    }
    assert silent == AGAINST


AGAINST = {
    EvidenceCode.NOTHING_KNOWN,
    EvidenceCode.NAMED_IN_TITLE,
    EvidenceCode.MONTHS_TOO_FEW,
    EvidenceCode.JOBS_WITHOUT_DATES,
    EvidenceCode.CERTIFICATE_EXPECTED,
    EvidenceCode.DEGREE_UNDER_WAY,
    EvidenceCode.LANGUAGE_LEVEL_UNKNOWN,
    EvidenceCode.LANGUAGE_TOO_WEAK,
    EvidenceCode.WAS_MISSING,
    EvidenceCode.IS_EXPECTED,
    EvidenceCode.MONTHS_WERE_MISSING,
    EvidenceCode.MONTHS_NOT_BEFORE,
    EvidenceCode.FOUND_NOT_QUALIFIED,
    EvidenceCode.SIMILAR_JOB_LONG_AGO,
    EvidenceCode.SIMILAR_JOB_BRIEFLY,
    EvidenceCode.FIELD_LEFT_LONG_AGO,
    EvidenceCode.OTHER_COUNTRY,
    EvidenceCode.APPLIED_LONG_AGO,
}


def test_the_lists_of_one_vacancy_are_told_apart_by_their_day() -> None:
    mail = renderer().render(SAMPLES["links"], NOW)
    for label in (
        "Ward Nurse, shortlist of 5 March 2025:",
        "Ward Nurse, shortlist of 3 February 2025:",
        "Staff Nurse, Intensive Care:",
    ):
        assert label in mail.text


def test_the_html_says_the_same_words_and_links_to_the_same_places() -> None:
    letter = renderer().render(SAMPLES["invitation-email"], NOW)
    page = Page(letter.html or "")
    assert "https://jobs.example/204" in page.links
    assert page.links == {line for line in letter.text.splitlines() if line.startswith("https:")}


def test_the_link_to_the_page_says_who_answers_what_and_to_which_wording() -> None:
    asking = SAMPLES["letter-not-yet-email"]
    letter = renderer().render(asking, NOW)
    path = token(letter.text, "c")
    assert LINKS.read(path, LinkPurpose.CANDIDATE, NOW) == {
        "language": "en-GB",
        "candidate": asking.recipient_id,
        "message": asking.message_id,
        "wording": letter.wording_version,
        "asks": "hat",
        "purpose": "letter",
        "contact": asking.contact_id,
        "application": asking.application_id,
        "about": "",
        "vacancy": "job-204",
        "address": LINKS.marks(asking.address)[0],
    }
    assert LINKS.read(path, LinkPurpose.CANDIDATE, NOW + CANDIDATE_LINK_LIFE) is None


def test_the_link_in_what_tells_the_end_says_which_end_of_which_answer() -> None:
    letter = renderer().render(SAMPLES["outcome-not-this-time-has-it-email"], NOW)
    claims = LINKS.read(token(letter.text, "c"), LinkPurpose.CANDIDATE, NOW) or {}
    assert (claims["outcome"], claims["answered"]) == ("not_this_time", "has_it_now")
    assert letter.text.count("role of Staff Nurse, Intensive Care") == 2


def test_one_click_unsubscribing_is_offered_in_the_headers_and_at_the_foot() -> None:
    letter = renderer().render(SAMPLES["check_in-email"], NOW)
    unsubscribe = f"https://talent.northwind.example/u/{token(letter.text, 'u')}"
    assert letter.headers == {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_the_kind_letter_asks_nothing_and_links_nowhere() -> None:
    letter = renderer().render(SAMPLES["kind_letter-not-qualified-email"], NOW)
    assert "http" not in letter.text
    assert "?" not in letter.text
    assert Page(letter.html or "").links == set()


def test_a_letter_that_may_not_ask_says_that_nothing_changes() -> None:
    letter = renderer().render(SAMPLES["letter-runner-up-told-before-email"], NOW)
    assert "hat" not in letter.text.split()
    assert "This changes nothing about whether we stay in touch." in letter.text


def test_only_whoever_is_in_the_hat_is_told_that_they_are() -> None:
    inside = renderer().render(SAMPLES["outcome-in-hat"], NOW).text
    assert "Your name is still in the hat" in inside
    outside = [
        renderer().render(SAMPLES["outcome-in-hat"], NOW + timedelta(days=3650)),
        renderer().render(SAMPLES["outcome-closed-email"], NOW),
    ]
    for letter in outside:
        assert "Your name is not in the hat" in letter.text


def test_whoever_answered_an_invitation_by_mail_is_not_written_to_as_if_silent() -> None:
    silent, wrote = (
        renderer().render(SAMPLES[f"outcome-closed-{name}-email"], NOW).text
        for name in ("invited", "wrote")
    )
    thanked = ("You wrote to us about", "Thank you for that.", "what they told you counts")
    assert [words in " ".join(wrote.split()) for words in thanked] == [True] * 3
    assert [words in " ".join(silent.split()) for words in thanked] == [False] * 3


def test_whoever_was_talking_with_a_recruiter_is_told_what_is_known_and_no_more() -> None:
    letter = renderer().render(SAMPLES["outcome-left-open-email"], NOW).text
    assert "what they told you counts" in letter
    assert "cannot take it further" not in letter


@pytest.mark.parametrize("channel", list(Channel))
def test_no_invitation_says_that_the_role_is_new_as_it_may_be_approved_long_after(
    channel: Channel,
) -> None:
    words = renderer().render(SAMPLES[f"invitation-{channel}"], NOW).text
    assert "has opened" not in words
    assert "new role" not in words


def test_a_role_that_turned_them_down_is_open_again_and_no_new_one() -> None:
    again = renderer().render(SAMPLES["invitation-again-email"], NOW)
    assert "the role you applied for is open again" in again.text
    assert "a role is open" not in again.text
    assert "is open again" in again.subject


def test_a_renewal_does_not_render_once_the_yes_has_ended() -> None:
    ended = contact(consent_until=NOW - timedelta(days=1))
    with pytest.raises(TemplateError):
        renderer().render(content(Purpose.RENEWAL, ended), NOW)


def test_a_check_in_names_the_end_of_a_yes_only_while_it_holds() -> None:
    ended = renderer().render(content(Purpose.CHECK_IN, contact(consent_until=NOW)), NOW)
    assert "until" not in ended.text
    holds = renderer().render(SAMPLES["check_in-email"], NOW)
    assert "You agreed that we stay in touch until 4 March 2026." in holds.text


@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.CONTINUATION])
def test_no_invitation_is_written_to_nothing(purpose: Purpose) -> None:
    with pytest.raises(TemplateError):
        renderer().render(content(purpose, ContactFacts()), NOW)


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en-US", "March 3, 2025"),
        ("en-GB", "3 March 2025"),
        ("en", "3 March 2025"),
        ("de-AT", "3 March 2025"),
        ("no such locale", "3 March 2025"),
    ],
)
def test_days_are_written_as_the_reader_writes_them(locale: str, written: str) -> None:
    facts = SAMPLES["letter-not-yet-email"].facts
    letter = renderer().render(content(Purpose.LETTER, facts, locale=locale), NOW)
    assert written in letter.text


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Pacific/Auckland", "You may have it by now: we expected that in March 2025"),
        ("America/Los_Angeles", "You should have it by March 2025"),
        (None, "You should have it by March 2025"),
        ("Nowhere/At_All", "You should have it by March 2025"),
    ],
)
def test_whether_a_day_has_come_is_told_by_the_readers_calendar(
    zone: str | None, said: str
) -> None:
    facts = contact(
        tier=Tier.NOT_YET,
        shortfalls=[Shortfall(requirement_id="one", kind=RequirementKind.LICENCE, name="RN")],
        qualifies_on=datetime(2025, 3, 6, tzinfo=UTC),
    )
    noon = datetime(2025, 3, 5, 12, tzinfo=UTC)
    assert said in renderer().render(content(Purpose.LETTER, facts, time_zone=zone), noon).text


def test_a_shortfall_that_is_known_to_close_says_when() -> None:
    letter = renderer().render(SAMPLES["letter-not-yet-several-email"], NOW)
    assert "You should have it by 14 June 2026." in letter.text
    assert "You should have all of it by June 2026" in letter.text


def test_a_shortfall_that_has_closed_is_not_held_against_anybody() -> None:
    closed = Shortfall(
        requirement_id="one",
        kind=RequirementKind.LICENCE,
        name="Forklift licence",
        closed_at=date(2025, 3, 1),
    )
    facts = contact(tier=Tier.NOT_YET, shortfalls=[closed])
    assert "Forklift" not in renderer().render(content(Purpose.LETTER, facts), NOW).text


def test_months_that_contradict_the_shortfall_are_not_told() -> None:
    odd = Shortfall(
        requirement_id="one",
        kind=RequirementKind.EXPERIENCE,
        name="Ward experience",
        required_months=12,
        observed_months=40,
    )
    facts = contact(tier=Tier.NOT_YET, shortfalls=[odd])
    letter = renderer().render(content(Purpose.LETTER, facts), NOW)
    assert "Ward experience: the role needs more of it than your application" in letter.text


def test_more_shortfalls_than_anybody_reads_are_counted() -> None:
    gaps = [
        Shortfall(requirement_id=str(n), kind=RequirementKind.SKILL, name=f"Skill {n}")
        for n in range(9)
    ]
    facts = contact(tier=Tier.NOT_YET, shortfalls=gaps)
    assert (
        "3 other things were missing" in renderer().render(content(Purpose.LETTER, facts), NOW).text
    )


@pytest.mark.parametrize(("tier", "code"), [(Tier.NOT_YET, None), (None, ReasonCode.OTHER)])
def test_a_letter_that_knows_no_reason_promises_none(
    tier: Tier | None, code: ReasonCode | None
) -> None:
    for said in (code, ReasonCode("of_another_version")):
        facts = contact(tier=tier, reason_code=said, asks_hat=True)
        letter = renderer().render(content(Purpose.LETTER, facts), NOW)
        assert "know why" not in letter.text
        assert "could change" not in f"{letter.text} {letter.html}"
    why = contact(tier=tier, reason_code=ReasonCode.NOT_QUALIFIED)
    assert "know why" in renderer().render(content(Purpose.LETTER, why), NOW).text


def test_the_reason_is_not_said_twice() -> None:
    facts = contact(
        tier=Tier.NOT_YET,
        reason_code=ReasonCode.SKILL_MISSING,
        shortfalls=[Shortfall(requirement_id="k", kind=RequirementKind.SKILL, name="Welding")],
    )
    letter = renderer().render(content(Purpose.LETTER, facts), NOW)
    assert "Welding: the role needs this skill" in letter.text
    assert "needs a skill that" not in letter.text


def test_somebody_who_just_missed_out_is_told_only_what_the_source_said_they_did_well() -> None:
    told = renderer().render(SAMPLES["letter-runner-up-email"], NOW).text
    assert "final round. You did well in your interview. Your experience counted" in told
    facts = contact(
        tier=Tier.RUNNER_UP, strengths=[Strength("juggling")], stage=Stage.SCREENED, asks_hat=True
    )
    plainly = facts.model_copy(update={"strengths": [], "stage": None})
    letters = [renderer().render(content(Purpose.LETTER, each), NOW) for each in (facts, plainly)]
    assert without_tokens(letters[0].text) == without_tokens(letters[1].text)


@pytest.mark.parametrize(
    ("code", "place", "said"),
    [
        (ReasonCode.OTHER_CANDIDATE_STRONGER, 2, "somebody else, who was a closer match for it. "),
        (ReasonCode.OTHER, 3, "somebody else. It was close: you came third."),
        (ReasonCode.OTHER, None, "cannot offer you this role. It was close: you were among the"),
        (ReasonCode.VACANCY_CLOSED, 2, "cannot offer you this role. It was close: you came second"),
        (ReasonCode.VACANCY_CLOSED, 4, "The role itself was closed. That was not about you."),
    ],
)
def test_who_got_the_role_is_said_only_where_it_is_known(
    code: ReasonCode, place: int | None, said: str
) -> None:
    facts = contact(tier=Tier.RUNNER_UP, reason_code=code, finishing_place=place)
    assert said in renderer().render(content(Purpose.LETTER, facts), NOW).text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("letter-not-yet", "if you go on working in the field."),
        ("letter-not-yet-starting", "if you start in the field now."),
        ("ready", "if you have worked in the field without a break since."),
        ("ready-starting", "if you started in the field soon after you applied."),
    ],
)
def test_somebody_who_showed_no_experience_is_not_told_to_go_on(name: str, said: str) -> None:
    assert said in renderer().render(SAMPLES[f"{name}-email"], NOW).text


@pytest.mark.parametrize(
    ("name", "observed", "said"),
    [
        ("ward nursing", 9, "- 2 years of ward nursing; you had 9 months when you applied."),
        ("ward nursing", None, "- 2 years of ward nursing; your application did not show any yet."),
        ("Work on wards", 9, "- 2 years (Work on wards); you had 9 months when you applied."),
        ("", 9, "- 2 years of experience; you had 9 months when you applied."),
    ],
)
def test_a_shortfall_of_time_is_a_sentence(name: str, observed: int | None, said: str) -> None:
    gap = Shortfall(
        requirement_id="one",
        kind=RequirementKind.EXPERIENCE,
        name=name,
        required_months=24,
        observed_months=observed,
    )
    facts = contact(tier=Tier.NOT_YET, shortfalls=[gap])
    assert said in renderer().render(content(Purpose.LETTER, facts), NOW).text.splitlines()


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        (Outcome.NOT_THIS_TIME, "It did not work out then. We keep it in mind."),
        (Outcome.UNANSWERED, "Nobody came back to you then, and we are sorry. We keep it in mind."),
        (Outcome.LEFT_OPEN, "Nobody told us how it ended for you. We keep it in mind."),
        (None, "when you applied. We keep it in mind."),
    ],
)
def test_a_check_in_knows_how_it_ended_that_they_have_what_was_missing(
    ended: Outcome | None, said: str
) -> None:
    word = LastWord(answer=Answer.HAS_IT_NOW, said_at=NOW, ended=ended)
    hello = content(Purpose.CHECK_IN, contact(last_word=word, consent_until=NOW))
    assert said in " ".join(renderer().render(hello, NOW).text.split())


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize(
    ("code", "is_said"),
    [
        (ReasonCode.OTHER, False),
        (ReasonCode.OTHER_CANDIDATE_STRONGER, False),
        (ReasonCode.LICENCE_MISSING, True),
    ],
)
def test_not_yet_is_said_only_where_something_could_change_the_answer(
    code: ReasonCode, is_said: bool, channel: Channel
) -> None:
    facts = contact(tier=Tier.NOT_YET, reason_code=code, shortfalls=[], qualifies_on=None)
    letter = renderer().render(content(Purpose.LETTER, facts, channel), NOW)
    assert bool(re.search(r"\byet\b", letter.text, re.IGNORECASE)) is is_said


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Ward Nurse", "for the Ward Nurse role, and"),
        ("Nurse, Nights", "for the role of Nurse, Nights, and"),
    ],
)
def test_a_role_is_named_as_one_would_in_a_sentence(title: str, role: str) -> None:
    letter = renderer().render(content(Purpose.LETTER, contact(vacancy_title=title)), NOW)
    assert role in letter.text


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize(
    ("locale", "country", "where"),
    [
        ("en-GB", "DE", "Hamburg, Germany."),
        ("de-DE", "DE", "Hamburg."),
        ("en", "DE", "Hamburg."),
        ("en-GB", "XX", "Hamburg."),
        ("en-GB", None, "Hamburg."),
    ],
)
def test_a_country_is_named_in_words_to_whoever_may_live_in_another(
    channel: Channel, locale: str, country: str | None, where: str
) -> None:
    invited = content(Purpose.INVITATION, contact(country=country), channel, locale=locale)
    assert where in renderer().render(invited, NOW).text


@pytest.mark.parametrize("locale", ["de-DE", "en-GB", "en"])
def test_a_number_is_written_as_in_the_language_around_it(locale: str) -> None:
    mail = renderer().render(content(SHORTLIST, shortlist(), locale=locale), NOW)
    assert "1,214 past applicants" in mail.text


@pytest.mark.parametrize(
    ("name", "locale", "greeting"),
    [
        (PersonName(given_name="Jonas", family_name="Weber"), "en", "Hello Jonas,"),
        (PersonName(full_name="Jonas Weber"), "en", "Hello Jonas,"),
        (PersonName(full_name="Nagy Anna"), "hu-HU", "Hello Nagy Anna,"),
        (PersonName(full_name="WEBER Jonas"), "fr", "Hello WEBER Jonas,"),
        (PersonName(full_name="Weber, Jonas"), "en", "Hello Weber, Jonas,"),
        (PersonName(full_name="Dr Weber"), "en", "Hello Dr Weber,"),
        (PersonName(full_name="Ana María López"), "en", "Hello Ana María López,"),
        (PersonName(), "en", "Hello,"),
    ],
)
def test_a_letter_greets_by_the_first_name_where_it_is_known_to_be_one(
    name: PersonName, locale: str, greeting: str
) -> None:
    greeted = content(Purpose.CHECK_IN, contact(), name=name, locale=locale)
    assert renderer().render(greeted, NOW).text.startswith(greeting)
