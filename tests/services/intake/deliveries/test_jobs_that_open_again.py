"""A job that was closed and is open again is searched for again, whichever system says so."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.matcher.domain.vacancies import Opening, calls_for_search, follow
from shared.contract.events.openings import OpeningChanged
from shared.runtime.clock import Clock
from tests.databases import Databases
from tests.services.intake.deliveries.calling import Careers, connected
from tests.services.intake.upstream import NOW, published
from tests.services.intake.webhooks import ashby
from tests.services.intake.webhooks.greenhouse import (
    a_candidate,
    a_job,
    a_rejection,
    hook,
    signed,
    unrejected,
    written,
)


@pytest.fixture
async def careers(databases: Databases, clock: Clock) -> AsyncIterator[Careers]:
    async with connected(databases, clock) as careers:
        yield careers


async def searches(careers: Careers) -> list[bool]:
    """Returns of each state that the matcher hears whether it searches for it."""
    known: Opening | None = None
    found = []
    for hours, body in enumerate(await published(careers.database, "openings")):
        at = NOW + timedelta(hours=hours)
        opening = follow(known, OpeningChanged.model_validate(body), at)
        found.append(calls_for_search(known, opening))
        known = opening
    return found


@pytest.mark.parametrize("ended", [{"status": "closed"}, {"confidential": True}])
async def test_greenhouse(careers: Careers, ended: dict[str, Any]) -> None:
    for job in (a_job(), a_job(**ended), a_job(notes="once more")):
        await careers.call(hook("job_updated", job=job))
        await careers.run()
    assert await searches(careers) == [True, False, True]


async def test_greenhouse_in_the_very_same_words(careers: Careers) -> None:
    for number, status in enumerate(("open", "closed", "open", "open")):
        await careers.call(hook("job_updated", job=a_job(status=status)), event_id=f"gh-{number}")
        await careers.run()
    assert await searches(careers) == [True, False, True, False]


async def test_what_greenhouse_tries_again_does_not_open_what_was_closed_since(
    careers: Careers,
) -> None:
    for event_id, status in (("gh-1", "open"), ("gh-2", "closed"), ("gh-1", "open")):
        await careers.call(hook("job_updated", job=a_job(status=status)), event_id=event_id)
        await careers.run()
    assert await searches(careers) == [True, False]


@pytest.mark.parametrize(
    "caught",
    [
        hook("job_updated", job=a_job(status="closed")),
        hook("job_updated", job=a_job(confidential=True)),
        hook("update_candidate", candidate=a_candidate()),
        hook("hire_candidate", application={"id": 9001, "candidate": {"id": 7001}}),
        a_rejection(),
        unrejected(),
    ],
)
async def test_nothing_else_counts_again_for_whoever_has_caught_a_call(
    careers: Careers, caught: Any
) -> None:
    for event_id in ("gh-1", "gh-2"):
        await careers.call(caught, event_id=event_id)
    assert len(await careers.made()) == 1


@pytest.mark.parametrize(
    "ended", [{"status": "Closed"}, {"status": "Archived"}, {"confidential": True}]
)
async def test_ashby(careers: Careers, ended: dict[str, Any]) -> None:
    await careers.connect("ashby")
    for hour, fields in enumerate(({}, ended, {})):
        raw = written(ashby.job(updatedAt=f"2026-03-02T0{hour}:00:00Z", **fields))
        await careers.call(raw, name="jobs", **{"ashby-signature": ashby.signed(raw)})
        await careers.run()
    assert await searches(careers) == [True, False, True]


async def test_recruitee(careers: Careers) -> None:
    await careers.connect("recruitee")
    for hour, event in enumerate(("job_published", "job_unpublished", "job_published")):
        offer = {"id": 41, "title": "Shift lead"}
        at = f"2026-03-02T0{hour}:00:00Z"
        raw = written({"event_type": event, "created_at": at, "payload": {"offer": offer}})
        signature = signed(raw)["signature"].removeprefix("sha256 ")
        await careers.call(raw, name="jobs", **{"x-recruitee-signature": signature})
        await careers.run()
    assert await searches(careers) == [True, False, True]


async def test_a_job_that_only_changes_is_no_vacancy_that_opens_anew(careers: Careers) -> None:
    for fields in ({}, {"notes": "another word between us"}):
        await careers.call(hook("job_updated", job=a_job(**fields)))
        await careers.run()
    assert await searches(careers) == [True, False]
