"""What the words of a source mean: its reasons, their types, its stages and its jobs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from pydantic import field_validator

from services.intake.webhooks.adapter import Options, how_to_map
from shared.contract.events.applications import ReasonCode, Stage, Tier
from shared.contract.events.responses import Notable

NO_REASON = "none"
"""Stands for the type of a rejection without a reason."""
ANY_JOB = "any"
"""Stands for every job of which nothing is said by itself."""

Meaning = TypeVar("Meaning")


class ReasonType(StrEnum):
    """Who said no."""

    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """They did: nobody is told no who said it first."""


class JobKind(StrEnum):
    """Whether a job may be named."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    """It is not recorded, and nobody is told of it."""


class Words(Options):
    """By name, whatever its case. What is not here is not guessed at."""

    reasons: dict[str, ReasonCode] = {}
    tiers: dict[str, Tier] = {}
    """Of rejection reasons too."""
    stages: dict[str, Stage] = {}

    @field_validator("*")
    @classmethod
    def _by_folded_name(cls, given: dict[str, Meaning]) -> dict[str, Meaning]:
        return {folded(name): meaning for name, meaning in given.items()}

    def declined(self, stage: str | None, reason: str | None) -> tuple[dict[str, Any], list[str]]:
        """Returns how far somebody came and why they were turned down.

        With it, which of the two words nobody has given a meaning.
        """
        stands_for, code = found(self.stages, stage), found(self.reasons, reason)
        notes = [
            f"{kind[:-1]} taken as {taken}: {how_to_map(kind, name, meanings)}"
            for kind, name, meaning, taken, meanings in (
                ("stages", stage, stands_for, Stage.APPLIED, Stage),
                ("reasons", reason, code, ReasonCode.OTHER, ReasonCode),
            )
            if name and meaning is None
        ]
        body = {
            "stage": stands_for or Stage.APPLIED,
            "tier": found(self.tiers, reason),
            "reason": {"code": code or ReasonCode.OTHER, "note": reason},
        }
        return body, notes


class TypedWords(Words):
    """Where the type of its reason tells who said no."""

    shipped: ClassVar[Mapping[str, ReasonType]] = {}
    """Those that every account of such a system begins with."""
    types: dict[str, ReasonType] = {}

    def type_of(self, name: str | None) -> ReasonType | None:
        """Returns who said no, if that is known."""
        return found({**self.shipped, **self.types}, name or NO_REASON)


class JobWords(Words):
    """Where a rejection does not tell whether its job is confidential."""

    jobs: dict[str, JobKind] = {}
    """By id; `any` is every other one."""

    def job_kind(self, job_id: str) -> JobKind | None:
        """Returns whether a job may be named, if that is known."""
        return found(self.jobs, job_id) or found(self.jobs, ANY_JOB)


class Tags(Options):
    """Where what became of somebody may be a tag too, beside the note."""

    tags: dict[str, str] = {}
    """As that system knows a tag, by what it stands for."""

    @field_validator("tags")
    @classmethod
    def _stand_for_something(cls, given: dict[str, str]) -> dict[str, str]:
        if not given.keys() <= set(Notable):
            raise ValueError(f"a tag stands for one of {', '.join(Notable)}")
        return given


class JobAndTypeWords(JobWords, TypedWords):
    """Where it tells neither."""


def found(meanings: Mapping[str, Meaning], name: str | None) -> Meaning | None:
    """Returns what a name means, if that is said."""
    return meanings.get(folded(name)) if name else None


def folded(name: str) -> str:
    """Returns a name without case, and without more blanks than between its words."""
    return " ".join(name.casefold().split())
