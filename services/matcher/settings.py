"""What the matcher is configured with."""

from pydantic import Field

from shared.contract.business_hours import Hours
from shared.runtime.settings import EmployerSettings


class Settings(EmployerSettings):
    shortlist_size: int = Field(default=10, ge=1, le=100)
    """How many people a shortlist shows at the most."""
    minimum_fit: float = Field(default=0.5, ge=0)
    """How much text and titles must have in common with the vacancy's to be worth showing; 0.5 is
    half of the title, or a quarter of all that the vacancy says."""
    settle_seconds: float = Field(default=1.0, ge=0)
    """How long a search waits for people whose states travel beside the vacancy's."""

    @property
    def here(self) -> Hours:
        """Returns where the employer's day counts."""
        return Hours((self.employer_time_zone,), self.employer_country)
