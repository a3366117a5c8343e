"""Trying the door harms nothing: neither what counts, nor where nothing answers."""

import pytest
from cryptography.fernet import Fernet

from services.intake.sources import trial
from tests.databases import Databases
from tests.services.intake.shell import Shell, shell_on


@pytest.fixture
def shell(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setattr(trial, "SECONDS", 0.0)
    return shell_on(databases)


async def test_it_says_that_nothing_answers_and_leaves_no_key(shell: Shell) -> None:
    code, said = await shell("sources", "try")
    url = shell.environment["NOTYET_PUBLIC_URL"]
    assert (code, f"does not come through: {url} does not answer" in said) == (1, True), said
    assert "revoked" in (await shell("keys", "list"))[1]


async def test_it_posts_nothing_to_a_source_that_counts(shell: Shell) -> None:
    await shell("sources", "add", "generic", "--name", "careers")
    await shell("sources", "start", "careers")
    code, said = await shell("sources", "try", "--name", "careers")
    assert (code, "another --name" in said) == (2, True), said
    assert "no API keys" in (await shell("keys", "list"))[1]


async def test_it_signs_with_a_new_secret_where_the_former_cannot_be_opened(shell: Shell) -> None:
    await shell("sources", "try")
    another = {"NOTYET_QUARANTINE_KEY": Fernet.generate_key().decode()}
    code, said = await shell("sources", "try", **another)
    assert (code, "does not answer" in said) == (1, True), said
