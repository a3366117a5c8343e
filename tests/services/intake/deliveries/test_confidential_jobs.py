"""A job that its own system called confidential is named to nobody, whatever an operator says."""

from collections.abc import AsyncIterator
from itertools import permutations
from typing import Any

import pytest

from services.intake.deliveries.rehearsal import rehearse
from services.intake.deliveries.understanding import Understanding
from services.intake.settings import Settings
from services.intake.sources import store as sources
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.deliveries.calling import Careers, connected
from tests.services.intake.upstream import NOW, dump
from tests.services.intake.webhooks import ashby
from tests.services.intake.webhooks.greenhouse import written

LEFT_OUT = "a confidential job: nothing of it is recorded, and nobody is told of it"
LETTER = "applicant rejected; a letter of ours leaves"
HIDDEN = ashby.job(confidential=True, title="Head of a secret plan")
EARLIER, LATER = ({"updatedAt": f"2026-03-01T0{hour}:00:00Z"} for hour in (7, 9))


@pytest.fixture
async def careers(databases: Databases, clock: ManualClock) -> AsyncIterator[Careers]:
    async with connected(databases, clock) as calling:
        await calling.connect("ashby", jobs={"any": "named", ashby.JOB: "named"})
        yield calling


async def calls(careers: Careers, *bodies: Any) -> None:
    """Calls with all of them before any is read."""
    for body in bodies:
        raw = written(body)
        await careers.call(raw, name="jobs", **{"ashby-signature": ashby.signed(raw)})
    await careers.run()


async def made_of_rejections(careers: Careers) -> list[str]:
    return [said for _, said in await careers.made() if not said.startswith("vacancy")]


@pytest.mark.parametrize("bodies", [*permutations([HIDDEN, ashby.hook()])])
async def test_a_rejection_for_it_is_left_out_whichever_comes_first(
    careers: Careers, bodies: tuple[Any, ...]
) -> None:
    await calls(careers, *bodies)
    assert await made_of_rejections(careers) == [LEFT_OUT]
    assert await careers.applications() == []
    async with careers.database.connection() as conn:
        assert "secret plan" not in await dump(conn)


async def test_a_rejection_for_it_that_comes_long_after_is_left_out_too(careers: Careers) -> None:
    await calls(careers, HIDDEN)
    await calls(careers, ashby.hook())
    assert await made_of_rejections(careers) == [LEFT_OUT]


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (ashby.job(**LATER), LETTER),
        (ashby.job(status="Closed", **LATER), LETTER),
        (ashby.job(**EARLIER), LEFT_OUT),
        (ashby.job(), LEFT_OUT),
        (ashby.job(id="another", **LATER), LEFT_OUT),
    ],
)
async def test_it_is_confidential_until_its_system_says_otherwise(
    careers: Careers, then: Any, said: str
) -> None:
    await calls(careers, HIDDEN)
    await calls(careers, then)
    await calls(careers, ashby.hook())
    assert await made_of_rejections(careers) == [said]


async def test_of_two_words_read_together_the_later_holds(careers: Careers) -> None:
    await calls(careers, ashby.job(**LATER), HIDDEN, ashby.hook())
    assert await made_of_rejections(careers) == [LETTER]


async def test_another_sources_job_of_the_same_id_is_another(careers: Careers) -> None:
    async with careers.database.transaction() as conn:
        await sources.add(conn, "others", "ashby", "-", careers.front.service.settings.seal(), NOW)
    await calls(careers, HIDDEN)
    async with careers.database.connection() as conn:
        known = await sources.every(conn)
    assert known["jobs"].source.confidential_jobs == (ashby.JOB,)
    assert known["others"].source.confidential_jobs == ()


async def test_before_a_source_counts_no_letter_for_it_is_foretold(careers: Careers) -> None:
    async with careers.database.transaction() as conn:
        await conn.execute("update sources set started_at = null")
    await calls(careers, ashby.hook())
    await calls(careers, HIDDEN)
    settings = careers.front.service.settings
    assert isinstance(settings, Settings)
    reads = Understanding(settings.quarantine(), settings.receiving(), settings.identity())
    async with careers.database.transaction() as conn:
        source = (await sources.every(conn))["jobs"].source
        leaving = await rehearse(conn, reads, source, NOW)
    assert leaving.letters == 0
