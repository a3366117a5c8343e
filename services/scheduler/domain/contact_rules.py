"""Which contacts should exist, from what is known now: one rule for each reason to write."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from services.scheduler.domain import facts
from services.scheduler.domain.occasions import CandidateRecord
from services.scheduler.domain.policy import Policy
from services.scheduler.domain.proposals import Proposal
from shared.contract.business_hours import Hours
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import Rejection
from shared.contract.events.people import Consent
from shared.contract.events.purposes import RULES, Purpose
from shared.contract.events.shortfalls import Projection


def answers(record: CandidateRecord, policy: Policy) -> list[Proposal]:
    """Proposes the letters that are owed, and the question to those whom another system told."""
    proposals = [
        Proposal(
            purpose,
            rejection.application_id,
            rested(rejection, policy),
            facts.of_application(rejection, policy.employer),
            application=rejection,
        )
        for rejection in record.state.decisions
        if (purpose := _answer(rejection, record.state.hat_answered_at))
    ]
    return sorted(proposals, key=lambda proposal: proposal.not_before)


def invitations(record: CandidateRecord, policy: Policy) -> Iterator[Proposal]:
    """Proposes what recruiters approved, where it may still be spoken of."""
    standing = {rejection.application_id: rejection for rejection in record.rejections}
    applied_for = {rejection.vacancy_id for rejection in record.rejections}
    for approved in sorted(record.invitations, key=lambda invitation: invitation.at):
        continued = standing.get(approved.application_id or "")
        if approved.application_id:
            purpose, allowed = Purpose.CONTINUATION, _may_go_on(record, continued)
        else:
            purpose, allowed = Purpose.INVITATION, not standing or bool(latest_hope(record))
        if allowed:
            at = approved.at.astimezone(UTC)
            again = approved.vacancy_id in applied_for
            yield Proposal(
                purpose,
                approved.shortlist_id,
                at,
                facts.of_invitation(approved, continued, policy.employer, is_open_again=again),
                at + policy.invitation_lasts,
                continued,
                approved.shortlist_id,
            )


def follow_ups(record: CandidateRecord, hours: Hours, policy: Policy) -> list[Proposal]:
    """Proposes all that comes of consents at a day of its own; earlier ones have the first pick."""
    proposals = [*_ready(record, hours, policy), *_renewal(record, policy)]
    return sorted(proposals, key=lambda proposal: proposal.not_before)


def check_in(record: CandidateRecord, policy: Policy) -> Proposal | None:
    """Proposes what anybody who wants to hear from us now and then should get, from their yes."""
    agreed, hopes = _consents(record, Purpose.CHECK_IN), _hopes(record)
    if not agreed or not hopes:
        return None
    about = facts.of_consent(hopes, _end(agreed), policy.employer)
    about = about.model_copy(update={"last_word": facts.last_word(record)})
    return Proposal(Purpose.CHECK_IN, "", _start(agreed), about, _end(agreed))


def qualifying(record: CandidateRecord) -> Iterator[tuple[Rejection, Projection]]:
    """Returns the rejections whose gaps may close, and when."""
    for rejection in record.state.decisions:
        if _is_hopeful(rejection):
            yield rejection, facts.projected(rejection)


def may_ask(
    record: CandidateRecord,
    proposal: Proposal,
    asked_at: datetime | None,
    ask_again_after: timedelta,
) -> bool:
    """Tells whether the question about the hat may be asked with this answer.

    One question is out at a time: the next may follow when a year has passed, or when a new
    decision came after an answer. Whoever has agreed, answered since or works here is not asked.
    """
    if (
        record.state.hired_at
        or proposal.application is None
        or proposal.application.already_asked
        or not _is_hopeful(proposal.application)
    ):
        return False
    if any(consent.until > proposal.not_before for consent in record.state.consents):
        return False
    answered_at = record.state.hat_answered_at
    if answered_at and answered_at > proposal.application.decided_at:
        return False
    if asked_at is None or asked_at <= proposal.not_before - ask_again_after:
        return True
    return answered_at is not None and answered_at > asked_at


def rested(rejection: Rejection, policy: Policy) -> datetime:
    """Returns when a decision has rested long enough to be spoken of."""
    return rejection.decided_at.astimezone(UTC) + policy.dwell


def latest_hope(record: CandidateRecord) -> Rejection | None:
    """Returns the latest rejection that was not for good; without one nothing follows a letter."""
    return max(_hopes(record), key=lambda rejection: rejection.decided_at, default=None)


def _ready(record: CandidateRecord, hours: Hours, policy: Policy) -> Iterator[Proposal]:
    """Proposes a contact for each gap that time closes; what they told us themselves is no news."""
    agreed = _consents(record, Purpose.READY)
    for rejection, projection in qualifying(record):
        told_by_them = all(gap.closed_at for gap in rejection.shortfalls)
        if agreed and projection.closes_on and not told_by_them:
            yield Proposal(
                Purpose.READY,
                rejection.application_id,
                max(
                    hours.midnight(projection.closes_on),
                    _start(agreed),
                    rested(rejection, policy),
                ),
                facts.of_application(rejection, policy.employer),
                _end(agreed),
            )


def _renewal(record: CandidateRecord, policy: Policy) -> Iterator[Proposal]:
    """Proposes the question, before all consents have ended, whether to go on; and once more."""
    agreed, hopes = _consents(record, Purpose.RENEWAL), _hopes(record)
    if not agreed or not hopes:
        return
    end = _end(agreed)
    reminders = ((policy.renewal_ahead, ""), (policy.last_reminder_ahead, " last"))
    for before, mark in reminders:
        ahead = end - before
        if ahead > _start(agreed):
            about = facts.of_consent(hopes, end, policy.employer, is_last=bool(mark))
            yield Proposal(Purpose.RENEWAL, f"{end.isoformat()}{mark}", ahead, about, end)


def _answer(rejection: Rejection, hat_answered_at: datetime | None) -> Purpose | None:
    """Returns what answers an application; nothing while nobody here knows what its tier means."""
    if rejection.tier is Tier.NO:
        return None if rejection.already_told else Purpose.KIND_LETTER
    if not _is_hopeful(rejection):
        return None
    if not rejection.already_told:
        return Purpose.LETTER
    if rejection.already_asked:
        return None
    answered = hat_answered_at is not None and hat_answered_at > rejection.decided_at
    return None if answered else Purpose.QUESTION


def _may_go_on(record: CandidateRecord, continued: Rejection | None) -> bool:
    """Tells whether an application may go on: whoever said no to staying in touch is not asked.

    Nor is whoever has agreed to nothing, where the letter that told of it named no exception.
    """
    if continued is None or not _is_hopeful(continued) or record.state.has_refused(continued):
        return False
    return continued.told_as is None or continued.may_go_on or bool(record.state.consents)


def _hopes(record: CandidateRecord) -> list[Rejection]:
    return [rejection for rejection in record.rejections if _is_hopeful(rejection)]


def _is_hopeful(rejection: Rejection) -> bool:
    return rejection.tier.is_known and rejection.tier is not Tier.NO


def _consents(record: CandidateRecord, purpose: Purpose) -> list[Consent]:
    return [
        consent
        for consent in record.state.consents
        if consent.purpose in RULES[purpose].consents and consent.channel.is_known
    ]


def _start(consents: Iterable[Consent]) -> datetime:
    return min(consent.since for consent in consents).astimezone(UTC)


def _end(consents: Iterable[Consent]) -> datetime:
    return max(consent.until for consent in consents).astimezone(UTC)
