"""Connecting a system, looking at what it says, and letting it count, as an operator types it."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.intake.outgoing import queue
from services.intake.sources import door
from services.intake.sources import store as sources
from services.intake.sources.domain import is_api_url
from services.intake.webhooks.systems import APIS
from shared.runtime.clock import ManualClock, WallClock, write_offset
from tests.databases import Databases
from tests.services.intake.deliveries.calling import Careers
from tests.services.intake.deliveries.hinting import HintingApi
from tests.services.intake.front import opened
from tests.services.intake.shell import Shell, shell_on
from tests.services.intake.upstream import NOW, rows
from tests.services.intake.webhooks.greenhouse import (
    a_candidate,
    a_rejection,
    hook,
    signed,
    written,
)


@pytest.fixture
def shell(databases: Databases, tmp_path: Path) -> Shell:
    """Goes by the tests' time, as the service does."""
    write_offset(tmp_path / "clock", NOW - WallClock().now())
    return shell_on(databases, NOTYET_CLOCK_FILE=str(tmp_path / "clock"))


@pytest.fixture
async def careers(shell: Shell, databases: Databases, clock: ManualClock) -> AsyncIterator[Careers]:
    key = SecretStr(shell.environment["NOTYET_QUARANTINE_KEY"])
    async with opened(databases, clock, quarantine_key=key) as front:
        yield Careers(front)


async def added(shell: Shell) -> str:
    """Connects the source, and returns the secret that was printed."""
    code, said = await shell("sources", "add", "greenhouse", "--name", "careers")
    assert code == 0, said
    assert f"{shell.environment['NOTYET_PUBLIC_URL']}/v1/webhooks/careers" in said
    assert "reject_candidate" in said
    secret = re.search(r"Secret key +(\w{64})\n", said)
    assert secret
    return secret[1]


async def test_a_system_is_connected_looked_at_and_started(shell: Shell, careers: Careers) -> None:
    secret = await added(shell)
    body = written(a_rejection())
    assert (await careers.call(body, **signed(body))).status_code == 401
    assert (await careers.call(body, **signed(body, secret))).status_code == 200
    await careers.run()
    await careers.run("refused deliveries")
    code, said = await shell("sources", "check", "careers")
    assert code == 0
    for told in (
        "careers (greenhouse) is looked at, and not recorded",
        "Who tells people no: the source does",
        "Calls that were not believed: 1,",
        "another secret",
        "Would be recorded:\n      1  applicant rejected; nothing of ours leaves: the source tells",
        "sources map careers stages 'Face to Face' applied|screened|",
        "notyet sources start careers",
    ):
        assert told in said
    assert "Okafor" not in said
    assert "a letter of ours leaves" in (await shell("sources", "speaks", "careers", "us"))[1]
    mapped = await shell("sources", "map", "careers", "stages", "Face to Face", "interviewed")
    assert mapped[0] == 0
    code, said = await shell("sources", "start", "careers", "--days", "30")
    assert (code, "being recorded: 1" in said) == (0, True)
    await careers.run()
    stages = "select rejection ->> 'stage' as stage from applications"
    assert await rows(careers.database, stages) == [{"stage": "interviewed"}]
    assert "counts since" in (await shell("sources", "check", "careers"))[1]


async def test_an_address_that_is_told_nothing_any_more_is_shown_with_what_to_do(
    shell: Shell, careers: Careers
) -> None:
    await added(shell)
    url = "https://hooks.people.example/notyet"
    endpoint = (await shell("webhooks", "add", url, "--source", "careers"))[1].split()[0]
    assert url not in (await shell("sources", "check", "careers"))[1]
    async with careers.database.transaction() as conn:
        await queue.unheard(conn, endpoint, "answered 410", rest=None, is_gone=True)
    said = (await shell("sources", "check", "careers"))[1]
    assert f"what became of its applicants: {url}:\n    answered 410\n" in said
    assert f"notyet webhooks enable {endpoint}" in said
    await shell("webhooks", "enable", endpoint)
    assert url not in (await shell("sources", "check", "careers"))[1]


