"""How what came in is counted, and what must hold of it whatever it was."""

import json
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from shared.runtime.postgres import Database
from tests.services.intake.anything import SURNAMES
from tests.services.intake.upstream import rows

MOST_SECONDS = 2.0
"""Of work for one request or batch, whatever else the machine does."""


async def assert_nobody_joined(database: Database) -> None:
    """Whoever is one person by the record is so by their first address, and by their name."""
    people = defaultdict(list)
    for row in await rows(
        database, "select candidate_id, first_email, personal_data from applicants"
    ):
        people[row["candidate_id"]].append(row)
    for applicants in people.values():
        assert len(applicants) == 1 or len({row["first_email"] for row in applicants}) == 1
        assert len({who for row in applicants for who in named_in(row["personal_data"])}) <= 1


def named_in(personal_data: str) -> Iterator[str]:
    claim = json.loads(personal_data).get("name")
    name = " ".join(it for it in claim["value"].values() if it) if claim else ""
    plain = unicodedata.normalize("NFKD", name).casefold()
    yield from (surname for surname in SURNAMES if surname in plain)


async def count(database: Database, table: str) -> int:
    [row] = await rows(database, f"select count(*) as rows from {table}")
    return int(row["rows"])


async def empty(database: Database) -> None:
    """Forgets everything but the key, and what nobody may delete."""
    async with database.transaction() as conn:
        tables = await conn.fetch(
            "select table_name from information_schema.tables where table_type = 'BASE TABLE'"
            " and table_schema = current_schema() and table_name not in ('api_keys', 'migrations')"
            " and has_table_privilege(format('%I.%I', table_schema, table_name), 'delete')"
        )
        # In one statement, at whose end nothing may refer to what is gone.
        gone = (f'gone_{nth} as (delete from "{table}")' for nth, (table,) in enumerate(tables))
        await conn.execute(f"with {', '.join(gone)} select 1")


@contextmanager
def soon() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < MOST_SECONDS


def assert_no_fault_of_ours(text: str) -> None:
    """Nothing was refused only because the record or the code did not know what to do with it."""
    assert "Traceback" not in text
    assert "it failed here" not in text
    assert "the record cannot keep a value in it" not in text


async def assert_each_has_a_reason(database: Database) -> None:
    for row in await rows(database, "select reason, detail from quarantine"):
        assert row["reason"] not in ("failed", "refused"), row
        assert row["detail"]
