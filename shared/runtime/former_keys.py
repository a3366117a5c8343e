"""Keys that nothing is written with any more, but that still open what they wrote.

To rotate a key: move it to the front of its former ones, and put a new one in its place.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BeforeValidator, SecretStr
from pydantic_settings import NoDecode


def _separate(given: Any) -> Any:
    return [key for key in re.split(r"[\s,]+", given) if key] if isinstance(given, str) else given


FormerKeys = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_separate)]
"""In the environment, separated by commas, spaces or lines; the newest first."""


def revealed(keys: Iterable[SecretStr]) -> tuple[str, ...]:
    """Returns the keys in clear, for whoever uses them."""
    return tuple(key.get_secret_value() for key in keys)