async def test_what_check_shows_is_what_start_does(
    shell: Shell, careers: Careers, clock: ManualClock
) -> None:
    secret = await added(shell)
    filled = {"name": "Filled", "type": {"name": "Position filled"}}
    for number, decided, reason in (
        (1, "2026-03-01T08:30:00Z", {}),
        (2, "2026-03-02T09:00:00Z", {"rejection_reason": filled}),
        (3, "2026-02-10T08:30:00Z", {}),
    ):
        candidate = a_candidate(id=number, email_addresses=[{"value": f"p{number}@mail.example"}])
        body = written(a_rejection(id=number, candidate=candidate, rejected_at=decided, **reason))
        await careers.call(body, **signed(body, secret, event_id=f"gh-{number}"))
    await careers.run()
    assert "Would leave: nothing of ours" in (await shell("sources", "check", "careers"))[1]
    said = (await shell("sources", "speaks", "careers", "us"))[1]
    assert "who are not recorded yet, also before now: a letter of ours leaves" in said
    said = (await shell("sources", "map", "careers", "types", "Position filled", "rejected"))[1]
    assert ("all that came and comes" in said, "sources check careers" in said) == (True, True)
    leave = "each a day after its decision, in working hours, at the most:\n      2  letters\n"
    leave += "      1  of these in the next working hours"
    code, checked = await shell("sources", "check", "careers")
    for told in ("2  applicant rejected; a letter of ours leaves", f"Would leave, {leave}"):
        assert told in checked
    assert "decided more than 14 days before" in checked
    code, started = await shell("sources", "start", "careers")
    assert (code, "being recorded: 3" in started, f"Leaves, {leave}" in started) == (0, True, True)
    await careers.run()
    as_told = [("rejected", False), ("rejected", False), ("rejected", True)]
    assert await careers.applications() == as_told
    assert "from now on" in (await shell("sources", "speaks", "careers", "source"))[1]
    said = (await shell("sources", "map", "careers", "types", "Other", "rejected"))[1]
    assert "What is recorded stays as it was" in said
    assert "counts already" in (await shell("sources", "start", "careers"))[1]


async def test_a_source_is_paused_and_goes_on_with_what_waited(
    shell: Shell, careers: Careers, clock: ManualClock
) -> None:
    secret = await added(shell)

    async def call(number: int, body: object) -> None:
        raw = written(body)
        await careers.call(raw, **signed(raw, secret, event_id=f"gh-{number}"))
        await careers.run()

    def turned_down(number: int) -> object:
        who = a_candidate(id=number, email_addresses=[{"value": f"p{number}@mail.example"}])
        return a_rejection(id=number, candidate=who)

    await shell("sources", "speaks", "careers", "us")
    await shell("sources", "start", "careers", "--days", "30")
    await call(1, turned_down(1))
    code, said = await shell("sources", "pause", "careers")
    assert (code, "not read yet: 0" in said, "notyet hold" in said) == (0, True, True), said
    assert "paused already" in (await shell("sources", "pause", "careers"))[1]
    assert "careers  greenhouse  paused" in (await shell("sources", "list"))[1]
    await call(2, turned_down(2))
    await call(3, hook("unhire_candidate", application={"id": 1, "candidate": {"id": 1}}))
    assert await careers.applications() == [("unrejected", False)]
    code, said = await shell("sources", "check", "careers")
    for told in ("is paused since", "Would be recorded:\n      1 ", "      1  letter\n"):
        assert told in said, said
    states = [state for state, _ in await careers.made()]
    assert states == ["recorded", "tried", "recorded"]
    code, said = await shell("sources", "start", "careers")
    assert (code, "being recorded: 1" in said, "      1  letter\n" in said) == (0, True, True)
    await careers.run()
    assert await careers.applications() == [("unrejected", False), ("rejected", False)]
    kept = "select letter_days, paused_at from sources"
    assert await rows(careers.database, kept) == [{"letter_days": 30, "paused_at": None}]


