"""Every regular job has a round, and each still runs; what it costs is for `make bench` to say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.broker import embedded
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_admin import apply
from tests.bench.rounds.measuring import NOT_MEASURED, PARTS, Ground, measured
from tests.bench.rounds.place import place
from tests.databases import SERVICES, Template


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of its own, for its topics are the product's."""
    with embedded(tmp_path_factory.mktemp("rounds")) as bootstrap_servers:
        yield bootstrap_servers


async def test_each_regular_job_has_a_round_or_a_reason_why_it_has_none(
    template: Template, tmp_path: Path
) -> None:
    jobs: dict[str, set[str]] = {}
    with_round: dict[str, set[str]] = {}
    for name, part in PARTS.items():
        nowhere = place(part.service, template, "nowhere:9092", tmp_path, 1, **part.settings)
        async with nowhere as there, part.rounds(there) as rounds:
            jobs[part.service] = {job.name for job in there.service._jobs}
            with_round[name] = {each.job for each in rounds if each.job}
    everywhere = with_round["runtime"] | NOT_MEASURED.keys()
    unlike = {service: jobs[service] ^ (with_round[service] | everywhere) for service in SERVICES}
    assert unlike == dict.fromkeys(SERVICES, frozenset())
    assert NOT_MEASURED.keys().isdisjoint(set.union(*with_round.values()))


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
