"""Every table ends somewhere: its rows have a declared retention, or a reason why they have none.

`services/<name>/retention.toml`, and `shared/runtime/retention.toml` for the tables that every
service has, hold one entry for each table. `keep` says in words how long; exactly one of these says
what sees to it:

- `deleted_by`: the function or class that deletes, as `module:name` or `module:Class.method`;
- `deleted_with`: the table whose rows take these with them, by a foreign key that cascades;
- `kept_because`: why nothing is ever deleted.
"""

import tomllib
from collections.abc import Mapping
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest

from shared.contract.topics import ServiceName
from tests.databases import SERVICES, Databases

ROOT = Path(__file__).parents[2]
MEANS = {"deleted_by", "deleted_with", "kept_because"}

Declared = Mapping[str, Mapping[str, str]]


def declared(service: ServiceName) -> Declared:
    files = (ROOT / "shared/runtime/retention.toml", ROOT / "services" / service / "retention.toml")
    entries: dict[str, dict[str, str]] = {}
    for file in files:
        entries |= tomllib.loads(file.read_text())
    return entries


@pytest.mark.parametrize("service", SERVICES)
async def test_every_table_says_how_long_it_keeps_its_rows(
    databases: Databases, service: ServiceName
) -> None:
    database = await databases(service)
    async with database.connection() as conn:
        tables = await conn.fetch(
            "select relname from pg_class where relnamespace = current_schema()::regnamespace"
            " and relkind in ('r', 'p') and not relispartition"
        )
        cascades = await conn.fetch(
            "select conrelid::regclass::text as table, confrelid::regclass::text as parent"
            " from pg_constraint where contype = 'f' and confdeltype = 'c'"
            " and connamespace = current_schema()::regnamespace"
        )
    entries = declared(service)
    assert {row["relname"] for row in tables} == set(entries)
    parents = {(row["table"], row["parent"]) for row in cascades}
    for table, entry in entries.items():
        if parent := entry.get("deleted_with"):
            assert (table, parent) in parents, f"{table} does not go with {parent}"


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_declared_says_how_long_and_by_what_means(service: ServiceName) -> None:
    for table, entry in declared(service).items():
        assert entry.get("keep"), table
        assert len(MEANS & entry.keys()) == 1, f"{table} needs one of {sorted(MEANS)}"
        assert entry.keys() <= {"keep"} | MEANS, table
        if deletes := entry.get("deleted_by"):
            module, _, name = deletes.partition(":")
            assert callable(reduce(getattr, name.split("."), import_module(module))), table
