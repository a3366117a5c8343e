"""How long what is kept of somebody is kept, by the law of the country."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Self

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

SHIPPED = Path(__file__).with_name("jurisdictions.toml")
DEFAULT = "default"

Months = Annotated[int, Field(ge=0, le=1200)]
Place = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|default)$")]


class Law(BaseModel):
    """What one country or region says, in months; None where it says nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: Annotated[int, Field(ge=1, le=1200)] | None = None
    decisions: Months | None = None
    consents: Months | None = None
    also: tuple[str, ...] = ()
    """As sources write the region, if not by its code."""


_Laws = TypeAdapter(dict[Place, Law])


class Jurisdictions:
    """The laws of all countries, within a bound on how long anybody is kept."""

    def __init__(self, laws: Mapping[str, Law], most_months: int) -> None:
        written = {f"{it[:3]}{name}": law for it, law in laws.items() for name in law.also}
        self._laws = {**laws, **written}
        self._default = laws.get(DEFAULT, Law())
        self.most_months = most_months

    @classmethod
    def read(cls, path: Path, most_months: int) -> Self:
        """Reads a file of laws; raises ValueError, or OSError, for one that is none."""
        return cls(_Laws.validate_python(tomllib.loads(path.read_text())), most_months)

    def oldest_contacts(self, now: datetime) -> Iterator[tuple[str, datetime]]:
        """Yields since when there was to be a human contact, for countries that say so."""
        for country, law in self._laws.items():
            if country != DEFAULT and law.person:
                yield country, self._before(now, law.person)

    def oldest_contact(self, now: datetime) -> datetime:
        """Returns the same for where nothing is said of the country."""
        return self._before(now, self._default.person or self.most_months)

    def _before(self, now: datetime, months: int) -> datetime:
        return now - relativedelta(months=min(months, self.most_months))

    def decision_until(
        self, decided_at: datetime, country: str | None, region: str | None = None
    ) -> datetime:
        """Returns until when a decision about a job there may have to be defended."""
        return decided_at + relativedelta(months=self._months("decisions", country, region))

    def consent_until(self, left_at: datetime, country: str | None) -> datetime:
        """Returns until when it may have to be shown what somebody had agreed to who left."""
        return left_at + relativedelta(months=self._months("consents", country))

    def _months(self, of: str, country: str | None, region: str | None = None) -> int:
        for place in (f"{country}-{region}", country or DEFAULT, DEFAULT):
            months: int | None = getattr(self._laws.get(place, Law()), of)
            if months is not None:
                return months
        return 0
