"""Intake's commands against a process that serves, as an operator types them."""

import asyncio
import csv
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.databases import Databases
from tests.services.intake.front import a_rejection
from tests.services.intake.shell import Shell, shell_on
from tests.services.intake.upstream import DECIDED, record, rejected, rows

EVERYBODY = "select candidate_id from candidates"


@pytest.fixture
def shell(databases: Databases) -> Shell:
    return shell_on(databases)


@pytest.fixture
async def url(shell: Shell) -> AsyncIterator[str]:
    """Where a real process of intake serves, without a broker."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.intake",
        "run",
        env=os.environ | shell.environment,
        stdout=asyncio.subprocess.DEVNULL,
    )
    address = shell.environment["NOTYET_PUBLIC_URL"]
    async with httpx.AsyncClient() as client, asyncio.timeout(60):
        while True:
            try:
                await client.get(f"{address}/v1/openapi.json")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    yield address
    process.terminate()
    assert await process.wait() == 0


async def test_a_file_is_imported_once_with_a_report_of_what_was_refused(
    url: str, shell: Shell, databases: Databases, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "E-Mail,Job,Day\na@x.example,Cook,2026-02-25\nnobody,Cook,2026-02-25\n"
        "b@x.example,Cook,25 Feb\n"
    )
    mapping = ("--map", "email=E-Mail", "--map", "vacancy_title=Job", "--map", "decided_at=Day")
    code, said = await shell("import", str(people), *mapping, "--source", "hr", "--dry-run")
    assert (code, "3 rows: 1 could be recorded, 2 refused" in said) == (1, True)
    assert "Letters: up to 1, the eldest about a decision of 2026-02-25; with" in said
    _, said = await shell("import", str(people), *mapping, "--dry-run", "--already-told")
    assert "Letters" not in said
    better = (*mapping, "--map", "note=Job")
    for mapped, what in (
        (mapping, "1 new, 0 changed, 0 already known"),
        (mapping, "0 new, 0 changed, 1 already known"),
        (better, "0 new, 1 changed, 0 already known"),
    ):
        code, said = await shell("import", str(people), *mapped, "--source", "hr")
        assert (code, f"3 rows: {what}, 2 refused" in said) == (1, True)
        assert ("Letters: up to 1," in said) == ("1 already known" not in what)
    with (tmp_path / "people.csv.refused.csv").open() as file:
        report = list(csv.reader(file))
    assert [line[:2] for line in report] == [["line", "field"], ["3", "E-Mail"], ["4", "Day"]]
    database = await databases("intake")
    assert len(await rows(database, "select * from applications")) == 1
    assert await rows(database, "select * from api_keys where revoked_at is null") == []


async def test_a_key_is_shown_once_and_a_person_erased_by_an_address_they_had(
    url: str, shell: Shell, databases: Databases
) -> None:
    code, key = await shell("keys", "create", "--source", "ats")
    _, key_id, secret = key.strip().split("_")
    headers = {"authorization": f"Bearer {key.strip()}"}
    async with httpx.AsyncClient(headers=headers) as client:
        answer = await client.post(f"{url}/v1/rejections", json=a_rejection())
    assert answer.status_code == 202
    assert (await shell("keys", "create", "--source", "/notyet/intake"))[0] == 2
    assert (await shell("keys", "create", "--source", "ats", "--scope", "erasures"))[0] == 2
    _, listed = await shell("keys", "list")
    assert key_id in listed
    assert secret not in listed
    assert (await shell("keys", "revoke", key_id))[0] == 0
    code, said = await shell("keys", "revoke", key_id)
    assert (code, f"There is no key {key_id} in use" in said) == (1, True)

    assert (await shell("erase", "--email", "other@mail.example"))[0] == 1
    assert (await shell("erase", "--email", "MIRA@mail.example"))[0] == 0
    database = await databases("intake")
    assert await rows(database, "select * from candidates") == []
    assert (await shell("restate"))[0] == 0


async def test_a_human_joins_two_people_takes_that_back_and_keeps_two_apart(
    shell: Shell, databases: Databases
) -> None:
    database = await databases("intake")
    phone = {"phone": "+4930901820"}
    married = {"name": {"fullName": "Mira Schulz"}, "emails": ["schulz@mail.example"]} | phone
    await record(database, rejected(person=phone))
    await record(database, rejected("x-1", "b-1", source="other", person=married))

    async def people() -> int:
        return len(await rows(database, "select * from candidates"))

    _, said = await shell("people", "suggestions")
    join_id = said.split()[0]
    assert said.startswith(f"{join_id}  telephone: ")
    assert "Mira Okafor <mira@mail.example> of our-applicant-tracking" in said
    assert "Mira Schulz <schulz@mail.example> of other" in said
    assert (await shell("people", "joins"))[1].strip() == (
        "Nobody in the record is more than one applicant"
    )
    assert (await shell("people", "accept", join_id))[0] == 0
    assert await people() == 1
    _, said = await shell("people", "joins")
    assert said.startswith(f"{join_id}  operator: ")
    assert (await shell("people", "undo", join_id))[0] == 0
    assert await people() == 2
    assert "No two records look like one person" in (await shell("people", "suggestions"))[1]
    assert (await shell("people", "reject", join_id))[0] == 0
    code, said = await shell("people", "undo", join_id)
    assert (code, said.strip()) == (1, f"There is no {join_id} to decide about")


async def test_whoever_was_shown_joined_and_parted_is_found_by_what_was_seen_and_done(
    shell: Shell, databases: Databases
) -> None:
    database = await databases("intake")
    phone = {"phone": "+4930901820"}
    married = {"name": {"fullName": "Mira Schulz"}, "emails": ["schulz@mail.example"]} | phone
    await record(database, rejected(person=phone))
    await record(database, rejected("x-1", "b-1", source="other", person=married))
    for n in range(2):
        await record(database, rejected(f"o-{n}", f"c-{n}", person={"emails": [f"o{n}@m.example"]}))
    everybody = {row["candidate_id"] for row in await rows(database, EVERYBODY)}
    _, said = await shell("people", "suggestions")
    join_id, shown = said.split()[0], {it for it in everybody if f"person {it}" in said}
    for words in (["joins"], ["accept", join_id], ["joins"], ["undo", join_id], ["joins"]):
        assert (await shell("people", *words))[0] == 0
    assert (await shell("people", "reject", "nobody"))[0] == 1
    both = {row["candidate_id"] for row in await rows(database, EVERYBODY)} - everybody
    assert (await shell("people", "reject", join_id))[0] == 0
    done = [f"people {it}" for it in ("suggestions", "accept", "joins", "undo", "reject")]
    kept = [await shell.audited(one) for one in shown | both]
    assert len(shown) == 2
    assert done in kept
    assert {act for acts in kept for act in acts} == set(done)
    assert [await shell.audited(one) for one in everybody - shown] == [[], []]


async def test_taking_a_join_back_says_which_letters_are_owed_by_it(
    shell: Shell, databases: Databases
) -> None:
    database = await databases("intake")
    await record(database, rejected(person={"emails": ["m@mail.example"]}))
    await record(
        database, rejected("x-1", "b-1", source="o", person={"emails": ["m@mail.example"]})
    )
    join_id = (await shell("people", "joins"))[1].split()[0]
    said = (await shell("people", "undo", join_id))[1]
    assert "They are two people now." in said
    assert f"Shift lead, decided {DECIDED:%Y-%m-%d}" in said
    assert "notyet hold" in said


async def test_an_address_of_several_people_erases_nobody(
    shell: Shell, databases: Databases
) -> None:
    database = await databases("intake")
    for number, name in enumerate(("Mona Sand", "Karl Fink")):
        person = {"name": {"fullName": name}, "emails": ["people@agency.example"]}
        await record(database, rejected(f"p-{number}", f"a-{number}", person=person))
    code, said = await shell("erase", "--email", "people@agency.example")
    assert code == 1
    assert "Nothing was done: several people are known by that" in said
    [one, _] = await rows(database, "select candidate_id from candidates")
    assert (await shell("erase", "--candidate", one["candidate_id"]))[0] == 0
    assert len(await rows(database, "select * from candidates")) == 1


async def test_trouble_is_one_clear_line(shell: Shell, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email,vacancy_title\na@x.example,Cook\n")
    for words, what_to_do in (
        (("import", str(people)), "Add --map decided_at=COLUMN"),
        (("import", str(people), "--map", "decided_at"), "Write --map decided_at=COLUMN"),
    ):
        code, said = await shell(*words)
        assert code == 2
        assert what_to_do in said
        assert len(said.strip().splitlines()) == 1
