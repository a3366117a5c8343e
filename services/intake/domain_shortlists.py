"""What a recruiter can decide about those on a shortlist, and what stands in the way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.events.contacts import Purpose, allows
from shared.events.people import Channel, Consent


class Verdict(StrEnum):
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
    ERASED = "erased"
    HIRED = "hired"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"
    PAUSED = "paused"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether, how and for what somebody may be written to at the moment."""

    channels: Collection[Channel]
    stopped: Collection[Channel]
    consents: Sequence[Consent]
    paused_until: datetime | None = None
    hired_at: datetime | None = None

    @property
    def open_channels(self) -> list[Channel]:
        return [channel for channel in self.channels if channel not in self.stopped]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a recruiter decided about some of those on a shortlist."""

    verdict: Verdict
    candidate_ids: frozenset[str]
    because: Because | None = None


def obstacle(
    reach: Reach | None, now: datetime, *, vacancy_open: bool, continues: bool
) -> Obstacle | None:
    """Tells what forbids an invitation; a continued application needs no consent, only no stop."""
    if reach is None:
        return Obstacle.ERASED
    if not vacancy_open:
        return Obstacle.VACANCY_CLOSED
    if reach.hired_at:
        return Obstacle.HIRED
    if not reach.channels:
        return Obstacle.UNREACHABLE
    if not reach.open_channels:
        return Obstacle.STOPPED
    if reach.paused_until and reach.paused_until > now:
        return Obstacle.PAUSED
    if not continues and not _may_invite(reach, now):
        return Obstacle.NO_CONSENT
    return None


def read_decision(form: Mapping[str, Sequence[str]], listed: Collection[str]) -> Decision | None:
    """Reads what was decided about people on the list; None if it names nobody on it."""
    chosen = frozenset(form.get("candidate", ())) & frozenset(listed)
    verdict = _VERDICTS.get(next(iter(form.get("do", ())), ""))
    if verdict is None or not chosen:
        return None
    return Decision(verdict, chosen, _because(form) if verdict is Verdict.DECLINED else None)


_VERDICTS = {"approve": Verdict.APPROVED, "decline": Verdict.DECLINED}


def _because(form: Mapping[str, Sequence[str]]) -> Because:
    given = next(iter(form.get("because", ())), "")
    return Because(given) if given in set(Because) else Because.OTHER


def _may_invite(reach: Reach, now: datetime) -> bool:
    consents = list(reach.consents)
    return any(
        allows(consents, Purpose.INVITATION, channel, now) for channel in reach.open_channels
    )
