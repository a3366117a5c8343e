"""The `responses` stream: what candidates, recruiters and providers answered."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contract.events.instants import Moment
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import Id, Line, Part, Payload
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.events.shortfalls import Shortfall


class Answer(OpenEnum):
    INTERESTED = "interested"
    NOT_NOW = "not_now"
    HAS_IT_NOW = "has_it_now"
    NOT_YET = "not_yet"
    """They take back that they have what was missing."""
    NEWS = "news"
    """Something has changed for them, which their profile tells."""
    STILL_LOOKING = "still_looking"
    """Nothing has changed, and they go on looking."""


class CandidateAnswered(Payload):
    type: ClassVar[str] = "dev.notyet.candidate.answered.v1"

    candidate_id: Id
    answer: Answer
    contact_id: Id | None = None
    application_id: Id | None = None
    vacancy_id: Id | None = None
    at: Moment

    @property
    def entity_id(self) -> str:
        return self.candidate_id


class LinkRequested(Payload):
    """A person asked on their page for a message of this purpose, now and not in their hours."""

    type: ClassVar[str] = "dev.notyet.link.requested.v1"

    request_id: Id
    candidate_id: Id
    purpose: Purpose
    application_id: Id | None = None
    """By whose name and at whose addresses they asked."""
    channel: Channel | None = None
    """The only one it may go over, where what is asked for is one."""
    at: Moment
    expires_at: Moment

    @property
    def entity_id(self) -> str:
        return self.candidate_id


class InvitationPayload(Payload):
    """What a recruiter decided about one candidate of a shortlist."""

    shortlist_id: Id
    candidate_id: Id
    recruiter_id: Id
    vacancy_id: Id
    at: Moment

    @property
    def entity_id(self) -> str:
        return self.candidate_id


class InvitationApproved(InvitationPayload):
    type: ClassVar[str] = "dev.notyet.invitation.approved.v1"

    vacancy_title: Line
    employer: Line | None = None
    locality: Line | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    apply_url: Line | None = None
    application_id: Id | None = None
    """Set when this continues an application: then it is a continuation, not an invitation."""
    asked_first: bool = False
    """Whether nobody else who just missed out on this vacancy was asked before them."""


class InvitationDeclined(InvitationPayload):
    type: ClassVar[str] = "dev.notyet.invitation.declined.v1"

    reason: Line | None = None


class Withdrawal(OpenEnum):
    """Why an approval holds no longer."""

    VACANCY_CLOSED = "vacancy_closed"
    TAKEN_BACK = "taken_back"


class InvitationWithdrawn(InvitationPayload):
    type: ClassVar[str] = "dev.notyet.invitation.withdrawn.v1"

    because: Withdrawal


class OpenShortlist(Part):
    """A shortlist of a vacancy that is open."""

    shortlist_id: Id
    vacancy_id: Id
    vacancy_title: Line
    ranked_at: Moment | None = None
    """When it was made, which tells apart the lists of one vacancy."""


class LinksRequested(Payload):
    """A recruiter has lost the links to their shortlists, and asks for new ones by mail."""

    type: ClassVar[str] = "dev.notyet.links.requested.v1"

    request_id: Id
    recruiter_id: Id
    shortlists: Annotated[list[OpenShortlist], Field(min_length=1, max_length=50)]
    """The newest first."""
    at: Moment

    @property
    def entity_id(self) -> str:
        return self.recruiter_id


class InterestPayload(Payload):
    """Somebody would like to talk, or says that they have by now what was missing."""

    interest_id: Id
    candidate_id: Id
    at: Moment

    @property
    def entity_id(self) -> str:
        return self.candidate_id


class HearingRecruiter(Part):
    """A recruiter who is to hear of an interest, in the hours of their own zone."""

    recruiter_id: Id
    time_zone: Line | None = None
    channels: Annotated[list[Channel], Field(min_length=1)] = [Channel.EMAIL]
    """In order of preference."""
    since: Moment | None = None
    """Since when the vacancy is theirs, if that is known: what was said before is news to them."""


class InterestRaised(InterestPayload):
    type: ClassVar[str] = "dev.notyet.interest.raised.v1"

    answer: Answer
    purpose: Purpose | None = None
    """What it answers."""
    contact_id: Id | None = None
    application_id: Id | None = None
    vacancy_id: Id | None = None
    """The one they were invited to, else the one they had applied for."""
    vacancy_title: Line | None = None
    shortfalls: list[Shortfall] = []
    """What was missing that they now have, where they say so."""
    source: Line | None = None
    """The system whose role it is: its recruiters may learn what else is said of its roles."""
    recruiters: list[HearingRecruiter] = []
    resumed_at: Moment | None = None
    """When it came to be open again: no end before then holds."""
    closed_at: Moment | None = None
    """When the vacancy closed while they were talking: since then nobody has said how it ended."""


class InterestEnd(OpenEnum):
    """How an interest ended; whoever has not heard that from a recruiter is told."""

    TALKING = "talking"
    HIRED = "hired"
    NOT_THIS_TIME = "not_this_time"
    WITHDRAWN = "withdrawn"
    """The person says "not now" by now."""
    TAKEN_BACK = "taken_back"
    """They do not have what was missing after all."""
    VACANCY_CLOSED = "vacancy_closed"
    UNANSWERED = "unanswered"
    """No recruiter said anything for too long."""


class InterestEnded(InterestPayload):
    """The last one of an interest holds: a recruiter may think again."""

    type: ClassVar[str] = "dev.notyet.interest.ended.v1"

    ended_as: InterestEnd
    recruiter_id: Id | None = None
    """Whose word it is, where a recruiter said so."""


class ReplyReceived(Payload):
    """Somebody has answered a mail of ours in their own words, which intake alone shows."""

    type: ClassVar[str] = "dev.notyet.reply.received.v1"

    reply_id: Id
    candidate_id: Id
    message_id: Id
    """The mail that was answered."""
    contact_id: Id | None = None
    purpose: Purpose | None = None
    """What that was."""
    application_id: Id | None = None
    vacancy_id: Id | None = None
    vacancy_title: Line | None = None
    recruiters: list[HearingRecruiter] = []
    at: Moment

    @property
    def entity_id(self) -> str:
        return self.candidate_id


class DeliveryOutcome(OpenEnum):
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    OPTED_OUT = "opted_out"
    COMPLAINED = "complained"


class DeliveryReported(Payload):
    """What a provider said later about a message: by message id, without the address."""

    type: ClassVar[str] = "dev.notyet.delivery.reported.v1"

    message_id: Id
    candidate_id: Id
    channel: Channel
    outcome: DeliveryOutcome
    address_is_dead: bool = False
    at: Moment

    @property
    def entity_id(self) -> str:
        return self.candidate_id


class Notable(OpenEnum):
    """What a system may want to note of one of its applicants."""

    LETTER_SENT = "letter_sent"
    INVITED = "invited"
    BOUNCED = "bounced"
    HAT_YES = "hat_yes"
    HAT_NO = "hat_no"
    INTERESTED = "interested"
    NOT_NOW = "not_now"
    HAS_IT_NOW = "has_it_now"
    STOPPED = "stopped"
    """They want no more messages, over the channels that are named."""
    ERASED = "erased"
    """They asked for it, and nothing more comes of them."""


class ApplicantNoted(Payload):
    """What became of an applicant, by the ids of the system that told of them."""

    type: ClassVar[str] = "dev.notyet.applicant.noted.v1"

    candidate_id: Id
    source: Line
    applicant_id: Id
    application_id: Id | None = None
    """The one that it is about, or else the last of theirs."""
    vacancy_id: Id | None = None
    what: Notable
    channels: list[Channel] = []
    at: Moment

    @property
    def entity_id(self) -> str:
        return self.candidate_id
