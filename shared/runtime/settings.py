"""What every service is configured with: environment variables, one frozen object a process."""

import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, field_validator

from shared.contract.events.payload import Country
from shared.contract.topics import ServiceName
from shared.runtime.clock_settings import ClockSettings
from shared.runtime.environment import SEPARATED, EnvironmentSettings
from shared.runtime.former_keys import FormerKeys, revealed
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.links import Links
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine
from shared.runtime.sealing import Seal

_DOMAIN = re.compile(r"(?=.{4,189}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""With a token before it an address keeps within 254 characters (RFC 5321)."""


class ServiceSettings(ClockSettings, KafkaSettings):
    """Settings that all services share; each adds its own."""

    database_url: SecretStr
    """`postgresql://role:password@host:port/database`, with this service's own role."""
    database_connections: int = Field(default=10, ge=2)
    """How many connections to PostgreSQL one process opens at the most."""
    kafka_instance_id: str | None = None
    """Static membership of the consumer groups, where pods have stable names; left out where
    replicas come and go."""
    quarantine_key: SecretStr
    """Seals records that could not be processed. A Fernet key: 32 bytes, URL-safe Base64; each
    service has its own."""
    quarantine_keys_former: FormerKeys = ()
    """Keys from before a rotation, the newest first: they open what was sealed under them, and
    recognise in it who was erased. Kept for good."""
    quarantine_limit: int = Field(default=1000, ge=1)
    """Records set aside within a minute that open the breaker."""
    progress_timeout_seconds: float = Field(default=60, gt=0)
    """How long a consumer may stand still beside unread records before the process ends itself."""
    outbox_age_seconds: float = Field(default=60, gt=0)
    """For how long an event may wait to be published before readiness tells of it."""
    probe_host: str = "127.0.0.1"
    """The address that health, metrics and the AsyncAPI document are served at; our images set
    0.0.0.0."""
    probe_port: int = Field(ge=0, le=65535)
    """The port of the same; our images set 8081."""
    log_level: str = "info"
    """The least that is logged: debug, info, warning or error."""

    def database(self, service: ServiceName) -> Database:
        """Returns a service's part of the database, to be started."""
        url = self.database_url.get_secret_value()
        return Database(url, service, max_size=self.database_connections)

    def quarantine(self) -> Quarantine:
        """Returns what seals a service's records in quarantine, and opens them again."""
        key = self.quarantine_key.get_secret_value()
        return Quarantine(key, revealed(self.quarantine_keys_former))

    def seal(self) -> Seal:
        """Returns what seals whatever else a service keeps encrypted, with the same keys."""
        key = self.quarantine_key.get_secret_value()
        return Seal((key, *revealed(self.quarantine_keys_former)))


class MigrationSettings(EnvironmentSettings):
    """What bringing a schema up to date needs: the service's own settings stay out of it."""

    admin_database_url: SecretStr
    """`postgresql://…` as a role that may create schemas and roles; no running service needs it."""
    database_url: SecretStr | None = None
    """The service's own; its role is given the password in it."""

    @property
    def role_password(self) -> str | None:
        return (
            urlsplit(self.database_url.get_secret_value()).password if self.database_url else None
        )


class EmployerSettings(ServiceSettings):
    """Settings of a service that speaks for the employer, or goes by the employer's day."""

    employer_name: str = "Our company"
    """The employer's name, as people read it in messages and on pages."""
    employer_time_zone: str = "Europe/Berlin"
    """The IANA name of the zone whose business hours count where somebody's own is not known."""
    employer_country: str = "DE"
    """ISO 3166-1, two capital letters: whose public holidays count where somebody's own country is
    not known, and where telephone numbers without a country are dialled."""

    @field_validator("employer_time_zone")
    @classmethod
    def _exists(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("give an IANA name such as Europe/Berlin")
        return name


class LinkSettings(EmployerSettings):
    """Settings of a service that writes or opens the links in messages."""

    link_key: SecretStr
    """Signs the links in messages. At least 32 random bytes, the same for all who write or open
    them."""
    link_keys_former: FormerKeys = ()
    """Keys from before a rotation, the newest first. Kept for good: an old link works for as
    long as what its reader has agreed to."""
    public_url: str = "http://127.0.0.1:8080"
    """Where people reach intake's pages from outside; every link in a message begins with it."""
    mail_in_domain: str | None = None
    """The domain, such as replies.hartmann.example, whose mail reaches intake by LMTP; with it each
    mail to a candidate has addresses of its own for answers, returns and unsubscribing."""
    sms_countries: Annotated[tuple[Country, ...], *SEPARATED] = ()
    """Whose numbers text messages may go to, such as DE,AT; the employer's country if left out."""

    @field_validator("mail_in_domain")
    @classmethod
    def _is_a_domain(cls, given: str | None) -> str | None:
        if given and not _DOMAIN.fullmatch(given):
            raise ValueError("write a domain such as replies.hartmann.example, in ASCII")
        return given and given.lower()

    @property
    def text_countries(self) -> tuple[str, ...]:
        """Whose numbers text messages may go to."""
        return self.sms_countries or (self.employer_country,)

    def links(self) -> Links:
        """Returns what writes the links of this installation, and reads them."""
        key = self.link_key.get_secret_value()
        return Links(key, self.public_url, revealed(self.link_keys_former))
