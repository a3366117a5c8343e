"""What the scheduler is configured with."""

from zoneinfo import available_timezones

from pydantic import Field, field_validator

from services.scheduler.domain.policy import Employer, Policy
from shared.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    emit_per_second: int = Field(default=5000, ge=1)
    """How fast one process empties a backlog."""

    @property
    def policy(self) -> Policy:
        return Policy(Employer(self.employer_name, self.employer_time_zone, self.employer_country))

    @field_validator("employer_time_zone")
    @classmethod
    def _exists(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("give an IANA name such as Europe/Berlin")
        return name
