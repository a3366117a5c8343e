"""What a source may read of an applicant of its own; nobody is read over the API elsewhere.

Nothing in it is of another source: no letter about an application there, no invitation to a vacancy
of theirs. When exactly somebody is written to is the scheduler's to decide; what is planned follows
from what is owed, approved, and agreed to.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

import asyncpg
from pydantic import Field
from pydantic_core import from_json

from services.intake.access import store
from services.intake.applicants import publishing
from services.intake.applicants.domain.identity import IdentityHash
from services.intake.applicants.store import people
from services.intake.consent.qualifying import qualifying_day_of
from services.intake.interests.domain import Standing, standing_of
from services.intake.interests.involvements import Approval, Involvement, involvements
from services.intake.keys.domain import KeyHolder
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.instants import Moment, moment_of
from shared.contract.events.payload import Id, Line, Part
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import RULES, Purpose
from shared.contract.events.recipients import RecipientChanged
from shared.runtime import audit

MOST_MESSAGES = 500
_WAITING = ConsentPurpose.WHEN_QUALIFIED
_PRIVATE = [purpose for purpose, rule in RULES.items() if rule.is_requested]
"""What somebody asks of what is held about them is nobody's business."""


class KnownApplication(Part):
    application_id: Id
    vacancy_id: Id | None = None
    vacancy_title: Line | None = None
    status: Literal["rejected", "unrejected", "hired", "withdrawn"]
    decided_at: Moment
    tier: Tier | None = None
    told_at: Moment | None = None
    """When our letter about it left."""


class KnownMessage(Part):
    at: Moment
    what: Literal["sent", "delivered", "bounced", "failed", "dropped", "expired", "uncertain"]
    """`uncertain`: the connection broke before the mail server's answer, and it is not repeated."""
    purpose: Purpose | None = None
    channel: Channel
    application_id: Id | None = None
    because: Line | None = None
    """A code for why it was not sent."""
    reported: Line | None = None
    """What whoever carried it told of it later: `delivered`, `bounced`, `failed`, `opted_out` or
    `complained`."""
    reported_at: Moment | None = None


class KnownAnswer(Part):
    at: Moment
    question: Literal["hat", "interest", "news"]
    answer: Line
    vacancy_id: Id | None = None


class KnownAgreement(Part):
    purpose: ConsentPurpose
    channel: Channel
    by: Line
    since: Annotated[Moment, Field(alias="from")]
    until: Moment
    wording: Line
    """The version of the words that they agreed to."""
    ended_at: Moment | None = None
    ended_by: Line | None = None


class KnownStop(Part):
    channel: Channel
    since: Annotated[Moment, Field(alias="from")]
    by: Line
    lifted_at: Moment | None = None


class Planned(Part):
    what: Literal["letter", "invitation", "recruiter_answers", "when_qualified"]
    """`letter`: they are still to be told of the application. `invitation`: a recruiter approved
    them, and the message has not left. `recruiter_answers`: they would like to talk, and no
    recruiter has said what came of it. `when_qualified`: they hear once nothing is missing."""
    since: Moment | None = None
    application_id: Id | None = None
    vacancy_title: Line | None = None
    expected_on: date | None = None
    """The day by which nothing should be missing any more, where that is known."""


class KnownCandidate(Part):
    """What is planned for an applicant, what was said to them, and what they agreed to."""

    applicant_id: Id
    planned: Sequence[Planned] = ()
    """When exactly is decided when the time comes: in their hours, and within their budget."""
    applications: Sequence[KnownApplication]
    messages: Annotated[Sequence[KnownMessage], Field(max_length=MOST_MESSAGES)]
    """The newest, in the order of time."""
    answers: Sequence[KnownAnswer]
    """The latest to each question of each message."""
    agreements: Sequence[KnownAgreement]
    """What they agreed to behind messages about these applications, ended ones too."""
    stops: Sequence[KnownStop]
    paused_until: Moment | None = None


async def read(
    conn: asyncpg.Connection,
    identity: IdentityHash,
    holder: KeyHolder,
    applicant_id: str,
    now: datetime,
) -> KnownCandidate | None:
    """Returns what a source may know of an applicant by its own id; None if there is none."""
    source = holder.source
    hashes = identity.applicant(source, applicant_id)
    keys = {each.applicant_key for each in (await people.identities(conn, hashes)).values()}
    found = await store.of_source(conn, keys, source, _PRIVATE, MOST_MESSAGES)
    if found is None:
        return None
    candidate_id, body = found
    await audit.note(conn, audit.Actor("key", holder.key_id), "read", [candidate_id], now)
    known = from_json(body)
    state = await publishing.state_of(conn, candidate_id, now)
    involved = await involvements(conn, [candidate_id], source)
    planned = [
        *(_owed(known["applications"], state[1]) if state else ()),
        *_pending(involved.get(candidate_id, ())),
        *(_awaited(known["agreements"], state[0], source) if state else ()),
    ]
    return KnownCandidate.model_validate({**known, "applicantId": applicant_id, "planned": planned})


def _owed(applications: Sequence[Mapping[str, Any]], state: RecipientChanged) -> Iterator[Planned]:
    """Tells of the letters that are still to leave."""
    owed = {each.application_id for each in state.applications if each.answer_owed}
    for each in applications:
        if each["publishedAs"] in owed:
            yield Planned(
                what="letter",
                since=each["decidedAt"],
                application_id=each["applicationId"],
                vacancy_title=each.get("vacancyTitle"),
            )


def _pending(involved: Sequence[Involvement]) -> Iterator[Planned]:
    """Tells of invitations that are still to leave, and of yeses that no recruiter has answered."""
    for each in involved:
        if each.approval is Approval.TO_ASK:
            yield Planned(what="invitation", since=each.at, vacancy_title=each.vacancy_title)
        elif each.answer and standing_of(each.ending, each.closed_at) is Standing.WAITS:
            yield Planned(what="recruiter_answers", since=each.at, vacancy_title=each.vacancy_title)


def _awaited(
    agreements: Sequence[Mapping[str, Any]], state: CandidateChanged, source: str
) -> Iterator[Planned]:
    """Tells of what they hear once they qualify, if they agreed to that and it still holds."""
    waits = {each.until for each in state.consents if each.purpose == _WAITING}
    own = [each for each in state.rejections if each.source == source]
    for each in agreements:
        if each["purpose"] == _WAITING and moment_of(each["until"]) in waits:
            day = qualifying_day_of(state.model_copy(update={"rejections": own}))
            yield Planned(what="when_qualified", since=each["from"], expected_on=day)
            return
