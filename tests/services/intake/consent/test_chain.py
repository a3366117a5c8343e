"""What people agreed to is a chain: whatever is done to it shows, and where."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from services.intake.consent import record, store
from services.intake.consent.chain import Entry, Head, first_break
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.shell import shell_on
from tests.services.intake.upstream import NOW, rejected
from tests.services.intake.upstream import record as hear

YES = Consent(
    purpose=ConsentPurpose.SIMILAR_OPENING,
    channel=Channel.EMAIL,
    since=NOW,
    until=NOW + timedelta(days=365, microseconds=1),
)


def chained(*acts: str) -> tuple[Head, list[Entry]]:
    entries: list[Entry] = []
    previous = b""
    for position, act in enumerate(acts, 1):
        entry = Entry(
            *("c", position, previous, b"", "ada", "a", act, None, "email"),
            *(datetime(2026, 3, position, tzinfo=UTC), None, "page", None, None, None),
        )
        entries.append(entry._replace(hash=entry.digest))
        previous = entries[-1].hash
    return Head("c", len(entries), previous), entries


HEAD, LINKS = chained("stopped", "lifted", "stopped")
FIRST, SECOND, THIRD = LINKS
REWRITTEN = SECOND._replace(how="sms")
RESEALED = REWRITTEN._replace(hash=REWRITTEN.digest)


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([FIRST, SECOND, THIRD], None),
        ([SECOND, THIRD], "entry 1 is missing"),
        ([FIRST, THIRD], "entry 2 is missing"),
        ([FIRST, SECOND], "entry 3 is missing"),
        ([], "entry 1 is missing"),
        ([FIRST, REWRITTEN, THIRD], "entry 2 is not as it was written"),
        ([FIRST, RESEALED, THIRD], "entry 3 does not follow entry 2"),
        ([FIRST, SECOND, THIRD._replace(until=NOW)], "entry 3 is not as it was written"),
        ([FIRST, SECOND, THIRD._replace(candidate_id="bob")], "entry 3 is not as it was written"),
        ([FIRST, FIRST, SECOND, THIRD], "entry 2 is missing"),
        ([FIRST, THIRD._replace(position=2), SECOND], "entry 2 does not follow entry 1"),
        (
            chained(*"abcd")[1],
            "the chain is not known to go on to entry 4",
        ),
        (chained(*"abc")[1], "the chain is not known to go on to entry 3"),
    ],
)
def test_whatever_is_done_to_a_chain_is_named_by_its_first_broken_link(
    entries: Sequence[Entry], why: str | None
) -> None:
    assert first_break(HEAD, entries) == why


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def agree(database: Database) -> str:
    """Ada agrees, stops, and starts again; returns her candidate id."""
    await hear(database, rejected())
    async with database.transaction() as conn:
        [(key, ada)] = await conn.fetch("select applicant_key, candidate_id from applicants")
        await store.begin_consents(conn, key, [YES], how="page", wording_version="ä.en.1", now=NOW)
        await store.stop(conn, [ada], list(Channel), "sms", NOW + timedelta(hours=1))
        await store.lift_stops(conn, [ada], [Channel.EMAIL], "page", NOW + timedelta(hours=2))
    return str(ada)


async def test_what_was_agreed_and_ended_is_a_whole_chain_that_anybody_can_compute(
    database: Database,
) -> None:
    ada = await agree(database)
    async with database.connection() as conn:
        entries = await record.entries_of(conn, [ada])
        assert await record.walk(conn) == (1, 5, [])
    said = [(it.act, it.channel, it.ends) for it in entries]
    assert said[0] == ("agreed", "email", None)
    assert sorted(said[1:4]) == [
        ("ended", "email", 1),
        ("stopped", "email", None),
        ("stopped", "sms", None),
    ]
    assert said[4][:2] == ("lifted", "email")
    assert {it.candidate_id for it in entries} == {ada}


CHANGES = {
    "update consent_entries set until = until + interval '1 year' where position = 1": (
        "entry 1 is not as it was written"
    ),
    "update consent_entries set candidate_id = 'bob' where position = 3": (
        "entry 3 is not as it was written"
    ),
    "delete from consent_entries where position = 2": "entry 2 is missing",
    "delete from consent_entries where position = 5": "entry 5 is missing",
    "delete from consent_entries": "entry 1 is missing",
    "delete from consent_chains": "its beginning is missing",
}


async def test_the_service_can_change_nothing_and_whoever_does_is_found_out(
    database: Database, databases: Databases, admin: asyncpg.Connection
) -> None:
    await agree(database)
    for change, why in CHANGES.items():
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.transaction() as conn:
                await conn.execute(change)
        async with admin.transaction():
            undone = admin.transaction()
            await undone.start()
            await admin.execute(change)
            walked = await record.walk(admin)
            await undone.rollback()
        assert [each.partition(": ")[2] for each in walked.breaks] == [why], change
    for head in ("length = 1", "head = ''"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.transaction() as conn:
                await conn.execute(f"update consent_chains set {head}")


TAKEN = "update consent_chains set applicant_key = null, candidate_id = null"
GIVEN_AWAY = """
    insert into candidates (candidate_id) values ('made');
    insert into applicants (
        applicant_key, candidate_id, source, personal_data, last_human_contact_at, recorded_at
    ) values ('up', 'made', 'ats', '{}', now(), now());
    select keep_consents(array_agg(applicant_key), array[timestamptz '2000-01-01'])
    from consent_chains;
    update consent_chains set applicant_key = 'up', candidate_id = 'made';
    delete from candidates where candidate_id = 'made'
