"""The map of the system: every topic, who writes it, who reads it, and how long it is kept."""

from dataclasses import dataclass
from datetime import timedelta
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
from shared.contract.events.contacts import CandidateQualified, ContactDue, ContactWithdrawn
from shared.contract.events.matches import ShortlistReady
from shared.contract.events.notifications import (
    MessageBounced,
    MessageDelivered,
    MessageDropped,
    MessageExpired,
    MessageFailed,
    MessageSent,
    MessageUncertain,
)
from shared.contract.events.payload import Payload
from shared.contract.events.profiles import ProfileChanged
from shared.contract.events.recipients import RecipientChanged, RecipientsHeartbeat
from shared.contract.events.responses import (
    CandidateAnswered,
    DeliveryReported,
    InvitationApproved,
    InvitationDeclined,
    InvitationWithdrawn,
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
    unread_kept_by: ServiceName | None = None
    """Which service alone keeps a record that nobody can read, where it may name anybody."""
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
    def is_about_people(self) -> bool:
        """Whether each of its keys is a person of ours, and the end of one an erasure."""
        return self.compacted and "upstream" not in self.producers

    @property
    def event_types(self) -> dict[str, type[Payload]]:
        return {event.type: event for event in self.events}

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
    keyed_by="vacancy id",
    events=(VacancyOpened, VacancyUpdated, VacancyReopened, VacancyClosed),
    producers=("upstream", "intake"),
    consumers=("intake", "matcher"),
    retention=None,
    unread_kept_by="intake",
)
CANDIDATES = Topic(
    name="notyet.candidates.v1",
    keyed_by="candidate id",
    events=(CandidateChanged,),
    producers=("intake",),
    consumers=("scheduler", "matcher"),
    retention=None,
)
PROFILES = Topic(
    name="notyet.profiles.v1",
    keyed_by="candidate id",
    events=(ProfileChanged,),
    producers=("intake",),
    consumers=("matcher",),
    retention=None,
)
RECIPIENTS = Topic(
    name="notyet.recipients.v1",
    keyed_by="candidate or recruiter id",
    events=(RecipientChanged, RecipientsHeartbeat),
    producers=("intake",),
    consumers=("notifier",),
    retention=None,
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
    events=(ContactDue, ContactWithdrawn, CandidateQualified),
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
    ),
    producers=("notifier",),
    consumers=("intake", "scheduler", "matcher", "notifier"),
    retention=timedelta(days=90),
)
RESPONSES = Topic(
    name="notyet.responses.v1",
    keyed_by="candidate id",
    events=(
        CandidateAnswered,
        InvitationApproved,
        InvitationDeclined,
        InvitationWithdrawn,
        DeliveryReported,
    ),
    producers=("intake",),
    consumers=("scheduler", "matcher", "notifier"),
    retention=timedelta(days=90),
)

ALL: tuple[Topic, ...] = (
    VACANCIES,
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
