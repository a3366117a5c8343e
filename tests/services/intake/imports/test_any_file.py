"""Whatever is in a file, each row of it is taken or refused, and nobody is joined."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.applicants.domain.agreement import name_words
from services.intake.imports.client import BatchClient
from services.intake.imports.files import open_file
from services.intake.imports.mapping import Unmappable, mapped_by
from services.intake.imports.report import Report
from services.intake.imports.run import run
from services.intake.imports.text import Illegible
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.searching import tries
from tests.services.intake.accounts import (
    assert_no_fault_of_ours,
    assert_nobody_joined,
    count,
    empty,
)
from tests.services.intake.front import Front, opened
from tests.services.intake.imports.test_imports import imported
from tests.services.intake.upstream import ATS

COLUMNS = ["name", "email", "vacancy_title", "decided_at", "note"]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
odd = st.one_of(texts, st.sampled_from(['"', "'", ";", '","', "\n", '"\n"', "=1", "n/a", "\x00"]))
cells = odd.map(lambda cell: cell.replace("\r", ""))
"""A carriage return alone ends a line: the rows that one tears apart are refused by line."""
people = st.tuples(
    cells,
    st.sampled_from(["a@x.example", "b@x.example", ";", ""]),
    st.just("Cook"),
    st.just("2026-02-25"),
    cells,
)


@tries(50)
@given(rows=st.lists(people, max_size=6), delimiter=st.sampled_from(",;\t"))
def test_what_a_spreadsheet_writes_comes_in_row_by_row(
    tmp_path: Path, rows: list[tuple[str, ...]], delimiter: str
) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([COLUMNS, *rows])
    path = tmp_path / "a.csv"
    path.write_bytes(file.getvalue().encode())
    report, sent = imported(path, {})
    assert report.rows == len(rows)
    assert_nobody_is_another(sent)


@tries(50)
@given(lines=st.lists(st.one_of(people.map(",".join), texts, odd), max_size=8))
def test_no_line_goes_missing_whatever_its_quotes(tmp_path: Path, lines: list[str]) -> None:
    """Each good line between is a row of its own, though quotes around it are not closed."""
    good = [f"N,good{number}@x.example,Cook,2026-02-25,ok" for number in range(len(lines))]
    mixed = [line for pair in zip(lines, good, strict=True) for line in pair]
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join([",".join(COLUMNS), *mixed]).encode())
    _, sent = imported(path, {})
    found = {email for item in sent for email in item["applicant"].get("emails", ())}
    assert found >= {f"good{number}@x.example" for number in range(len(lines))}


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), texts, st.integers()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
objects = st.fixed_dictionaries(
    {"email": st.one_of(st.just("a@x.example"), json_values), "vacancy_title": texts},
    optional={"decided_at": st.one_of(st.just("2026-02-25"), json_values), "name": json_values},
)


@tries(50)
@given(rows=st.lists(objects, min_size=1, max_size=5), as_array=st.booleans())
def test_each_object_of_json_is_a_row(
    tmp_path: Path, rows: list[dict[str, Any]], as_array: bool
) -> None:
    path = tmp_path / ("a.json" if as_array else "a.jsonl")
    path.write_text(json.dumps(rows) if as_array else "\n".join(map(json.dumps, rows)))
    try:
        report, sent = imported(path, {})
    except Unmappable:
        return
    assert report.rows == len(rows)
    assert_nobody_is_another(sent)


@tries(50)
@given(content=st.binary(max_size=80), kind=st.sampled_from([".csv", ".jsonl", ".json"]))
@pytest.mark.parametrize("start", [b"", b"email,vacancy_title,decided_at\n", b'[{"email": "a"},'])
def test_any_bytes_are_read_or_refused_in_one_line(
    tmp_path: Path, content: bytes, kind: str, start: bytes
) -> None:
    path = tmp_path / f"a{kind}"
    path.write_bytes(start + content)
    with suppress(Illegible, Unmappable):
        imported(path, {})


def assert_nobody_is_another(sent: list[dict[str, Any]]) -> None:
    """Two rows have one applicant only where address, application and name are the same."""
    whose: dict[str, tuple[object, ...]] = {}
    for item in sent:
        person = item["applicant"]
        name = name_words(" ".join(person["name"].values()))
        said = (person.get("emails", [""])[0].lower(), item["applicationId"], name)
        assert whose.setdefault(person["applicantId"], said) == said


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock) as door:
        yield door


@tries(30)
@given(table=st.lists(people, max_size=6), delimiter=st.sampled_from(",;\t"))
async def test_each_row_of_a_file_is_in_the_record_or_refused_and_known_when_it_comes_again(
    front: Front, tmp_path: Path, table: list[tuple[str, ...]], delimiter: str
) -> None:
    await empty(front.service.database)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([COLUMNS, *table])
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode())
    first, again = await recorded(front, path), await recorded(front, path)
    database = front.service.database
    assert first.rows == again.rows == len(table)
    assert first.refused + sum(first.taken.values()) == len(table)
    assert first.taken["recorded"] == await count(database, "applications")
    assert (again.refused, again.taken["known"]) == (first.refused, len(table) - first.refused)
    await assert_nobody_joined(database)


async def test_another_name_in_a_later_file_is_another_person_and_a_mended_one_is_told_once(
    front: Front, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    owed = []
    for names in (
        ("Maria Novak", "Tom Berg"),
        ("Mark Novak", "Tina Braun"),
        ("Maria Nowak", "Tom Berg"),
    ):
        lines = [
            f"{name},{mail}@x.example,Cook,2026-02-25,"
            for name, mail in zip(names, "ab", strict=True)
        ]
        path.write_text("\n".join([",".join(COLUMNS), *lines]))
        await recorded(front, path)
        owed.append(await count(front.service.database, "last_words where not is_superseded"))
    assert owed == [2, 4, 4]
    assert await count(front.service.database, "candidates") == 4


async def recorded(front: Front, path: Path) -> Report:
    """Imports a file through the door itself."""
    source = open_file(path)
    mapped = mapped_by(source, {}, ATS, "DE")
    client = BatchClient("http://intake", "a key")
    client._client = httpx.Client(transport=InLoop(front), headers=front.client.headers)
    with Report(path.with_suffix(".refused.csv")) as report:
        await asyncio.to_thread(run, source, mapped, client.send, report, lambda _: None)
    return report


class InLoop(httpx.BaseTransport):
    """Carries what a thread sends to the door that is served by this event loop."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._loop = asyncio.get_running_loop()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        sent = self._front.client.post(
            str(request.url), content=request.read(), headers=request.headers
        )
        answer = asyncio.run_coroutine_threadsafe(sent, self._loop).result()
        assert_no_fault_of_ours(answer.text)
        return httpx.Response(answer.status_code, content=answer.content)
