"""Intake's rounds that concern recruiters: whose turn it is, what waits for them, what goes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from services.intake.shortlists.jobs import VACANCIES_AT_A_TIME
from shared.contract.events.cloudevents import Event
from shared.contract.events.vacancies import VacancyOpened
from shared.contract.topics import VACANCIES
from shared.runtime.sql import Queries
from tests.bench.events import EXAMPLES
from tests.bench.rounds.place import Place
from tests.bench.rounds.round import Round

SOME = 100
IN_LINE = 3
"""How many just missed out on each vacancy."""

_queries = Queries(Path(__file__).with_name("recruiting.sql"))
_OPENED = VacancyOpened.model_validate_json(
    (EXAMPLES / "dev.notyet.vacancy.opened.v1.json").read_text()
)


async def fill(place: Place) -> None:
    """Fills in: for each forty people a vacancy with its list, and what came of that."""
    opened = replace(
        Event.about(_OPENED, source="intake", at=place.now), source="https://ats.example"
    )
    await place.hear(VACANCIES, [opened])
    for query in (_queries.fill_vacancies, _queries.fill_lists, _queries.fill_interests):
        await query(place.owner, people=place.people)
    await _queries.fill_waiting(place.owner, count=SOME)


@asynccontextmanager
async def rounds(place: Place) -> AsyncIterator[list[Round]]:
    owner, turns = place.owner, count()

    async def approved() -> None:
        turn = next(turns)
        first = place.first_of(turn, VACANCIES_AT_A_TIME * IN_LINE)
        await _queries.lay_approved(
            owner, turn=turn, first=first, count=VACANCIES_AT_A_TIME, line=IN_LINE
        )

    yield [
        place.round("turns", f"ask the next for {VACANCIES_AT_A_TIME} vacancies", approved),
        place.round("turns", "look for somebody whose turn it is"),
        place.round(
            "unanswered interests",
            f"end {SOME} unanswered interests",
            place.lays(_queries.lay_unanswered, SOME),
        ),
        place.round("unheard interests", f"count {SOME} open interests"),
        place.round("recruiting desk", "look for vacancies without recruiters", grows=True),
        place.round(
            "old vacancies",
            f"forget {SOME} old vacancies",
            place.lays(_queries.lay_vacancies, SOME),
        ),
        place.round(
            "old recruiters",
            f"forget {SOME} old recruiters",
            place.lays(_queries.lay_recruiters, SOME),
        ),
        place.round(
            "old shortlists", f"forget {SOME} old shortlists", place.lays(_queries.lay_lists, SOME)
        ),
    ]
