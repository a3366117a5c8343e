"""The map of the system is sound, and says what the services' own pages say."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from shared.contract import topics
from shared.contract.topics import ALL, BY_NAME, Topic
from tests.databases import SERVICES

ROOT = Path(__file__).parents[2]

each_topic = pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.name)


@each_topic
def test_name_is_plural_versioned_and_free_of_what_kafka_confuses(topic: Topic) -> None:
    assert re.fullmatch(r"notyet\.[a-z]+s\.v[1-9]", topic.name)
    assert not any(service in topic.name for service in SERVICES)


def test_every_event_type_travels_on_one_topic_alone() -> None:
    types = Counter(event.type for topic in ALL for event in topic.events)
    assert [type_ for type_, topics in types.items() if topics > 1] == []
    assert len(BY_NAME) == len(ALL)


@each_topic
def test_somebody_writes_it_and_somebody_reads_it(topic: Topic) -> None:
    assert set(topic.producers) <= {*SERVICES, "upstream"}
    assert set(topic.consumers) <= set(SERVICES)
    assert topic.producers
    assert topic.consumers


def test_each_service_wakes_on_these_topics_and_no_others() -> None:
    wakes_on = {
        service: {topic.name.split(".")[1] for topic in ALL if service in topic.consumers}
        for service in SERVICES
    }
    assert wakes_on == {
        "intake": {"applications", "vacancies", "notifications", "matches"},
        "scheduler": {"candidates", "responses", "notifications"},
        "matcher": {
            "openings",
            "candidates",
            "profiles",
            "contacts",
            "responses",
            "notifications",
        },
        "notifier": {"contacts", "recipients", "matches", "responses", "notifications"},
    }


@pytest.mark.parametrize("service", SERVICES)
def test_service_reads_what_the_map_says(service: str) -> None:
    app = (ROOT / "services" / service / "app.py").read_text()
    read = {getattr(topics, name) for name in re.findall(r"\.consume\(\s*([A-Z]+),", app)}
    assert read == {topic for topic in ALL if service in topic.consumers}


def test_only_intake_and_notifier_read_who_somebody_is() -> None:
    readers = {
        consumer
        for topic in ALL
        for consumer in topic.consumers
        if topic.name in ("notyet.applications.v1", "notyet.recipients.v1")
    }
    assert readers == {"intake", "notifier"}


@each_topic
def test_states_are_compacted_within_a_bound_and_facts_deleted(topic: Topic) -> None:
    day = timedelta(days=1) / timedelta(milliseconds=1)
    if topic.compacted:
        assert topic.config["cleanup.policy"] == "compact"
        assert int(topic.config["max.compaction.lag.ms"]) <= day
        assert int(topic.config["segment.ms"]) <= day
    else:
        assert topic.config["cleanup.policy"] == "delete"
        assert int(topic.config["retention.ms"]) >= 7 * day
        # Else the segment that is being written to keeps a fact for as long again.
        assert int(topic.config["segment.ms"]) <= int(topic.config["retention.ms"]) / 24
