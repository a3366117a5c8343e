"""What a candidate can answer on their page, and what each answer means for what holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Literal, assert_never

from dateutil.relativedelta import relativedelta

from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Answer

HAT_MONTHS = (6, 12, 24)
PAUSE_MONTHS = (3, 6, 12)

Form = Mapping[str, Sequence[str]]
"""What a browser sent: every value of every field."""


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
    vacancy_id: str | None = None
    sent_to: str | None = None
    """The mark of the address, where it was an e-mail."""

    @classmethod
    def of(cls, claims: Mapping[str, str]) -> "LinkedMessage":
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
            vacancy_id=claims.get("vacancy") or None,
            sent_to=claims.get("address"),
        )


@dataclass(frozen=True, slots=True)
class HatYes:
    """The name may stay in the hat for these purposes, over these channels, this long."""

    purposes: frozenset[ConsentPurpose]
    channels: frozenset[Channel]
    months: int


@dataclass(frozen=True, slots=True)
class ContactAnswer:
    """An answer to a question about one contact; `gap` names what they have now."""

    answer: Answer
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    months: int


class SimpleAnswer(StrEnum):
    """The answers that need nothing beside them."""

    HAT_NO = "hat_no"
    RESUME = "resume"
    STOP = "stop"
    ERASE = "erase"


Fault = Literal["purpose", "channel", "months", "confirm", "gap", "closed", "unknown", "unreadable"]
PageAnswer = HatYes | ContactAnswer | Pause | SimpleAnswer


class InvalidAnswer(Exception):
    """Nothing was said that can be acted on; `fault` names the text that helps."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def read_answer(form: Form) -> PageAnswer:
    """Reads what was answered."""
    match _one(form, "do"):
        case "hat_yes":
            return _hat_yes(form)
        case Answer.HAS_IT_NOW:
            if not (gap := _one(form, "gap")):
                raise InvalidAnswer("gap")
            return ContactAnswer(Answer.HAS_IT_NOW, gap)
        case Answer.INTERESTED | Answer.NOT_NOW as answer:
            return ContactAnswer(Answer(answer))
        case "pause":
            return Pause(_months(form, PAUSE_MONTHS))
        case SimpleAnswer.ERASE if _one(form, "confirm") != "yes":
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
    found = (one for one in person.rejections if one.application_id == application_id)
    return next(found, None)


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
        if str(months) == _one(form, "months"):
            return months
    raise InvalidAnswer("months")


def _one(form: Form, field: str) -> str:
    return next(iter(form.get(field, ())), "")


def _terms(consent: Consent) -> tuple[ConsentPurpose, Channel, datetime]:
    return consent.purpose, consent.channel, consent.until
