"""The `candidates` stream: what scheduler and matcher know of a person, without who they are."""

from typing import ClassVar

from shared.contract.events.applications import Reason, Stage, Tier
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id, Line, Part, StatePayload, Version
from shared.contract.events.people import Channel, Consent
from shared.contract.events.shortfalls import Shortfall


class Rejection(Part):
    """One rejection that stands. One that was taken back, or ended in a hire, is not listed."""

    application_id: Id
    vacancy_id: Id
    vacancy_title: Line
    tier: Tier
    stage: Stage
    finishing_place: int | None = None
    reason: Reason
    shortfalls: list[Shortfall] = []
    still_working: bool = True
    """Whether the last job was open-ended at the decision, so that experience goes on growing."""
    decided_at: Moment
    already_told: bool = False


class CandidateChanged(StatePayload):
    type: ClassVar[str] = "dev.notyet.candidate.changed.v1"

    candidate_id: Id
    version: Version
    locale: Line = "en"
    time_zone: Line | None = None
    country: str | None = None
    channels: list[Channel] = []
    """Over which channels the person can be reached at all."""
    consents: list[Consent] = []
    stopped: list[Channel] = []
    """Channels over which the person asked to hear nothing more."""
    hat_answered_at: Moment | None = None
    """When they last answered whether their name may stay in the hat, yes or no."""
    paused_until: Moment | None = None
    hired_at: Moment | None = None
    """Set while the person works for this employer; they are then contacted about nothing."""
    merged_from: list[Id] = []
    """People who turned out to be this one, and are no more."""
    split_from: list[Id] = []
    """People who turned out to be two: what happened to these applications happened to them."""
    sources: list[Line] = []
    """The systems that turned them down: what a source may learn of the pool depends on it."""
    rejections: list[Rejection] = []

    @property
    def entity_id(self) -> str:
        return self.candidate_id
