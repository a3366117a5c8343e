"""What the scheduler is configured with."""

from pydantic import Field

from services.scheduler.domain.policy import Employer, Policy
from shared.runtime.settings import EmployerSettings


class Settings(EmployerSettings):
    emit_per_second: int = Field(default=5000, ge=1)
    """How many contacts a second one process hands over when a backlog is worked off."""

    @property
    def policy(self) -> Policy:
        return Policy(Employer(self.employer_name, self.employer_time_zone, self.employer_country))
