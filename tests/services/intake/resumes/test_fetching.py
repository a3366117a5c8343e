"""The files that systems name are fetched and read beside all else, and cost only themselves."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.intake.deliveries.store import replay
from services.intake.deliveries.understanding import Understanding
from services.intake.resumes import fetching, reading, store
from services.intake.resumes.outcomes import Problem
from services.intake.sources import store as sources
from services.intake.sources.checking import report
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.hinting import TOKEN, Hinted, hinted
from tests.services.intake.deliveries.stand_in import Answer, page
from tests.services.intake.resumes.made_up import LINES
from tests.services.intake.upstream import IDENTITY, RECEIVING, dump, rows
from tests.services.intake.webhooks import ashby
from tests.services.intake.webhooks.greenhouse import a_candidate, a_rejection, hook

REJECTED = ("recorded", "applicant rejected; a letter of ours leaves")
READ = ("recorded", "applicant rejected; a letter of ours leaves; résumé read")
TEXT = "\n".join(LINES)
PATH = "/files/resume.pdf?signed=1"


@pytest.fixture
async def careers(databases: Databases, clock: ManualClock) -> AsyncIterator[Hinted]:
    """A Greenhouse account whose files are beside its API."""
    async with hinted(databases, clock, system="greenhouse") as system:
        await system.set_token()
        system.api.says(PATH, Answer(body=TEXT.encode()))
        yield system


def with_file(careers: Hinted, **fields: Any) -> dict[str, Any]:
    attached = {"filename": "r.pdf", "url": careers.api.url + PATH, "type": "resume"}
    return a_candidate(attachments=[attached], **fields)


async def turned_down(careers: Hinted, event_id: str = "gh-1", **fields: Any) -> None:
    body = a_rejection(candidate=with_file(careers, **fields))
    assert (await careers.call(body, event_id=event_id)).status_code == 200
    await careers.run()


async def read(careers: Hinted) -> None:
    """Reads what is due, and then the delivery again."""
    await careers.run("resumes")
    await careers.run()


async def profile(careers: Hinted) -> dict[str, Any]:
    [row] = await rows(careers.database, "select profile from profiles")
    return dict(json.loads(row["profile"]))


async def due(careers: Hinted) -> None:
    async with careers.database.transaction() as conn:
        await conn.execute("update deliveries set resume_at = now() where resume_at is not null")


async def notes(careers: Hinted) -> list[str]:
    return [
        note
        for row in await rows(careers.database, "select notes from deliveries order by id")
        for note in row["notes"]
        if note.startswith("résumé")
    ]


async def checked(careers: Hinted, name: str = "careers") -> list[str]:
    """Returns what operators read of a source."""
    service = careers.front.service
    understanding = Understanding(service.quarantine, RECEIVING, IDENTITY)
    async with careers.database.connection() as conn:
        registered = (await sources.every(conn))[name]
        return await report(conn, registered, understanding, service.clock.now(), 500)


async def test_a_resume_joins_a_profile_that_counted_before_it_was_read(careers: Hinted) -> None:
    await turned_down(careers)
    assert await careers.made() == [REJECTED]
    assert (await profile(careers))["work"][0]["name"] == "Hafenwerk"
    assert careers.api.paths == []
    with capture_logs() as logs:
        await read(careers)
    assert await careers.made() == [READ]
    found = await profile(careers)
    assert found["resumeText"] == TEXT
    assert found["work"][0]["name"] == "Hafenwerk"
    assert careers.api.paths == [PATH]
    assert "authorization" not in careers.api.asked[0][1]
    assert not any("Mira" in str(log) or PATH in str(log) for log in logs)
    await read(careers)
    await careers.read_again()
    assert careers.api.paths == [PATH]
    assert await careers.made() == [READ]


async def test_what_was_read_is_sealed_and_goes_with_whoever_is_erased(careers: Hinted) -> None:
    await turned_down(careers)
    await read(careers)
    [row] = await rows(careers.database, "select record from deliveries")
    assert b"Forklift" not in row["record"]
    gone = hook("delete_candidate", person={"id": 7001})
    await careers.call(gone, event_id="gh-2")
    await careers.run()
    await careers.run("quarantine search")
    async with careers.database.connection() as conn:
        assert "Forklift" not in await dump(conn)
    assert [state for state, _ in await careers.made()] == []


async def test_what_cannot_be_read_costs_only_itself_and_is_told(careers: Hinted) -> None:
    careers.api.says(PATH, Answer(body=b"%PDF-1.7 torn"))
    await turned_down(careers)
    await read(careers)
    assert await careers.made() == [REJECTED]
    assert await notes(careers) == ["résumé could not be read: the file is damaged"]
    assert "resumeText" not in await profile(careers)
    assert "      1  résumé could not be read: the file is damaged" in await checked(careers)
    await read(careers)
    assert len(careers.api.paths) == 1


async def test_a_server_that_is_away_holds_nothing_up(
    careers: Hinted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_FETCHES", 2)
    careers.api.says(PATH, Answer(503))
    await turned_down(careers)
    await read(careers)
    assert await careers.made() == [REJECTED]
    async with careers.database.connection() as conn:
        assert await store.waiting(conn, "careers") == 1
    await read(careers)
    assert len(careers.api.paths) == 1
    await due(careers)
    await read(careers)
    assert await notes(careers) == ["résumé could not be read: its server does not answer"]
    async with careers.database.connection() as conn:
        assert await store.waiting(conn, "careers") == 0


async def test_whoever_ends_in_the_middle_leaves_the_file_to_the_next(
    careers: Hinted, monkeypatch: pytest.MonkeyPatch
) -> None:
    await turned_down(careers)
    begun = asyncio.Event()

    async def never(file: bytes) -> reading.Read:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    with monkeypatch.context() as while_it_reads:
        while_it_reads.setattr(reading, "read", never)
        task = asyncio.create_task(careers.run("resumes"))
        await begun.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await read(careers)
    assert await careers.made() == [REJECTED]
    await due(careers)
    await read(careers)
    assert await careers.made() == [READ]


async def test_a_file_whose_reader_is_killed_is_read_again(
    careers: Hinted, monkeypatch: pytest.MonkeyPatch
) -> None:
    await turned_down(careers)
    with monkeypatch.context() as while_it_reads:
        killed = (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
        while_it_reads.setattr(reading, "_COMMAND", killed)
        await read(careers)
    assert (await careers.made(), await notes(careers)) == ([REJECTED], [])
    await due(careers)
    await read(careers)
    assert await careers.made() == [READ]


async def test_an_update_keeps_the_known_text_until_its_own_is_read(careers: Hinted) -> None:
    await turned_down(careers)
    await read(careers)
    careers.api.says(PATH, Answer(body=b"Crane licence"))
    await careers.call(
        hook("update_candidate", candidate=with_file(careers, first_name="Miriam")),
        event_id="gh-2",
    )
    await careers.run()
    assert (await profile(careers))["resumeText"] == TEXT
    await read(careers)
    assert (await profile(careers))["resumeText"] == "Crane licence"


async def test_no_file_is_fetched_of_whom_nobody_turned_down(careers: Hinted) -> None:
    await careers.call(hook("update_candidate", candidate=with_file(careers)))
    await careers.call(a_rejection(candidate=with_file(careers), prospect=True), event_id="gh-2")
    await careers.run()
    await read(careers)
    assert careers.api.paths == []
    assert [state for state, _ in await careers.made()] == ["ignored", "ignored"]


async def test_one_bad_file_keeps_no_other_from_being_read(careers: Hinted) -> None:
    careers.api.says(PATH, Answer(body=b""), Answer(body=TEXT.encode()))
    await turned_down(careers)
    body = a_rejection(
        id=9002,
        candidate=with_file(
            careers, id=7002, email_addresses=[{"value": "ada@mail.example", "type": "personal"}]
        ),
    )
    await careers.call(body, event_id="gh-2")
    await careers.run()
    await read(careers)
    await read(careers)
    assert sorted(await careers.made()) == [REJECTED, READ]
    registry = careers.front.service.metrics.registry
    for outcome in (Problem.EMPTY, "read"):
        labels = {"source": "careers", "outcome": outcome}
        assert registry.get_sample_value("notyet_intake_resumes_total", labels) == 1


async def test_what_is_only_looked_at_is_read_and_counts_from_the_start(careers: Hinted) -> None:
    async with careers.database.transaction() as conn:
        await conn.execute("update sources set started_at = null")
    await turned_down(careers)
    await read(careers)
    assert [state for state, _ in await careers.made()] == ["tried"]
    async with careers.database.transaction() as conn:
        await conn.execute("update sources set started_at = received_at from deliveries")
        await replay(conn)
    await careers.run()
    assert await careers.made() == [READ]
    assert (await profile(careers))["resumeText"] == TEXT


async def test_a_resume_behind_an_api_waits_for_a_token_and_is_asked_for(careers: Hinted) -> None:
    await careers.connect("ashby", jobs={"any": "named"})
    raw = json.dumps(ashby.hook()).encode()
    headers = {"ashby-signature": ashby.signed(raw)}
    await careers.front.client.post("/v1/webhooks/jobs", content=raw, headers=headers)
    await careers.run()
    await read(careers)
    assert (await careers.made(), careers.api.asked) == ([REJECTED], [])
    lines = await checked(careers, "jobs")
    assert lines[-2:] == [
        "Résumés that are still to be read: 1",
        "    They are in its API: notyet sources token jobs",
    ]
    async with careers.database.transaction() as conn:
        seal = careers.front.service.settings.seal()
        await sources.set_token(conn, "jobs", TOKEN, careers.api.url, seal)
    handle, url = {"resumeFileHandle": {"handle": "h"}}, {"url": careers.api.url + PATH}
    careers.api.says("/candidate.info", page({"success": True, "results": handle}))
    careers.api.says("/file.info", page({"success": True, "results": url}))
    await read(careers)
    assert await careers.made() == [READ]
    assert (await profile(careers))["resumeText"] == TEXT
    assert careers.api.paths == ["/candidate.info", "/file.info", PATH]
    assert careers.api.bodies[:2] == [b'{"id":"cand-1"}', b'{"fileHandle":"h"}']
