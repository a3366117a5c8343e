"""The `contacts` stream: whom time has made due to be written to, for what, and when."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from shared.contract.events.applications import ReasonCode, Stage, Strength, Tier
from shared.contract.events.instants import Moment
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import Id, Line, Part, Payload
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Answer
from shared.contract.events.shortfalls import Assumption, Shortfall


class Window(Part):
    """A span of time, in UTC, in which a message may leave."""

    opens_at: Moment
    closes_at: Moment

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens_at >= self.closes_at:
            raise ValueError("opensAt must be before closesAt")
        return self


class Outcome(OpenEnum):
    """How it ended for somebody who was invited, or said that they would like to talk."""

    VACANCY_CLOSED = "vacancy_closed"
    NOT_THIS_TIME = "not_this_time"
    UNANSWERED = "unanswered"
    """No recruiter came back to them."""
    LEFT_OPEN = "left_open"
    """The vacancy closed while they were talking, and no recruiter said how that ended."""


class LastWord(Part):
    """What somebody said to us last."""

    answer: Answer
    said_at: Moment
    vacancy_title: Line | None = None
    """What they had been invited to, if that is what they answered."""
    ended: Outcome | None = None
    """How it ended, as they were told since."""


class ContactFacts(Part):
    """What the text is made from. Every field is a fact; the notifier words it."""

    application_id: Id | None = None
    """Of whose outcome the text reminds, whoever it goes to."""
    vacancy_id: Id | None = None
    vacancy_title: Line | None = None
    employer: Line | None = None
    locality: Line | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    apply_url: Line | None = None
    tier: Tier | None = None
    reason_code: ReasonCode | None = None
    stage: Stage | None = None
    finishing_place: int | None = None
    asked_first: bool = False
    """Whether nobody else who just missed out on this vacancy was asked before them."""
    is_open_again: bool = False
    """Whether they are invited to the very role that they had applied for."""
    strengths: list[Strength] = []
    shortfalls: list[Shortfall] = []
    qualifies_on: Moment | None = None
    assumed: Assumption | None = None
    recruiter_id: Id | None = None
    """Who approved or ended it, where a recruiter did: answers are for them."""
    asks_hat: bool = False
    """Whether this letter asks to keep the name in the hat."""
    consent_until: Moment | None = None
    nth: Annotated[int, Field(ge=1)] = 1
    """Which one of its purpose this is for them, so that no two need say the same words."""
    is_last: bool = False
    """Whether nothing of the kind follows before what they agreed to ends."""
    outcome: Outcome | None = None
    answered: Answer | None = None
    """What they had said to what has ended, if they said anything."""
    wrote: bool = False
    """Whether they had answered it by mail, in their own words."""
    last_word: LastWord | None = None


class DuePayload(Payload):
    """Somebody is due to be written to about a candidate, mostly the candidate."""

    contact_id: Id
    candidate_id: Id
    channels: Annotated[list[Channel], Field(min_length=1)]
    """In order of preference; the message goes over the first that is possible."""
    windows: Annotated[list[Window], Field(min_length=1)]
    expires_at: Moment

    @property
    def entity_id(self) -> str:
        return self.candidate_id


class ContactDue(DuePayload):
    type: ClassVar[str] = "dev.notyet.contact.due.v1"

    purpose: Purpose
    application_id: Id | None = None
    shortlist_id: Id | None = None
    """The shortlist on which a recruiter approved it, or what it tells the end of."""
    facts: ContactFacts


class AlsoSaid(Part):
    """What somebody said of another role, or of this one beside, and what has not ended."""

    answer: Answer
    vacancy_title: Line
    is_talking: bool = False
    """Whether a recruiter is talking with them about it."""


class InterestFacts(Part):
    """What a recruiter is told about an interest; who it is, the notifier knows."""

    interest_id: Id
    answer: Answer
    purpose: Purpose | None = None
    """What they answered."""
    vacancy_title: Line | None = None
    shortfalls: list[Shortfall] = []
    """What was missing that they now have, where they say so."""
    lacks_more: bool = False
    """Whether something else that was missing then is missing still, or may be."""
    also: list[AlsoSaid] = []
    """What else stands between them and recruiters of the same system."""
    said_at: Moment
    is_reminder: bool = False
    closed_at: Moment | None = None
    """When the vacancy closed while they were talking: recruiters are asked how it ended."""


class InterestDue(DuePayload):
    """A recruiter is due to hear that the candidate would like to talk, or to be reminded."""

    type: ClassVar[str] = "dev.notyet.interest.due.v1"

    recruiter_id: Id
    application_id: Id | None = None
    """As whose applicant the candidate is named."""
    facts: InterestFacts


class ContactWithdrawn(Payload):
    """Must not be sent any more; has no effect on what has already left."""

    type: ClassVar[str] = "dev.notyet.contact.withdrawn.v1"

    contact_id: Id
    candidate_id: Id
    """To whom the contact was due, whoever they are one with by now."""
    because: Line

    @property
    def entity_id(self) -> str:
        return self.candidate_id


class CandidateQualified(Payload):
    """By time or by their own word, nothing is missing any more for what they were declined for."""

    type: ClassVar[str] = "dev.notyet.candidate.qualified.v1"

    candidate_id: Id
    application_id: Id
    vacancy_id: Id
    qualified_on: Moment
    assumed: Assumption | None = None

    @property
    def entity_id(self) -> str:
        return self.candidate_id
