"""What of an event keeps something from being sent: nobody waits with that."""

from dataclasses import replace

from shared.contract.events.applications import (
    ApplicantErased,
    ApplicantHired,
    ApplicantMerged,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantUpdated,
    ApplicantWithdrawn,
)
from shared.contract.events.cloudevents import Event
from shared.contract.events.payload import stable_id
from shared.contract.events.people import Applicant
from shared.contract.events.vacancies import VacancyClosed

_ENDS = (
    *(ApplicantUnrejected, ApplicantHired, ApplicantWithdrawn),
    *(ApplicantErased, ApplicantMerged, VacancyClosed),
)


def ending(event: Event) -> Event | None:
    """Returns what of an event ends something: all of it, or that somebody refuses to hear of it.

    That has an id of its own, so that all else that the event says can still count later.
    """
    if isinstance(event.data, _ENDS):
        return event
    if not isinstance(event.data, ApplicantRejected | ApplicantUpdated):
        return None
    refusal = _refusal(event.data.applicant)
    if refusal is None:
        return None
    if event.data == refusal:
        return event
    id = stable_id("refusal", event.source, event.id)
    return replace(event, id=id, type=refusal.type, data=refusal, left_out=())


def _refusal(applicant: Applicant) -> ApplicantUpdated | None:
    """Returns what somebody refuses, and nothing else of them."""
    said = {"refusesEmail": applicant.refuses_email, "refusesSms": applicant.refuses_sms}
    refused = {name: True for name, is_refused in said.items() if is_refused}
    if not refused:
        return None
    who = {"applicantId": applicant.applicant_id, "name": {}, **refused}
    return ApplicantUpdated.model_validate({"applicant": who})
