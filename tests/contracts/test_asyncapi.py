"""Each service's AsyncAPI document holds together, and describes what really travels."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.contract import asyncapi
from shared.contract.asyncapi import Document
from shared.contract.events.cloudevents import Event, encode
from shared.contract.topics import ALL
from tests.contracts.test_events import event_of, examples, type_of
from tests.databases import SERVICES
from tests.shared.contract.events.records import NOON

document = cache(asyncapi.document)

each_service = pytest.mark.parametrize("service", SERVICES)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def at(described: Document, reference: str) -> Any:
    node: Any = described
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def followed(described: Document, node: Document) -> Any:
    return followed(described, at(described, node["$ref"])) if "$ref" in node else node


@each_service
def test_every_reference_leads_somewhere(service: Any) -> None:
    described = document(service)
    for reference in references(described):
        assert at(described, reference)


@each_service
def test_nothing_is_described_that_no_operation_uses(service: Any) -> None:
    described = document(service)
    used = set(references(described))
    for kind, parts in described["components"].items():
        assert {f"#/components/{kind}/{name}" for name in parts} <= used


@each_service
def test_operations_are_what_the_map_of_topics_says(service: Any) -> None:
    described = document(service)
    told = {
        (
            operation["action"],
            at(described, operation["channel"]["$ref"])["address"],
            followed(described, operation["messages"][0])["name"],
        )
        for operation in described["operations"].values()
    }
    assert told == {
        (action, topic.name, event.type)
        for topic in ALL
        for action, services in (("receive", topic.consumers), ("send", topic.producers))
        if service in services
        for event in topic.events
    }


@each_service
def test_group_is_named_for_service_and_stream(service: Any) -> None:
    for operation in document(service)["operations"].values():
        if operation["action"] == "receive":
            stream = operation["channel"]["$ref"].rpartition("/")[2]
            (group,) = operation["bindings"]["kafka"]["groupId"]["enum"]
            assert group == f"notyet.{service}.{stream}"


@pytest.mark.parametrize("example", examples, ids=lambda path: path.stem)
def test_examples_are_valid_as_they_are_described(example: Any) -> None:
    (topic,) = [topic for topic in ALL if type_of(example) in topic.event_types]
    described = document(topic.consumers[0])
    event = event_of(example)
    message = described["components"]["messages"][type(event).__name__]
    headers, value = encode(Event.about(event, source="intake", at=NOON))
    assert value
    texts = {name: content.decode() for name, content in headers}
    Draft202012Validator(message["headers"]).validate(texts)
    payload = {**message["payload"], "components": described["components"]}
    Draft202012Validator(payload).validate(json.loads(value))
