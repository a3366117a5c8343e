"""The matcher's rounds: what is heard and read, a newcomer's searches, and a vacancy's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import CandidateQualified
from shared.contract.events.openings import OpeningChanged, OpeningState
from shared.contract.events.payload import Payload
from shared.contract.events.profile import Profile, Work
from shared.contract.events.profiles import ProfileChanged
from shared.contract.topics import CANDIDATES, CONTACTS, OPENINGS, PROFILES
from shared.runtime.sql import Queries
from tests.bench.events import EXAMPLES
from tests.bench.rounds.place import Place
from tests.bench.rounds.round import Round

SETTINGS = {"settle_seconds": "0"}
TEMPLATES, OPEN, SOME = 200, 3, 50

_OCCUPATIONS = (
    ("Staff Nurse", "Cared for patients on the ward, gave medication, dressed wounds."),
    ("Line Cook", "Prepared sauces and desserts, kept the kitchen clean, ordered food."),
    ("Welder", "Welded steel frames and pipes, read drawings, ground the seams."),
    ("Primary School Teacher", "Taught reading and arithmetic, spoke with parents."),
    ("Accountant", "Kept the ledgers, filed the tax returns, closed the months."),
)
_queries = Queries(Path(__file__).with_name("matcher.sql"))
_STATE = CandidateChanged.model_validate_json(
    (EXAMPLES / "dev.notyet.candidate.changed.v1.json").read_text()
)


class _Steps:
    """What is laid out and done; at each turn it is about other people."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._turns = count()

    async def fill(self) -> None:
        """Fills the pool: everybody is as one of two hundred who were heard of and read."""
        place = self._place
        await _hear(place, [f"template-{number}" for number in range(TEMPLATES)], version=1)
        while await place.run("indexing"):
            continue
        await _queries.fill_people(place.owner, people=place.people)
        for fill in (
            _queries.fill_candidates,
            _queries.fill_spans,
            _queries.fill_profiles,
            _queries.fill_bags,
        ):
            await fill(place.owner, templates=TEMPLATES)
        await _queries.fill_ledger(place.owner, people=place.people)
        await place.run("index")
        for number in range(OPEN):
            await self._open(f"open-{number}")
        await self.search()

    async def hear(self) -> None:
        turn = next(self._turns)
        numbers = (1 + (turn * SOME + each) % self._place.people for each in range(SOME))
        await _hear(self._place, [f"person-{number}" for number in numbers], version=10 + turn)

    async def index(self) -> None:
        await self.hear()
        await self._place.run("indexing")

    async def newcomer(self) -> None:
        await self._place.run("index")
        person = f"person-{1 + next(self._turns) % self._place.people}"
        await self._place.hear(CONTACTS, [_told(_qualified(person))])

    async def vacancy(self) -> None:
        await self._place.run("index")
        await self._open(f"another-{next(self._turns)}")

    async def search(self) -> None:
        while await self._place.run("searches"):
            continue

    async def _open(self, vacancy_id: str) -> None:
        await self._place.hear(OPENINGS, [_told(_opened(vacancy_id, next(self._turns)))])


async def fill(place: Place) -> None:
    """Fills the pool, indexes it, and searches it for what is open."""
    await _Steps(place).fill()


@asynccontextmanager
async def rounds(place: Place) -> AsyncIterator[list[Round]]:
    steps = _Steps(place)
    yield [
        Round(f"hear of {SOME} people", steps.hear),
        place.round("indexing", f"index {SOME} profiles", steps.hear),
        place.round("index", f"take {SOME} into the index", steps.index),
        place.round("index", "take nothing into the index"),
        place.round("searches", "look for a search"),
        place.round("measures", "count what waits"),
        place.round("retention", f"forget {SOME} old searches", place.lays(_queries.lay_old, SOME)),
        Round(f"search for a newcomer, {OPEN} vacancies open", steps.search, steps.newcomer),
        Round("search for a vacancy", steps.search, steps.vacancy, grows=True),
    ]


async def _hear(place: Place, names: list[str], version: int) -> None:
    """Brings the states and profiles of these people up to a version."""
    for topic, made in ((CANDIDATES, _state), (PROFILES, _profile)):
        await place.hear(topic, [_told(made(name, version)) for name in names])


def _told(data: Payload) -> Event:
    return Event.about(data, source="intake", at=datetime.now(UTC))


def _state(name: str, version: int) -> CandidateChanged:
    now = datetime.now(UTC)
    agreed = [
        consent.model_copy(
            update={"since": now - timedelta(days=9), "until": now + timedelta(days=700)}
        )
        for consent in _STATE.consents
    ]
    return _STATE.model_copy(
        update={
            "candidate_id": name,
            "version": version,
            "consents": agreed,
            "merged_from": [],
        }
    )


def _profile(name: str, version: int) -> ProfileChanged:
    number = sum(name.encode())
    position, summary = _OCCUPATIONS[number % len(_OCCUPATIONS)]
    also = f"Also knows tool-{number % 97}, method-{number % 89} and subject-{number % 83}."
    work = [Work(position=position, start_date="2021-03", summary=f"{summary} {also}")]
    (source,) = _STATE.sources
    return ProfileChanged(
        candidate_id=name, version=version, profile=Profile(work=work), source=source
    )


def _opened(vacancy_id: str, turn: int) -> OpeningChanged:
    return OpeningChanged(
        vacancy_id=vacancy_id,
        version=1 + turn,
        state=OpeningState.OPENED,
        source="ats",
        searches_pool=True,
        title="Ward Nurse",
        description="You care for patients on our ward, give medication and dress wounds. "
        f"Asked for the {turn}th time.",
    )


def _qualified(candidate_id: str) -> CandidateQualified:
    return CandidateQualified(
        candidate_id=candidate_id,
        application_id="app-55012",
        vacancy_id="req-2041",
        qualified_on=datetime.now(UTC),
    )
