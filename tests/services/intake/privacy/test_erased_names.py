"""Whoever erased themself does not come back as another source spells them."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.applicants.domain.agreement import contradict
from services.intake.applicants.domain.erased_names import ErasedName, kept_of
from services.intake.applicants.domain.identity import IdentityHash
from shared.contract.events.people import PersonName
from tests.databases import Databases
from tests.services.intake.upstream import (
    DECIDED,
    ERASURE,
    IDENTITY_KEY,
    NOW,
    record,
    rejected,
    rows,
    standing,
    updated,
)

NAMES = [
    None, "Zoë Quist", "Zoë Maria Quist", "zoe quist", "Quist, Zoë", "Dr. Zoë Quist", "Z. Quist",
    "Zoë Q.", "Zoë", "Quist", "Ada Quist", "A. Quist", "Zoë Moreno", "Zoë Ada Quist", "李明", "李",
]  # fmt: skip
ROTATED = IdentityHash("another key for tests of at least 32 bytes", [IDENTITY_KEY])


def called(name: str | None) -> PersonName | None:
    return PersonName(full_name=name) if name else None


@pytest.mark.parametrize("erased", NAMES)
@pytest.mark.parametrize("said", NAMES)
def test_what_is_left_of_a_name_tells_whether_another_contradicts_it(
    erased: str | None, said: str | None
) -> None:
    before = IdentityHash(IDENTITY_KEY)
    [kept] = kept_of(before, "z@mail.example", called(erased))
    gone = ErasedName(*kept, erased_at=NOW)
    for identity in (before, ROTATED):
        is_theirs = gone.may_be(identity, "z@mail.example", called(said))
        assert is_theirs is not contradict(called(erased), called(said))
        assert not gone.may_be(identity, "other@mail.example", called(said))


@pytest.mark.parametrize(
    ("name", "comes_back"),
    [
        ({"givenName": "Mira Luise", "familyName": "Okafor"}, False),
        ({"givenName": "M.", "familyName": "Okafor"}, False),
        ({}, False),
        ({"givenName": "Ada", "familyName": "Okafor"}, True),
    ],
)
async def test_a_copy_of_what_was_decided_before_is_the_erased_persons_unless_its_name_is_anothers(
    databases: Databases, name: dict[str, Any], comes_back: bool
) -> None:
    database = await databases("intake")
    await record(database, rejected())
    [person] = await rows(database, "select candidate_id from candidates")
    async with database.transaction() as conn:
        await ERASURE.erase(conn, [person["candidate_id"]], DECIDED + timedelta(days=2))
    copy = rejected("q-1", source="other", person={"name": name})
    assert await record(database, copy) == ([] if comes_back else [copy])
    assert len(await standing(database)) == comes_back
    anew = rejected("q-2", time=DECIDED + timedelta(days=3), source="other", person={"name": name})
    assert await record(database, anew) == []


MARRIED = {"name": {"givenName": "Mira", "familyName": "Meyer"}}
MOVED = {"emails": ["mira@new.example"]}
LONGER = {"name": {"givenName": "Mira Luise", "familyName": "Okafor"}}


@pytest.mark.parametrize(
    ("change", "copied", "comes_back"),
    [
        (MOVED, {}, False),
        (MOVED, LONGER, False),
        (MOVED, {"name": {}}, False),
        (MOVED, MOVED | LONGER, False),
        (MOVED, {"name": {"givenName": "Ada", "familyName": "Okafor"}}, True),
        (MARRIED, {}, False),
        (MARRIED, LONGER, False),
        (MARRIED, {"name": {"givenName": "M.", "familyName": "Meyer"}}, False),
        (MARRIED | MOVED, MARRIED, False),
        (MARRIED | MOVED, MOVED | LONGER, False),
        (MARRIED | MOVED, {"name": {"givenName": "Ada", "familyName": "Meyer"}}, True),
        (MARRIED | MOVED, {"emails": ["another@mail.example"]}, True),
    ],
)
async def test_whoever_changed_before_they_erased_themself_does_not_come_back_as_they_were(
    databases: Databases, change: dict[str, Any], copied: dict[str, Any], comes_back: bool
) -> None:
    database = await databases("intake")
    await record(database, rejected())
    await record(database, updated(time=DECIDED + timedelta(hours=1), **change))
    [person] = await rows(database, "select candidate_id from candidates")
    async with database.transaction() as conn:
        await ERASURE.erase(conn, [person["candidate_id"]], DECIDED + timedelta(days=2))
    copy = rejected("q-1", source="other", person=copied)
    assert await record(database, copy) == ([] if comes_back else [copy])
    assert len(await standing(database)) == comes_back
