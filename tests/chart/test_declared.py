"""The chart says of settings, topics and rights what the code says; no Helm is needed for that."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from shared.contract.topics import ALL
from tests.chart.declared import (
    CHART,
    DECLARED,
    NOT_IN_A_POD,
    OF_THE_CHART,
    READERS,
    SCHEMA,
    rendered,
)
from tests.chart.release import cases

VALUES = yaml.safe_load((CHART / "values.yaml").read_text())


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(SCHEMA.read_text())
    return read


@pytest.mark.parametrize("path", [DECLARED, SCHEMA], ids=lambda path: path.name)
def test_what_is_made_from_the_code_is_as_the_code_has_it(path: Path) -> None:
    assert rendered()[path] == path.read_text(), "run python -m tests.chart.declared"


def test_every_setting_can_be_given_but_those_that_the_chart_decides() -> None:
    declared = json.loads(DECLARED.read_text())["readers"]
    for reader, owner in READERS.items():
        given = {*declared[reader]["settings"], *declared[reader]["secrets"]}
        fields = owner.model_fields.keys() - OF_THE_CHART - NOT_IN_A_POD
        assert {name.replace("_", "") for name in fields} == {name.lower() for name in given}


def test_every_topic_and_its_group_of_each_reader_is_known() -> None:
    declared = json.loads(DECLARED.read_text())
    assert [topic["name"] for topic in declared["topics"]] == [topic.name for topic in ALL]
    groups = {group for of_one in declared["groups"].values() for group in of_one}
    assert groups == {topic.group(reader) for topic in ALL for reader in topic.consumers}


def test_no_key_is_taken_that_means_nothing(schema: dict[str, Any]) -> None:
    free = [
        place
        for place, part in _objects("", schema)
        if part.get("additionalProperties") is None and part["type"] == "object"
    ]
    assert {place.rpartition("/")[2] for place in free} == {
        *("global", "nodeAffinity", "podAffinity", "podAntiAffinity")
    }


@pytest.mark.parametrize("path", cases(), ids=lambda path: path.stem)
def test_values_that_stand_for_somebody_are_taken(path: Path, schema: dict[str, Any]) -> None:
    jsonschema.validate(_over(VALUES, yaml.safe_load(path.read_text())), schema)


def test_what_has_to_be_given_is_asked_for_and_nothing_else(schema: dict[str, Any]) -> None:
    validator = jsonschema.Draft7Validator(schema)
    missing = sorted(error.message.split("'")[1] for error in validator.iter_errors(VALUES))
    assert missing == sorted(
        [
            *("repository", "kafkaBootstrapServers", "employerName", "publicUrl"),
            *("mailFrom", "smtpHost", *["existingSecret"] * 4),
        ]
    )


def test_values_explains_each_of_its_own_keys(schema: dict[str, Any]) -> None:
    assert VALUES.keys() == schema["properties"].keys() - {"global"}


def _objects(place: str, part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        if isinstance(part.get("type"), str):
            yield place, part
        for name, inner in part.items():
            yield from _objects(f"{place}/{name}", inner)


def _over(below: Any, above: Any) -> Any:
    """Returns values over the chart's own, as Helm lays them."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {
            key: _over(below.get(key), above.get(key, below.get(key)))
            for key in below.keys() | above.keys()
        }
    return above
