"""Enumerations that may grow within `v1` without stopping a reader that was deployed before."""

from enum import StrEnum
from typing import Any, Final, Self

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

LONGEST_MEMBER = 100
"""In characters: what is longer names no member, known or not."""

KNOWN_MEMBERS_ONLY: Final = "known members only"
"""The validation context of a public door: whoever sends there is told, not guessed at."""


class OpenEnum(StrEnum):
    """An enumeration whose unknown members are read as unknown, and kept as they were written.

    A newer producer may use a member that this reader has never heard of. It is not among the
    members one iterates over, `is_known` is false, and whoever meets it does the safe thing.
    What was stored of it is understood once the reader has been upgraded.
    """

    @property
    def is_known(self) -> bool:
        """Whether this version of the contract declares the member."""
        return self._value_ in type(self)._value2member_map_

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_MEMBER:
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = unknown._value_ = value
        return unknown

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Pickles by value: Python's first releases of 3.11 look a member up by its name."""
        return type(self), (self._value_,)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(_heard_of, handler(source))


def _heard_of(member: OpenEnum, info: ValidationInfo) -> OpenEnum:
    if info.context == KNOWN_MEMBERS_ONLY and not member.is_known:
        known = ", ".join(repr(each.value) for each in type(member))
        raise PydanticCustomError("enum", "Input should be one of {known}", {"known": known})
    return member
