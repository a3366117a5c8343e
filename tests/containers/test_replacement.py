"""Whatever container is replaced under load: nothing is lost, and nothing leaves twice."""

from pathlib import Path

import pytest
from rich.console import Console

from tests.containers.composed import SECURED, composing
from tests.containers.replacing import REPLACED, Replacement
from tests.faults.history import History, Story
from tests.faults.promises import BY_HAND, judge
from tests.faults.table import show

pytestmark = pytest.mark.containers

KILLED = 137
"""How a container ends that did not do so within its grace period."""
SETTINGS = {"NOTYET_MESSAGES_PER_SECOND": "10"}
"""So that letters leave for as long as it takes to replace who sends them."""


async def test_whatever_is_replaced_every_promise_is_kept(
    images: dict[str, str], tmp_path: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    with composing(SECURED, images, tmp_path, **SETTINGS) as composed:
        history = History(tmp_path / "history.jsonl", composed.clock)
        await Replacement(composed, history, logs).run()
        history.close()
    story = Story.read(tmp_path / "history.jsonl")
    verdicts = judge(story, BY_HAND)
    show(story, verdicts, Console(width=120))
    assert [verdict.promise for verdict in verdicts if verdict.broken] == []
    assert story.rows("shown"), "nobody was found for any vacancy"
    replaced = story.of("replaced")
    assert [line["what"] for line in replaced if line["code"] == KILLED] == []
    assert len(replaced) == len(REPLACED)
