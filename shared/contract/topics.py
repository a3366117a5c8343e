"""The map of the system: every topic, who writes it, who reads it, and how long it is kept.

On a compacted topic a record takes the place of all before it under its key. So whatever is
published under an entity's key is its whole state, a tombstone, or what stands in for a state;
what says nothing of an entity has keys of its own, as heartbeats have. A reader that meets a type
it does not know under an entity's key therefore knows of it only that it has changed.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Literal

from shared.contract.events.applications import (
    ApplicantErased,
    ApplicantHired,
    ApplicantMerged,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantUpdated,
    ApplicantWithdrawn,
)
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.contacts import (
    CandidateQualified,
    ContactDue,
    ContactWithdrawn,
    InterestDue,
)
from shared.contract.events.matches import ShortlistReady
from shared.contract.events.notifications import (
    LinkShortened,
    MessageBounced,
    MessageDelivered,
    MessageDropped,
    MessageExpired,
    MessageFailed,
    MessageSent,
    MessageUncertain,
)
from shared.contract.events.openings import OpeningChanged
from shared.contract.events.payload import Payload, StandInPayload
from shared.contract.events.profiles import ProfileChanged
from shared.contract.events.recipients import (
    RecipientChanged,
    RecipientsHeartbeat,
    RecipientUnpublished,
)
from shared.contract.events.responses import (
    ApplicantNoted,
    CandidateAnswered,
    DeliveryReported,
    InterestEnded,
    InterestRaised,
    InvitationApproved,
    InvitationDeclined,
    InvitationWithdrawn,
    LinkRequested,
    LinksRequested,
    ReplyReceived,
)
from shared.contract.events.vacancies import (
    VacancyClosed,
    VacancyOpened,
    VacancyReopened,
    VacancyUpdated,
)

ServiceName = Literal["intake", "scheduler", "matcher", "notifier"]
Upstream = Literal["upstream"]
"""Whatever systems of the employer tell of applicants and vacancies."""


@dataclass(frozen=True)
class Topic:
    """One stream. States are compacted to the newest event per key; facts are kept a while."""

    name: str
    keyed_by: str
    events: tuple[type[Payload], ...]
    producers: tuple[ServiceName | Upstream, ...]
    consumers: tuple[ServiceName, ...]
    retention: timedelta | None
    """How long facts are kept; None makes it a compacted state stream."""
    is_about_people: bool = False
    """Whether each of its keys is a person of ours, and the end of one an erasure."""
    partitions: int = 6

    @property
    def stream(self) -> str:
        """The word it is known by inside the system: `candidates`."""
        return self.name.split(".")[1]

    def group(self, service: ServiceName) -> str:
        """Returns the consumer group in which a service's processes read the topic."""
        return f"notyet.{service}.{self.stream}"

    @property
    def compacted(self) -> bool:
        return self.retention is None

    @property
    def of_many_sources(self) -> bool:
        """Tells whether several systems write to it, each of its own entities by its own ids."""
        return "upstream" in self.producers

    @cached_property
    def event_types(self) -> dict[str, type[Payload]]:
        return {event.type: event for event in self.events}

    @property
    def stand_in(self) -> type[StandInPayload] | None:
        """What is published in place of a state that the broker refuses, if anything is."""
        return next((event for event in self.events if issubclass(event, StandInPayload)), None)

    @property
    def config(self) -> dict[str, str]:
        """The topic's broker settings.

        A tombstone removes a person from a state stream at the latest after the compaction lag
        plus the time the active segment takes to roll, both one day: the bound on erasure. A fact
        is deleted with its segment: `roll` later than its retention at the latest.
        """
        day = _milliseconds(timedelta(days=1))
        if self.retention is None:
            return {
                "cleanup.policy": "compact",
                "max.compaction.lag.ms": day,
                "segment.ms": day,
                "delete.retention.ms": day,
                "min.cleanable.dirty.ratio": "0.1",
            }
        return {
            "cleanup.policy": "delete",
            "retention.ms": _milliseconds(self.retention),
            "segment.ms": _milliseconds(self.roll),
        }

    @property
    def roll(self) -> timedelta:
        """After how long a new segment of a fact stream begins at the latest."""
        return (self.retention or timedelta()) / 24


