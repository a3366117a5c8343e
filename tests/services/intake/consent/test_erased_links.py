"""A link acts for whom it was sent to, and for nobody once they are erased, in every order."""

from itertools import product
from typing import NamedTuple

from services.intake.applicants import deciding
from services.intake.applicants.store import joining
from services.intake.consent import addressee
from services.intake.consent.domain import LinkedMessage
from shared.contract.events.cloudevents import Event
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    ATS,
    ERASURE,
    NOW,
    erased,
    merged,
    record,
    rejected,
    rows,
)

HISTORIES = [
    "ada eva undo gone",
    "eva ada undo gone",
    "ada eva gone",
    "eva ada gone",
    "ada eva undo accept gone",
    "ada eva undo accept undo gone",
    "eva ada undo accept undo gone",
    "ada eva undo erase",
    "eva ada undo erase",
    "ada eva undo accept undo erase",
    "ada eva gone undo",
]
MERGES = ["ada eva merge gone", "eva ada merge", "ada eva undo merge", "eva ada undo merge gone"]


class Letter(NamedTuple):
    """A message, and of whom that person consisted when it left."""

    candidate_id: str
    application_id: str
    to: frozenset[str]


class People:
    """Ada and Eva, who have one name and one address, and the letters that left to them."""

    def __init__(self, database: Database, number: int, *, source: str, same_ids: bool) -> None:
        self._database = database
        self._sources = {"ada": ATS, "eva": source}
        self._ids = {who: f"{number}-{'both' if same_ids else who}" for who in self._sources}
        self._number = number
        self._names: dict[str, str] = {}
        self.letters: set[Letter] = set()
        self.are_merged = False

    async def go_through(self, history: str) -> None:
        for step in history.split():
            await self._take(step)
            await self._write()

    async def acting(self, letter: Letter) -> str | None:
        """Returns for whom a link acts."""
        message = LinkedMessage(
            letter.candidate_id,
            "m-1",
            "letter.en.1",
            application_id=letter.application_id or None,
            sent_to="mark",
            is_mark=lambda _, address: address == self._address,
        )
        async with self._database.connection() as conn:
            to = await addressee.find(conn, message)
        return self._names[to.applicant_key] if to else None

    async def present(self) -> dict[str, str]:
        """Returns who is in the record, and as whom."""
        found = await rows(
            self._database,
            "select applicant_key, candidate_id from applicants where first_email = $1",
            self._address,
        )
        return {self._names[it["applicant_key"]]: it["candidate_id"] for it in found}

    @property
    def _address(self) -> str:
        return f"x{self._number}@mail.example"

    async def _take(self, step: str) -> None:
        match step:
            case "ada" | "eva":
                await record(self._database, self._rejected(step))
                await self._name(step)
            case "gone":
                await record(self._database, erased(f"{self._number}-ada", time=NOW))
            case "merge":
                one, other = f"{self._number}-eva", f"{self._number}-ada"
                await record(self._database, merged(one, into=other))
                self.are_merged = True
            case "erase":
                async with self._database.transaction() as conn:
                    await ERASURE.erase(conn, [(await self.present())["ada"]], NOW)
            case "undo" | "accept":
                await self._decide(step)

    def _rejected(self, who: str) -> Event:
        person = {"name": {"fullName": "Mira Okafor"}, "emails": [self._address]}
        return rejected(
            f"{self._number}-{who}", self._ids[who], source=self._sources[who], person=person
        )

    async def _name(self, who: str) -> None:
        keys = await rows(
            self._database,
            "select applicant_key from applicants where first_email = $1",
            self._address,
        )
        self._names |= {
            it["applicant_key"]: who for it in keys if it["applicant_key"] not in self._names
        }

    async def _decide(self, step: str) -> None:
        one, other = sorted(self._names)
        async with self._database.transaction() as conn:
            pairs = [*await joining.joined(conn, 99), *await joining.suggestions(conn, 99)]
            pairs += await joining.decided(conn, pairs[0].join_id) if pairs else []
            found = await rows(
                self._database, "select join_id from joins where applicant_key = $1", one
            )
            ids = [it.join_id for it in pairs if {it.applicant_key, it.other_key} == {one, other}]
            decide = deciding.undo if step == "undo" else deciding.accept
            for join_id in [*ids, *(it["join_id"] for it in found)][:1]:
                await decide(conn, join_id, NOW)

    async def _write(self) -> None:
        """Lets a letter leave about each application, and one that goes by what they agreed to."""
        found = await rows(
            self._database,
            "select candidate_id, application_id, applicant_key from applications"
            " inner join applicants using (applicant_key, candidate_id) where first_email = $1",
            self._address,
        )
        for it in found:
            who = frozenset({self._names[it["applicant_key"]]})
            self.letters.add(Letter(it["candidate_id"], it["application_id"], who))
        for candidate_id in {it["candidate_id"] for it in found}:
            of = {
                self._names[it["applicant_key"]]
                for it in found
                if it["candidate_id"] == candidate_id
            }
            self.letters.add(Letter(candidate_id, "", frozenset(of)))


async def test_no_link_of_somebody_erased_acts_for_another(databases: Databases) -> None:
    database = await databases("intake")
    cases = [*product(HISTORIES, ["other"], [True]), *product(MERGES, [ATS], [True, False])]
    for number, (history, source, same_ids) in enumerate(cases):
        people = People(database, number, source=source, same_ids=same_ids)
        await people.go_through(history)
        present = await people.present()
        for letter in people.letters:
            said = f"{history} of {source}, {same_ids}: {letter}"
            acting = await people.acting(letter)
            if people.are_merged:
                assert acting == next(iter(present), None), said
            elif letter.application_id:
                assert acting in {*letter.to, None}, said
                assert (acting is None) == present.keys().isdisjoint(letter.to), said
            elif acting not in letter.to and acting is not None:
                # Who was one with whoever is gone until the end is who is left of that person.
                assert present[acting] == letter.candidate_id, said
