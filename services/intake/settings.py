"""What intake is configured with."""

from pydantic import Field, SecretStr, field_validator

from services.intake.applicants.domain.identity import IdentityHash, normal_email
from services.intake.vacancies.domain import SourcePolicy, domain_of
from shared.runtime.environment import Names
from shared.runtime.former_keys import FormerKeys, revealed
from shared.runtime.settings import LinkSettings


class Settings(LinkSettings):
    identity_key: SecretStr
    """At least 32 random bytes: by it people are recognised, those who were erased too."""
    identity_keys_former: FormerKeys = ()
    """Kept for ever: nobody can be hashed anew who was erased."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    retention_months: int = Field(default=24, ge=1)
    """After so long without any human contact a person leaves the record."""
    twilio_auth_token: SecretStr | None = None
    """What Twilio signs with; without it every callback is refused."""

    pool_sources: Names = frozenset()
    """The systems, by source, whose vacancies may search everybody; `*` for all. Any other one is
    told only of people whom it has turned down itself."""
    recruiter_domains: Names = frozenset()
    """At which domains recruiters' addresses may be, such as `hartmann.example`; empty for any."""

    @field_validator("recruiter_domains")
    @classmethod
    def _are_domains(cls, given: frozenset[str]) -> frozenset[str]:
        addresses = {domain: normal_email(f"somebody@{domain}") for domain in given}
        if wrong := sorted(domain for domain, address in addresses.items() if address is None):
            raise ValueError(f"write domains such as hartmann.example, not {', '.join(wrong)}")
        return frozenset(domain_of(address) for address in addresses.values() if address)

    def source_policy(self) -> SourcePolicy:
        """Returns what the systems may do that tell of vacancies."""
        return SourcePolicy(self.pool_sources, self.recruiter_domains)

    def identity(self) -> IdentityHash:
        """Returns what recognises people, under the current key and all former ones."""
        key = self.identity_key.get_secret_value()
        return IdentityHash(key, revealed(self.identity_keys_former))
