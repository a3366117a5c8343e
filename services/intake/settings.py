"""What intake is configured with."""

from pydantic import Field, SecretStr

from services.intake.applicants.domain.identity import IdentityHash
from shared.runtime.former_keys import FormerKeys, revealed
from shared.runtime.settings import LinkSettings

RETENTION_MONTHS = 24


class Settings(LinkSettings):
    identity_key: SecretStr
    """At least 32 random bytes: by it people are recognised, those who were erased too."""
    identity_keys_former: FormerKeys = ()
    """Kept for ever: nobody can be hashed anew who was erased."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    retention_months: int = Field(default=RETENTION_MONTHS, ge=1)
    """After so long without any human contact a person leaves the record."""
    twilio_auth_token: SecretStr | None = None
    """What Twilio signs with; without it every callback is refused."""

    def identity(self) -> IdentityHash:
        """Returns what recognises people, under the current key and all former ones."""
        key = self.identity_key.get_secret_value()
        return IdentityHash(key, revealed(self.identity_keys_former))