"""
LEFT = """
    select keep_consents(array_agg(applicant_key), array[now() + interval '1 day'])
    from consent_chains;
    select keep_consents(array_agg(applicant_key), array[timestamptz '2000-01-01'])
    from consent_chains;
    delete from candidates
"""


@pytest.mark.parametrize(
    ("way", "refused"),
    [
        (TAKEN, True),
        ("update consent_chains set keep_until = '2000-01-01'", True),
        (GIVEN_AWAY, False),
        (LEFT, False),
    ],
)
async def test_the_service_can_have_no_chain_deleted_before_its_time(
    database: Database, way: str, refused: bool
) -> None:
    await agree(database)
    with pytest.raises(asyncpg.InsufficientPrivilegeError) if refused else nullcontext():
        async with database.transaction() as conn:
            await conn.execute(way)
    async with database.transaction() as conn:
        assert await conn.fetchval("select forget_consents('2100-01-01', 10)") == 0
        assert await record.walk(conn) == (1, 5, [])


async def test_the_chain_of_an_applicant_is_found_by_them_whenever_the_plan_was_made(
    database: Database, admin: asyncpg.Connection
) -> None:
    await hear(database, rejected())
    await admin.execute("vacuum (analyze) consent_chains")
    async with admin.transaction():
        await admin.execute(
            "insert into consent_entries (candidate_id, applicant_key, act, channel, at, how)"
            " select candidate_id, applicant_key, 'stopped', 'sms', now(), 'page' from applicants"
        )
        used = "select pg_stat_get_xact_numscans('consent_chains_applicant_key_idx'::regclass)"
        assert await admin.fetchval(used) == 1


async def test_an_operator_sees_what_somebody_agreed_to_and_whether_it_stands(
    database: Database, databases: Databases, admin: asyncpg.Connection
) -> None:
    ada, shell = await agree(database), shell_on(databases)
    code, said = await shell("consent", "proof", "--person", ada)
    assert code == 0
    assert "agreed  to similar opening, by email, until 2027-03-02" in said
    assert "behind a link in a letter, to the words ä.en.1" in said
    assert (await shell("consent", "proof", "--person", "nobody"))[0] == 1
    assert await shell("consent", "verify") == (0, "5 entries in 1 chains were walked\n")
    await admin.execute("update consent_entries set how = 'page' where position = 3")
    code, said = await shell("consent", "verify")
    assert (code, "entry 3 is not as it was written" in said) == (1, True)
    code, said = await shell("consent", "proof", "--person", ada, "--json")
    assert (code, "entry 3 is not as it was written" in said) == (1, True)


async def test_what_somebody_agreed_to_can_be_shown_by_their_address_once_they_are_erased(
    database: Database, databases: Databases
) -> None:
    ada, shell = await agree(database), shell_on(databases)
    assert (await shell("erase", "--email", "mira@mail.example"))[0] == 0
    for whom in (("--email", "mira@mail.example"), ("--person", ada)):
        code, said = await shell("consent", "proof", *whom)
        assert (code, "agreed  to similar opening, by email" in said) == (0, True)
    assert (await shell("consent", "verify"))[0] == 0
