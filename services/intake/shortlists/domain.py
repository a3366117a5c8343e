"""What a recruiter can decide about those on a shortlist, and what stands in the way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from services.intake.consent.domain import find_rejection, open_channels
from services.intake.web.fields import Form, one
from shared.contract.business_hours import Hours
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.purposes import Purpose, allows

SHOWN_AFTER_CLOSING = timedelta(days=7)
"""Whoever filled the place needs to know no longer who else was found for it."""


class Choice(StrEnum):
    APPROVED = "approved"
    DECLINED = "declined"


class Because(StrEnum):
    """Why a recruiter declines: chosen, never typed, so that it cannot name anybody."""

    SKILLS = "skills"
    TOO_SENIOR = "too_senior"
    TOO_JUNIOR = "too_junior"
    TERMS = "terms"
    KNOWN = "known"
    OTHER = "other"


class Obstacle(StrEnum):
    """Why somebody cannot be invited."""

    VACANCY_CLOSED = "vacancy_closed"
    HIRED = "hired"
    BEING_HIRED = "being_hired"
    """A recruiter says so of this very role, and no system yet."""
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"
    PAUSED = "paused"
    NO_CONSENT = "no_consent"
    NOT_STANDING = "not_standing"
    """The application that would go on was decided otherwise since."""
    SAID_NO = "said_no"
    """They would rather not stay in touch."""
    WRITTEN_ONCE = "written_once"
    """They were asked once to go on with it, and have not agreed to be asked again."""


@dataclass(frozen=True, slots=True)
class Employer:
    """Whose name invitations bear, and whose day counts where somebody's own is unknown."""

    name: str
    hours: Hours


@dataclass(frozen=True, slots=True)
class ShortlistDecision:
    """What a recruiter decided about some of those on a shortlist."""

    choice: Choice
    candidate_ids: frozenset[str]
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Of whom approvals are taken back."""

    candidate_ids: frozenset[str]


class InvalidDecision(Exception):
    """The form decides nothing; `fault` names the text that helps."""

    def __init__(self, fault: Literal["nothing", "no_reason"]) -> None:
        super().__init__(fault)
        self.fault = fault


def obstacle(
    person: CandidateChanged,
    now: datetime,
    *,
    vacancy_open: bool,
    application_id: str | None,
    was_continued: bool = False,
    is_being_hired: bool = False,
) -> Obstacle | None:
    """Tells what forbids an invitation, or going on with an application that still stands.

    To go on needs no consent the first time, only no stop and no "no": letters promise to write
    just once, to whoever does not answer.
    """
    if not vacancy_open:
        return Obstacle.VACANCY_CLOSED
    if person.hired_at:
        return Obstacle.HIRED
    if is_being_hired:
        return Obstacle.BEING_HIRED
    if not person.channels:
        return Obstacle.UNREACHABLE
    if not open_channels(person):
        return Obstacle.STOPPED
    if person.paused_until and person.paused_until > now:
        return Obstacle.PAUSED
    continued = find_rejection(person, application_id)
    if application_id and not _stands(continued):
        return Obstacle.NOT_STANDING
    if continued and person.has_refused(continued):
        return Obstacle.SAID_NO
    if (application_id is None or was_continued) and not _may_invite(person, now):
        return Obstacle.WRITTEN_ONCE if was_continued else Obstacle.NO_CONSENT
    return None


def shows_people(closed_at: datetime | None, now: datetime) -> bool:
    """Tells whether a recruiter may still see who is on the list of a vacancy that closed then."""
    return closed_at is None or now < closed_at + SHOWN_AFTER_CLOSING


def read_decision(form: Form, listed: Collection[str]) -> ShortlistDecision | TakeBack:
    """Reads what was decided about people on the list.

    Raises InvalidDecision where it names nobody on it, or a decline has no reason.
    """
    chosen = frozenset(form.get("candidate", ())) & frozenset(listed)
    do = one(form, "do")
    if not chosen or do not in ("approve", "decline", "take_back"):
        raise InvalidDecision("nothing")
    if do == "take_back":
        return TakeBack(chosen)
    if do == "approve":
        return ShortlistDecision(Choice.APPROVED, chosen)
    because = one(form, "because")
    if because not in set(Because):
        raise InvalidDecision("no_reason")
    return ShortlistDecision(Choice.DECLINED, chosen, Because(because))


def _stands(rejection: Rejection | None) -> bool:
    return rejection is not None and rejection.tier.is_known and rejection.tier is not Tier.NO


def _may_invite(person: CandidateChanged, now: datetime) -> bool:
    return any(
        allows(person.consents, Purpose.INVITATION, channel, now)
        for channel in open_channels(person)
    )
