"""Every table ends somewhere: how long its rows are kept is declared, and so is what sees to it."""

import re
import tomllib
from pathlib import Path

import asyncpg
import pytest

from shared.contract.topics import ServiceName
from tests.databases import SERVICES, Databases

ROOT = Path(__file__).parents[3]
RUNTIME = ROOT / "shared/runtime/retention.toml"

PLACE = re.compile(r"((?:services|shared)/[\w/]+\.\w+), (\w+(?: and \w+)*)")
"""A file, and the names in it that do the work."""
CASCADE = re.compile(r"foreign key to (\w+), on delete cascade")

TABLES = """
select relname from pg_class
where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
"""
CASCADES = """
select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint
where contype = 'f' and confdeltype = 'c' and connamespace = current_schema()::regnamespace
"""

Declared = dict[str, dict[str, str]]


def file_of(service: ServiceName) -> Path:
    return ROOT / "services" / service / "retention.toml"


def declared(*files: Path) -> Declared:
    return {table: e for file in files for table, e in tomllib.loads(file.read_text()).items()}


WITH_A_FILE = [service for service in SERVICES if file_of(service).exists()]


async def rows(databases: Databases, service: ServiceName, query: str) -> list[asyncpg.Record]:
    database = await databases(service)
    async with database.connection() as conn:
        return list(await conn.fetch(query))


@pytest.mark.parametrize("service", WITH_A_FILE)
async def test_every_table_and_no_other_says_how_long_its_rows_are_kept(
    databases: Databases, service: ServiceName
) -> None:
    tables = {row["relname"] for row in await rows(databases, service, TABLES)}
    assert tables == declared(RUNTIME, file_of(service)).keys()


@pytest.mark.parametrize("service", WITH_A_FILE)
async def test_what_goes_with_another_table_does_so_by_a_foreign_key(
    databases: Databases, service: ServiceName
) -> None:
    found = await rows(databases, service, CASCADES)
    cascades = {(row["child"], row["parent"]) for row in found}
    for table, entry in declared(file_of(service)).items():
        for parent in CASCADE.findall(entry["by"]):
            assert (table, parent) in cascades


@pytest.mark.parametrize("file", [RUNTIME, *map(file_of, WITH_A_FILE)], ids=lambda f: f.parent.name)
def test_what_deletes_is_where_it_is_said_to_be(file: Path) -> None:
    for table, entry in declared(file).items():
        assert entry.keys() == {"keep", "by"}, table
        places = PLACE.findall(entry["by"])
        for path, names in places:
            text = (ROOT / path).read_text()
            assert all(name in text for name in names.split(" and ")), f"{table}: {path}"
        ends = places or CASCADE.search(entry["by"])
        assert ends or entry["keep"].startswith("for ever: "), table
