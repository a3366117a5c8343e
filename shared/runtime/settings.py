"""What every service is configured with: environment variables, one frozen object a process."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)


class EnvironmentSettings(BaseSettings):
    """Reads settings from the environment.

    Every variable is `NOTYET_` and the field's name in capitals. `…_FILE` names a file to read
    the value from instead, as secrets are mounted.
    """

    model_config = SettingsConfigDict(env_prefix="NOTYET_", frozen=True, extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _MountedFiles(settings_cls)


class ServiceSettings(EnvironmentSettings):
    """Settings that all services share; each adds its own."""

    database_url: SecretStr
    """postgresql://role:password@host:port/database, with this service's own role."""
    database_connections: int = Field(default=10, ge=2)
    kafka_bootstrap_servers: str
    kafka_instance_id: str | None = None
    """Static membership, where pods have stable names; empty where replicas come and go."""
    quarantine_key: SecretStr
    """A Fernet key: 32 bytes, URL-safe Base64."""
    quarantine_limit: int = Field(default=1000, ge=1)
    """Records set aside within a minute that open the breaker."""
    progress_timeout_seconds: float = Field(default=60, gt=0)
    """How long a consumer may stand still beside unread records before the process ends itself."""
    outbox_age_seconds: float = Field(default=60, gt=0)
    """For how long an event may wait to be published before readiness tells of it."""
    probe_host: str = "127.0.0.1"
    probe_port: int = Field(ge=0, le=65535)
    log_level: str = "info"
    clock_file: Path | None = None
    """Moves the time that rules about people go by; for demonstrations and tests only."""

    employer_name: str = "Our company"
    employer_time_zone: str = "Europe/Berlin"
    employer_country: str = "DE"


class MigrationSettings(EnvironmentSettings):
    """What bringing a schema up to date needs: the service's own settings stay out of it."""

    admin_database_url: SecretStr
    database_url: SecretStr | None = None
    """The service's own; its role is given the password in it."""

    @property
    def role_password(self) -> str | None:
        return (
            urlsplit(self.database_url.get_secret_value()).password if self.database_url else None
        )


class LinkSettings(ServiceSettings):
    """Settings of a service that writes or opens the links in messages."""

    link_key: SecretStr
    public_url: str = "http://127.0.0.1:8080"


class _MountedFiles(EnvSettingsSource):
    """Reads `NOTYET_X` from the file that `NOTYET_X_FILE` names."""

    def get_field_value(self, _field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = self.env_vars.get(f"{self.env_prefix}{field_name}_FILE".lower())
        return (Path(path).read_text().strip() if path else None), field_name, False
