"""What the scheduler is configured with."""

from typing import Self
from zoneinfo import available_timezones

from pydantic import Field, model_validator

from services.scheduler.domain.policy import Employer, Policy
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    emit_per_second: int = Field(default=5000, ge=1)
    """How fast one process empties a backlog."""

    @property
    def policy(self) -> Policy:
        return Policy(Employer(self.employer_name, self.employer_time_zone, self.employer_country))

    @model_validator(mode="after")
    def _employer_is_somewhere(self) -> Self:
        if self.employer_time_zone not in available_timezones():
            raise ValueError("NOTYET_EMPLOYER_TIME_ZONE must be an IANA name like Europe/Berlin")
        return self
