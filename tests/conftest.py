"""What tests stand on: a real PostgreSQL, a real broker, and a clock that can be moved.

Servers are processes that live as long as the session, as does the event loop; whatever else is
asynchronous lives as long as one test, which fails when it leaves something running or open.
"""

import dataclasses
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from hypothesis import settings
from pytest_asyncio import is_async_test
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from shared.contract.topics import Topic
from shared.runtime.clock import ManualClock
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_admin import apply
from tests import brokers
from tests import databases as databases_
from tests.left_open import no_task_left
from tests.scratch import scratch
from tests.searching import examples

os.environ.pop("COLUMNS", None)
"""Commands print as wide as their own tests ask for, not as whoever runs these."""

settings.register_profile("tests", deadline=None, print_blob=True)
settings.register_profile("CI", examples(25), derandomize=True, print_blob=True)
"""Whoever waits for CI gets examples that everybody got; new ones are tried where one works."""
settings.load_profile("CI" if os.environ.get("CI") else "tests")

MONDAY_MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)

MakeTopic = Callable[..., Awaitable[Topic]]
"""`await topic(CONTACTS, partitions=2)` creates a topic of that kind under a name of its own."""


SHARED_SERVERS = {
    "kafka": frozenset(
        f"tests/{name}.py"
        for name in (
            "contracts/test_rolling_upgrade",
            "services/intake/applicants/test_erased_on_the_stream",
            "services/intake/applicants/test_from_the_stream",
            "services/intake/test_any_input",
            "services/notifier/test_restore_guard",
            "shared/contract/events/test_publishers",
            "shared/runtime/patches/test_empty_fetches",
            "shared/runtime/patches/test_header_names",
            "shared/runtime/test_consumer",
            "shared/runtime/test_not_taken_in",
            "shared/runtime/test_outbox",
            "shared/runtime/test_partitions",
            "shared/runtime/test_relay",
            "shared/runtime/test_service",
            "shared/runtime/test_stand_in",
            "shared/runtime/test_topics_admin",
            "shared/runtime/test_watchdog",
        )
    ),
    "shared_stage": frozenset(
        f"tests/journeys/test_{name}.py"
        for name in (
            "a_person_turned_down_often",
            "a_release_is_tried",
            "a_system_that_calls",
            "bad_input",
            "one_bad_row",
            "the_whole_path",
            "traces",
            "two_sources",
            "what_must_not_happen",
            "who_is_who",
        )
    ),
}
"""Servers that are dear to start, by their fixture: one worker starts each, for all these files."""


class ByServers(LoadFileScheduling):  # type: ignore[misc]
    """Keeps on one worker the tests of a file, and files that share a server."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((server for server, files in SHARED_SERVERS.items() if file in files), file)


def pytest_itemcollected(item: pytest.Item) -> None:
    loop = item.get_closest_marker("asyncio")
    if is_async_test(item) and loop and "loop_scope" not in loop.kwargs:
        item.fixturenames.insert(0, "alone")
    file = item.nodeid.partition("::")[0]
    for server in SHARED_SERVERS.keys() & getattr(item, "fixturenames", ()):
        if file not in SHARED_SERVERS[server]:
            raise pytest.UsageError(f"name {file} among those that share {server} in {__file__}")


def pytest_configure(config: pytest.Config) -> None:
    for mark in (
        "needs_eviction: needs a broker that gives on what a killed member held",
        "campaign: kills or waits for minutes, and has a command of its own",
        "browser: looks at pages in Chromium, and has a command of its own",
        "chart: renders the Helm chart, and has a command of its own",
        "apiserver: gives the chart to a real API server, and has a command of its own",
        "containers: runs the images, and has a command of its own",
    ):
        config.addinivalue_line("markers", mark)


def pytest_report_header() -> list[str]:
    try:
        rung, missing = brokers.choose()
    except brokers.Missing as reason:
        raise pytest.UsageError(str(reason)) from None
    skipped = [] if rung.evicts else ["skipped on it: tests that need a killed member evicted"]
    details = f" ({'; '.join(missing + skipped)})" if missing + skipped else ""
    named = databases_.NAMED and "the server of NOTYET_TEST_DATABASE_URL"
    return [
        f"broker: {rung.title}{details}",
        f"database: {named or 'PostgreSQL from its wheel, without fsync'}",
    ]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    return ByServers(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("needs_eviction") and not brokers.choose()[0].evicts:
        pytest.skip("this broker never evicts a member that was killed")


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """The bootstrap servers of a real broker."""
    rung, _ = brokers.choose()
    with scratch("kafka") as directory, rung.run(directory) as bootstrap_servers:
        yield bootstrap_servers


@pytest.fixture
async def topic(kafka: str) -> AsyncIterator[MakeTopic]:
    """Creates topics that no other test knows, and deletes them afterwards."""
    names = []

    async def make(like: Topic, *, partitions: int = 3, **settings: str) -> Topic:
        name = f"test.{like.name.split('.')[1]}-{secrets.token_hex(4)}.v1"
        made = dataclasses.replace(like, name=name, partitions=partitions)
        await apply(KafkaSettings(kafka_bootstrap_servers=kafka), [made], overrides=settings)
        names.append(name)
        return made

    yield make
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_topics(names)
    await admin.close()


@pytest.fixture(scope="session")
async def template() -> AsyncIterator[databases_.Template]:
    with databases_.server() as admin_url:
        made = databases_.Template(admin_url)
        await made.make()
        yield made
        await made.drop()


@pytest.fixture
async def databases(template: databases_.Template) -> AsyncIterator[databases_.Databases]:
    """`await databases("scheduler")` opens that service's part of this test's own database."""
    async with template.lend() as lent, no_task_left():
        yield lent


@pytest.fixture
async def alone() -> AsyncIterator[None]:
    """Every asynchronous test has it first, and so it ends last."""
    async with no_task_left():
        yield


@pytest.fixture
def clock() -> ManualClock:
    """Stands still on a Monday morning until the test moves it."""
    return ManualClock(MONDAY_MORNING)
