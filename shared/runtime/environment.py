"""How settings are read from the environment: plainly, or from a file that is mounted."""

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

_BETWEEN = re.compile(r"[\s,]+")


def _separate(given: Any) -> Any:
    return [one for one in _BETWEEN.split(given) if one] if isinstance(given, str) else given


SEPARATED = (NoDecode, BeforeValidator(_separate))
"""Marks a setting of several values: separated by commas, spaces or lines."""

Names = Annotated[frozenset[str], *SEPARATED]


class EnvironmentSettings(BaseSettings):
    """Reads settings from the environment.

    Every variable is `NOTYET_` and the field's name in capitals. `…_FILE` names a file to read
    the value from instead, as secrets are mounted. What stands below a field is its description on
    the page of settings.
    """

    model_config = SettingsConfigDict(
        env_prefix="NOTYET_", frozen=True, extra="ignore", use_attribute_docstrings=True
    )

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


class _MountedFiles(EnvSettingsSource):
    """Reads `NOTYET_X` from the file that `NOTYET_X_FILE` names."""

    def get_field_value(self, _field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = self.env_vars.get(f"{self.env_prefix}{field_name}_FILE".lower())
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text().strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            name = f"{self.env_prefix}{field_name}_FILE".upper()
            reason = error.strerror if isinstance(error, OSError) else "it holds no text in UTF-8"
            raise OSError(f"{name} names {path}: {reason}") from None
