"""What SmartRecruiters sends and answers, as far as it is read, in its own words (2026)."""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel

from services.intake.webhooks.saying import Read, Spare
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id


def _as_one(status: object) -> object:
    """Returns a status in the one spelling that is read here: several are documented."""
    if not isinstance(status, str):
        return status
    spelt = status.upper().replace("-", "_")
    return {"HIRE": "HIRED", "OFFER": "OFFERED"}.get(spelt, spelt)


Status = Annotated[str, BeforeValidator(_as_one)]


class Named(Read):
    """What a web hook names."""

    candidate_id: Id | None = None
    job_id: Id | None = None


class _Answer(Read):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Reason(_Answer):
    label: str | None = None


class Application(_Answer):
    status: Status
    sub_status: str | None = None
    reason_of_rejection: Spare[Reason | None] = None


class Change(_Answer):
    status: Status
    changed_on: Moment


class History(_Answer):
    content: list[Change] = []


class Work(_Answer):
    title: str | None = None
    company: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class Learning(_Answer):
    institution: str | None = None
    degree: str | None = None
    major: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class Candidate(_Answer):
    id: Id
    first_name: Spare[str | None] = None
    last_name: Spare[str | None] = None
    email: Spare[str | None] = None
    phone_number: Spare[str | None] = None
    internal: bool = False
    """Whether they work there already."""
    experience: Spare[list[Work]] = []
    education: Spare[list[Learning]] = []


class Location(_Answer):
    city: str | None = None


class Job(_Answer):
    id: Id
    title: str
    status: str
    posting_status: str | None = None
    location: Spare[Location | None] = None
