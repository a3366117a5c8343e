"""The `applications` stream: what upstream systems say about their applicants."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contract.events.details import Detail
from shared.contract.events.instants import Moment
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import Line, Part, Payload, SourceId, Text, WebAddress
from shared.contract.events.people import Applicant
from shared.contract.events.profile import Profile
from shared.contract.events.shortfalls import Shortfall
from shared.contract.events.vacancies import Vacancy


class Stage(OpenEnum):
    """How far an application came."""

    APPLIED = "applied"
    SCREENED = "screened"
    INTERVIEWED = "interviewed"
    FINAL = "final"
    OFFERED = "offered"


class Tier(OpenEnum):
    """What the answer to an applicant really is, and so how much effort they are owed."""

    RUNNER_UP = "runner_up"
    NOT_YET = "not_yet"
    NO = "no"


class ReasonCode(OpenEnum):
    """Why an application was declined; each has a vetted sentence, and none is sensitive."""

    OTHER_CANDIDATE_STRONGER = "other_candidate_stronger"
    EXPERIENCE_TOO_SHORT = "experience_too_short"
    SKILL_MISSING = "skill_missing"
    LICENCE_MISSING = "licence_missing"
    DEGREE_MISSING = "degree_missing"
    LANGUAGE_TOO_WEAK = "language_too_weak"
    LOCATION_MISMATCH = "location_mismatch"
    PERMIT_MISSING = "permit_missing"
    VACANCY_CLOSED = "vacancy_closed"
    NOT_QUALIFIED = "not_qualified"
    OTHER = "other"


class Strength(OpenEnum):
    """What spoke for an applicant; each has a vetted sentence, which is sent as it stands."""

    EXPERIENCE = "experience"
    SKILLS = "skills"
    INTERVIEW = "interview"
    WORK_SAMPLE = "work_sample"
    MOTIVATION = "motivation"


MOST_OF_A_NOTE = 2000


class Reason(Part):
    code: ReasonCode
    strengths: Annotated[list[Strength], Field(max_length=5)] = []
    """What somebody who just missed out is told that they did well."""
    note: Annotated[Text, Field(max_length=MOST_OF_A_NOTE)] | None = None
    """The decider's honest words, for colleagues; never sent to the applicant as they are."""


class ApplicantPayload(Payload):
    """Something an upstream system says about one of its applicants."""

    applicant_id: SourceId

    @property
    def entity_id(self) -> str:
        return self.applicant_id


class ApplicationPayload(ApplicantPayload):
    """Something that was decided about one application."""

    application_id: SourceId
    decided_at: Moment


class ApplicantRejected(Payload):
    type: ClassVar[str] = "dev.notyet.applicant.rejected.v1"

    application_id: SourceId
    applicant: Annotated[Applicant, Detail(takes_unknown=False)]
    vacancy: Annotated[Vacancy, Detail()]
    stage: Stage = Stage.APPLIED
    finishing_place: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Counted from 1, who got the offer; 2 is the runner-up. Left out where nobody counted."""
    tier: Tier | None = None
    """Given only to overrule the tier that intake derives."""
    reason: Annotated[Reason, Detail(takes_unknown=False)]
    shortfalls: Annotated[list[Shortfall], Field(max_length=50)] = []
    profile: Annotated[Profile, Detail()] = Profile()
    decided_at: Moment
    decided_by: Annotated[Line | None, Detail()] = None
    application_url: Annotated[WebAddress | None, Detail()] = None
    """Where the system that tells of it shows the application; recruiters are led there."""
    already_told: bool = False
    """True when the upstream system has sent its own rejection; then we never send a second."""
    already_asked: bool = False
    """True when nobody is to ask whether their name may stay in the hat: the upstream system did,
    or it was too long ago."""

    @property
    def entity_id(self) -> str:
        return self.applicant.applicant_id


class ApplicantUnrejected(ApplicationPayload):
    """The rejection was taken back: the applicant is in the running again."""

    type: ClassVar[str] = "dev.notyet.applicant.unrejected.v1"


class ApplicantHired(ApplicationPayload):
    type: ClassVar[str] = "dev.notyet.applicant.hired.v1"


class ApplicantWithdrawn(ApplicationPayload):
    """The applicant no longer wants this position."""

    type: ClassVar[str] = "dev.notyet.applicant.withdrawn.v1"


class ApplicantUpdated(Payload):
    type: ClassVar[str] = "dev.notyet.applicant.updated.v1"

    applicant: Annotated[Applicant, Detail(takes_unknown=False)]
    profile: Annotated[Profile | None, Detail()] = None

    @property
    def entity_id(self) -> str:
        return self.applicant.applicant_id


class ApplicantMerged(ApplicantPayload):
    """`applicantId` was found to be the same person as `intoApplicantId`, who remains."""

    type: ClassVar[str] = "dev.notyet.applicant.merged.v1"

    into_applicant_id: SourceId


class ApplicantErased(ApplicantPayload):
    type: ClassVar[str] = "dev.notyet.applicant.erased.v1"
