from pathlib import Path

import asyncpg
import pytest

from shared.runtime.sql import Queries
from tests.databases import SERVICES, Databases

ROOT = Path(__file__).parents[3]


def _files(*folders: str) -> list[Path]:
    """Returns the files of named statements in these folders."""
    found = sorted(path for folder in folders for path in (ROOT / folder).glob("**/*.sql"))
    return [path for path in found if "-- name:" in path.read_text()]


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


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


@pytest.mark.parametrize("path", _files("shared", "services"), ids=_shown)
async def test_each_service_can_prepare_its_statements(path: Path, databases: Databases) -> None:
    service = next((name for name in SERVICES if name in path.parts), SERVICES[0])
    database = await databases(service)
    async with database.connection() as conn:
        await _prepare_all(path, conn)


@pytest.mark.parametrize("path", _files("deploy", "tests"), ids=_shown)
async def test_an_administrator_can_prepare_every_statement_of_the_demo_and_the_tests(
    path: Path, databases: Databases
) -> None:
    schemas = path.stem if path.stem in SERVICES else ", ".join(SERVICES)
    conn = await asyncpg.connect(databases.admin_url, server_settings={"search_path": schemas})
    try:
        await _prepare_all(path, conn)
    finally:
        await conn.close()


async def _prepare_all(path: Path, conn: asyncpg.Connection) -> None:
    for name, statement in Queries(path).statements.items():
        try:
            await conn.prepare(statement)
        except asyncpg.PostgresError as error:
            pytest.fail(f"{name}: {error}")
