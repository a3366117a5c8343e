"""What a system says of people whom it never told of counts once it has, in whichever way."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.intake.applicants.store import people
from shared.contract.events.applications import ApplicantMerged
from shared.contract.events.cloudevents import Event
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.calling import Careers, connected
from tests.services.intake.upstream import (
    IDENTITY,
    NOW,
    record,
    recorder,
    rejected,
    rows,
    said,
)
from tests.services.intake.webhooks.greenhouse import (
    a_candidate,
    a_rejection,
    hook,
)

WAITS_SECONDS = 0.5
MERGED = hook("merge_candidate", person={"id": 7001, "new_candidate_id": 7002})


@pytest.fixture
async def careers(databases: Databases, clock: ManualClock) -> AsyncIterator[Careers]:
    async with connected(databases, clock) as calling:
        yield calling


def taken_back(candidate: int = 7001) -> Any:
    return hook("unhire_candidate", application={"id": 9001, "candidate": {"id": candidate}})


def turned_down() -> Event:
    return rejected("7001", "9001", source="careers")


def joined() -> Event:
    return said(ApplicantMerged(applicant_id="7001", into_applicant_id="7002"), source="careers")


async def heard(careers: Careers, *bodies: Any, together: bool = False) -> None:
    """Calls, and reads each call by itself or all in one round, and then what they woke."""
    for number, body in enumerate(bodies):
        await careers.call(body, event_id=str(number))
        if not together:
            await careers.run()
    for _ in bodies:
        await careers.run()


@pytest.mark.parametrize("first", [turned_down(), joined()])
async def test_what_was_passed_over_is_read_again_in_whichever_way_somebody_becomes_known(
    careers: Careers, first: Event
) -> None:
    await heard(careers, taken_back())
    assert [state for state, _ in await careers.made()] == ["ignored"]
    await record(careers.database, first)
    await careers.run()
    assert [state for state, _ in await careers.made()] == ["recorded"]
    await record(careers.database, turned_down())
    assert await careers.applications() == [("unrejected", False)]


@pytest.mark.parametrize("action", ["hire_candidate", "delete_application"])
async def test_nobody_becomes_known_who_was_hired_or_withdrew_and_was_never_turned_down(
    careers: Careers, action: str
) -> None:
    ended = {"id": 9001, "candidate_id": 7001, "candidate": {"id": 7001}}
    await heard(careers, hook(action, application=ended))
    assert [state for state, _ in await careers.made()] == ["ignored"]
    for table in ("identities", "applicants", "applications"):
        assert await rows(careers.database, f"select from {table}") == []
    await record(careers.database, turned_down())
    await careers.run()
    [(status, _)] = await careers.applications()
    assert status in ("hired", "withdrawn")


async def test_of_one_moment_what_was_received_later_holds_though_it_was_read_before(
    careers: Careers,
) -> None:
    await heard(careers, taken_back())
    [came] = await rows(careers.database, "select received_at from deliveries")
    await record(
        careers.database, rejected("7001", "9001", source="careers", time=came["received_at"])
    )
    await careers.run()
    assert [state for state, _ in await careers.made()] == ["recorded"]
    assert await careers.applications() == [("rejected", False)]


async def test_whoever_becomes_known_while_it_is_looked_for_them_is_found(careers: Careers) -> None:
    await careers.call(taken_back())
    async with careers.database.transaction() as conn:
        await recorder().record(conn, [turned_down()], NOW)
        looking = asyncio.create_task(careers.run())
        await asyncio.wait({looking}, timeout=WAITS_SECONDS)
    await looking
    await careers.run()
    assert await careers.applications() == [("unrejected", False)]


async def test_nobody_becomes_known_while_somebody_is_passed_over(careers: Careers) -> None:
    hashes = IDENTITY.applicant("careers", "7001")
    async with careers.database.transaction() as conn:
        assert await people.known(conn, hashes) == set()
        recording = asyncio.create_task(record(careers.database, turned_down()))
        assert await asyncio.wait({recording}, timeout=WAITS_SECONDS) == (set(), {recording})
    await recording
    assert await rows(careers.database, "select 1 as one from applications") == [{"one": 1}]


@pytest.mark.parametrize(
    ("bodies", "together"),
    [
        ((a_rejection(), MERGED, taken_back(7002)), True),
        ((a_rejection(), taken_back(7002), MERGED), False),
        ((MERGED, taken_back(7002), a_rejection()), False),
    ],
)
async def test_somebody_who_was_merged_is_taken_back_in_whatever_order_it_is_told(
    careers: Careers, bodies: tuple[Any, ...], together: bool
) -> None:
    await heard(careers, *bodies, together=together)
    assert await careers.applications() == [("unrejected", False)]
    assert {state for state, _ in await careers.made()} == {"recorded"}


async def test_of_people_whom_nobody_turned_down_nothing_is_kept_once_they_are_merged(
    careers: Careers,
) -> None:
    updated = hook("update_candidate", candidate=a_candidate(id=7002))
    await heard(careers, MERGED, updated)
    assert [state for state, _ in await careers.made()] == ["ignored", "ignored"]
    for table in ("identities", "applicants"):
        assert await rows(careers.database, f"select from {table}") == []
