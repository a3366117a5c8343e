"""What the candidate's page shows: what holds, and what can be answered. Never who it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from services.intake.consent.domain import (
    HAT_MONTHS,
    PAUSE_MONTHS,
    LinkedMessage,
    find_rejection,
    last_moment,
    open_channels,
)
from services.intake.consent.news import CLOSES, LONGEST_NAME, LONGEST_NOTE
from services.intake.consent.store import MeantVacancy
from services.intake.interests.domain import Standing, is_over
from services.intake.web.fields import Form, one
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.profile import NewsKind
from shared.contract.events.purposes import INVITING, Question, rule_of
from shared.contract.events.responses import Answer
from shared.contract.events.shortfalls import Shortfall, qualifying_day

Lead = Literal["hat", "interest", "gap", "news", "settings"]
Qualifies = Literal["dated", "by_word", "told"]
"""How it comes to be known that nothing is missing any more."""


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
    came_close: bool
    """Whether they may be asked again about a role, consent or not."""
    about: Literal["about_application", "about_vacancy"]
    closed: Literal["closed", "closed_talking"] | None
    """Whether what the message invited to is no longer open, and whether they talk about it."""
    offers_hat: bool
    asks_interest: bool
    gaps: Sequence[Shortfall]
    purposes: Sequence[ConsentPurpose]
    qualifies: Qualifies
    channels: Sequence[Channel]
    consents: Sequence[ConsentView]
    stopped: Sequence[Channel]
    all_stopped: bool
    paused_until: date | None
    outlasted_by_pause: date | None
    """The last day of what was agreed, where the longest pause would go on after it."""
    answer: str | None
    is_settled: bool
    """Whether it is known what came of their answer, so that there is nothing to change."""
    asks_news: bool
    vocabulary: Mapping[NewsKind, Sequence[str]]
    """The words that are offered for what may have changed; others may be written."""
    sent: Sent
    longest_name: int = LONGEST_NAME
    longest_note: int = LONGEST_NOTE
    month_choices: Sequence[int] = HAT_MONTHS
    pause_choices: Sequence[int] = PAUSE_MONTHS

    @property
    def agreed_purposes(self) -> set[ConsentPurpose]:
        return {consent.purpose for consent in self.consents}

    @property
    def agreed_channels(self) -> set[Channel]:
        return {consent.channel for consent in self.consents}

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
    standing: Standing | None = None,
    sent: Form | None = None,
    asked_for: bool = False,
) -> CandidateView:
    """Chooses what somebody sees who follows the link in this message.

    `channels` are those over which they can agree to be written to; `standing` tells how it stands
    with their last yes to such a message; one that has lapsed is asked for again.
    Whoever stopped everything is asked nothing, unless they asked for the question themselves.
    """
    rejection = find_rejection(person, message.about_application_id)
    silent = not open_channels(person)
    gaps = [] if silent else _gaps(rejection)
    closed = is_over(message.purpose, vacancy.is_closed)
    asks = _question(message) in (Question.INTEREST, Question.GAP)
    asks_interest = asks and not silent and not closed
    answer = None if standing is Standing.LAPSED and not closed else answered.get("interest")
    waits = asks_interest and answer is None
    may_agree = message.asks_hat or bool(person.consents) or _may_come_back(person)
    paused = person.paused_until if person.paused_until and person.paused_until > now else None
    title = rejection.vacancy_title if rejection else vacancy.title
    return CandidateView(
        leads_with=_lead(message, answered, waits, gaps, silent, asked_for and may_agree),
        vacancy_title=title,
        invites_to=title if waits and message.purpose in INVITING else None,
        came_close=any(rejection.tier is Tier.RUNNER_UP for rejection in person.rejections),
        about="about_application" if rejection else "about_vacancy",
        closed=_closed(standing) if closed else None,
        offers_hat=may_agree,
        asks_interest=asks_interest,
        gaps=gaps,
        purposes=_purposes(person),
        qualifies=_qualifies(person),
        channels=channels,
        consents=[ConsentView.of(consent) for consent in person.consents],
        stopped=sorted(person.stopped),
        all_stopped=silent,
        paused_until=last_day(paused) if paused else None,
        outlasted_by_pause=_outlasted(person.consents, now),
        answer=answer,
        is_settled=answer == Answer.INTERESTED and standing is Standing.SETTLED,
        asks_news=not silent and _may_come_back(person),
        vocabulary=_with_own(vocabulary or {}, gaps),
        sent=Sent(sent or {}),
    )


def _closed(standing: Standing | None) -> Literal["closed", "closed_talking"]:
    return "closed_talking" if standing is Standing.TALKING else "closed"


def last_day(until: datetime) -> date:
    """Returns the last whole day before a moment."""
    return (until - timedelta(microseconds=1)).date()


def _lead(
    message: LinkedMessage,
    answered: Mapping[str, str],
    interest_waits: bool,
    gaps: Sequence[Shortfall],
    silent: bool,
    asked_for: bool,
) -> Lead:
    asks_hat = message.asks_hat or _question(message) is Question.HAT
    if asked_for or (asks_hat and "hat" not in answered and not silent):
        return "hat"
    if _question(message) is Question.NEWS and not silent:
        return "news"
    if _question(message) is Question.GAP and gaps:
        return "gap"
    return "interest" if interest_waits else "settings"


def _question(message: LinkedMessage) -> Question | None:
    rule = rule_of(message.purpose)
    return rule.asks if rule else None


def _may_come_back(person: CandidateChanged) -> bool:
    """Tells whether any of the answers was "not yet" and not "no", and they do not work here."""
    some_hope = any(rejection.tier is not Tier.NO for rejection in person.rejections)
    return some_hope and person.hired_at is None


def _gaps(rejection: Rejection | None) -> Sequence[Shortfall]:
    return rejection.shortfalls if rejection and rejection.tier is not Tier.NO else []


def _purposes(person: CandidateChanged) -> list[ConsentPurpose]:
    """Offers "when I qualify" only to somebody who lacked something, whatever the message says."""
    agreed = {consent.purpose for consent in person.consents}
    lacking = ConsentPurpose.WHEN_QUALIFIED in agreed or any(map(_gaps, person.rejections))
    return [
        purpose
        for purpose in ConsentPurpose
        if purpose is not ConsentPurpose.WHEN_QUALIFIED or lacking
    ]


def _qualifies(person: CandidateChanged) -> Qualifies:
    """Tells what "when I qualify" waits for: a day, their own word, or nothing any more."""
    lacking = [
        rejection
        for rejection in person.rejections
        if rejection.tier is not Tier.NO
        and any(gap.closed_at is None for gap in rejection.shortfalls)
    ]
    if any(_has_day(rejection) for rejection in lacking):
        return "dated"
    return "by_word" if lacking else "told"


def _has_day(rejection: Rejection) -> bool:
    decided_on, works = rejection.decided_at.date(), rejection.still_working
    projection = qualifying_day(rejection.shortfalls, decided_on, still_working=works)
    return projection.closes_on is not None


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
