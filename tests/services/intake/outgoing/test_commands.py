"""Where systems hear what became of their applicants, as an operator types it."""

import re

import pytest

from services.intake.outgoing.telling import Note, tell
from shared.contract.events.responses import Notable
from tests.databases import Databases
from tests.services.intake.shell import Shell, shell_on
from tests.services.intake.upstream import ATS, NOW, record, rejected, rows

URL = "https://hooks.example.com/notyet"


@pytest.fixture
async def shell(databases: Databases) -> Shell:
    await record(await databases("intake"), rejected())
    return shell_on(databases)


async def test_an_endpoint_is_added_listed_rotated_and_turned_off_and_on(
    shell: Shell, databases: Databases
) -> None:
    code, said = await shell("webhooks", "add", URL, "--source", ATS)
    assert code == 0, said
    endpoint, secret = said.split()[0], re.search(r"whsec_\S{44}\n", said)
    assert secret
    code, said = await shell("webhooks", "list")
    assert f"{endpoint}  {ATS}  {URL}  0 waiting  0 delivered  0 given up" in said
    assert "whsec" not in said
    code, said = await shell("webhooks", "rotate", endpoint)
    assert (code, secret[0].strip() in said, "whsec_" in said) == (0, False, True)
    assert "two secrets" in (await shell("webhooks", "list"))[1]
    assert (await shell("webhooks", "rotate", endpoint, "--end-former"))[0] == 0
    assert "two secrets" not in (await shell("webhooks", "list"))[1]
    assert (await shell("webhooks", "disable", endpoint))[0] == 0
    said = (await shell("webhooks", "list"))[1]
    assert "an operator has said so" in said
    assert f"notyet webhooks enable {endpoint}" in said
    assert "0 wait for it" in (await shell("webhooks", "enable", endpoint))[1]
    assert "called no more" not in (await shell("webhooks", "list"))[1]
    assert "0 will be told again" in (await shell("webhooks", "replay", endpoint, "--all"))[1]
    everything = await rows(await databases("intake"), "select secrets from endpoints")
    assert b"whsec" not in everything[0]["secrets"][0]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["add", "http://hooks.example.com", "--source", ATS], "https"),
        (["add", URL, "--source", "nobody"], "keys list"),
        (["rotate", "nobody"], "webhooks list"),
        (["enable", "nobody"], "webhooks list"),
        (["disable", "nobody"], "webhooks list"),
        (["remove", "nobody"], "webhooks list"),
        (["replay", "nobody"], "webhooks list"),
    ],
)
async def test_what_an_operator_mistypes_changes_nothing_and_says_what_to_do(
    shell: Shell, databases: Databases, words: list[str], why: str
) -> None:
    code, said = await shell("webhooks", *words)
    assert (code, why in said) == (2, True), said
    assert await rows(await databases("intake"), "select * from endpoints") == []


async def test_an_endpoint_is_removed_with_what_waits_for_it_and_that_is_said(
    shell: Shell, databases: Databases
) -> None:
    database = await databases("intake")
    endpoint, other = [
        (await shell("webhooks", "add", url, "--source", ATS))[1].split()[0]
        for url in (URL, f"{URL}/2")
    ]
    async with database.transaction() as conn:
        [person] = await conn.fetch("select applicant_key from applicants")
        await tell(conn, [Note(person["applicant_key"], Notable.HAT_YES, NOW)])
    code, said = await shell("webhooks", "remove", endpoint)
    assert (code, "1 waited for it" in said) == (0, True), said
    left = await rows(database, "select endpoint_id from outgoing")
    assert [row["endpoint_id"] for row in left] == [other]
    assert endpoint not in (await shell("webhooks", "list"))[1]


async def test_notes_are_let_be_written_and_no_more(shell: Shell) -> None:
    await shell("sources", "add", "greenhouse", "--name", "careers")
    code, said = await shell("sources", "notes", "careers", "--on")
    assert (code, "sources token careers" in said, "harvest:notes:create" in said) == (
        0,
        True,
        True,
    )
    listed = (await shell("webhooks", "list"))[1]
    assert "careers  notes in it" in listed
    endpoint = listed.split()[0]
    assert (await shell("webhooks", "rotate", endpoint))[0] == 2
    assert "sources notes careers --off" in (await shell("webhooks", "remove", endpoint))[1]
    assert "twice" in (await shell("webhooks", "replay", endpoint, "--all"))[1]
    assert (await shell("sources", "notes", "careers", "--off"))[0] == 0
    assert "Nobody is told" in (await shell("webhooks", "list"))[1]
