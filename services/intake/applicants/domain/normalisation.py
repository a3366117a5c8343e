"""What one event of an upstream system says, taken apart into what the record keeps."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from services.intake.applicants.domain.agreement import SUFFIXES, name_key
from services.intake.applicants.domain.applications import Application, HiringDecision, Status
from services.intake.applicants.domain.erased_names import KeptName
from services.intake.applicants.domain.identity import (
    IdentityHash,
    normal_email,
    normal_locale,
    normal_phone,
)
from services.intake.applicants.domain.left_out import noted
from services.intake.applicants.domain.nobodys_addresses import own_email
from services.intake.applicants.domain.register import Claim, PersonalData, Refusal, Refusals, Stamp
from services.intake.applicants.domain.tiers import tier_of
from shared.contract.events.applications import (
    ApplicantErased,
    ApplicantHired,
    ApplicantMerged,
    ApplicantPayload,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantUpdated,
    ApplicantWithdrawn,
    ApplicationPayload,
)
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.events.people import Applicant, Consent, PersonName
from shared.contract.events.profile import Profile
from shared.contract.events.vacancies import Vacancy
from shared.contract.events.written_names import is_placeholder
from shared.contract.zones import known_zone

_STATUS = {
    ApplicantRejected.type: Status.REJECTED,
    ApplicantUnrejected.type: Status.UNREJECTED,
    ApplicantHired.type: Status.HIRED,
    ApplicantWithdrawn.type: Status.WITHDRAWN,
}
_NOTHING = Profile()
_NOBODY = PersonalData()

_NEVER_A_NAME = {"null", "NULL", "(null)", "nan", "NaN", "undefined", "n/a", "N/A"}
_PRONOUNS = re.compile(r"[(\[] ?[^\W\d_]+(?: ?/ ?[^\W\d_]+)+ ?[)\]]")
"""As in "(she/her)": because of the stroke it would cost the name beside it too."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A line of a person's timeline; its facts never hold contact data."""

    at: datetime
    kind: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NormalisedEvent:
    """One event: whom it is about, and what it adds to what is known."""

    event: Event
    own: tuple[bytes, ...]
    """By what the applicant is recognised: the source's own id."""
    entry: TimelineEntry | None = None
    """What it adds to the timeline: who somebody is, or is no more, adds nothing."""
    into: tuple[bytes, ...] = ()
    """The applicant who remains when two are merged."""
    address: tuple[bytes, ...] = ()
    """Of the first address, if there is one."""
    named: tuple[bytes, ...] = ()
    """Of the first address with the name, if there are both."""
    erases: bool = False
    person: PersonalData = _NOBODY
    application_id: str = ""
    application: Application | None = None
    profile: Claim[Profile] | None = None
    vacancy: Claim[Vacancy] | None = None
    refusals: Refusals = field(default_factory=dict)
    agreed: Sequence[Consent] = ()

    @property
    def said_at(self) -> datetime:
        """When it was said, or what it says was decided, whichever is earlier."""
        decided = self.application.decision.value.decided_at if self.application else None
        return min(self.event.time, decided or self.event.time)

    @property
    def came_at(self) -> datetime:
        """When it came; where that is not known, when it was said."""
        return self.event.received_at or self.event.time

    @property
    def begins(self) -> bool:
        """Whether it may begin the record of somebody who was erased: only a rejection does."""
        return isinstance(self.event.data, ApplicantRejected)


