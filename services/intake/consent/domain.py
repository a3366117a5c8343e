"""What a candidate can answer on their page, and what each answer means for what holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, assert_never

from dateutil.relativedelta import relativedelta

from services.intake.consent.forms import InvalidAnswer
from services.intake.consent.news import TellsNews, read_news
from services.intake.web.fields import Form, one
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.contacts import Outcome
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Answer

HAT_MONTHS = (6, 12, 24)
PAUSE_MONTHS = (3, 6, 12)


@dataclass(frozen=True, slots=True)
class LinkedMessage:
    """The message that the link came with."""

    candidate_id: str
    message_id: str
    wording_version: str
    language: str | None = None
    asks_hat: bool = False
    purpose: Purpose | None = None
    contact_id: str | None = None
    application_id: str | None = None
    """Whose applicant it was sent to."""
    about_application_id: str | None = None
    """What its words were about."""
    vacancy_id: str | None = None
    outcome: Outcome | None = None
    """How it ended, if that is what it said; and what they had answered."""
    answered: Answer | None = None
    wrote: bool = False
    """Whether they had answered by mail, in their own words."""
    sent_to: str | None = None
    """The mark of the address or number."""
    is_mark: Callable[[str | None, str], bool] = field(default=lambda *_: False, compare=False)
    """Tells whether a mark is that of an address."""

    def was_sent_to(self, address: str) -> bool:
        """Tells whether the link was sent to this address."""
        return self.is_mark(self.sent_to, address)

    @classmethod
    def of(
        cls, claims: Mapping[str, str], is_mark: Callable[[str | None, str], bool]
    ) -> "LinkedMessage":
        purpose = claims.get("purpose", "")
        return cls(
            candidate_id=claims["candidate"],
            message_id=claims.get("message", ""),
            wording_version=claims.get("wording", ""),
            language=claims.get("language"),
            asks_hat=claims.get("asks") == "hat",
            purpose=Purpose(purpose) if purpose in set(Purpose) else None,
            contact_id=claims.get("contact") or None,
            application_id=claims.get("application") or None,
            about_application_id=claims.get("about") or claims.get("application") or None,
            vacancy_id=claims.get("vacancy") or None,
            outcome=Outcome(claims["outcome"]) if claims.get("outcome") else None,
            answered=Answer(claims["answered"]) if claims.get("answered") else None,
            wrote=claims.get("wrote") == "yes",
            sent_to=claims.get("address"),
            is_mark=is_mark,
        )


@dataclass(frozen=True, slots=True)
class HatYes:
    """The name may stay in the hat for these purposes, over these channels, this long."""

    purposes: frozenset[ConsentPurpose]
    channels: frozenset[Channel]
    months: int


@dataclass(frozen=True, slots=True)
class ContactAnswer:
    """An answer to a question about one contact; `gap` names what they have now, or do not."""

    answer: Answer
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    months: int


class SimpleAnswer(StrEnum):
    """The answers that need nothing beside them."""

    HAT_NO = "hat_no"
    NOT_LOOKING = "not_looking"
    RESUME = "resume"
    STOP = "stop"
    RECORD = "record"
    ERASE = "erase"


PageAnswer = HatYes | ContactAnswer | TellsNews | Pause | SimpleAnswer


def read_answer(form: Form) -> PageAnswer:
    """Reads what was answered."""
    match one(form, "do"):
        case "hat_yes":
            return _hat_yes(form)
        case Answer.HAS_IT_NOW | Answer.NOT_YET as answer:
            if not (gap := one(form, "gap")):
                raise InvalidAnswer("gap")
            return ContactAnswer(Answer(answer), gap)
        case Answer.INTERESTED | Answer.NOT_NOW | Answer.STILL_LOOKING as answer:
            return ContactAnswer(Answer(answer))
        case Answer.NEWS:
            return read_news(form)
        case "pause":
            return Pause(_months(form, PAUSE_MONTHS))
        case SimpleAnswer.ERASE if one(form, "confirm") != "yes":
            raise InvalidAnswer("confirm")
        case do if do in set(SimpleAnswer):
            return SimpleAnswer(do)
    raise InvalidAnswer("unknown")


def reachable(choice: HatYes, channels: Iterable[Channel]) -> HatYes:
    """Returns a choice of those channels alone over which the person can be reached."""
    if chosen := choice.channels.intersection(channels):
        return replace(choice, channels=chosen)
    raise InvalidAnswer("channel")


def told(answer: PageAnswer) -> tuple[str, dict[str, Any]]:
    """Returns the name of an answer and what there is to remember of it."""
    match answer:
        case HatYes(purposes, channels, months):
            chosen = {"purposes": sorted(purposes), "channels": sorted(channels)}
            return "hat_yes", {**chosen, "months": months}
        case ContactAnswer(said, gap):
            return said.value, {"gap": gap} if gap else {}
        case TellsNews(pieces, note):
            named = {"pieces": [{"kind": kind, "name": name} for kind, name in pieces]}
            return Answer.NEWS.value, {**named, "text": note} if note else {**named}
        case Pause(months):
            return "pause", {"months": months}
        case SimpleAnswer():
            return answer.value, {}
    assert_never(answer)


def last_moment(now: datetime, months: int) -> datetime:
    """Returns the midnight (UTC) after the day that many months ahead.

    Whole days make the same answer on the same day have the same end, however often it is sent.
    """
    day = (now.astimezone(UTC) + relativedelta(months=months)).date()
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def agreed(choice: HatYes, now: datetime) -> list[Consent]:
    """Lists the consents that a yes gives, one for each purpose and channel."""
    return [
        Consent(purpose=purpose, channel=channel, since=now, until=last_moment(now, choice.months))
        for purpose in sorted(choice.purposes)
        for channel in sorted(choice.channels)
    ]


def asserted(said: Consent) -> Consent | None:
    """Returns what a source says that somebody agreed to, for as long as they could say here.

    None for a purpose or channel that this version does not know.
    """
    if not (said.purpose.is_known and said.channel.is_known):
        return None
    longest = said.since + relativedelta(months=max(HAT_MONTHS))
    return said.model_copy(update={"until": min(said.until, longest)})


def compare(
    live: Sequence[Consent], wanted: Sequence[Consent]
) -> tuple[list[Consent], list[Consent]]:
    """Tells which consents go on as they are and which begin, so that the wanted ones hold."""
    present = {_terms(consent) for consent in live}
    kept = [consent for consent in wanted if _terms(consent) in present]
    begun = [consent for consent in wanted if _terms(consent) not in present]
    return kept, begun


def find_rejection(person: CandidateChanged, application_id: str | None) -> Rejection | None:
    """Returns the rejection of an application, if it still stands."""
    found = (it for it in person.rejections if it.application_id == application_id)
    return next(found, None)


def lacking(person: CandidateChanged, message: LinkedMessage) -> Rejection | None:
    """Returns the decision of which the page behind a message says what was missing.

    It is the one that the message was about; an invitation is about none, and shows the latest.
    """
    if message.about_application_id:
        return person.decision(message.about_application_id)
    lacked = [it for it in person.decisions if it.tier is not Tier.NO and it.shortfalls]
    return max(lacked, key=lambda rejection: rejection.decided_at, default=None)


def open_channels(person: CandidateChanged) -> list[Channel]:
    """Lists the channels over which somebody can be reached and has not asked for silence."""
    return [channel for channel in person.channels if channel not in person.stopped]


def _hat_yes(form: Form) -> HatYes:
    purposes = frozenset(
        purpose for purpose in ConsentPurpose if purpose in form.get("purpose", ())
    )
    channels = frozenset(channel for channel in Channel if channel in form.get("channel", ()))
    if not purposes:
        raise InvalidAnswer("purpose")
    if not channels:
        raise InvalidAnswer("channel")
    return HatYes(purposes, channels, _months(form, HAT_MONTHS))


def _months(form: Form, choices: Sequence[int]) -> int:
    for months in choices:
        if str(months) == one(form, "months"):
            return months
    raise InvalidAnswer("months")


def _terms(consent: Consent) -> tuple[ConsentPurpose, Channel, datetime]:
    return consent.purpose, consent.channel, consent.until
