"""The `profiles` stream: what candidates can do, for the matcher alone."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contract.events.payload import Id, Line, Part, StatePayload, Version
from shared.contract.events.profile import News, Profile


class SourceProfile(Part):
    """What one system says that somebody can do."""

    source: Line
    profile: Profile


class ProfileChanged(StatePayload):
    type: ClassVar[str] = "dev.notyet.profile.changed.v1"

    candidate_id: Id
    version: Version
    profile: Profile
    """The newest that any system gave."""
    source: Line | None = None
    """The system that gave it: any other may learn of it only where it may search everybody."""
    others: list[SourceProfile] = []
    """The newest that each other system gave, the newest of them first."""
    news: Annotated[list[News], Field(max_length=100)] = []

    @property
    def entity_id(self) -> str:
        return self.candidate_id