class Normaliser:
    """Takes events apart; a bad address costs itself alone."""

    def __init__(self, identity: IdentityHash, country: str) -> None:
        self._identity = identity
        self._country = country
        """Where a telephone number without a country is dialled."""

    def normalise(self, event: Event, received: int) -> NormalisedEvent:
        """Takes an event apart; `received` numbers those that have no number of their receipt."""
        stamp = Stamp(event.time, _rank(event, event.receipt or received))
        match event.data:
            case ApplicantRejected() as data:
                return self._rejected(event, stamp, data)
            case ApplicantUpdated() as data:
                profile = data.profile or _NOTHING
                return self._told(event, stamp, data.applicant, profile, "updated")
            case ApplicantMerged() as data:
                into = self._identity.applicant(event.source, data.into_applicant_id)
                return NormalisedEvent(event, self._own(event, data), into=into)
            case ApplicantErased() as data:
                return NormalisedEvent(event, self._own(event, data), erases=True)
            case ApplicationPayload() as data:
                return self._decided(event, stamp, data)
        raise Unreadable("unknown_type", "send an event about an applicant")

    def _rejected(self, event: Event, stamp: Stamp, data: ApplicantRejected) -> NormalisedEvent:
        made = _made(event, stamp, data.decided_at)
        facts = {
            "applicationId": data.application_id,
            "vacancyId": data.vacancy.vacancy_id,
            "vacancyTitle": data.vacancy.title,
            "tier": tier_of(data),
            "reason": data.reason.code,
        }
        return self._told(
            event,
            stamp,
            data.applicant,
            data.profile,
            "rejected",
            facts=facts,
            at=data.decided_at,
            application_id=data.application_id,
            application=_application(event, made, data.decided_at, Claim(data, made)),
            vacancy=Claim(data.vacancy, stamp),
        )

    def _decided(self, event: Event, stamp: Stamp, data: ApplicationPayload) -> NormalisedEvent:
        application = _application(event, _made(event, stamp, data.decided_at), data.decided_at)
        status = application.decision.value.status
        entry = TimelineEntry(data.decided_at, status, {"applicationId": data.application_id})
        return NormalisedEvent(
            event,
            self._own(event, data),
            entry,
            application_id=data.application_id,
            application=application,
        )

    def _told(
        self,
        event: Event,
        stamp: Stamp,
        applicant: Applicant,
        profile: Profile,
        kind: str,
        *,
        facts: dict[str, Any] | None = None,
        at: datetime | None = None,
        **more: Any,
    ) -> NormalisedEvent:
        person = self._person(applicant, stamp)
        facts = {**(facts or {}), **noted(event)}
        return NormalisedEvent(
            event,
            self._identity.applicant(event.source, applicant.applicant_id),
            TimelineEntry(at or event.time, kind, facts),
            address=self._identity.email(person.first_email) if person.first_email else (),
            named=self._named(person),
            person=person,
            profile=None if profile == _NOTHING else Claim(profile, stamp),
            refusals=_refusals(event, stamp, applicant),
            agreed=applicant.agreed,
            **more,
        )

    def _person(self, applicant: Applicant, stamp: Stamp) -> PersonalData:
        emails = dict.fromkeys(map(own_email, applicant.emails))
        good = tuple(email for email in emails if email)
        country = applicant.country or self._country
        phone = applicant.phone and normal_phone(applicant.phone, country)
        locale = applicant.locale and normal_locale(applicant.locale)
        zone = applicant.time_zone and known_zone(applicant.time_zone)
        return PersonalData(
            name=_claim(plain_name(applicant.name), stamp),
            emails=_claim(good, stamp),
            phone=_claim(phone, stamp),
            locale=_claim(locale, stamp),
            time_zone=_claim(zone, stamp),
            country=_claim(applicant.country, stamp),
            also_known_as=dict.fromkeys(_also_known_as(applicant, phone), stamp.time),
        )

    def likenesses(self, person: PersonalData) -> set[bytes]:
        """Returns hashes of what somebody may share with an applicant who is the same person."""
        emails = person.emails.value if person.emails else ()
        phone = self._identity.phone(person.phone.value) if person.phone else ()
        addresses = chain.from_iterable(map(self._identity.email, emails))
        return {*addresses, *phone, *self._named(person)}

    def may_be(self, one: NormalisedEvent, gone: KeptName) -> bool:
        """Tells whether an event is about whoever has left, by first address and name."""
        address, known_as = one.person.first_email, one.person.name
        name = known_as.value if known_as else None
        return address is not None and gone.may_be(self._identity, address, name)

    def _named(self, person: PersonalData) -> tuple[bytes, ...]:
        key = name_key(person.name.value) if person.name else None
        return self._identity.named(person.first_email, key) if person.first_email and key else ()

    def _own(self, event: Event, data: ApplicantPayload) -> tuple[bytes, ...]:
        return self._identity.applicant(event.source, data.applicant_id)


def plain_name(name: PersonName) -> PersonName | None:
    """Returns a name as its owner would write it, or None if it is nobody's.

    Exports write "Doe, Jane" for Jane Doe, and "null" where they know nothing.
    """
    if is_placeholder(" ".join(filter(None, (name.given_name, name.family_name, name.full_name)))):
        return None  # of "No" and "Name" one may be a name by itself
    given, family = _known_words(name.given_name), _known_words(name.family_name)
    full = _known_words(name.full_name)
    parts = [part.strip() for part in (full or "").split(",") if part.strip()]
    words = [part for part in parts if part.lower().rstrip(".") not in SUFFIXES]
    if len(words) == 2:
        family_first, given_after = words
        suffixes = (part for part in parts if part not in words)
        full = " ".join((given_after, family_first, *suffixes))
    found = PersonName(given_name=given, family_name=family, full_name=full)
    return found if found.display else None


def _known_words(text: str | None) -> str | None:
    """Leaves out the words that stand where a system knows nothing, and pronouns in brackets."""
    if is_placeholder(text or ""):
        return None
    words = _PRONOUNS.sub(" ", text or "").split()
    return " ".join(word for word in words if word.strip(",") not in _NEVER_A_NAME).strip(", ")


def _application(
    event: Event,
    stamp: Stamp,
    decided_at: datetime,
    declined: Claim[ApplicantRejected] | None = None,
) -> Application:
    decision = Claim(HiringDecision(_STATUS[event.type], decided_at), stamp)
    return Application(decision, declined, None if declined else decision)


def _made(event: Event, stamp: Stamp, decided_at: datetime) -> Stamp:
    """Orders decisions by when they were made; what is still to come counts from when it came."""
    return stamp._replace(time=min(decided_at, event.received_at or decided_at))


def _refusals(event: Event, stamp: Stamp, applicant: Applicant) -> Refusals:
    """Returns what is refused, and what no longer: only a no takes a refusal back.

    So an edit of somebody's card lets nothing leave that was stopped.
    """
    stamp = stamp._replace(time=event.as_of or event.time)
    is_no = isinstance(event.data, ApplicantRejected)
    said = applicant.refusals.items()
    return {channel: Refusal(True, stamp, refused) for channel, refused in said if refused or is_no}


def _rank(event: Event, received: int) -> str:
    return f"{event.source} {received:019} {event.place:03}"


def _claim(normal: Any, stamp: Stamp) -> Claim[Any] | None:
    return Claim(normal, stamp) if normal else None


def _also_known_as(applicant: Applicant, phone: str | None) -> set[str]:
    """Returns what somebody is known by, as written; an address of nobody's is none of it."""
    name = applicant.name
    emails = (email for email in applicant.emails if own_email(email) or not normal_email(email))
    parts = " ".join(filter(None, (name.given_name, name.family_name)))
    said = (name.full_name, parts, *emails, applicant.phone, phone)
    return set(filter(None, said))
