"""What becomes of applicants is noted in their own system, which may fail in every way."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.intake.outgoing import store
from services.intake.sources import store as sources
from services.intake.webhooks.notes import NoteOn
from services.intake.webhooks.systems import NOTES
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.people import Channel
from shared.contract.events.responses import Notable
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.stand_in import LATE, Answer, impatient_with, page
from tests.services.intake.outgoing.listening import Listener, listening
from tests.services.intake.upstream import NOW, record, rejected, rows

WRITTEN = {
    "ashby": "/candidate.createNote",
    "greenhouse": "/notes",
    "lever": "/opportunities/opp-1/notes",
}
TOKEN = "client secret 31"
GOOD = page({"success": True, "access_token": "opens", "expires_in": 3600})


async def connect(listener: Listener, system: str, name: str) -> str:
    """Lets notes be written in a system of that name; returns where."""
    seal, path = listener.front.service.settings.seal(), WRITTEN[system]
    async with listener.database.transaction() as conn:
        await sources.add(conn, name, system, "secret", seal, NOW)
        await sources.set_token(conn, name, TOKEN, listener.hook.url, seal)
        await store.write_notes(conn, name, NOW)
    listener.hook.says("/token", GOOD)
    listener.hook.says(path, GOOD)
    return path


@pytest.fixture
async def listener(databases: Databases, clock: ManualClock) -> AsyncIterator[Listener]:
    async with listening(databases, clock) as one:
        yield one


async def noted(listener: Listener, system: str) -> str:
    """Connects a system, and lets something be noted of somebody whom it turned down."""
    path = await connect(listener, system, "careers")
    await record(listener.database, rejected("7001", "opp-1", source="careers"))
    await listener.tell(Notable.INTERESTED)
    await listener.run()
    return path


@pytest.mark.parametrize(
    ("system", "authorization", "body"),
    [
        ("lever", "Basic Y2xpZW50IHNlY3JldCAzMTo=", {"value": ...}),
        (
            "ashby",
            "Basic Y2xpZW50IHNlY3JldCAzMTo=",
            {
                "candidateId": "7001",
                "note": {"type": "text/plain", "value": ...},
                "sendNotifications": False,
            },
        ),
        (
            "greenhouse",
            "Bearer opens",
            {
                "candidate_id": 7001,
                "user_id": 31,
                "body": ...,
                "visibility": "public",
                "note_type": "NOTE",
            },
        ),
    ],
)
async def test_a_note_is_written_once_where_its_system_keeps_them(
    listener: Listener, system: str, authorization: str, body: dict[str, Any]
) -> None:
    path = await noted(listener, system)
    words = "Not Yet, 2026-03-02: said that they would like to talk."
    expected = json.loads(json.dumps(body, default=lambda _: words))
    [(_, headers)] = [call for call in listener.hook.asked if call[0] == path]
    assert json.loads(listener.hook.bodies[-1]) == expected
    assert headers["authorization"] == authorization
    await listener.tell(Notable.STOPPED, channels=[Channel.EMAIL])
    await listener.wait()
    await listener.run()
    await listener.run()
    assert listener.hook.paths.count(path) == 2
    assert listener.hook.paths.count("/token") == (1 if system == "greenhouse" else 0)
    assert "wants no more email" in listener.hook.bodies[-1].decode()


@pytest.mark.parametrize(
    ("system", "put", "taken", "body"),
    [
        (
            "lever",
            "/opportunities/opp-1/addTags",
            "/opportunities/opp-1/removeTags",
            {"tags": ["t-hat"]},
        ),
        (
            "ashby",
            "/candidate.addTag",
            "/candidate.removeTag",
            {"candidateId": "7001", "tagId": "t-hat"},
        ),
    ],
)
async def test_a_tag_is_put_before_the_note_and_taken_away_once_it_is_true_no_more(
    listener: Listener, system: str, put: str, taken: str, body: dict[str, Any]
) -> None:
    path = await connect(listener, system, "careers")
    async with listener.database.transaction() as conn:
        await sources.set_options(conn, "careers", {"tags": {"hat_yes": "t-hat"}})
    await record(listener.database, rejected("7001", "opp-1", source="careers"))
    listener.hook.says(put, GOOD)
    listener.hook.says(taken, Answer(400))
    await listener.tell(Notable.INTERESTED)
    await listener.run()
    assert listener.hook.paths == [path]
    await listener.tell(Notable.HAT_YES)
    await listener.run()
    await listener.tell(Notable.HAT_NO)
    await listener.run()
    assert listener.hook.paths[1:] == [put, path, taken, path]
    tagged = [json.loads(listener.hook.bodies[number]) for number in (1, 3)]
    assert tagged == [body, body]
    assert {state for _, state, _ in await listener.states()} == {"delivered"}


async def test_a_tag_that_is_not_taken_is_told_and_nothing_is_noted_until_it_is(
    listener: Listener,
) -> None:
    path = await connect(listener, "ashby", "careers")
    async with listener.database.transaction() as conn:
        await sources.set_options(conn, "careers", {"tags": {"interested": "t-1"}})
    await record(listener.database, rejected("7001", "opp-1", source="careers"))
    listener.hook.says("/candidate.addTag", page({"success": False}), GOOD)
    await listener.tell(Notable.INTERESTED)
    await listener.run()
    [(_, state, said)] = await listener.states()
    assert (state, said) == (
        "waiting",
        "its API does not take the tag of interested: sources map careers tags",
    )
    await listener.wait()
    await listener.run()
    assert listener.hook.paths.count(path) == 1


FAILING = [
    (Answer(500), "waiting", "its API does not answer"),
    (LATE, "waiting", "its API does not answer"),
    (Answer(403), "waiting", "its token may not do this: give it the rights that docs/"),
    (Answer(302), "waiting", "its API answered 302"),
    (Answer(404), "given_up", "there is nobody of that id there any more"),
    (Answer(429, headers={"retry-after": "120"}), "waiting", None),
    (Answer(401), "waiting", None),
]


@pytest.mark.parametrize(
    ("system", "answer", "state", "problem"),
    [
        *((system, *failing) for system in WRITTEN for failing in FAILING),
        ("ashby", page({"success": False}), "waiting", "its API did not take it"),
        ("ashby", Answer(body=b"<html>Maintenance</html>"), "waiting", "its API did not take it"),
    ],
)
async def test_whatever_is_wrong_there_costs_no_note_and_no_other_source(
    listener: Listener, system: str, answer: Answer, state: str, problem: str | None
) -> None:
    note = await connect(listener, system, "careers")
    refuses_key = (system, answer.status) == ("greenhouse", 401)
    path = "/token" if refuses_key else note
    await record(listener.database, rejected("7001", "opp-1", source="careers"))
    listener.hook.says(path, answer, GOOD)
    await listener.tell(Notable.INTERESTED)
    with impatient_with(answer):
        await listener.run()
    [(_, found, said)] = await listener.states()
    assert (found, (said or "").startswith(problem or "")) == (state, True)
    await listener.run()
    assert listener.hook.paths.count(path) == 1
    if answer.status == 401:
        [source] = await rows(listener.database, "select api_refused_at from sources")
        assert source["api_refused_at"]
        await listener.wait()
        await listener.run()
        assert listener.hook.paths.count(path) == 1
        seal = listener.front.service.settings.seal()
        async with listener.database.transaction() as conn:
            await sources.set_token(conn, "careers", "a new 31", listener.hook.url, seal)
    await listener.wait()
    await listener.run()
    [(_, found, _)] = await listener.states()
    assert found == ("given_up" if state == "given_up" else "delivered")
    assert listener.hook.paths.count(note) == (1 if state == "given_up" or refuses_key else 2)


async def test_what_opened_greenhouse_and_does_no_more_is_had_anew(listener: Listener) -> None:
    path = await noted(listener, "greenhouse")
    listener.hook.says(path, Answer(401), GOOD)
    await listener.tell(Notable.NOT_NOW)
    await listener.run()
    await listener.wait()
    await listener.run()
    assert listener.hook.paths.count("/token") == 2
    assert {state for _, state, _ in await listener.states()} == {"delivered"}
    listener.hook.says("/token", Answer(401))
    listener.hook.says(path, Answer(401))
    await listener.tell(Notable.HAT_NO)
    for _ in range(3):
        await listener.run()
        await listener.wait()
    [source] = await rows(listener.database, "select api_refused_at from sources")
    assert source["api_refused_at"] > NOW - timedelta(days=1)


async def test_no_note_is_written_where_nobody_said_so(listener: Listener) -> None:
    await connect(listener, "lever", "careers")
    async with listener.database.transaction() as conn:
        await store.write_no_notes(conn, "careers")
    await record(listener.database, rejected("7001", "opp-1", source="careers"))
    await listener.tell(Notable.INTERESTED)
    await listener.run()
    assert listener.hook.asked == []


def test_ids_that_lead_nowhere_or_elsewhere_are_not_written_to() -> None:
    assert NOTES["greenhouse"].post(NoteOn("p-1", None), "w", TOKEN) is None
    assert NOTES["greenhouse"].post(NoteOn("7", None), "w", "client secret") is None
    assert NOTES["lever"].post(NoteOn("7", None), "w", TOKEN) is None
    with pytest.raises(Unreadable):
        NOTES["lever"].post(NoteOn("7", "../contacts"), "w", TOKEN)
