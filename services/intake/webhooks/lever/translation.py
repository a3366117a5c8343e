"""What stands in Lever about an opportunity, in our own words.

Being archived is no rejection yet: being hired is a reason to be archived too, and so is having
withdrawn. What the reasons of an account mean, its operators say. Whoever was sourced applied for
nothing, and whoever applied from within works there; whoever is confidential is not recorded.
"""

from collections.abc import Sequence

from services.intake.webhooks.adapter import Delivery, Ignored, Said, Told
from services.intake.webhooks.lever import payloads
from services.intake.webhooks.lever.api import ARCHIVED, CHANGED, DELETED, HIRED, Asked
from services.intake.webhooks.lever.payloads import OPEN, Opportunity, Posting
from services.intake.webhooks.saying import (
    CONFIDENTIAL,
    INTERNAL,
    PROSPECT,
    TEST_CALL,
    body_of,
    decided,
    erased,
    refusing,
    unknown_type,
    unnamed_vacancy,
)
from services.intake.webhooks.words import ReasonType, Tags, TypedWords, folded
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantUpdated,
    ApplicantWithdrawn,
)
from shared.contract.events.bodies import read_body
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.vacancies import VacancyClosed, VacancyOpened

_SOURCED, _INTERNAL = "sourced", "internal"
"""Where an opportunity comes from."""
_HIRED = "hired"


class LeverWords(TypedWords, Tags):
    """Of archive reasons by their texts; Lever tells of each only whether it means hired."""


def translate(delivery: Delivery, options: LeverWords) -> Told | Ignored:
    """Returns what a web hook leads to, or a posting that was looked for."""
    if not delivery.body:
        return _posting(delivery)
    hook = body_of(delivery, payloads.Hook)
    if hook.data is None or hook.data == payloads.Changed():
        return TEST_CALL
    if hook.event == DELETED:
        return _deleted(delivery, hook.data)
    if hook.event == CHANGED:
        return _contact(delivery)
    if hook.event in (ARCHIVED, HIRED):
        return _changed(delivery, hook.event, options)
    return Ignored(f"{hook.event[:50]}: says nothing that is recorded here")


def stops(delivery: Delivery) -> Said | None:
    """Returns of whom Lever tells that nobody may write to them."""
    try:
        named = body_of(delivery, payloads.Hook).data
        opportunity = Asked(delivery).opportunity if named else None
    except Unreadable:
        return None
    if opportunity is None:
        return None
    return refusing(opportunity.contact, opportunity.refusal, delivery.known_at)


def _deleted(delivery: Delivery, named: payloads.Changed) -> Told | Ignored:
    asked = Asked(delivery)
    if asked.opportunity:
        return Ignored("said to be deleted, and there all the same")
    if not (named.contact_id and named.opportunity_id):
        raise Unreadable("no_id", "data: name the opportunity and the contact")
    if asked.is_gone:
        return erased(named.contact_id, delivery.known_at)
    at = delivery.known_at
    return decided(ApplicantWithdrawn, named.contact_id, named.opportunity_id, at)


def _contact(delivery: Delivery) -> Told | Ignored:
    """Returns who somebody is now; whether they may be written to, their opportunities tell."""
    contact = Asked(delivery).contact
    if contact is None:
        return Ignored("a contact who is not there any more, or not for our key to read")
    if contact.is_anonymized:
        return erased(contact.id, delivery.known_at)
    applicant = _person(contact.id, contact.name, contact.emails, contact.phones)
    return Told([Said(ApplicantUpdated, {"applicant": applicant}, delivery.known_at)])


def _changed(delivery: Delivery, event: str, options: LeverWords) -> Told | Ignored:
    asked = Asked(delivery)
    opportunity = asked.opportunity
    if opportunity is None:
        return Ignored("not there any more, or confidential and not for our key to read")
    if opportunity.is_anonymized:
        return erased(opportunity.contact, delivery.known_at)
    if opportunity.archived:
        return _archived(asked, opportunity, opportunity.archived, options)
    if event == HIRED:
        return Ignored("said to be hired, and not archived as such: that is told by itself")
    at = delivery.known_at
    return decided(ApplicantUnrejected, opportunity.contact, opportunity.id, at)


def _archived(
    asked: Asked, opportunity: Opportunity, archived: payloads.Archived, options: LeverWords
) -> Told | Ignored:
    reason = asked.reason(archived)
    if reason is None:
        raise Unreadable("no_reason", "archived for a reason that Lever does not tell us")
    who, what, at = opportunity.contact, opportunity.id, archived.archived_at
    if _HIRED in (reason.type, folded(reason.text)):
        return decided(ApplicantHired, who, what, at)
    match options.type_of(reason.text):
        case ReasonType.WITHDRAWN:
            return decided(ApplicantWithdrawn, who, what, at)
        case ReasonType.REJECTED:
            return _rejected(asked, opportunity, archived, reason.text, options)
        case _:
            return unknown_type(reason.text)


def _rejected(
    asked: Asked,
    opportunity: Opportunity,
    archived: payloads.Archived,
    reason: str,
    options: LeverWords,
) -> Told | Ignored:
    application = asked.application
    if opportunity.origin == _SOURCED or application is None or application.posting is None:
        return PROSPECT
    if opportunity.origin == _INTERNAL:
        return INTERNAL
    posting = asked.posting(application.posting)
    if posting is None:
        raise Unreadable("no_job", "its posting is not there, or not for our key to read")
    if (opportunity.confidentiality, posting.confidentiality) != (OPEN, OPEN):
        return CONFIDENTIAL
    stage = asked.stage(opportunity.stage) if opportunity.stage else None
    declined, notes = options.declined(stage, reason)
    body = {
        "applicationId": opportunity.id,
        "applicant": _applicant(opportunity),
        "vacancy": _vacancy(posting),
        **declined,
        "decidedAt": archived.archived_at,
        "applicationUrl": opportunity.urls.show if opportunity.urls else None,
    }
    said = Said(ApplicantRejected, body, archived.archived_at, application.created_at)
    return Told([said], notes)


def _posting(delivery: Delivery) -> Told | Ignored:
    """Returns what became of a posting that nobody called about."""
    [answer] = delivery.answers.values()
    posting = read_body(answer or b"", payloads.ApiAnswer[Posting]).data
    at = posting.updated_at or delivery.received_at
    if posting.confidentiality != OPEN:
        closed = Said(VacancyClosed, unnamed_vacancy(posting.id), at)
        return Told([closed], ["a confidential posting: taken as closed, and not named"])
    if posting.state == payloads.PUBLISHED:
        return Told([Said(VacancyOpened, _vacancy(posting), at)])
    if posting.state in payloads.ENDED:
        return Told([Said(VacancyClosed, _vacancy(posting), at)])
    return Ignored("a posting that is not open yet")


def _applicant(opportunity: Opportunity) -> dict[str, object]:
    person = _person(opportunity.contact, opportunity.name, opportunity.emails, opportunity.phones)
    return {**person, **opportunity.refusal}


def _person(
    id: str, name: str | None, emails: Sequence[str], phones: Sequence[payloads.Phone]
) -> dict[str, object]:
    return {
        "applicantId": id,
        "name": {"fullName": name},
        "emails": emails[:10],
        "phone": phones[0].value if phones else None,
    }


def _vacancy(posting: Posting) -> dict[str, object]:
    location = posting.categories.location if posting.categories else None
    return {
        "vacancyId": posting.id,
        "title": posting.text,
        "jobLocation": {"locality": location} if location else None,
    }
