"""What the candidate's page shows: what holds, and what can be answered. Never who it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from services.intake.consent.domain import (
    HAT_MONTHS,
    PAUSE_MONTHS,
    LinkedMessage,
    find_rejection,
    open_channels,
)
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.purposes import INVITING, Question, rule_of
from shared.contract.events.shortfalls import Shortfall

Lead = Literal["hat", "interest", "gap", "settings"]


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
class CandidateView:
    leads_with: Lead
    vacancy_title: str | None
    invites_to: str | None
    """The role that they are asked to talk about, if the message is an invitation."""
    came_close: bool
    """Whether they may be asked again about a role, consent or not."""
    about: Literal["about_application", "about_vacancy"]
    offers_hat: bool
    asks_interest: bool
    gaps: Sequence[Shortfall]
    purposes: Sequence[ConsentPurpose]
    channels: Sequence[Channel]
    consents: Sequence[ConsentView]
    stopped: Sequence[Channel]
    all_stopped: bool
    paused_until: date | None
    answer: str | None
    month_choices: Sequence[int] = HAT_MONTHS
    pause_choices: Sequence[int] = PAUSE_MONTHS

    @property
    def agreed_purposes(self) -> set[ConsentPurpose]:
        return {consent.purpose for consent in self.consents}

    @property
    def agreed_channels(self) -> set[Channel]:
        return {consent.channel for consent in self.consents}


def candidate_view(
    person: CandidateChanged,
    message: LinkedMessage,
    answered: Mapping[str, str],
    vacancy_title: str | None,
    now: datetime,
) -> CandidateView:
    """Chooses what somebody sees who follows the link in this message."""
    rejection = find_rejection(person, message.application_id)
    silent = not open_channels(person)
    gaps = [] if silent else _gaps(rejection)
    asks_interest = _question(message) in (Question.INTEREST, Question.GAP) and not silent
    paused = person.paused_until if person.paused_until and person.paused_until > now else None
    title = rejection.vacancy_title if rejection else vacancy_title
    return CandidateView(
        leads_with=_lead(message, answered, asks_interest, gaps),
        vacancy_title=title,
        invites_to=title if asks_interest and message.purpose in INVITING else None,
        came_close=any(rejection.tier is Tier.RUNNER_UP for rejection in person.rejections),
        about="about_application" if rejection else "about_vacancy",
        offers_hat=message.asks_hat or bool(person.consents) or _may_come_back(person),
        asks_interest=asks_interest,
        gaps=gaps,
        purposes=_purposes(person.consents, gaps),
        channels=list(person.channels),
        consents=[ConsentView.of(consent) for consent in person.consents],
        stopped=sorted(person.stopped),
        all_stopped=silent,
        paused_until=last_day(paused) if paused else None,
        answer=answered.get("interest"),
    )


def last_day(until: datetime) -> date:
    """Returns the last whole day before a moment."""
    return (until - timedelta(microseconds=1)).date()


def _lead(
    message: LinkedMessage,
    answered: Mapping[str, str],
    asks_interest: bool,
    gaps: Sequence[Shortfall],
) -> Lead:
    asks_hat = message.asks_hat or _question(message) is Question.HAT
    if asks_hat and "hat" not in answered:
        return "hat"
    if _question(message) is Question.GAP and gaps:
        return "gap"
    return "interest" if asks_interest else "settings"


def _question(message: LinkedMessage) -> Question | None:
    rule = rule_of(message.purpose)
    return rule.asks if rule else None


def _may_come_back(person: CandidateChanged) -> bool:
    """Tells whether any of the answers was "not yet" and not "no"."""
    return any(rejection.tier is not Tier.NO for rejection in person.rejections)


def _gaps(rejection: Rejection | None) -> Sequence[Shortfall]:
    return rejection.shortfalls if rejection and rejection.tier is not Tier.NO else []


def _purposes(live: Sequence[Consent], gaps: Sequence[Shortfall]) -> list[ConsentPurpose]:
    """Offers "when I qualify" only to somebody who lacked something."""
    agreed = {consent.purpose for consent in live}
    lacking = bool(gaps) or ConsentPurpose.WHEN_QUALIFIED in agreed
    return [
        purpose
        for purpose in ConsentPurpose
        if purpose is not ConsentPurpose.WHEN_QUALIFIED or lacking
    ]
