from pathlib import Path

import pytest

from shared.runtime.sql import Queries
from tests.databases import SERVICES, Databases

ROOT = Path(__file__).parents[3]
FILES = sorted([*ROOT.glob("shared/**/*.sql"), *ROOT.glob("services/**/*.sql")])
STATEMENTS = [path for path in FILES if "-- name:" in path.read_text()]


def test_casts_literals_and_comments_are_not_parameters(tmp_path: Path) -> None:
    file = tmp_path / "q.sql"
    file.write_text("-- name: q(a)\n-- :b is none\nselect ':c', :a::text, :a;\n")
    assert Queries(file).statements["q"].endswith("select ':c', $1::text, $1")


def test_a_declared_parameter_that_is_not_used_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "q.sql"
    file.write_text("-- name: q(a, b)\nselect :a;\n")
    with pytest.raises(ValueError, match="declares"):
        Queries(file)


def test_a_statement_can_stand_in_another(tmp_path: Path) -> None:
    file = tmp_path / "q.sql"
    file.write_text(
        "-- name: inner(a)\nselect :a::text;\n\n-- name: outer(a, b)\nselect * from (\n"
        "    -- include: inner\n) as x where :b;\n"
    )
    assert Queries(file).statements["outer"].split() == (
        ["select", "*", "from", "(", "select", "$1::text", ")", "as", "x", "where", "$2"]
    )


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: str(path.relative_to(ROOT)))
async def test_postgresql_can_prepare_every_statement(path: Path, databases: Databases) -> None:
    service = next((name for name in SERVICES if name in path.parts), SERVICES[0])
    database = await databases(service)
    async with database.connection() as conn:
        for name, statement in Queries(path).statements.items():
            assert await conn.prepare(statement), name
