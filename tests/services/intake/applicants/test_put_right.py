"""What somebody put right wins wherever their applicant is read: it is joined in one place."""

import json
from pathlib import Path

from services import intake
from services.intake.applicants.store import joining
from tests.services.intake.house import House

FOLDER = Path(intake.__file__).parent


def test_no_statement_joins_the_two_for_itself() -> None:
    statements = {it for it in FOLDER.rglob("*.sql") if it.parent.name != "migrations"}
    assert statements
    assert not [it.name for it in statements if "|| corrected" in it.read_text()]


async def test_who_may_be_one_person_is_suggested_by_the_address_put_right(house: House) -> None:
    await house.add_candidate()
    await house.add_candidate("augusta", name="Augusta King", email="king@example.org")
    async with house.database.connection() as conn:
        assert await joining.suggestions(conn, 10) == []
    right = {"emails": {"value": ["ada@example.org"], "stamp": ["2026-03-02T09:00:00Z", "self"]}}
    await house.execute(
        "update applicants set corrected = $1 where applicant_key = 'augusta'", json.dumps(right)
    )
    async with house.database.connection() as conn:
        (pair,) = await joining.suggestions(conn, 10)
    assert {pair.applicant_key, pair.other_key} == {"ada", "augusta"}
