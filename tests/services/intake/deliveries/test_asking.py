"""What a system only hints at is asked for in its API, which may fail in every way."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from services.intake.deliveries import api_client, apis, hints
from services.intake.deliveries.understanding import Understanding
from services.intake.settings import Settings
from services.intake.sources import store as sources
from services.intake.sources.checking import report
from services.intake.webhooks.hints import needs_asking
from services.intake.webhooks.systems import APIS, SYSTEMS
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.hinting import (
    PEOPLE,
    THEIRS,
    TOKEN,
    Hinted,
    Hinting,
    HintingApi,
    a_hint,
    hinted,
)
from tests.services.intake.deliveries.stand_in import Answer, page
from tests.services.intake.upstream import NOW, dump, rows
from tests.services.intake.webhooks import lever
from tests.services.intake.webhooks.greenhouse import SECRET, a_rejection, delivered, hook

RECORDED = ("recorded", "applicant rejected; a letter of ours leaves")
PERSON = page({"id": 7001})


@pytest.fixture
async def careers(
    databases: Databases, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Hinted]:
    monkeypatch.setitem(SYSTEMS, "hinting", Hinting())
    monkeypatch.setitem(APIS, "hinting", HintingApi())
    monkeypatch.setattr(api_client, "FIRST_PAUSE_SECONDS", 0.01)
    async with hinted(databases, clock) as system:
        system.api.says(PEOPLE, PERSON)
        system.api.says(THEIRS, page(a_rejection()))
        yield system


async def test_a_hint_is_asked_about_once_and_read_again_without_asking(careers: Hinted) -> None:
    await careers.set_token()
    assert (await careers.call(a_hint())).status_code == 200
    assert careers.woken("hints")
    await careers.run()
    assert [state for state, _ in await careers.made()] == ["asking"]
    await careers.ask()
    assert await careers.made() == [RECORDED]
    assert careers.api.paths == [PEOPLE, THEIRS]
    assert careers.api.asked[0][1]["authorization"] == f"Bearer {TOKEN}"
    async with careers.database.connection() as conn:
        before = await dump(conn, without=("receipts",))
    careers.api.says(THEIRS, page(a_rejection(id=9002)))
    assert await careers.read_again() == 1
    await careers.ask()
    async with careers.database.connection() as conn:
        assert await dump(conn, without=("receipts",)) == before
    assert len(careers.api.asked) == 2


async def test_what_several_hints_of_one_round_need_is_read_once(careers: Hinted) -> None:
    await careers.set_token()
    for number in range(3):
        await careers.call(a_hint(first_name="M" * number), event_id=f"gh-{number}")
    await careers.ask()
    assert [state for state, _ in await careers.made()] == ["recorded"] * 3
    assert careers.api.paths == [PEOPLE, THEIRS]
    await careers.call(a_hint(first_name="Mira"), event_id="gh-4")
    await careers.ask()
    assert careers.api.paths == [PEOPLE, THEIRS] * 2


async def test_what_was_read_and_the_token_are_sealed(careers: Hinted) -> None:
    await careers.set_token()
    await careers.call(a_hint())
    await careers.run("hints")
    async with careers.database.connection() as conn:
        everything = await dump(conn)
    for theirs in ("Okafor", "mira@mail.example", TOKEN):
        assert theirs not in everything


async def test_whoever_is_erased_does_not_stand_in_what_was_read_either(careers: Hinted) -> None:
    await careers.set_token()
    await careers.call(a_hint())
    careers.api.says("/people/7002", PERSON)
    careers.api.says("/people/7002/applications", page(a_rejection(rejection_reason=None)))
    await careers.call(a_hint(id=7002), event_id="gh-2")
    await careers.ask()
    assert [state for state, _ in await careers.made()] == ["recorded", "ignored"]
    careers.api.says(THEIRS, page(hook("delete_candidate", person={"id": 7001})))
    await careers.call(a_hint(first_name="M"), event_id="gh-3")
    await careers.ask()
    await careers.run("quarantine search")
    assert await careers.made() == []


async def test_what_is_not_there_any_more_is_told_so(careers: Hinted) -> None:
    await careers.set_token()
    careers.api.says(PEOPLE, Answer(404))
    await careers.call(a_hint())
    await careers.ask()
    assert await careers.made() == [("ignored", "gone over there")]


async def test_a_busy_system_is_left_alone_for_as_long_as_it_says(careers: Hinted) -> None:
    await careers.set_token()
    careers.api.says(PEOPLE, Answer(429, headers={"Retry-After": "120"}), PERSON)
    await careers.call(a_hint())
    await careers.ask()
    await careers.ask()
    assert careers.api.paths == [PEOPLE]
    [rest] = await rows(
        careers.database,
        "select round(extract(epoch from api_rests_until - now())) as seconds from sources",
    )
    assert 110 < rest["seconds"] <= 120
    [hint] = await rows(careers.database, "select asks from deliveries")
    assert hint["asks"] == 0
    await careers.wait()
    await careers.ask()
    assert await careers.made() == [RECORDED]


async def test_a_system_that_is_away_is_waited_for_ever_more_patiently(
    careers: Hinted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apis, "MOST_TRIES", 3)
    await careers.set_token()
    careers.api.says(PEOPLE, Answer(500))
    await careers.call(a_hint())
    for tries in (1, 2):
        await careers.ask()
        assert await careers.made() == [("asking", f"its API does not answer; tried {tries} times")]
        await careers.wait()
    await careers.ask()
    assert await careers.made() == [("untranslatable", "its API does not answer; tried 3 times")]
    careers.api.says(PEOPLE, PERSON)
    await careers.wait()
    await careers.read_again()
    await careers.ask()
    assert await careers.made() == [RECORDED]


async def test_a_wrong_page_costs_its_hint_alone_and_is_told(
    careers: Hinted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apis, "MOST_WRONG", 2)
    await careers.set_token()
    careers.api.says("/people/7002", Answer(body=b"<html>Maintenance</html>"))
    await careers.call(a_hint(id=7002), event_id="gh-2")
    await careers.call(a_hint())
    await careers.ask()
    await careers.wait()
    await careers.ask()
    [(state, said), other] = await careers.made()
    assert (state, other) == ("untranslatable", RECORDED)
    assert said == "its API answered something else than JSON: check its URL; tried 2 times"


@pytest.mark.parametrize("id", ["..", "7001/../8", "7001?x=1", "7001%2f", "a b", "x" * 101, ""])
def test_an_id_that_would_lead_elsewhere_is_not_asked_for(id: str) -> None:
    assert needs_asking(HintingApi(), delivered(a_hint()))
    assert not needs_asking(HintingApi(), delivered(a_hint(id=id)))


async def told(careers: Hinted) -> str:
    async with careers.database.connection() as conn:
        registered = (await sources.every(conn))["careers"]
        settings = careers.front.service.settings
        assert isinstance(settings, Settings)
        read_with = Understanding(settings.quarantine(), settings.receiving(), settings.identity())
        return "\n".join(await report(conn, registered, read_with, NOW, 500))


async def test_nothing_is_asked_before_there_is_a_token(careers: Hinted) -> None:
    await careers.call(a_hint())
    await careers.ask()
    assert careers.api.asked == []
    assert "notyet sources token careers" in await told(careers)
    await careers.set_token()
    await careers.ask()
    assert await careers.made() == [RECORDED]


async def test_what_came_again_and_counted_once_is_told(careers: Hinted) -> None:
    await careers.call(a_hint())
    assert "Came again" not in await told(careers)
    for _ in range(2):
        await careers.call(a_hint())
    assert "Came again in the same words, and counted once: 2" in await told(careers)


async def test_a_revoked_token_stops_the_asking_until_there_is_a_new_one(careers: Hinted) -> None:
    await careers.set_token()
    careers.api.says(PEOPLE, Answer(401), PERSON)
    await careers.call(a_hint())
    with capture_logs() as logs:
        await careers.ask()
    assert "source.token_refused" in [each["event"] for each in logs]
    await careers.call(a_hint(first_name="M"), event_id="gh-2")
    await careers.wait()
    await careers.ask()
    assert careers.api.paths == [PEOPLE]
    assert [state for state, _ in await careers.made()] == ["asking", "asking"]
    assert "Its API took its token no more" in await told(careers)
    await careers.run("measures of deliveries")
    registry = careers.front.service.metrics.registry
    for name, value in (("refused_tokens", 1), ("asking_deliveries", 2)):
        found = registry.get_sample_value(f"notyet_intake_{name}", {"source": "careers"})
        assert found == value
    await careers.set_token("a new one")
    await careers.ask()
    assert [state for state, _ in await careers.made()] == ["recorded", "recorded"]
    assert "no more" not in await told(careers)


async def test_two_processes_do_not_ask_the_same_and_a_late_one_changes_nothing(
    careers: Hinted,
) -> None:
    await careers.set_token()
    await careers.call(a_hint())
    async with careers.database.transaction() as conn:
        [late] = await hints.claim(conn, 10)
        assert await hints.claim(conn, 10) == []
    await careers.wait()
    await careers.ask()
    assert await careers.made() == [RECORDED]
    async with careers.database.transaction() as conn:
        await hints.answered(conn, late, b"", NOW)
        await hints.give_up(conn, late, "too late")
    assert await careers.made() == [RECORDED]


async def test_a_call_of_lever_is_read_in_lever_and_said_again_changes_nothing(
    databases: Databases, clock: ManualClock
) -> None:
    async with hinted(databases, clock, "lever") as careers:
        await careers.set_token()
        async with careers.database.transaction() as conn:
            await sources.set_options(conn, "careers", {"types": {"too junior": "rejected"}})
        for path, answer in lever.pages().items():
            careers.api.says(path, page(answer))
        sent = round(datetime.now(UTC).timestamp() * 1000)
        said = lever.hook(secret=SECRET.split()[0], sent=sent)
        told_else = said | {"data": {"opportunityId": "opp-2"}}
        for body in (said, said, told_else):
            answer = await careers.front.post("/v1/webhooks/careers", body)
            assert answer.status_code == 200
        forged = await careers.front.post("/v1/webhooks/careers", said | {"token": "tok-2"})
        assert forged.status_code == 401
        await careers.ask()
        assert await careers.made() == [RECORDED]
        assert [status for status, _ in await careers.applications()] == ["rejected"]


async def test_an_answer_that_cannot_be_read_waits_and_is_not_taken_for_somebody_gone(
    databases: Databases, clock: ManualClock
) -> None:
    async with hinted(databases, clock, "lever") as careers:
        await careers.set_token()
        async with careers.database.transaction() as conn:
            await sources.set_options(conn, "careers", {"types": {"too junior": "rejected"}})
        for path, answer in lever.pages(opportunity={"confidentiality": None}).items():
            careers.api.says(path, page(answer))
        sent = round(datetime.now(UTC).timestamp() * 1000)
        await careers.front.post(
            "/v1/webhooks/careers", lever.hook(secret=SECRET.split()[0], sent=sent)
        )
        await careers.ask()
        [(state, summary)] = await careers.made()
        assert (state, "confidentiality" in summary) == ("untranslatable", True)


async def test_what_lever_does_not_call_about_is_looked_for_and_where_to_go_on_is_kept(
    databases: Databases, clock: ManualClock
) -> None:
    first, second = "/postings?limit=20&updated_at_start=", "&offset=next"
    posting = {"id": "p-1", "text": "Cook", "state": "published", "updatedAt": 1772400000000}
    posting["confidentiality"] = "non-confidential"
    async with hinted(databases, clock, "lever") as careers:
        assert not await careers.run("listings")
        await careers.set_token()
        careers.api.says(f"{first}0", page({"data": [posting], "hasNext": True, "next": "next"}))
        careers.api.says(f"{first}0{second}", Answer(400), page({"data": []}))
        assert await careers.run("listings")
        assert not await careers.run("listings")
        await careers.look_again()
        assert await careers.run("listings")
        assert not await careers.run("listings")
        assert not await careers.run("listings")
        await careers.run()
        assert await careers.made() == [("recorded", "vacancy opened")]
        assert careers.api.paths == [f"{first}0", f"{first}0{second}"] * 2
        careers.api.says(f"{first}1772400000000", Answer(401))
        await careers.look_again()
        assert not await careers.run("listings")
        await careers.look_again()
        assert not await careers.run("listings")
        assert len(careers.api.asked) == 5
        assert "took its token no more" in await told(careers)


async def test_a_source_that_cannot_be_looked_through_is_parked_and_the_others_have_their_turn(
    databases: Databases, clock: ManualClock
) -> None:
    posting = {"id": "p-1", "text": "Cook", "state": "published", "updatedAt": 1772400000000}
    posting["confidentiality"] = "non-confidential"
    async with hinted(databases, clock, "lever") as careers:
        await careers.set_token()
        careers.api.says("/postings?limit=20&updated_at_start=0", page({"data": [posting]}))
        async with careers.database.transaction() as conn:
            for name in ("another", "last"):
                await conn.execute(
                    "insert into sources select (jsonb_populate_record(known,"
                    " jsonb_build_object('name', $1::text, 'looked_until', 'no place'))).*"
                    " from sources as known where name = 'careers'",
                    name,
                )
        assert not await careers.run("listings")
        await careers.run()
        assert await careers.made() == [("recorded", "vacancy opened")]
        parked = await rows(careers.database, "select job, key, reason from parked_rows order by 2")
        assert [list(row.values()) for row in parked] == [
            ["listings", name, "ValueError"] for name in ("another", "last")
        ]
        await careers.look_again()
        async with careers.database.transaction() as conn:
            await conn.execute("delete from sources where name = 'another'")
            await conn.execute("update sources set looked_until = null where name = 'last'")
            await conn.execute("update parked_rows set parked_until = clock_timestamp()")
        await careers.run("listings")
        assert not await rows(careers.database, "select * from parked_rows")