async def test_what_got_too_old_while_it_was_looked_at_is_checked_as_of_now(
    shell: Shell, careers: Careers, tmp_path: Path
) -> None:
    secret = await added(shell)
    await shell("sources", "speaks", "careers", "us")
    body = written(a_rejection())
    await careers.call(body, **signed(body, secret))
    assert "a letter of ours leaves" in (await shell("sources", "check", "careers"))[1]
    write_offset(tmp_path / "clock", NOW + timedelta(days=15) - WallClock().now())
    said = (await shell("sources", "check", "careers"))[1]
    assert "nothing of ours leaves: decided more than 14 days before" in said
    assert "Would leave: nothing of ours" in said


async def test_two_secrets_work_until_the_former_is_ended(
    shell: Shell, careers: Careers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "REMEMBERED_SECONDS", 0.0)
    former = await added(shell)
    _, said = await shell("sources", "rotate", "careers")
    newer = str(re.search(r"Secret key +(\w{64})\n", said)[1])  # type: ignore[index]
    body = written(a_rejection())
    for secret in (former, newer):
        assert (await careers.call(body, **signed(body, secret))).status_code == 200
    assert "two secrets work" in (await shell("sources", "list"))[1]
    assert (await shell("sources", "rotate", "careers", "--end-former"))[0] == 0
    assert (await careers.call(body, **signed(body, former))).status_code == 401
    assert (await careers.call(body, **signed(body, newer))).status_code == 200


async def test_a_secret_that_the_system_made_is_read_from_stdin_and_not_shown(
    shell: Shell, careers: Careers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "REMEMBERED_SECONDS", 0.0)
    added_so = ("sources", "add", "greenhouse", "--name", "careers", "--given")
    code, said = await shell(*added_so, stdin="  theirs of old \n")
    assert (code, "theirs" in said, "(the one that you gave)" in said) == (0, False, True)
    code, said = await shell("sources", "rotate", "careers", "--given", stdin="theirs\n")
    assert (code, "theirs" in said, "Secret key" in said) == (0, False, False)
    body = written(a_rejection())
    for secret in ("theirs of old", "theirs"):
        assert (await careers.call(body, **signed(body, secret))).status_code == 200
    for nothing in ("", "  \n", "x" * 5000, "a\0b"):
        code, said = await shell("sources", "rotate", "careers", "--given", stdin=nothing)
        assert (code, "as one line on stdin" in said) == (2, True)
    assert (await careers.call(body, **signed(body, "theirs"))).status_code == 200


async def test_what_came_is_listed_shown_and_read_again(shell: Shell, careers: Careers) -> None:
    secret = await added(shell)
    body = written(a_rejection())
    await careers.call(body, **signed(body, secret))
    await careers.run()
    code, said = await shell("deliveries", "list")
    assert (code, "tried" in said, "Okafor" in said) == (0, True, False)
    [delivery] = await rows(careers.database, "select id from deliveries")
    code, said = await shell("deliveries", "show", str(delivery["id"]), "--body")
    assert (code, "Okafor" in said) == (0, True)
    assert (await shell("deliveries", "show", "999"))[0] == 1
    for count, which in (
        (0, ()),
        (0, ("--source", "elsewhere", "--all")),
        (1, ("--all",)),
        (0, ("--all",)),
    ):
        code, said = await shell("deliveries", "replay", *which)
        assert (code, f"{count} will be read again" in said) == (0, True)
        assert "Not there" not in said
    await careers.run()
    for source, code in (("elsewhere", 1), ("careers", 0)):
        replay = ("deliveries", "replay", str(delivery["id"]), "--source", source)
        assert (await shell(*replay))[0] == code
    code, said = await shell("deliveries", "replay", "999")
    assert (code, "waiting already: 1" in said) == (1, True)


async def test_all_that_nothing_was_made_of_is_read_again_without_a_failure(
    shell: Shell, careers: Careers
) -> None:
    secret = await added(shell)
    for n in range(3):
        body = f'{{"nothing": {n}}}'.encode()
        await careers.call(body, **signed(body, secret))
    for which in ((), ("--source", "careers")):
        await careers.run()
        code, said = await shell("deliveries", "replay", *which)
        assert (code, "3 will be read again" in said, "Not there" in said) == (0, True, False)


