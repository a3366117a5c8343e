"""Keys that nothing is written with any more, but that still open what they wrote.

To rotate a key: move it to the front of its former ones, and put a new one in its place.
"""

from collections.abc import Iterable
from typing import Annotated

from pydantic import SecretStr

from shared.runtime.environment import SEPARATED

FormerKeys = Annotated[tuple[SecretStr, ...], *SEPARATED]
"""The newest first."""


def revealed(keys: Iterable[SecretStr]) -> tuple[str, ...]:
    """Returns the keys in clear, for whoever uses them."""
    return tuple(key.get_secret_value() for key in keys)
