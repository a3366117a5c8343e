"""A short campaign: what `make faults` does, with fewer faults and a fixed seed."""

from pathlib import Path

import pytest

from tests.faults import campaign
from tests.faults.table import broken_promises

pytestmark = [pytest.mark.needs_eviction, pytest.mark.campaign]


async def test_under_kills_and_load_every_promise_is_kept(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    await campaign.run(campaign.Options(7, kills=12, events=1500, seconds=50, history=history))
    assert broken_promises(history) == []