async def test_about_whom_a_delivery_is_is_kept_of_whoever_looks_into_it(
    shell: Shell, careers: Careers
) -> None:
    secret = await added(shell)
    await shell("sources", "start", "careers")
    body = written(a_rejection())
    await careers.call(body, **signed(body, secret))
    await careers.run()
    [delivery] = await rows(careers.database, "select id from deliveries")
    [person] = await rows(careers.database, "select candidate_id as id from candidates")
    await shell("deliveries", "show", str(delivery["id"]))
    assert await shell.audited(person["id"]) == []
    await shell("deliveries", "show", str(delivery["id"]), "--body")
    assert await shell.audited(person["id"]) == ["deliveries show"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["add", "grenhouse", "--name", "x"], "generic, greenhouse"),
        (["rotate", "careers", "--given", "--end-former"], "Give a secret first"),
        (["add", "greenhouse", "--name", "Our Jobs"], "small letters"),
        (["add", "greenhouse", "--name", "careers"], "already"),
        (["check", "nobody"], "sources list"),
        (["start", "nobody"], "sources list"),
        (["pause", "nobody"], "sources list"),
        (["pause", "careers"], "never started"),
        (["speaks", "nobody", "us"], "sources list"),
        (["rotate", "nobody"], "sources list"),
        (["map", "nobody", "types", "a", "rejected"], "sources list"),
        (["map", "careers", "colours", "a", "red"], "reasons, tiers, stages, types"),
        (["map", "careers", "types", "a", "maybe"], "is no meaning of types"),
        (["map", "leads", "tags", "promoted", "t-1"], "a tag stands for one of letter_sent"),
        (["token", "nobody"], "sources list"),
        (["token", "others"], "its API is not read"),
        (["token", "jobs"], "has an API of its own"),
        (["notes", "others", "--on"], "ashby, greenhouse, lever"),
        (["token", "careers", "--url", "http://api.example.com"], "https"),
    ],
)
async def test_what_an_operator_mistypes_changes_nothing_and_says_what_to_do(
    shell: Shell, databases: Databases, words: list[str], why: str
) -> None:
    database = await databases("intake")
    await added(shell)
    await shell("sources", "add", "recruitee", "--name", "others")
    await shell("sources", "add", "workable", "--name", "jobs")
    await shell("sources", "add", "lever", "--name", "leads")
    before = await rows(database, "select * from sources")
    code, said = await shell("sources", *words, stdin="a token")
    assert (code, why in said) == (2, True), said
    assert await rows(database, "select * from sources") == before


async def test_a_token_is_typed_in_and_kept_sealed(
    shell: Shell, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(APIS, "greenhouse", HintingApi())
    database = await databases("intake")
    await added(shell)
    token = ("sources", "token", "careers", "--url", "https://api.eu.example/v1/")
    assert (await shell(*token, stdin=" \n"))[0] == 2
    code, said = await shell(*token, stdin="over-there\n")
    assert (code, "over-there" in said) == (0, False), said
    async with database.connection() as conn:
        api = (await sources.every(conn))["careers"].api
    assert api.url == "https://api.eu.example/v1"
    assert api.token
    assert b"over-there" not in api.token


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://api.lever.co/v1", True),
        ("https://api.lever.co:8443", True),
        ("http://127.0.0.1:9000", True),
        ("http://[::1]:9000", True),
        ("http://localhost:9000", True),
        ("http://api.lever.co", False),
        ("http://127.0.0.1.evil.example", False),
        ("https://api.lever.co@evil.example", False),
        ("https://api.lever.co/?a=b", False),
        ("https://", False),
        ("https://api.lever.co:port", False),
        ("file:///etc/passwd", False),
        ("api.lever.co", False),
    ],
)
def test_a_token_goes_by_tls_or_stays_on_this_machine(url: str, good: bool) -> None:
    assert is_api_url(url) is good
