"""What the candidate's page shows: what holds, and what can be answered. Never who it is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Literal

from services.intake.consent.domain import (
    HAT_MONTHS,
    PAUSE_MONTHS,
    LinkedMessage,
    find_rejection,
    lacking,
    last_moment,
    open_channels,
)
from services.intake.consent.news import CLOSES, LONGEST_NAME, LONGEST_NOTE
from services.intake.consent.qualifying import (
    Qualifies,
    gaps_of,
    last_day,
    open_ones,
    qualifies,
    qualifying_day_of,
    too_short,
)
from services.intake.consent.store import MeantVacancy, ToldPiece
from services.intake.interests.domain import Course, Standing, is_over
from services.intake.pages.history import History, of_course
from services.intake.web.fields import Form, one
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.profile import NewsKind
from shared.contract.events.purposes import INVITING, RULES, Purpose, Question, rule_of
from shared.contract.events.responses import Answer
from shared.contract.events.shortfalls import Shortfall

Lead = Literal["hat", "interest", "gap", "news", "settings"]


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A live consent, as the page says it."""

    purpose: ConsentPurpose
    channel: Channel
    last_day: date

    @classmethod
    def of(cls, consent: Consent) -> "ConsentView":
        return cls(consent.purpose, consent.channel, last_day(consent.until))


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent that could not be acted on, so that they need not enter it again."""

    form: Form = field(default_factory=dict)

    def by(self, button: str) -> bool:
        """Whether it was sent by this button."""
        return button in self.form.get("do", ())

    def text(self, name: str) -> str:
        """What was written into a field."""
        return one(self.form, name)

    def has(self, button: str, name: str, value: object) -> bool:
        """Whether it was sent by this button with this value chosen."""
        return self.by(button) and str(value) in self.form.get(name, ())


@dataclass(frozen=True, slots=True)
class CandidateView:
    leads_with: Lead
    vacancy_title: str | None
    invites_to: str | None
    """The role that they are asked to talk about, if the message is an invitation."""
    may_be_asked_once: bool
    """Whether they may be asked again about a role that they came close to, consent or not."""
    about: Literal["about_application", "about_vacancy"]
    closed: Literal["closed", "closed_talking", "closed_hiring"] | None
    """Whether what the message invited to is no longer open, and whether they talk about it, or are
    to be hired, which they hear in person; of an end that they know of, nothing more is said."""
    history: History | None
    """What they had answered and how it ended, as far as they know."""
    has_it: History | None
    """The same of their word that they have by now what was missing."""
    may_answer_again: bool
    """Whether what they answered came to nothing without a word of a recruiter."""
    offers_hat: bool
    asks_interest: bool
    gaps: Sequence[Shortfall]
    missing_for: str | None
    """The role that these were missing for, where the page is about another one."""
    purposes: Sequence[ConsentPurpose]
    qualifies: Qualifies
    qualifies_on: date | None
    """When nothing should be missing any more, where that is known."""
    too_short: Sequence[int]
    """For how many months they may agree without reaching that day."""
    channels: Sequence[Channel]
    consents: Sequence[ConsentView]
    stopped: Sequence[Channel]
    all_stopped: bool
    paused_until: date | None
    outlasted_by_pause: date | None
    """The last day of what was agreed, where the longest pause would go on after it."""
    answer: str | None
    said: str | None
    """How the page words what they answered."""
    said_of_gaps: str
    """How it words that they have by now what was missing."""
    has_it_all: bool
    """Whether they were asked for what was missing, and say that they have it all."""
    is_settled: bool
    """Whether it is known what came of their answer, so that there is nothing to change."""
    asks_news: bool
    told_news: Sequence[ToldPiece]
    """What has changed, as they told us since a message asked them about it."""
    still_looks: bool
    """Whether they answered that nothing has."""
    vocabulary: Mapping[NewsKind, Sequence[str]]
    """The words that are offered for what may have changed; others may be written."""
    sent: Sent
    longest_name: int = LONGEST_NAME
    longest_note: int = LONGEST_NOTE
    month_choices: Sequence[int] = HAT_MONTHS
    pause_choices: Sequence[int] = PAUSE_MONTHS

    @property
    def has_told_news(self) -> bool:
        """Whether the question what has changed is answered, so that it is not asked again."""
        return bool(self.told_news) or self.still_looks

    @property
    def hears_of_roles(self) -> bool:
        """Whether we look for roles for them."""
        return bool(self.agreed_purposes & RULES[Purpose.INVITATION].consents)

    @property
    def agreed_purposes(self) -> set[ConsentPurpose]:
        return {consent.purpose for consent in self.consents}

    @property
    def agreed_channels(self) -> set[Channel]:
        return {consent.channel for consent in self.consents}

    def ends_before_qualified(self, consent: ConsentView) -> bool:
        """Whether somebody is to hear when they qualify, for a time that ends before they do."""
        waits_for = self.qualifies_on if consent.purpose is ConsentPurpose.WHEN_QUALIFIED else None
        return waits_for is not None and waits_for > consent.last_day

    def ends_in_pause(self, consent: ConsentView) -> bool:
        """Whether nothing is ever written for a consent, unless it is given again."""
        return self.paused_until is not None and consent.last_day <= self.paused_until


def candidate_view(
    person: CandidateChanged,
    channels: Sequence[Channel],
    message: LinkedMessage,
    answered: Mapping[str, str],
    vacancy: MeantVacancy,
    now: datetime,
    *,
    vocabulary: Mapping[NewsKind, Sequence[str]] | None = None,
    course: Course | None = None,
    told_news: Sequence[ToldPiece] = (),
    continued: Collection[str] = (),
    letter: History | None = None,
    has_it: Course | None = None,
    unheard: Collection[Answer] = (),
    sent: Form | None = None,
    asked_for: bool = False,
) -> CandidateView:
    """Chooses what somebody sees who follows the link in this message.

    `channels` are those over which they can agree to be written to; `course` tells what came of
    their last yes to such a message; one that has lapsed is asked for again; `continued` names the
    applications of which they were told that the role is open again. `letter` is the end
    that the message itself told, `has_it` what came of it that they have what was missing.
    `unheard` are the answers that nobody recruits to hear of.
    Whoever stopped everything is asked nothing, unless they asked for the question themselves.
    """
    rejection = find_rejection(person, message.about_application_id)
    silent = not open_channels(person)
    lacked = None if silent else lacking(person, message)
    gaps = gaps_of(lacked)
    has_it_all = _question(message) is Question.GAP and bool(gaps) and not open_ones(gaps)
    closed = is_over(message.purpose, vacancy.is_closed)
    asks = _question(message) in (Question.INTEREST, Question.GAP)
    has_left = _has_left(person, rejection)
    rests = silent or has_left
    standing = course.standing if course else None
    lapsed = standing is Standing.LAPSED and not closed
    is_new_question = lapsed or "interest" not in answered
    asks_interest = asks and not closed and not (rests and is_new_question)
    answer = None if lapsed else answered.get("interest")
    said_yes = answered.get("interest") == Answer.INTERESTED
    ended = partial(of_course, now=now, is_silenced=silent)
    past = letter or (ended(Answer.INTERESTED, course) if said_yes else None)
    waits = asks_interest and answer is None and not has_it_all
    qualifies_on = qualifying_day_of(person)
    may_agree = message.asks_hat or bool(person.consents) or _may_come_back(person)
    paused = person.paused_until if person.paused_until and person.paused_until > now else None
    its_own = rejection if _is_about(rejection, message, letter) else None
    own_title = its_own.vacancy_title if its_own else None
    titles = (own_title, vacancy.title)
    title = next(filter(None, reversed(titles) if letter else titles), None)
    return CandidateView(
        leads_with=_lead(
            message,
            answered,
            waits,
            gaps,
            rests,
            asked_for and may_agree,
            told_news,
            bool(person.consents),
        ),
        vacancy_title=title,
        invites_to=title if waits and message.purpose in INVITING else None,
        may_be_asked_once=_may_be_asked_once(person, continued),
        about="about_application" if its_own and not letter else "about_vacancy",
        closed=_closed(course) if closed and not past else None,
        history=past,
        has_it=ended(Answer.HAS_IT_NOW, has_it),
        may_answer_again=asks_interest and lapsed,
        offers_hat=may_agree,
        asks_interest=asks_interest,
        gaps=gaps,
        missing_for=lacked.vacancy_title if lacked and lacked.vacancy_title != own_title else None,
        purposes=_purposes(person),
        qualifies=qualifies(person, qualifies_on, gaps),
        qualifies_on=qualifies_on,
        too_short=too_short(qualifies_on, now),
        channels=channels,
        consents=[ConsentView.of(consent) for consent in sorted(person.consents, key=_as_asked)],
        stopped=sorted(set(person.stopped) & set(person.channels)),
        all_stopped=silent,
        paused_until=last_day(paused) if paused else None,
        outlasted_by_pause=_outlasted(person.consents, now),
        answer=answer,
        said=_said(answer, standing, unheard) if answer else None,
        said_of_gaps=_said(Answer.HAS_IT_NOW, has_it.standing if has_it else None, unheard),
        has_it_all=has_it_all,
        is_settled=answer == Answer.INTERESTED and standing is Standing.SETTLED,
        told_news=told_news if _question(message) is Question.NEWS else (),
        still_looks="news" in answered,
        asks_news=not silent and _may_come_back(person),
        vocabulary=_with_own(vocabulary or {}, gaps),
        sent=Sent(sent or {}),
    )


def _is_about(rejection: Rejection | None, message: LinkedMessage, letter: History | None) -> bool:
    """Tells whether the role of a message is that of the application it went with.

    The end of what was answered to a question about no one role is about none.
    """
    if rejection is None:
        return False
    return rejection.vacancy_id == message.vacancy_id or not (message.vacancy_id or letter)


def _has_left(person: CandidateChanged, rejection: Rejection | None) -> bool:
    """Tells whether they would rather not stay in touch, and no later decision asks them anew."""
    return person.hat_refused_at is not None and (
        rejection is None or person.has_refused(rejection)
    )


def _may_be_asked_once(person: CandidateChanged, continued: Collection[str]) -> bool:
    return any(
        rejection.may_go_on
        and rejection.application_id not in continued
        and not person.has_refused(rejection)
        for rejection in person.rejections
    )


def _as_asked(consent: Consent) -> tuple[int, int]:
    """Puts what they agreed to into the order in which the page asks for it."""
    return list(ConsentPurpose).index(consent.purpose), list(Channel).index(consent.channel)


def _said(answer: str, standing: Standing | None, unheard: Collection[str]) -> str:
    """Names how an answer is worded: not as one that waits once a recruiter has acted on it."""
    if answer == Answer.INTERESTED and standing is Standing.TALKING:
        return "talking"
    if answer in (Answer.INTERESTED, Answer.HAS_IT_NOW) and standing is Standing.DECLINED:
        return f"{answer}_seen"
    return f"{answer}_unheard" if answer in unheard else answer


def _closed(course: Course | None) -> Literal["closed", "closed_talking", "closed_hiring"]:
    if course is None or course.standing is not Standing.TALKING:
        return "closed"
    return "closed_hiring" if course.ending and course.ending.is_hiring else "closed_talking"


def _lead(
    message: LinkedMessage,
    answered: Mapping[str, str],
    interest_waits: bool,
    gaps: Sequence[Shortfall],
    silent: bool,
    asked_for: bool,
    told_news: Sequence[ToldPiece],
    has_agreed: bool,
) -> Lead:
    """Returns what the page asks first.

    Whoever has agreed behind another letter is not asked once more whether they would.
    """
    asks_hat = (message.asks_hat and not has_agreed) or _question(message) is Question.HAT
    if asked_for or (asks_hat and "hat" not in answered and not silent):
        return "hat"
    has_told = bool(told_news) or "news" in answered
    if _question(message) is Question.NEWS and not silent and not has_told:
        return "news"
    if _question(message) is Question.GAP and open_ones(gaps):
        return "gap"
    return "interest" if interest_waits else "settings"


def _question(message: LinkedMessage) -> Question | None:
    rule = rule_of(message.purpose)
    return rule.asks if rule else None


def _may_come_back(person: CandidateChanged) -> bool:
    """Tells whether any of the answers was "not yet" and not "no", and they do not work here."""
    some_hope = any(rejection.tier is not Tier.NO for rejection in person.rejections)
    return some_hope and person.hired_at is None


def _purposes(person: CandidateChanged) -> list[ConsentPurpose]:
    """Offers "when I qualify" only to somebody who lacked something, whatever the message says."""
    agreed = {consent.purpose for consent in person.consents}
    lacking = ConsentPurpose.WHEN_QUALIFIED in agreed or any(map(gaps_of, person.decisions))
    return [
        purpose
        for purpose in ConsentPurpose
        if purpose is not ConsentPurpose.WHEN_QUALIFIED or lacking
    ]


def _with_own(
    vocabulary: Mapping[NewsKind, Sequence[str]], gaps: Sequence[Shortfall]
) -> dict[NewsKind, list[str]]:
    """Offers first what was missing when they applied, by the name it was told by."""
    return {
        kind: list(
            dict.fromkeys(
                [
                    *(g.name for g in gaps if g.kind is CLOSES.get(kind) and not g.closed_at),
                    *vocabulary.get(kind, ()),
                ]
            )
        )
        for kind in NewsKind
    }


def _outlasted(consents: Sequence[Consent], now: datetime) -> date | None:
    end = max((consent.until for consent in consents), default=None)
    return last_day(end) if end and end < last_moment(now, max(PAUSE_MONTHS)) else None
