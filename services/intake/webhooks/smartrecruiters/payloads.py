"""What SmartRecruiters sends and answers, as far as it is read, in its own words (2026)."""

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from services.intake.webhooks.saying import Read
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id


class Named(Read):
    """What a web hook names."""

    candidate_id: Id | None = None
    job_id: Id | None = None


class _Answer(Read):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Reason(_Answer):
    label: str | None = None


class Application(_Answer):
    status: str
    sub_status: str | None = None
    reason_of_rejection: Reason | None = None


class Change(_Answer):
    status: str
    changed_on: Moment


class History(_Answer):
    content: list[Change] = []


class Candidate(_Answer):
    id: Id
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone_number: str | None = None


class Place(_Answer):
    city: str | None = None


class Job(_Answer):
    id: Id
    title: str
    status: str
    posting_status: str | None = None
    location: Place | None = None
