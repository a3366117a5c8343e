"""The `profiles` stream: what candidates can do, for the matcher alone."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contract.events.payload import Id, StatePayload, Version
from shared.contract.events.profile import News, Profile


class ProfileChanged(StatePayload):
    type: ClassVar[str] = "dev.notyet.profile.changed.v1"

    candidate_id: Id
    version: Version
    profile: Profile
    news: Annotated[list[News], Field(max_length=100)] = []

    @property
    def entity_id(self) -> str:
        return self.candidate_id
