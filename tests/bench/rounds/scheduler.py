"""The scheduler's rounds: what is due, what is past its expiry, what is heard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.topics import CANDIDATES
from shared.runtime.sql import Queries
from tests.bench.events import EXAMPLES, LETTER_BODY
from tests.bench.rounds.place import Place
from tests.bench.rounds.round import Round

SETTINGS = {"emit_per_second": "1000000000"}
DUE, SOME = 500, 50

_queries = Queries(Path(__file__).with_name("scheduler.sql"))
_STATE = (EXAMPLES / "dev.notyet.candidate.changed.v1.json").read_text()


async def fill(place: Place) -> None:
    """Fills the plan: for each person one letter that was sent, and one check-in that will be."""
    owner, people = place.owner, place.people
    await _queries.fill_candidates(owner, people=people, state=_STATE)
    await _queries.fill_occasions(owner, people=people, now=place.now, event=LETTER_BODY)


@asynccontextmanager
async def rounds(place: Place) -> AsyncIterator[list[Round]]:
    owner, now, turns = place.owner, place.now, count()

    async def due() -> None:
        await _queries.lay_due(owner, turn=next(turns), count=DUE, now=now, event=LETTER_BODY)

    async def stale() -> None:
        await _queries.lay_stale(
            owner, first=place.first_of(next(turns), SOME), count=SOME, now=now
        )

    async def erased() -> None:
        await _queries.lay_erased(owner, turn=next(turns), count=SOME, now=now, event=LETTER_BODY)

    async def changed() -> None:
        await place.hear(CANDIDATES, _changed(next(turns), place))

    yield [
        place.round("emission", f"emit {DUE} due", due),
        place.round("revival", f"plan anew for {SOME} past their expiry", stale),
        place.round("purge", f"purge {SOME} erased", erased),
        place.round("measures", "measure"),
        Round(f"hear of {SOME} people", changed),
    ]


def _changed(turn: int, place: Place) -> list[Event]:
    """Returns newer states of people, others at each turn."""
    state = CandidateChanged.model_validate_json(_STATE)
    first = place.first_of(turn, SOME)
    return [
        Event.about(
            state.model_copy(
                update={"candidate_id": f"person-{number}", "version": 10 + turn, "merged_from": []}
            ),
            source="intake",
            at=place.now + timedelta(seconds=turn),
        )
        for number in range(first, first + SOME)
    ]
