"""What upstream systems will say, made from a seed: every event with its id, time and door.

Each person's family name is a canary: it must appear nowhere but where names belong.
"""

import dataclasses
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from deploy.local.demo import personas
from shared.contract.events.applications import (
    ApplicantErased,
    ApplicantHired,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantUpdated,
    ApplicantWithdrawn,
)
from tests.faults import huge, liar, vendor
from tests.faults.ask import Ask, family_name
from tests.faults.poison import MOMENTS, POISON

PHONE_CANARY = "+43660917"
LETTERS_BEHIND = 0.04
"""How far on average an event comes out of order, as a share of the whole run."""

LIED_ABOUT = 19
"""Of so many people a second source lies about one."""
AFTER_THE_FAULTS = 950_000
"""People with higher numbers were turned down when time no longer went on."""

Batch = Literal["before", "forgotten", "after", "anew"]


class Plan:
    """Deals out the events of a run in the order in which they are to be sent."""

    def __init__(self, seed: int, began: datetime) -> None:
        self._chance = random.Random(seed)
        self._began = began
        self._openings = [
            dataclasses.replace(opening, vacancy_id=f"vacancy-{number}")
            for number in range(12)
            for opening in [personas.OPENINGS[number % len(personas.OPENINGS)]]
        ]

    def asks(self, count: int) -> list[Ask]:
        """Returns so many deliveries, shuffled, some of them more than once."""
        placed: list[tuple[float, Ask]] = []
        person, spared = 0, list[Ask]()
        while len(placed) < count:
            person += 1
            at, life = self._chance.random(), list(self._life(person))
            if person % LIED_ABOUT == 0 and person % 17 and life[-1].what != "erased":
                spared.append(life[0])
            for ask in self._told(person, life):
                jitter = self._chance.expovariate(1 / LETTERS_BEHIND)
                placed.append((at + jitter, ask))
        placed += [(self._chance.random(), ask) for ask in self._of_vacancies()]
        placed += [(self._chance.random(), ask) for ask in self._lies(spared)]
        placed += [(self._chance.random(), ask) for ask in self._poison(count // 400)]
        placed += huge.at_the_limits(self._rejection)
        placed += huge.beside_an_erasure(self._rejection, self._erased)
        placed.sort(key=lambda pair: pair[0])
        return [ask for _, ask in placed]

    def burst(self, name: Batch, number: int, count: int) -> list[Ask]:
        """Returns rejections of people who appear nowhere else, all turned down at once."""
        after = AFTER_THE_FAULTS + 1
        firsts = {"before": 900_001, "forgotten": 940_001, "after": after, "anew": after + 20_000}
        first = firsts[name] + number * count
        return [self._rejection(person, 0) for person in range(first, first + count)]

    def single(self, person: int) -> Ask:
        """Returns one rejection to knock at a door with."""
        return dataclasses.replace(self._rejection(person, 0), door="http")

    def _life(self, person: int) -> Iterator[Ask]:
        """What happens to one applicant, as it happened; it will be told in any order."""
        chance, decided = self._chance.random, []
        decided.append(self._rejection(person, 0))
        if chance() < 0.12:
            decided.append(self._decision(ApplicantUnrejected, person, 1))
            if chance() < 0.3:
                decided.append(self._rejection(person, 2))
        elif chance() < 0.05:
            decided.append(self._decision(ApplicantWithdrawn, person, 1))
        elif chance() < 0.03:
            decided.append(self._decision(ApplicantHired, person, 1))
        yield from decided
        if chance() < 0.08:
            yield self._updated(person)
        if chance() < 0.06:
            yield self._erased(person)

    def _told(self, person: int, life: Sequence[Ask]) -> Iterator[Ask]:
        """Yields what is told, as often as it is: a vendor calls twice with all that it has."""
        if source := vendor.of(person):
            yield from (*vendor.told(source, life), *vendor.told(source, life))
            return
        for ask in life:
            for _ in range(1 + (self._chance.random() < 0.2)):
                yield self._through_a_door(ask)

    def _rejection(self, person: int, step: int) -> Ask:
        at = self._at(person, step)
        data = personas.rejection(self._application(person), at)
        if person % 17 == 0:
            data["applicant"]["emails"] = []
        return self._ask(ApplicantRejected.type, person, step, at, data)

    def _decision(
        self,
        kind: type[ApplicantUnrejected | ApplicantWithdrawn | ApplicantHired],
        person: int,
        step: int,
    ) -> Ask:
        at, application = self._at(person, step), self._application(person)
        data = kind(
            applicant_id=application.person.applicant_id,
            application_id=application.application_id,
            decided_at=at,
        )
        body = data.model_dump(mode="json", by_alias=True)
        return self._ask(kind.type, person, step, at, body)

    def _updated(self, person: int) -> Ask:
        at = self._at(person, 5)
        applicant = personas.rejection(self._application(person), at)["applicant"]
        if person % 17 == 0:
            applicant["emails"] = []
        return self._ask(ApplicantUpdated.type, person, 5, at, {"applicant": applicant})

    def _erased(self, person: int) -> Ask:
        data = {"applicantId": self._application(person).person.applicant_id}
        return self._ask(ApplicantErased.type, person, 9, self._at(person, 9), data)

    def _ask(self, type_: str, person: int, step: int, at: datetime, data: dict[str, Any]) -> Ask:
        application = self._application(person)
        return Ask(
            event_id=f"{person}-{step}",
            type=type_,
            key=application.person.applicant_id,
            door="kafka",
            time=at,
            data=data,
            person=person,
            application=application.application_id,
        )

    def _application(self, person: int) -> personas.Application:
        kind = ("runner_up", "not_yet", "runner_up", "no")[person % 4]
        opening = self._openings[person % len(self._openings)]
        zone, country = (("Europe/Berlin", "DE"), ("Europe/Vienna", "AT"), (None, None))[person % 3]
        phone = f"{PHONE_CANARY}{person:06d}" if person % 17 == 0 else None
        named = ("Gina", family_name(person))
        somebody = personas.Person(person, *named, zone, country, phone=phone)
        place = 2 + person % 3 if kind == "runner_up" else None
        return personas.Application(
            somebody, opening, kind, place, months=opening.months_needed + 6
        )

    def _at(self, person: int, step: int) -> datetime:
        """Returns a source time before the run began: what is told late was decided long ago."""
        return self._began - timedelta(hours=3) + timedelta(seconds=person % 3600, minutes=step)

    def _of_vacancies(self) -> Iterator[Ask]:
        for number, opening in enumerate(self._openings):
            fields = {**opening.as_vacancy(), "vacancyId": f"again-{number}"}
            at = self._began + timedelta(minutes=number)
            for step, event in enumerate(("opened", "updated", "closed", "reopened")):
                yield Ask(
                    event_id=f"again-{number}-{step}",
                    type=f"dev.notyet.vacancy.{event}.v1",
                    key=fields["vacancyId"],
                    door="http" if number % 3 == 0 and step == 0 else "kafka",
                    time=at + timedelta(seconds=step),
                    data=fields,
                )

    def _lies(self, rejections: Sequence[Ask]) -> Iterator[Ask]:
        for ask in liar.about_people(rejections):
            yield self._through_a_door(ask)
        yield from liar.about_vacancies(self._openings, self._began)

    def _poison(self, count: int) -> Iterator[Ask]:
        for number in range(max(count, len(POISON))):
            kind = list(POISON)[number % len(POISON)]
            yield Ask(f"poison-{number}", kind, f"poison-{number}", "kafka", self._began, {})
        for kind in MOMENTS:
            yield Ask(kind, kind, kind, "http", self._began, {})

    def _through_a_door(self, ask: Ask) -> Ask:
        return dataclasses.replace(ask, door=self._chance.choice(("kafka", "http")))
