"""What each of Recruitee's web hooks says, in our own words.

Somebody may be disqualified because they withdrew, or because old records are cleared up, and
Recruitee does not publish where a web hook tells why, and when they had applied. So nobody is told
no until an operator has said where both stand, and of each reason who said no.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, JsonValue

from services.intake.webhooks.adapter import Delivery, Ignored, Said, Told, how_to_map
from services.intake.webhooks.recruitee import payloads
from services.intake.webhooks.recruitee.options import (
    APPLIED,
    REASON,
    Hire,
    RecruiteeOptions,
    name_of,
)
from services.intake.webhooks.saying import (
    CONFIDENTIAL,
    PROSPECT,
    TEST_CALL,
    body_of,
    by_kind,
    decided,
    erased,
    unknown_type,
    unnamed_job,
)
from services.intake.webhooks.words import JobKind, ReasonType, found
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantWithdrawn,
)
from shared.contract.events.applications import Stage as Progress
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.instants import moment_of
from shared.contract.events.payload import Payload
from shared.contract.events.vacancies import VacancyClosed, VacancyOpened

Translate = Callable[[Delivery, RecruiteeOptions], Told | Ignored]
Part = TypeVar("Part", bound=BaseModel | dict[str, JsonValue])

_POOL = "talent_pool"


def translate(delivery: Delivery, options: RecruiteeOptions) -> Told | Ignored:
    """Returns what a web hook says."""
    if is_test(delivery):
        return TEST_CALL
    return by_kind(body_of(delivery, payloads.Hook).event_type, _BY_EVENT, delivery, options)


def is_test(delivery: Delivery) -> bool:
    """Tells whether Recruitee only tries the address; raises Unreadable."""
    return body_of(delivery, payloads.Tried).test


def _moved(delivery: Delivery, options: RecruiteeOptions) -> Told | Ignored:
    hook = body_of(delivery, payloads.HookWith[payloads.OfMove])
    move = hook.payload
    if move.offer.kind == _POOL:
        return PROSPECT
    match hook.event_subtype:
        case "requalified":
            return _decided(ApplicantUnrejected, move, hook.created_at or delivery.received_at)
        case "disqualified":
            return _disqualified(delivery, move, hook.created_at, options)
        case _:
            return _staged(move, hook.created_at or delivery.received_at, options)


def _staged(move: payloads.OfMove, at: datetime, options: RecruiteeOptions) -> Told | Ignored:
    """Tells who came to a stage for the hired, or left one."""
    was, is_now = (
        stage is not None and options.has_hired(stage)
        for stage in (move.details.from_stage, move.details.to_stage)
    )
    if is_now:
        return _decided(ApplicantHired, move, at)
    if was and move.details.to_stage:
        return _decided(ApplicantUnrejected, move, at)
    return Ignored("moved to another stage, of which nothing is recorded here")


def _disqualified(
    delivery: Delivery, move: payloads.OfMove, at: datetime | None, options: RecruiteeOptions
) -> Told | Ignored:
    stage = move.details.from_stage or payloads.Stage()
    if options.has_hired(stage):
        return _decided(ApplicantHired, move, at or delivery.received_at)
    if at is None:
        raise Unreadable("no_moment", "created_at: nothing tells when they were turned down")
    payload = _payload(delivery, dict[str, JsonValue])
    place = found(options.places, REASON)
    if place is None:
        return _unplaced("why", REASON, "details.NAME")
    try:
        reason = _at(delivery, payload, place)
    except Unreadable:
        return _unplaced("why", REASON, "details.NAME")
    meaning = options.type_of(reason)
    if meaning is ReasonType.WITHDRAWN:
        return _decided(ApplicantWithdrawn, move, at)
    if meaning is None:
        return unknown_type(reason)
    if why_not := unnamed_job(options, move.offer.id) or _unstaged(move.details, options):
        return why_not
    place = found(options.places, APPLIED)
    if place is None:
        return _unplaced("when somebody had applied", APPLIED, "candidate.NAME")
    declined, notes = options.declined(stage.name, reason)
    if not options.tells_of(stage):
        notes.append(_unsettled(name_of(stage)))
    candidate = move.candidate
    body = {
        "applicationId": _application_id(move),
        "applicant": {
            "applicantId": candidate.id,
            "name": {"fullName": candidate.name},
            "emails": candidate.emails[:10],
            "phone": candidate.phones[0] if candidate.phones else None,
        },
        "vacancy": _vacancy(move.offer),
        **declined,
        "decidedAt": at,
    }
    return Told([Said(ApplicantRejected, body, at, _moment_at(delivery, payload, place))], notes)


def _unplaced(what: str, kind: str, example: str) -> Ignored:
    """Passes over what nobody can tell until an operator has looked where it stands."""
    return Ignored(
        f"disqualified, and Recruitee does not publish where it tells {what}. Look where it stands"
        f" by deliveries show ID --body, and say so: {how_to_map('places', kind, [example])}"
    )


def _unstaged(details: payloads.Details, options: RecruiteeOptions) -> Ignored | None:
    """Passes over whom an unknown stage, or a category that nobody knows, may have hired."""
    stage = details.from_stage or payloads.Stage()
    is_plain = details.from_stage is not None and stage.category is None
    if is_plain or options.tells_of(stage):
        return None
    others = how_to_map("stages", name_of(stage), Progress)
    return Ignored(
        "disqualified, and nothing tells from which stage, or what that is for, so that they may"
        f" have been hired. If nobody is hired by such a call: {others}."
        f" If they are: {how_to_map('hires', name_of(stage), Hire)}"
    )


def _unsettled(stage: str) -> str:
    """Says of a stage that nothing tells whether it is for those who were hired."""
    how = how_to_map("hires", stage, Hire)
    return f"taken as turned down in a stage that is not for the hired; if it is for them: {how}"


def _moment_at(delivery: Delivery, payload: Mapping[str, JsonValue], place: str) -> datetime | None:
    """Returns the moment that stands at a place, if one does; what might mean another waits."""
    written = _at(delivery, payload, place)
    try:
        return moment_of(written) if written else None
    except ValueError:
        raise Unreadable("no_moment", f"{place}: is not when they applied, as ISO 8601") from None


def _at(delivery: Delivery, payload: Mapping[str, JsonValue], place: str) -> str | None:
    """Returns the text that stands at a place, if anything does; a whole number is one too.

    Raises Unreadable where something else stands there, or was left out.
    """
    value: JsonValue = dict(payload)
    path = "payload"
    for name in place.split("."):
        if value is None:
            return None
        path = f"{path}.{name}"
        if not isinstance(value, dict) or (name not in value and path in delivery.left_out):
            raise Unreadable("no_text", f"{path}: cannot be read")
        value = value.get(name)
    text = str(value) if type(value) is int else value
    is_nothing = text is None or (isinstance(text, str) and not text.strip())
    if is_nothing and path not in delivery.left_out:
        return None
    if is_nothing or not isinstance(text, str):
        raise Unreadable("no_text", f"{path}: is no text")
    return text


def _decided(model: type[Payload], move: payloads.OfMove, at: datetime) -> Told:
    return decided(model, move.candidate.id, _application_id(move), at)


def _application_id(move: payloads.OfMove) -> str:
    """Returns by what an application is known here: Recruitee names none."""
    return f"{move.candidate.id}-{move.offer.id}"


def _deleted(delivery: Delivery, _: RecruiteeOptions) -> Told:
    return erased(_payload(delivery, payloads.OfCandidate).candidate.id, delivery.received_at)


def _job(model: type[Payload]) -> Translate:
    def translated(delivery: Delivery, options: RecruiteeOptions) -> Told | Ignored:
        hook = body_of(delivery, payloads.HookWith[payloads.OfJob])
        offer = hook.payload.offer
        if offer.kind == _POOL:
            return Ignored("a talent pool, which is no job")
        if options.job_kind(offer.id) is JobKind.CONFIDENTIAL:
            return CONFIDENTIAL
        return Told([Said(model, _vacancy(offer), hook.created_at or delivery.received_at)])

    return translated


def _vacancy(offer: payloads.Offer) -> dict[str, object]:
    return {"vacancyId": offer.id, "title": offer.title}


def _payload(delivery: Delivery, model: type[Part]) -> Part:
    return body_of(delivery, payloads.HookWith[model]).payload  # type: ignore[valid-type]


_BY_EVENT: Mapping[str, Translate] = {
    "candidate_moved": _moved,
    "candidate_deleted": _deleted,
    "job_published": _job(VacancyOpened),
    "job_updated": lambda _, __: Ignored("a changed job: that does not tell whether it is open"),
    "job_unpublished": _job(VacancyClosed),
}
