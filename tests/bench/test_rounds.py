"""Every round of every service still runs; what it costs is for `make bench` to say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.broker import embedded
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_admin import apply
from tests.bench.rounds.measuring import PARTS, Ground, measured
from tests.databases import Template


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of its own, for its topics are the product's."""
    with embedded(tmp_path_factory.mktemp("rounds")) as bootstrap_servers:
        yield bootstrap_servers


@pytest.mark.campaign
@pytest.mark.parametrize("part", PARTS)
async def test_each_round_does_its_work_in_the_smallest_pool(
    part: str, template: Template, broker: str, tmp_path: Path
) -> None:
    await apply(KafkaSettings(kafka_bootstrap_servers=broker))
    ground = Ground(template, broker, tmp_path)
    lines = [line async for line in measured(part, ground, [500], times=1)]
    assert lines
    assert all(line.took[500] for line in lines)
