"""Every event has a schema and examples, and they agree with the model."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import JsonValue

from shared.contract.events.bodies import read_body
from shared.contract.events.payload import Payload, StandInPayload, StatePayload
from shared.contract.topics import ALL
from tests.contracts.export import EVENTS, EXAMPLES, SCHEMAS, broken, committed, schema_of

examples = sorted(EXAMPLES.glob("*.json"))


def type_of(example: Path) -> str:
    """`dev.notyet.contact.due.v1.letter.json` shows one shape of `dev.notyet.contact.due.v1`."""
    return next(type_ for type_ in EVENTS if f"{example.name}.".startswith(f"{type_}."))


def event_of(example: Path) -> Payload:
    return EVENTS[type_of(example)].model_validate_json(example.read_bytes())


def keeps(written: JsonValue, example: JsonValue) -> bool:
    """Whether all that the example says is still said; defaults may have been added."""
    if isinstance(example, dict) and isinstance(written, dict):
        return all(name in written and keeps(written[name], example[name]) for name in example)
    if isinstance(example, list) and isinstance(written, list):
        return len(written) == len(example) and all(map(keeps, written, example))
    return written == example


def test_no_change_of_the_models_breaks_a_reader() -> None:
    assert broken() == []


@pytest.mark.parametrize("type_", EVENTS)
def test_committed_schema_is_the_one_the_model_gives(type_: str) -> None:
    remedy = "run: python -m tests.contracts.export"
    assert committed(type_) == schema_of(EVENTS[type_]), remedy


@pytest.mark.parametrize("type_", EVENTS)
def test_every_event_has_an_example(type_: str) -> None:
    assert any(type_of(example) == type_ for example in examples)


def test_no_schema_or_example_is_left_of_an_event_that_is_gone() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == EVENTS.keys()
    assert {type_of(example) for example in examples} == EVENTS.keys()


@pytest.mark.parametrize("example", examples, ids=lambda path: path.stem)
def test_example_is_valid_by_its_schema(example: Path) -> None:
    schema = committed(type_of(example))
    assert schema
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(example.read_bytes()))


@pytest.mark.parametrize("example", examples, ids=lambda path: path.stem)
def test_example_survives_being_read_and_written(example: Path) -> None:
    event = event_of(example)
    written = event.model_dump_json(by_alias=True, exclude_none=True)
    assert type(event).model_validate_json(written) == event
    assert keeps(json.loads(written), json.loads(example.read_bytes()))


@pytest.mark.parametrize("example", examples, ids=lambda path: path.stem)
def test_example_holds_no_field_that_nobody_reads(example: Path) -> None:
    read_body(example.read_bytes(), EVENTS[type_of(example)], extra="forbid")


@pytest.mark.parametrize("example", examples, ids=lambda path: path.stem)
def test_reader_ignores_fields_it_does_not_know(example: Path) -> None:
    body = json.loads(example.read_bytes()) | {"addedNextYear": {"anything": [1, None]}}
    assert read_body(json.dumps(body).encode(), EVENTS[type_of(example)]) == event_of(example)


@pytest.mark.parametrize("type_", EVENTS)
def test_type_is_reverse_dns_past_tense_and_major_version(type_: str) -> None:
    prefix, entity, what, version = type_.rsplit(".", 3)
    assert (prefix, version) == ("dev.notyet", "v1")
    assert entity.isalpha()
    assert what.isalpha()


def test_states_and_only_states_are_on_compacted_topics() -> None:
    for topic in ALL:
        for event in topic.events:
            is_state = issubclass(event, StatePayload | StandInPayload)
            is_state = is_state or event.type.endswith("heartbeat.v1")
            assert topic.compacted == is_state, event.type