def _milliseconds(time: timedelta) -> str:
    return str(round(time.total_seconds() * 1000))


VACANCIES = Topic(
    name="notyet.vacancies.v1",
    keyed_by="the upstream system's vacancy id",
    events=(VacancyOpened, VacancyUpdated, VacancyReopened, VacancyClosed),
    producers=("upstream",),
    consumers=("intake",),
    retention=None,
)
OPENINGS = Topic(
    name="notyet.openings.v1",
    keyed_by="vacancy id",
    events=(OpeningChanged,),
    producers=("intake",),
    consumers=("matcher",),
    retention=None,
)
CANDIDATES = Topic(
    name="notyet.candidates.v1",
    keyed_by="candidate id",
    events=(CandidateChanged,),
    producers=("intake",),
    consumers=("scheduler", "matcher"),
    retention=None,
    is_about_people=True,
)
PROFILES = Topic(
    name="notyet.profiles.v1",
    keyed_by="candidate id",
    events=(ProfileChanged,),
    producers=("intake",),
    consumers=("matcher",),
    retention=None,
    is_about_people=True,
)
RECIPIENTS = Topic(
    name="notyet.recipients.v1",
    keyed_by="candidate or recruiter id",
    events=(RecipientChanged, RecipientUnpublished, RecipientsHeartbeat),
    producers=("intake",),
    consumers=("notifier",),
    retention=None,
    is_about_people=True,
)
APPLICATIONS = Topic(
    name="notyet.applications.v1",
    keyed_by="the upstream system's applicant id",
    events=(
        ApplicantRejected,
        ApplicantUnrejected,
        ApplicantHired,
        ApplicantWithdrawn,
        ApplicantUpdated,
        ApplicantMerged,
        ApplicantErased,
    ),
    producers=("upstream",),
    consumers=("intake",),
    retention=timedelta(days=7),
)
CONTACTS = Topic(
    name="notyet.contacts.v1",
    keyed_by="candidate id",
    events=(ContactDue, InterestDue, ContactWithdrawn, CandidateQualified),
    producers=("scheduler",),
    consumers=("matcher", "notifier"),
    retention=timedelta(days=30),
)
MATCHES = Topic(
    name="notyet.matches.v1",
    keyed_by="vacancy id",
    events=(ShortlistReady,),
    producers=("matcher",),
    consumers=("intake", "notifier"),
    retention=timedelta(days=30),
)
NOTIFICATIONS = Topic(
    name="notyet.notifications.v1",
    keyed_by="candidate or recruiter id",
    events=(
        MessageSent,
        MessageDelivered,
        MessageBounced,
        MessageFailed,
        MessageDropped,
        MessageExpired,
        MessageUncertain,
        LinkShortened,
    ),
    producers=("notifier",),
    consumers=("intake", "scheduler", "matcher", "notifier"),
    retention=timedelta(days=90),
)
RESPONSES = Topic(
    name="notyet.responses.v1",
    keyed_by="candidate or recruiter id",
    events=(
        CandidateAnswered,
        InvitationApproved,
        InvitationDeclined,
        InvitationWithdrawn,
        LinksRequested,
        InterestRaised,
        InterestEnded,
        ReplyReceived,
        DeliveryReported,
        LinkRequested,
        ApplicantNoted,
    ),
    producers=("intake",),
    consumers=("scheduler", "matcher", "notifier"),
    retention=timedelta(days=90),
)

ALL: tuple[Topic, ...] = (
    VACANCIES,
    OPENINGS,
    CANDIDATES,
    PROFILES,
    RECIPIENTS,
    APPLICATIONS,
    CONTACTS,
    MATCHES,
    NOTIFICATIONS,
    RESPONSES,
)
BY_NAME = {topic.name: topic for topic in ALL}
