"""What a candidate can answer on their page, and what each answer means for what holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from dateutil.relativedelta import relativedelta

from shared.events.people import Channel, Consent, ConsentPurpose
from shared.events.responses import Answer

HAT_MONTHS = (6, 12, 24)
PAUSE_MONTHS = (3, 6, 12)

Form = Mapping[str, Sequence[str]]
"""What a browser sent: every value of every field."""


@dataclass(frozen=True, slots=True)
class HatYes:
    """The name may stay in the hat for these purposes, over these channels, this long."""

    purposes: frozenset[ConsentPurpose]
    channels: frozenset[Channel]
    months: int


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to a question about one contact; `gap` names what they have now."""

    answer: Answer
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    months: int


class Simple(StrEnum):
    """The answers that need nothing beside them."""

    HAT_NO = "hat_no"
    RESUME = "resume"
    STOP = "stop"
    ERASE = "erase"


Fault = Literal["purpose", "channel", "months", "confirm", "gap", "unknown"]
PageAnswer = HatYes | Said | Pause | Simple


class Misread(Exception):
    """The form says nothing that can be acted on; `fault` names the text that helps."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def read_answer(form: Form, channels: Iterable[Channel]) -> PageAnswer:
    """Reads what was answered; only channels over which the person can be reached count."""
    match _one(form, "do"):
        case "hat_yes":
            return _hat_yes(form, frozenset(channels))
        case Answer.HAS_IT_NOW:
            if not (gap := _one(form, "gap")):
                raise Misread("gap")
            return Said(Answer.HAS_IT_NOW, gap)
        case Answer.INTERESTED | Answer.NOT_NOW as answer:
            return Said(Answer(answer))
        case "pause":
            return Pause(_months(form, PAUSE_MONTHS))
        case Simple.ERASE if _one(form, "confirm") != "yes":
            raise Misread("confirm")
        case do if do in set(Simple):
            return Simple(do)
    raise Misread("unknown")


def last_moment(now: datetime, months: int) -> datetime:
    """Gives the midnight (UTC) after the day that many months ahead.

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


def changes(
    live: Sequence[Consent], wanted: Sequence[Consent]
) -> tuple[list[Consent], list[Consent]]:
    """Tells which consents end and which begin so that exactly the wanted ones hold.

    One that already holds until the same moment goes on untouched.
    """
    kept = {_terms(consent) for consent in live} & {_terms(consent) for consent in wanted}
    ended = [consent for consent in live if _terms(consent) not in kept]
    begun = [consent for consent in wanted if _terms(consent) not in kept]
    return ended, begun


def _hat_yes(form: Form, reachable: frozenset[Channel]) -> HatYes:
    purposes = frozenset(
        purpose for purpose in ConsentPurpose if purpose in form.get("purpose", ())
    )
    channels = frozenset(channel for channel in reachable if channel in form.get("channel", ()))
    if not purposes:
        raise Misread("purpose")
    if not channels:
        raise Misread("channel")
    return HatYes(purposes, channels, _months(form, HAT_MONTHS))


def _months(form: Form, choices: Sequence[int]) -> int:
    for months in choices:
        if str(months) == _one(form, "months"):
            return months
    raise Misread("months")


def _one(form: Form, field: str) -> str:
    return next(iter(form.get(field, ())), "")


def _terms(consent: Consent) -> tuple[ConsentPurpose, Channel, datetime]:
    return consent.purpose, consent.channel, consent.until
