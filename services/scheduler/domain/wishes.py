"""Which contacts should exist, from what is known now; nobody has looked for a moment yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from services.scheduler.domain.hours import Hours
from services.scheduler.domain.occasions import Person
from services.scheduler.domain.policy import Policy
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.people import Channel, Consent
from shared.contract.events.purposes import RULES, Purpose
from shared.contract.events.responses import InvitationApproved
from shared.contract.events.shortfalls import Projection, qualifying_day


@dataclass(frozen=True, slots=True)
class Wish:
    """A contact that should exist."""

    purpose: Purpose
    subject: str
    not_before: datetime
    not_after: datetime | None = None
    """From when on it makes no sense any more."""
    rejection: Rejection | None = None
    invitation: InvitationApproved | None = None
    asks_hat: bool = False

    def later(self, moment: datetime | None) -> "Wish":
        """Gives the same wish, not to be granted before that moment either."""
        return replace(self, not_before=max(self.not_before, moment)) if moment else self


def reachable(candidate: CandidateChanged) -> list[Channel]:
    """Gives the channels that are left to reach somebody, e-mail first."""
    return [c for c in Channel if c in candidate.channels and c not in candidate.stopped]


def answers(person: Person, policy: Policy) -> list[Wish]:
    """Gives the letters that are owed, and the question for those whom another system told."""
    wishes = [
        Wish(purpose, rejection.application_id, rested(rejection, policy), rejection=rejection)
        for rejection in person.state.rejections
        if (purpose := _answer(rejection, person.state.hat_answered_at))
    ]
    return sorted(wishes, key=lambda wish: wish.not_before)


def ready(person: Person, hours: Hours, policy: Policy) -> Iterator[Wish]:
    """Gives a contact for each gap that time closes; what they told us themselves is no news."""
    agreed = _consents(person.state, Purpose.READY)
    for rejection, projection in qualifying(person.state):
        told_by_them = all(gap.closed_at for gap in rejection.shortfalls)
        if agreed and projection.closes_on and not told_by_them:
            not_before = max(
                hours.midnight(projection.closes_on),
                min(consent.since for consent in agreed).astimezone(UTC),
                rested(rejection, policy),
            )
            yield Wish(Purpose.READY, rejection.application_id, not_before, _end(agreed), rejection)


def renewal(person: Person, policy: Policy) -> Wish | None:
    """Gives the one question, before all consents have ended, whether to go on."""
    agreed, hope = _consents(person.state, Purpose.RENEWAL), latest_hope(person.state)
    if not agreed or not hope:
        return None
    end = _end(agreed)
    ahead = end - policy.renewal_ahead
    if ahead <= min(consent.since for consent in agreed):
        return None
    return Wish(Purpose.RENEWAL, end.isoformat(), ahead, end, hope)


def invitations(person: Person, policy: Policy) -> Iterator[Wish]:
    """Gives what recruiters approved, where it may still be spoken of."""
    standing = {rejection.application_id: rejection for rejection in person.state.rejections}
    for approved in sorted(person.invitations, key=lambda invitation: invitation.at):
        purpose = Purpose.CONTINUATION if approved.application_id else Purpose.INVITATION
        rejection = standing.get(approved.application_id or "")
        if purpose is Purpose.CONTINUATION and not (rejection and rejection.tier is not Tier.NO):
            continue
        if purpose is Purpose.INVITATION and standing and not latest_hope(person.state):
            continue
        at = approved.at.astimezone(UTC)
        yield Wish(
            purpose, approved.shortlist_id, at, at + policy.invitation_lasts, rejection, approved
        )


def check_in(person: Person) -> Wish | None:
    """Gives what anybody who wants to hear from us now and then should get, from their yes on."""
    agreed, hope = _consents(person.state, Purpose.CHECK_IN), latest_hope(person.state)
    if not agreed or not hope:
        return None
    since = min(consent.since for consent in agreed).astimezone(UTC)
    return Wish(Purpose.CHECK_IN, "", since, _end(agreed), hope)


def qualifying(candidate: CandidateChanged) -> Iterator[tuple[Rejection, Projection]]:
    """Gives the rejections whose gaps may close, and when."""
    for rejection in candidate.rejections:
        if rejection.tier is Tier.NOT_YET:
            yield rejection, projected(rejection)


def rested(rejection: Rejection, policy: Policy) -> datetime:
    """Tells when a decision has rested long enough to be spoken of."""
    return rejection.decided_at.astimezone(UTC) + policy.dwell


def projected(rejection: Rejection) -> Projection:
    """Tells when nothing will be missing any more."""
    return qualifying_day(
        rejection.shortfalls, rejection.decided_at.date(), still_working=rejection.still_working
    )


def latest_hope(candidate: CandidateChanged) -> Rejection | None:
    """Gives the latest rejection that was not for good; without one, nothing follows a letter."""
    hopes = [rejection for rejection in candidate.rejections if rejection.tier is not Tier.NO]
    return max(hopes, key=lambda rejection: rejection.decided_at, default=None)


def may_ask(
    person: Person, wish: Wish, asked_at: datetime | None, ask_again_after: timedelta
) -> bool:
    """Tells whether the question about the hat may be asked with this answer.

    One question is out at a time: the next may follow when a year has passed, or when a new
    decision came after an answer. Whoever has agreed, or answered since, is not asked.
    """
    if wish.rejection is None or wish.rejection.tier is Tier.NO:
        return False
    if any(consent.until > wish.not_before for consent in person.state.consents):
        return False
    answered_at = person.state.hat_answered_at
    if answered_at and answered_at > wish.rejection.decided_at:
        return False
    if asked_at is None or asked_at <= wish.not_before - ask_again_after:
        return True
    return answered_at is not None and answered_at > asked_at


def _answer(rejection: Rejection, hat_answered_at: datetime | None) -> Purpose | None:
    if not rejection.already_told:
        return Purpose.KIND_LETTER if rejection.tier is Tier.NO else Purpose.LETTER
    answered = hat_answered_at is not None and hat_answered_at > rejection.decided_at
    return None if answered or rejection.tier is Tier.NO else Purpose.QUESTION


def _end(consents: Iterable[Consent]) -> datetime:
    return max(consent.until for consent in consents).astimezone(UTC)


def _consents(candidate: CandidateChanged, purpose: Purpose) -> list[Consent]:
    return [consent for consent in candidate.consents if consent.purpose in RULES[purpose].consents]
