"""What of an upstream system's event may count: no moment ahead of now, no decision of long ago.

What cannot be used is left out, and said to be, wherever the rest still means what it says.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from services.intake.applicants.domain.left_out import is_reachable, unusable, unusable_recruiters
from services.intake.vacancies.domain import SourcePolicy
from shared.contract.events.applications import (
    ApplicantRejected,
    ApplicantUpdated,
    ApplicationPayload,
    Tier,
)
from shared.contract.events.bodies import explain
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.events.details import Fault
from shared.contract.events.payload import Payload
from shared.contract.events.people import Applicant

TOLERANCE = timedelta(days=1)
"""How far ahead of ours the clock, or the calendar, of a source may be."""

_ADDRESSES = ("applicant.emails", "applicant.phone")

AHEAD = "this is still to come: send what has happened, once it has"


@dataclass(frozen=True, slots=True)
class Receiving:
    """Decides of an event about an applicant what of it may count."""

    country: str
    """Where a telephone number without a country is dialled."""
    retention_months: int
    """How long a person is kept without any human contact."""
    policy: SourcePolicy = field(default_factory=SourcePolicy)
    """At which domains recruiters may be told."""

    def receive(self, event: Event, now: datetime) -> Event:
        """Returns an event as it counts, with what is left out of it.

        Raises Unreadable for a decision that is still to come, for a rejection older than anything
        that is kept, and for one that nobody could ever be told of as it is meant.
        """
        return self._received(event, now, self._no_usable_address(event))

    def receive_call(self, event: Event, now: datetime) -> Event:
        """Does the same of what no system sends once more with a better address.

        Whoever was turned down and cannot be reached by what was given is known all the same.
        """
        is_no = isinstance(event.data, ApplicantRejected)
        return self._received(event, now, () if is_no else self._no_usable_address(event))

    def _received(self, event: Event, now: datetime, addresses: Iterable[Fault]) -> Event:
        for reason, found in (
            ("unbelievable_moment", self._moments(event.data, now)),
            ("no_usable_address", addresses),
            ("unknown_tier", _unknown_tier(event.data)),
        ):
            if faults := list(found):
                raise Unreadable(reason, explain(faults))
        return self.take(event, now)

    def take(self, event: Event, now: datetime) -> Event:
        """Returns an event that can count with what is left out of it."""
        event = _without_agreements_ahead(_without_days_ahead(event, now), now)
        left_out = [*event.left_out, *self._unusable(event.data)]
        return replace(event, left_out=tuple(left_out))

    def reaches(self, applicant: Applicant) -> bool:
        """Tells whether somebody may be written to by what is given of them."""
        emails = [] if applicant.refuses_email else applicant.emails
        phone = None if applicant.refuses_sms else applicant.phone
        left = applicant.model_copy(update={"emails": emails, "phone": phone})
        return is_reachable(left, self.country)

    def faults(self, event: Event, now: datetime) -> Iterator[Fault]:
        """Yields what an event cannot count at all for."""
        yield from self._moments(event.data, now)
        yield from self._no_usable_address(event)
        yield from _unknown_tier(event.data)

    def _moments(self, data: Payload | None, now: datetime) -> Iterator[Fault]:
        """Yields the moments for which an event cannot count at all.

        That somebody was hired, or is in the running again, counts however long ago it was.
        """
        if not isinstance(data, ApplicantRejected | ApplicationPayload):
            return
        if data.decided_at > now + TOLERANCE:
            yield Fault("decidedAt", AHEAD)
        oldest = now - relativedelta(months=self.retention_months)
        if isinstance(data, ApplicantRejected) and data.decided_at < oldest:
            yield Fault("decidedAt", self._too_old)

    def _no_usable_address(self, event: Event) -> Iterator[Fault]:
        """Yields the addresses that were given, where nobody can be reached by any of them."""
        if not isinstance(event.data, ApplicantRejected | ApplicantUpdated):
            return
        applicant = event.data.applicant
        if not is_reachable(applicant, self.country):
            for fault in (*event.left_out, *unusable(applicant, self.country)):
                if fault.field.startswith(_ADDRESSES):
                    yield fault

    def _unusable(self, data: Payload | None) -> Iterable[Fault]:
        if isinstance(data, ApplicantRejected | ApplicantUpdated):
            yield from unusable(data.applicant, self.country)
        if isinstance(data, ApplicantRejected):
            for fault in unusable_recruiters(data.vacancy, self.policy):
                yield Fault(f"vacancy.{fault.field}", fault.problem)

    @property
    def _too_old(self) -> str:
        return (
            f"decided more than {self.retention_months} months ago, which is longer than people "
            "are kept: leave it out, nobody is told so late"
        )


def _unknown_tier(data: Payload | None) -> Iterator[Fault]:
    """Yields the tier of a newer producer: which letter it asks for is not known here."""
    if isinstance(data, ApplicantRejected) and data.tier and not data.tier.is_known:
        yield Fault("tier", f"send one of {', '.join(Tier)}, or upgrade this service")


def _without_days_ahead(event: Event, now: datetime) -> Event:
    """Leaves out on which day something was observed, where that day is still to come."""
    if not isinstance(event.data, ApplicantRejected):
        return event
    latest = (now + TOLERANCE).date()
    shortfalls, left_out = list(event.data.shortfalls), list(event.left_out)
    for number, gap in enumerate(shortfalls):
        if gap.observed_at and gap.observed_at > latest:
            shortfalls[number] = gap.model_copy(update={"observed_at": None})
            left_out.append(Fault(f"shortfalls.{number}.observedAt", AHEAD))
    if len(left_out) == len(event.left_out):
        return event
    data = event.data.model_copy(update={"shortfalls": shortfalls})
    return replace(event, data=data, left_out=tuple(left_out))


def _without_agreements_ahead(event: Event, now: datetime) -> Event:
    """Leaves out what somebody is said to have agreed to on a day that is still to come."""
    if not isinstance(event.data, ApplicantRejected | ApplicantUpdated):
        return event
    said = list(enumerate(event.data.applicant.agreed))
    ahead = [number for number, each in said if each.since > now + TOLERANCE]
    if not ahead:
        return event
    agreed = [each for number, each in said if number not in ahead]
    applicant = event.data.applicant.model_copy(update={"agreed": agreed})
    left_out = [Fault(f"applicant.agreed.{number}.since", AHEAD) for number in ahead]
    data = event.data.model_copy(update={"applicant": applicant})
    return replace(event, data=data, left_out=(*event.left_out, *left_out))
