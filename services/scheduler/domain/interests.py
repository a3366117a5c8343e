"""What follows when somebody would like to talk: a recruiter hears of it, and they hear the end.

A recruiter is told within minutes of business hours, and reminded once. How it ended the person
hears once, whether a recruiter said so, nobody did, or the vacancy closed; as does whoever was
invited to it and has not answered. A contact that was answered, or an invitation, has one end.
Whoever is talking with a recruiter is not told of the closing, for they may be about to be hired:
the recruiter is asked, once, how it ended.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from services.scheduler.domain import contact_rules, facts
from services.scheduler.domain.occasions import (
    INTEREST,
    CandidateRecord,
    Interest,
    Occasion,
    PastOccasion,
    State,
    WithdrawnInvitation,
)
from services.scheduler.domain.policy import Policy
from services.scheduler.domain.proposals import Proposal
from shared.contract.business_hours import Hours, hours_of
from shared.contract.events.candidates import Rejection
from shared.contract.events.contacts import ContactFacts, InterestDue, Outcome, Window
from shared.contract.events.payload import stable_id
from shared.contract.events.purposes import INVITING, LETTERS, Purpose
from shared.contract.events.responses import (
    Answer,
    HearingRecruiter,
    InterestEnd,
    InterestRaised,
    Withdrawal,
)

Notice = Literal["news", "reminder", "closing"]

TOLD: Final = {
    InterestEnd.VACANCY_CLOSED: Outcome.VACANCY_CLOSED,
    InterestEnd.NOT_THIS_TIME: Outcome.NOT_THIS_TIME,
}
"""The ends that we tell, beside that nobody answered; of the others the person knows."""

ANSWERED_FOR: Final = frozenset(
    {InterestEnd.VACANCY_CLOSED, InterestEnd.TALKING, InterestEnd.HIRED}
)
"""The ends after which no other invitation to the same vacancy has one of its own."""

TAKEN_AWAY: Final = frozenset({InterestEnd.WITHDRAWN, InterestEnd.TAKEN_BACK})
"""The ends by which somebody says that they would not talk after all."""

LEFT: Final = frozenset({State.SENT, State.UNCERTAIN})


def notices(record: CandidateRecord, policy: Policy) -> Iterator[Occasion]:
    """Returns what recruiters are to hear of interests that have not ended."""
    for interest in record.interests:
        if interest.ended is None:
            for recruiter in interest.raised.recruiters:
                yield from _notices(record, interest.raised, recruiter, policy)


def outcomes(record: CandidateRecord, policy: Policy, telling: Container[str]) -> list[Proposal]:
    """Proposes to tell how it ended; a letter about an application for it tells that too.

    Such letters are those that have left, and those to come about the applications in `telling`.

    Whoever works here now and had only been invited hears of no closing: the place may be theirs.
    """
    invited = [past for past in record.past if past.kind in INVITING and past.state in LEFT]
    lists = {past.id: past.subject for past in invited}
    unanswered = () if record.state.hired_at else _unanswered(record, invited)
    ends = [
        *(
            _of_interest(each, lists.get(each.raised.contact_id or ""), record, policy, telling)
            for each in record.interests
            if not _is_taken_up(each, record)
        ),
        *(_of_invitation(*each, record, policy, telling) for each in unanswered),
    ]
    return sorted((end for end in ends if end), key=lambda end: (end.not_before, end.subject))


def invitations_stand_until(record: CandidateRecord, policy: Policy) -> Iterator[datetime]:
    """Returns until when each invitation waits that may have arrived and was not answered."""
    standing = {invitation.shortlist_id for invitation in record.invitations}
    for past in record.past:
        unanswered = past.is_inviting and past.subject in standing and past.answer is None
        if unanswered and past.counted_at:
            yield past.counted_at + policy.invitation_stands


def _notices(
    record: CandidateRecord, raised: InterestRaised, recruiter: HearingRecruiter, policy: Policy
) -> Iterator[Occasion]:
    """Returns what its recruiter hears, each while their business hours allow it."""
    hours = hours_of(recruiter.time_zone, None, policy.employer.hours)
    for notice, start in _moments(raised, recruiter.since or raised.at, hours, policy):
        windows = list(hours.windows(start, start + policy.interest_lasts))
        if windows:
            due = _due(record, raised, recruiter, windows, notice)
            yield Occasion(
                id=due.contact_id,
                kind=INTEREST,
                subject=_subject(raised, recruiter, notice),
                due_at=windows[0].opens_at,
                event=due,
                expires_at=due.expires_at,
            )


def _moments(
    raised: InterestRaised, theirs_since: datetime, hours: Hours, policy: Policy
) -> Iterator[tuple[Notice, datetime]]:
    """Returns from when on what is said: the news and a reminder, or the question how it ended.

    To whoever recruits for it only later it is news then.
    """
    if raised.closed_at:
        asked_at = hours.working_days_after(raised.closed_at, policy.interest_reminds)
        yield "closing", max(asked_at, theirs_since)
        return
    heard_at = max(raised.at, theirs_since)
    yield "news", heard_at + policy.interest_settles
    yield "reminder", hours.working_days_after(heard_at, policy.interest_reminds)


def _due(
    record: CandidateRecord,
    raised: InterestRaised,
    recruiter: HearingRecruiter,
    windows: Sequence[Window],
    notice: Notice,
) -> InterestDue:
    return InterestDue(
        contact_id=_notice_id(record, _subject(raised, recruiter, notice)),
        candidate_id=record.state.candidate_id,
        recruiter_id=recruiter.recruiter_id,
        application_id=raised.application_id,
        channels=recruiter.channels,
        facts=facts.of_interest(raised, record, is_reminder=notice == "reminder"),
        windows=list(windows),
        expires_at=windows[-1].closes_at,
    )


def _notice_id(record: CandidateRecord, subject: str) -> str:
    """Returns the id of a notice: a new one only if the last certainly never left."""
    never_left = sum(
        past.state is State.WITHDRAWN and past.ended_at is not None
        for past in record.past
        if past.kind == INTEREST and past.subject == subject
    )
    return stable_id(INTEREST, subject, *([str(never_left)] if never_left else []))


def _subject(raised: InterestRaised, recruiter: HearingRecruiter, notice: Notice) -> str:
    told = f"{raised.interest_id} {recruiter.recruiter_id} {notice}"
    return f"{told} {raised.closed_at.isoformat()}" if raised.closed_at else told


def _of_interest(
    interest: Interest,
    shortlist_id: str | None,
    record: CandidateRecord,
    policy: Policy,
    telling: Container[str],
) -> Proposal | None:
    raised, ended = interest.raised, interest.ended
    outcome = _told(interest, record)
    if ended is None or outcome is None:
        return None
    named = (raised.vacancy_id, raised.vacancy_title) if _means_a_role(raised) else (None, None)
    return _outcome(
        record,
        policy,
        telling,
        subject=raised.contact_id or raised.interest_id,
        shortlist_id=shortlist_id,
        vacancy_id=raised.vacancy_id if raised.purpose in INVITING else None,
        application_id=raised.application_id,
        since=raised.at,
        at=ended.at,
        told=facts.of_outcome(
            outcome,
            *named,
            raised.answer,
            ended.recruiter_id or _approver(record, shortlist_id),
            policy.employer,
        ),
    )


def _is_taken_up(interest: Interest, record: CandidateRecord) -> bool:
    """Tells whether what they said later of the same vacancy has the end of this in its own.

    So has a silence the invitation to it that came meanwhile: somebody has come back to them.
    """
    raised, ended = interest.raised, interest.ended
    if raised.vacancy_id is None:
        return False
    place = (raised.at, raised.interest_id)
    said_later = any(
        other.raised.vacancy_id == raised.vacancy_id
        and (other.raised.at, other.raised.interest_id) > place
        and not (other.ended and other.ended.ended_as in TAKEN_AWAY)
        for other in record.interests
    )
    was_silence = ended is not None and ended.ended_as is InterestEnd.UNANSWERED
    return said_later or (was_silence and _is_invited_since(raised, record))


def _is_invited_since(raised: InterestRaised, record: CandidateRecord) -> bool:
    return any(
        invitation.vacancy_id == raised.vacancy_id and invitation.at > raised.at
        for invitation in record.invitations
    )


def _approver(record: CandidateRecord, shortlist_id: str | None) -> str | None:
    """Returns which recruiter invited them from a shortlist."""
    withdrawn = (each.approved for each in record.withdrawn_invitations)
    approvals = (*record.invitations, *withdrawn)
    found = (each.recruiter_id for each in approvals if each.shortlist_id == shortlist_id)
    return next(found, None)


def _means_a_role(raised: InterestRaised) -> bool:
    """Tells whether what they answered asked about one role, or was missing for one."""
    asked_about_one = raised.purpose in INVITING or raised.purpose is Purpose.READY
    return asked_about_one or raised.answer is Answer.HAS_IT_NOW


def _told(interest: Interest, record: CandidateRecord) -> Outcome | None:
    """Returns what is told of how it ended; whoever is being hired is not told of a silence."""
    ended = interest.ended
    if ended is None or ended.ended_as is not InterestEnd.UNANSWERED:
        return TOLD.get(ended.ended_as) if ended else None
    ends = {each.ended.ended_as for each in record.interests if each.ended}
    if InterestEnd.HIRED in ends:
        return None
    return Outcome.LEFT_OPEN if interest.raised.closed_at else Outcome.UNANSWERED


def _unanswered(
    record: CandidateRecord, invited: Sequence[PastOccasion]
) -> Iterable[tuple[WithdrawnInvitation, PastOccasion]]:
    """Returns the last invitation to each vacancy that has closed, and in which no interest has."""
    answered = {interest.raised.contact_id for interest in record.interests}
    by_list = {past.subject: past for past in invited}
    in_order = sorted(record.withdrawn_invitations, key=lambda closed: closed.approved.at)
    return {
        closed.approved.vacancy_id: (closed, past)
        for closed in in_order
        if closed.because is Withdrawal.VACANCY_CLOSED
        and not _is_in_an_interest(closed, record)
        and (past := by_list.get(closed.approved.shortlist_id))
        and past.id not in answered
    }.values()


def _is_in_an_interest(closed: WithdrawnInvitation, record: CandidateRecord) -> bool:
    """Tells whether they said yes to the vacancy, and that had not come to nothing before."""
    return any(
        interest.raised.vacancy_id == closed.approved.vacancy_id
        and interest.raised.purpose in INVITING
        and (
            interest.ended is None
            or interest.ended.ended_as in ANSWERED_FOR
            or interest.ended.at >= closed.at
        )
        for interest in record.interests
    )


def _of_invitation(
    closed: WithdrawnInvitation,
    past: PastOccasion,
    record: CandidateRecord,
    policy: Policy,
    telling: Container[str],
) -> Proposal | None:
    """Leaves those alone who said "not now", or have taken their name out of the hat since."""
    approved = closed.approved
    may_be_told = approved.application_id or record.state.consents
    if past.answer is Answer.NOT_NOW or not may_be_told:
        return None
    told = facts.of_outcome(
        Outcome.VACANCY_CLOSED,
        approved.vacancy_id,
        approved.vacancy_title,
        past.answer,
        approved.recruiter_id,
        policy.employer,
        wrote=past.wrote_at is not None,
    )
    return _outcome(
        record,
        policy,
        telling,
        subject=past.id,
        shortlist_id=approved.shortlist_id,
        vacancy_id=approved.vacancy_id,
        application_id=approved.application_id,
        since=approved.at,
        at=closed.at,
        told=told,
    )


def _outcome(
    record: CandidateRecord,
    policy: Policy,
    telling: Container[str],
    *,
    subject: str,
    shortlist_id: str | None,
    vacancy_id: str | None,
    application_id: str | None,
    since: datetime,
    at: datetime,
    told: ContactFacts,
) -> Proposal | None:
    """Returns what tells the end, which no consent need cover; a pause only defers it.

    It is spoken of as of an application, where one stands.
    """
    if _is_told_by_letter(record, vacancy_id, since, telling):
        return None
    at = at.astimezone(UTC)
    may_leave = max(at, record.state.paused_until or at)
    return Proposal(
        Purpose.OUTCOME,
        subject,
        at + policy.dwell,
        told,
        may_leave + policy.outcome_lasts,
        _application(record, application_id),
        shortlist_id,
    )


def _application(record: CandidateRecord, application_id: str | None) -> Rejection | None:
    standing = {rejection.application_id: rejection for rejection in record.rejections}
    return standing.get(application_id or "") or contact_rules.latest_hope(record)


def _is_told_by_letter(
    record: CandidateRecord, vacancy_id: str | None, since: datetime, telling: Container[str]
) -> bool:
    """Tells whether a letter about an application for that vacancy has said it, or is still to.

    None follows a decision that is only reported once more. What their own system tells is told
    since then if the decision is certainly another one: the one before it was taken back.
    """
    return any(
        _is_told_since(rejection, record, since, telling)
        for rejection in record.rejections
        if rejection.vacancy_id == vacancy_id
    )


def _is_told_since(
    rejection: Rejection, record: CandidateRecord, since: datetime, telling: Container[str]
) -> bool:
    letter, back = rejection.told_with or rejection.application_id, rejection.taken_back_at
    if letter in telling:
        return True
    left = [p for p in record.past if p.kind in LETTERS and p.state in LEFT and p.subject == letter]
    if any(p.ended_at and p.ended_at > since and not p.is_of_before(back) for p in left):
        return True
    return rejection.already_told and back is not None and back > since
