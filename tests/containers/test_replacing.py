"""Each container is replaced by a new one, again and again, while everything goes on."""

from pathlib import Path
from time import monotonic

import pytest

from deploy.local.stack import SERVICES
from tests.containers.stack import Containers
from tests.faults import campaign
from tests.faults.history import Story
from tests.faults.promises.pace import REPLICAS
from tests.faults.table import broken_promises

pytestmark = pytest.mark.containers

READERS_FIRST = ("notifier", "matcher", "scheduler", "intake")


async def every_container_is_replaced(stage: campaign.Stage) -> None:
    """Replaces them one after the other as long as events keep coming; each round is a day."""
    deadline = monotonic() + stage.options.seconds
    while monotonic() < deadline:
        for service in READERS_FIRST:
            for member in stage.stack.processes[service]:
                await campaign.end(stage, member)
                member.start()
                await member.ready()
                stage.history.note("fault", what="replaced", target=member.name)
        stage.clock.next_working_day()


async def test_while_every_container_is_replaced_every_promise_is_kept(
    images: dict[str, str], tmp_path: Path
) -> None:
    history = tmp_path / "history.jsonl"
    options = campaign.Options(
        11, kills=0, events=1500, seconds=90, history=history, stack=Containers
    )
    await campaign.run(options, every_container_is_replaced)
    replaced = {line["target"] for line in Story.read(history).faults("replaced")}
    assert replaced == {f"{name}-{number}" for name in SERVICES for number in range(REPLICAS)}
    assert broken_promises(history) == []
