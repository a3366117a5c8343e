"""What a Greenhouse account's own words mean: its reasons, their types, and its stages."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from pydantic import field_validator

from services.intake.webhooks.adapter import Options
from shared.contract.events.applications import ReasonCode, Stage, Tier

NO_REASON = "none"
"""Stands for the type of a rejection without a reason."""

Meaning = TypeVar("Meaning")


class ReasonType(StrEnum):
    """Who said no."""

    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """They did: nobody is told no who said it first."""


_SHIPPED = {"we rejected them": ReasonType.REJECTED, "they rejected us": ReasonType.WITHDRAWN}


class GreenhouseOptions(Options):
    """By name, whatever its case. What is not here is not guessed at."""

    types: dict[str, ReasonType] = {}
    """Of types of rejection reasons; those that Greenhouse ships with are known."""
    reasons: dict[str, ReasonCode] = {}
    tiers: dict[str, Tier] = {}
    """Of rejection reasons too."""
    stages: dict[str, Stage] = {}

    @field_validator("types", "reasons", "tiers", "stages")
    @classmethod
    def _by_folded_name(cls, given: dict[str, Meaning]) -> dict[str, Meaning]:
        return {folded(name): meaning for name, meaning in given.items()}

    def type_of(self, name: str | None) -> ReasonType | None:
        return found(_SHIPPED | self.types, name or NO_REASON)


def found(meanings: Mapping[str, Meaning], name: str | None) -> Meaning | None:
    """Returns what a name means, if that is said."""
    return meanings.get(folded(name)) if name else None


def folded(name: str) -> str:
    """Returns a name without case, and without more blanks than between its words."""
    return " ".join(name.casefold().split())
