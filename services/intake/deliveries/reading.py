"""Reads one delivery: by its adapter into our own words, and these into events as they count.

It depends on nothing but the delivery and how its source is set up. So a delivery that is read
again becomes the same events, with the same ids and times, which have no second effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import starmap
from typing import Any

from pydantic_core import to_json

from services.intake.applicants.domain.receiving import Receiving
from services.intake.deliveries.domain import State
from services.intake.deliveries.ending import ending
from services.intake.resumes.telling import is_unread, names_a_resume, with_resume
from services.intake.sources.domain import Source
from services.intake.webhooks.adapter import MAP, Adapter, Delivery, Ignored, OfJob, Said, Told
from shared.contract.events.applications import ApplicantRejected, ApplicantUpdated
from shared.contract.events.bodies import explain, take_body
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.events.details import Fault
from shared.contract.events.payload import stable_id
from shared.contract.topics import APPLICATIONS, VACANCIES
from shared.runtime.inbox import content_of
from shared.runtime.processing import received


@dataclass(frozen=True, slots=True)
class Reading:
    """What a delivery says."""

    state: State
    """What becomes of it, if nothing of it is refused where it is recorded."""
    summary: str
    notes: Sequence[str] = ()
    events: Sequence[Event] = ()
    resume_is_due: bool = False
    """Whether it names the file of a résumé into which nobody has looked yet."""
    of_job: OfJob | None = None


UNREACHABLE = "cannot be reached: nobody will tell them"
_ALL_THE_SAME = "that they may not be written to counts, whatever becomes of the rest"


class Reader:
    """Reads the deliveries of one source."""

    def __init__(self, source: Source, adapter: Adapter[Any], receiving: Receiving) -> None:
        self._source = source
        self._adapter = adapter
        self._receiving = receiving

    def read(self, key: bytes, delivery: Delivery) -> Reading:
        """Returns what a delivery says, or why nothing; it does not raise."""
        try:
            stop = self._adapter.stops(delivery)
            reading = self._translated(key, delivery, stop)
            return self._stopped(reading, key, delivery, stop) if stop else reading
        except Unreadable as fault:
            return Reading(State.UNTRANSLATABLE, fault.detail)
        except Exception as error:  # noqa: BLE001 - a delivery costs itself alone
            return Reading(
                State.UNTRANSLATABLE, f"this version cannot read it ({type(error).__name__})"
            )

    def _translated(self, key: bytes, delivery: Delivery, stop: Said | None) -> Reading:
        options = self._adapter.options.model_validate(self._source.words)
        try:
            told = self._adapter.translate(delivery, options)
            _refuse_part_of_a_change(told, stop, delivery)
        except Unreadable as fault:
            return Reading(State.UNTRANSLATABLE, fault.detail)
        if isinstance(told, Ignored):
            return Reading(State.IGNORED, self._with_name(told.why))
        if not names_a_resume(self._source.system, delivery, told):
            return self._made(key, delivery, told)
        reading = self._made(key, delivery, with_resume(told, delivery))
        return replace(reading, resume_is_due=is_unread(delivery))

    def _stopped(self, reading: Reading, key: bytes, delivery: Delivery, stop: Said) -> Reading:
        """Returns what a delivery says with what it stops, if nothing else that counts says so."""
        event, _ = self._event(key, "stop", delivery, stop)
        ends = filter(None, map(ending, reading.events))
        if any(end.data == event.data for end in ends):
            return reading
        events = [*reading.events, self._counted(event, delivery)]
        return replace(reading, events=events, notes=[*reading.notes, _ALL_THE_SAME])

    def _made(self, key: bytes, delivery: Delivery, told: Told) -> Reading:
        events: list[Event] = []
        said: list[str] = []
        refused: list[str] = []
        notes = list(map(self._with_name, told.notes))
        notes += [f"left out {field}: {problem}" for field, problem in delivery.left_out.items()]
        for number, each in enumerate(told.said):
            event, what = self._event(key, str(number), delivery, each)
            try:
                event = self._counted(event, delivery)
            except Unreadable as fault:
                refused.append(f"{what}: {fault.detail}")
                continue
            events.append(event)
            said.append(what)
            notes += [f"left out {left.field}: {left.problem}" for left in event.left_out]
        if not events:
            return Reading(State.IGNORED, "; ".join(refused) or "nothing")
        summary = "; ".join(said)
        return Reading(State.RECORDED, summary, [*notes, *refused], events, of_job=told.of_job)

    def _event(self, key: bytes, place: str, delivery: Delivery, said: Said) -> tuple[Event, str]:
        """Makes the event of one thing that was said, and names it in words."""
        data, left_out = take_body(to_json(said.body), said.model)
        what = said.words or _named(data.type)
        event = Event(
            id=said.id or stable_id("delivery", self._source.name, key.hex(), place),
            source=self._source.name,
            type=data.type,
            key=data.entity_id,
            time=min(said.at, delivery.known_at),
            data=data,
            left_out=left_out,
            as_of=None if said.id else delivery.known_at,
        )
        # What we add to it is no other content, nor is what another mapping makes of a delivery.
        event = replace(event, content=content_of(event if said.id else replace(event, data=None)))
        if isinstance(data, ApplicantRejected):
            voice = self._source.voice(
                data.vacancy.vacancy_id,
                delivery.known_at,
                data.decided_at,
                said.applied_at,
                is_record=said.is_record,
            ).beside(told=data.already_told, asked=data.already_asked)
            data = data.model_copy(
                update={"already_told": voice.told, "already_asked": voice.asked}
            )
            event = replace(event, data=data)
            silent = voice.told or self._receiving.reaches(data.applicant)
            what = f"{what}; {voice.words if silent else UNREACHABLE}"
        return event, what

    def _with_name(self, text: str) -> str:
        """Returns a text with commands that can be given as they stand."""
        return text.replace(MAP, MAP.replace("NAME", self._source.name))

    def _counted(self, event: Event, delivery: Delivery) -> Event:
        """Returns an event as it counts; raises Unreadable where nothing of it may."""
        if event.type in VACANCIES.event_types:
            return received(event, VACANCIES, delivery.known_at, None)
        return received(event, APPLICATIONS, delivery.known_at, self._receiving.receive_call)


def _refuse_part_of_a_change(told: Told | Ignored, stop: Said | None, delivery: Delivery) -> None:
    """Refuses a change that cannot be read as a whole: it would take the place of what is known.

    What only stops something takes the place of nothing.
    """
    if isinstance(told, Ignored) or not delivery.left_out:
        return
    if any(said.model is ApplicantUpdated and said != stop for said in told.said):
        raise Unreadable("invalid_body", explain([*starmap(Fault, delivery.left_out.items())]))


def _named(event_type: str) -> str:
    """Returns `applicant rejected` for `dev.notyet.applicant.rejected.v1`."""
    _, _, *words, _ = event_type.split(".")
    return " ".join(words)
