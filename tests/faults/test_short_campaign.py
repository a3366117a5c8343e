"""A short campaign: what `make faults` does, with fewer faults and a fixed seed."""

from pathlib import Path

import pytest
from rich.console import Console

from tests.faults import campaign
from tests.faults.history import Story
from tests.faults.promises import judge
from tests.faults.table import show

pytestmark = [pytest.mark.needs_eviction, pytest.mark.campaign]


async def test_under_kills_and_load_every_promise_is_kept(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    await campaign.run(campaign.Options(7, kills=12, events=1500, seconds=50, history=history))
    story = Story.read(history)
    verdicts = judge(story)
    show(story, verdicts, Console(width=120))
    assert [verdict.promise for verdict in verdicts if verdict.broken] == []
