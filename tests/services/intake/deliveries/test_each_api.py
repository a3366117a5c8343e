"""The API of each system may fail in every way: nothing is lost, and nothing is made of a fault."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import Any

import pytest

from services.intake.deliveries import api_client, store
from services.intake.sources import store as sources
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.systems import APIS
from services.intake.webhooks.teamtailor.hooks import Teamtailor
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.hinting import Hinted, hinted
from tests.services.intake.deliveries.stand_in import LATE, Answer, impatient_with, page
from tests.services.intake.upstream import rows
from tests.services.intake.webhooks import answering, lever, smartrecruiters, teamtailor

Failing = tuple[Answer, str | None]

RECORDED = ("recorded", "applicant rejected; a letter of ours leaves")
AWAY, NO_JSON = "its API does not answer", "its API answered something else than JSON"
FAULTS: Mapping[str, Failing] = {
    "busy": (Answer(429, headers={"Retry-After": "120"}), None),
    "broken": (Answer(500), AWAY),
    "slow": (LATE, AWAY),
    "cut off": (Answer(body=b'{"data": ', promised=900), AWAY),
    "a wrong page": (Answer(body=b"<html>Maintenance</html>"), NO_JSON),
    "not allowed": (Answer(403), "its token may not do this"),
    "moved": (
        Answer(302, headers={"location": "https://elsewhere.example"}),
        "its API answered 302",
    ),
    "refused": (Answer(401), None),
}
HINTS: Mapping[str, tuple[Callable[[], Delivery], Mapping[str, Any]]] = {
    "lever": (lambda: lever.delivered(lever.hook()), lever.pages()),
    "smartrecruiters": (smartrecruiters.delivered, smartrecruiters.pages()),
    "teamtailor": (
        lambda: Teamtailor().kept(teamtailor.delivered(teamtailor.hook())),
        teamtailor.pages(),
    ),
}
MEANS_NO = {"types": {"too junior": "rejected"}}


def tries_of(fault: str) -> Collection[int]:
    """Returns how often what fails so may be asked for."""
    if fault == "slow":  # where the machine is slower still, a try ends before it is heard of
        return range(1, api_client.TRIES + 1)
    return [api_client.TRIES if FAULTS[fault][1] == AWAY else 1]


def posting(id: str) -> dict[str, Any]:
    """Returns a posting as Lever lists it."""
    open_to_all = {"state": "published", "confidentiality": "non-confidential"}
    return {"id": id, "text": "Cook", "updatedAt": lever.SENT, **open_to_all}


def job(shortcode: str) -> dict[str, Any]:
    """Returns a job as Workable lists it."""
    return {"shortcode": shortcode, "title": "Cook", "state": "published"}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for api in APIS.values():
        monkeypatch.setattr(type(api), "per_second", 1000.0)
    monkeypatch.setattr(api_client, "FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture(params=HINTS)
async def careers(
    request: pytest.FixtureRequest, databases: Databases, clock: ManualClock, quick: None
) -> AsyncIterator[Hinted]:
    """Each system, of which a hint has come."""
    hint, pages = HINTS[request.param]
    async with hinted(databases, clock, request.param) as system:
        for path, answer in pages.items():
            system.api.says(path, page(answer))
        await system.set_token()
        shelf = system.front.service.settings.quarantine()
        async with system.database.transaction() as conn:
            if request.param == "lever":
                await sources.set_options(conn, "careers", MEANS_NO)
            await store.keep(conn, [store.arrival(shelf, "careers", "k", hint(), is_hint=True)])
        system.asked = [*answering.answered(request.param, hint(), pages).answers]
        yield system


async def is_recorded(careers: Hinted) -> None:
    """All was read once more, and what it says counts once."""
    await careers.wait()
    await careers.ask()
    assert await careers.made() == [RECORDED]
    assert await careers.applications() == [("rejected", False)]
    calls = len(careers.api.asked)
    await careers.wait()
    await careers.ask()
    assert len(careers.api.asked) == calls


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_hint_waits_until_all_that_it_is_about_was_read(
    careers: Hinted, fault: str
) -> None:
    answer, problem = FAULTS[fault]
    path = careers.asked[-1]
    whole = careers.api.answers[path]
    careers.api.says(path, answer)
    with impatient_with(answer):
        await careers.ask()
    [(state, summary)] = await careers.made()
    assert (state, (problem or "") in (summary or "")) == ("asking", True)
    assert await careers.applications() == []
    assert careers.api.paths.count(path) in tries_of(fault)
    [source] = await rows(careers.database, "select api_refused_at, api_rests_until from sources")
    assert bool(source["api_refused_at"]) is (fault == "refused")
    assert bool(source["api_rests_until"]) is (fault == "busy" or problem == AWAY)
    careers.api.says(path, *whole)
    if fault == "refused":
        await careers.wait()
        await careers.ask()
        assert careers.api.paths.count(path) == 1
        await careers.set_token("a new one")
    await is_recorded(careers)


async def test_json_that_is_no_answer_is_left_to_a_human_and_read_anew_once_that_is_mended(
    careers: Hinted,
) -> None:
    path = careers.asked[0]
    whole = careers.api.answers[path]
    answers: Sequence[Any] = ([], {}, {"data": []}, "maintenance")
    for wrong in answers:
        careers.api.says(path, page(wrong))
        await careers.ask()
        assert [state for state, _ in await careers.made()] == ["untranslatable"], wrong
        assert await careers.applications() == []
        careers.api.says(path, *whole)
        await careers.read_again()
    await is_recorded(careers)


LEVERS = "/postings?limit=20&updated_at_start=0"
WORKABLES = "/jobs?state=published&limit=100"
LISTED: Mapping[str, tuple[Mapping[str, Any], Sequence[tuple[str, Any]]]] = {
    "lever": (
        {},
        [
            (LEVERS, {"data": [posting("p-1")], "hasNext": True, "next": "more"}),
            (f"{LEVERS}&offset=more", {"data": [posting("p-2")], "hasNext": False}),
        ],
    ),
    "workable": (
        {"jobs": {"any": "named"}},
        [
            (
                WORKABLES,
                {"jobs": [job("p-1")], "paging": {"next": f"https://x{WORKABLES}&since=1"}},
            ),
            (f"{WORKABLES}&since=1", {"jobs": [job("p-2")], "paging": None}),
        ],
    ),
}


@pytest.mark.parametrize("system", LISTED)
@pytest.mark.parametrize("fault", FAULTS)
async def test_what_is_looked_for_is_found_once_whatever_fails_on_the_way(
    databases: Databases, clock: ManualClock, system: str, fault: str, quick: None
) -> None:
    options, [(first, one), (second, other)] = LISTED[system]
    answer, _ = FAULTS[fault]
    async with hinted(databases, clock, system) as careers:
        await careers.set_token()
        async with careers.database.transaction() as conn:
            await sources.set_options(conn, "careers", options)
        careers.api.says(first, page(one))
        careers.api.says(second, answer)
        with impatient_with(answer):
            assert await careers.run("listings")
        assert not await careers.run("listings")
        assert not await careers.run("listings")
        assert set(careers.api.paths) == {first, second}
        assert careers.api.paths.count(second) in tries_of(fault)
        careers.api.says(second, page(other))
        if fault == "refused":
            await careers.set_token("a new one")
        await careers.wait()
        await careers.look_again()
        while await careers.run("listings"):
            pass
        await careers.run()
        assert await careers.made() == [("recorded", "vacancy opened")] * 2
        known = await rows(careers.database, "select status from vacancies")
        assert [row["status"] for row in known] == ["open", "open"]
