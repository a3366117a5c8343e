"""What `helm test` runs tells whether a rejection comes through, and nobody hears of it."""

import asyncio

import pytest

from tests.journeys.conftest import Stage, commanded

pytestmark = pytest.mark.asyncio(loop_scope="package")

WORDS = ("sources", "try", "--url")
"""The chart's pod has the address of its Service there."""
SAID = "A rejection comes through: applicant rejected; a letter of ours leaves."


async def tried(stage: Stage) -> str:
    words = (*WORDS, stage.stack.intake_url)
    return await asyncio.to_thread(commanded, stage.stack, "intake", *words)


async def test_a_rejection_comes_through_each_time_and_is_never_recorded(stage: Stage) -> None:
    for _ in range(2):
        assert SAID in await tried(stage)
    listed = commanded(stage.stack, "intake", "deliveries", "list", "--source", "trial")
    assert listed.count("a letter of ours leaves") == 2
    assert "looked at" in commanded(stage.stack, "intake", "sources", "list")
    recorded = "select count(*) from intake.applications where source = 'trial'"
    assert await stage.conn.fetchval(recorded) == 0
    in_use = "select count(*) from intake.api_keys where source = 'trial' and revoked_at is null"
    assert await stage.conn.fetchval(in_use) == 0
