"""Rows as large as they may be, of honest people, and a large broken one that names somebody."""

import dataclasses
from collections.abc import Callable, Iterator

from tests.faults.ask import Ask
from tests.faults.poison import BROKEN, NAMED

FIRST = 930_000
SUMMARIES = 10
LONGEST_ID, LONGEST_EVENT_ID = 200, 300

Made = Callable[[int, int], Ask]
Placed = tuple[float, Ask]


def at_the_limits(rejection: Made) -> Iterator[Placed]:
    """Yields rejections with as much in them as may be, in different places."""
    for person, at in ((FIRST + 10, 0.2), (FIRST + 11, 0.5), (FIRST + 13, 0.6)):
        said = rejection(person, 0)
        work = [{"position": "Engineer", "summary": "Kafka " * 9_900} for _ in range(SUMMARIES)]
        yield at, dataclasses.replace(said, data=said.data | {"profile": {"work": work}})
    yield 0.4, _with_long_ids(rejection(FIRST + 14, 0))
    yield 0.7, dataclasses.replace(rejection(FIRST + 15, 0), key="k" * 200_000)


def beside_an_erasure(rejection: Made, erased: Callable[[int], Ask]) -> Iterator[Placed]:
    """Yields somebody's rejection, a broken record about them, and their erasure, far apart."""
    said = rejection(NAMED, 0)
    yield 0.05, said
    yield 0.4, Ask(BROKEN, BROKEN, BROKEN, "kafka", said.time, {})
    yield 0.8, erased(NAMED)
    yield 0.9, dataclasses.replace(erased(NAMED), door="http")


def _with_long_ids(said: Ask) -> Ask:
    applicant_id, application = said.key.ljust(LONGEST_ID, "x"), said.application or ""
    application = f"{application}-".ljust(LONGEST_ID, "x")
    applicant = said.data["applicant"] | {"applicantId": applicant_id}
    data = said.data | {"applicant": applicant, "applicationId": application}
    event_id = f"{said.event_id}-".ljust(LONGEST_EVENT_ID, "x")
    return dataclasses.replace(
        said, event_id=event_id, key=applicant_id, application=application, data=data
    )
