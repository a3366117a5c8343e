"""The `candidates` stream: what scheduler and matcher know of a person, without who they are."""

from collections.abc import Iterable
from typing import ClassVar, Self

from shared.contract.events.applications import Reason, Stage, Tier
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id, Line, Part, StatePayload, Version
from shared.contract.events.people import Channel, Consent
from shared.contract.events.shortfalls import Shortfall, each_thing


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
    taken_back_at: Moment | None = None
    """When the decision before it about the same application was taken back: what told of that one
    tells nothing of this."""
    already_told: bool = False
    already_asked: bool = False
    source: Line | None = None
    """The system that told of it: any other may learn of it only where it may search everybody."""
    time_zone: Line | None = None
    """Where they live as that system knows them, if several know them: its answer goes by it."""
    country: str | None = None
    """The same of the country."""
    told_with: Id | None = None
    """The application whose letter tells them of this decision too."""
    told_as: Tier | None = None
    """What the letter of another application that tells of this one says, where it says another."""
    told_apart: bool = False
    """Whether that letter does not say what was missing by this one: it had left before this was
    heard of, or the system that told of this has told them itself."""

    def telling_of(self, beside: Iterable[Self]) -> Self:
        """Returns this decision as its letter words it, which tells of those beside it too.

        Of one thing that several say was missing it names the hardest measure.
        """
        others = [it for it in beside if it.shortfalls and not it.told_apart]
        if self.tier is Tier.NO or not others:
            return self
        works = all(it.still_working for it in (self, *others))
        gaps = [gap for it in (self, *others) for gap in it.shortfalls]
        lacked = each_thing(gaps, self.decided_at.date(), still_working=works)
        return self.model_copy(update={"shortfalls": lacked, "still_working": works})

    @property
    def may_go_on(self) -> bool:
        """Whether their letter says that it was so close that it may go on once without a yes."""
        return self.tier is Tier.RUNNER_UP and self.told_as in (None, Tier.RUNNER_UP)


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
    hat_refused_at: Moment | None = None
    """The same, if that answer was a no."""
    paused_until: Moment | None = None
    hired_at: Moment | None = None
    """Set while the person works for this employer; they then hear only what is still owed."""
    merged_from: list[Id] = []
    """People who turned out to be this one, and are no more."""
    split_from: list[Id] = []
    """People who turned out to be two: what happened to these applications happened to them."""
    sources: list[Line] = []
    """The systems that turned them down: what a source may learn of the pool depends on it."""
    rejections: list[Rejection] = []
    """Of whoever works here only what another system than the one that hired them still owes."""

    @property
    def decisions(self) -> list[Rejection]:
        """The rejections; of those that one letter tells of, the one that it is about.

        It lacks all that the letter says was missing, by whichever of them.
        """
        there = {rejection.application_id: rejection for rejection in self.rejections}
        beside: dict[str | None, list[Rejection]] = {}
        for rejection in there.values():
            beside.setdefault(rejection.told_with, []).append(rejection)
        return [
            rejection.telling_of(beside.get(rejection.application_id, ()))
            for rejection in there.values()
            if rejection.told_with not in there
        ]

    def decision(self, application_id: str) -> Rejection | None:
        """Returns the decision about an application as the letter tells of it, if it stands."""
        same = (it for it in self.rejections if it.application_id == application_id)
        letters = {application_id, *(it.told_with for it in same)}
        return next((it for it in self.decisions if it.application_id in letters), None)

    def told_together(self, rejection: Rejection) -> list[Rejection]:
        """Returns the rejections that one letter tells of, as this one."""
        letter = rejection.told_with or rejection.application_id
        return [it for it in self.rejections if letter in (it.application_id, it.told_with)]

    def has_refused(self, rejection: Rejection) -> bool:
        """Whether they said after a decision that they would rather not stay in touch."""
        return self.hat_refused_at is not None and self.hat_refused_at > rejection.decided_at

    @property
    def entity_id(self) -> str:
        return self.candidate_id
