"""The comparison of schemas finds each kind of change that breaks a reader or a writer."""

from collections.abc import Callable
from copy import deepcopy
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, create_model

from tests.contracts.breaking import Schema, breaks


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Wheel(BaseModel):
    spokes: Annotated[int, Field(ge=1, le=36)] = 20


class Bicycle(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=50)]
    colour: Colour
    kind: Literal["road", "city"] = "city"
    weight: float | None = None
    serial: Annotated[str, Field(pattern=r"^\d+$")] = "0"
    wheels: Annotated[list[Wheel], Field(max_length=3)] = []
    bell: bool = True


BICYCLE = Bicycle.model_json_schema()


def changed(change: Callable[[Schema], Any]) -> Schema:
    """Gives the bicycle's schema after somebody edited it."""
    schema = deepcopy(BICYCLE)
    change(schema)
    return schema


def with_field(**fields: Any) -> Schema:
    return create_model("Bicycle", __base__=Bicycle, **fields).model_json_schema()


def test_same_schema_breaks_nothing() -> None:
    assert breaks(BICYCLE, deepcopy(BICYCLE)) == []


@pytest.mark.parametrize(
    "new",
    [
        with_field(gears=(int, 1)),
        with_field(gears=(int | None, None)),
        with_field(saddle=(list[Wheel], [])),
    ],
)
def test_optional_addition_is_free(new: Schema) -> None:
    assert breaks(BICYCLE, new) == []


def test_optional_addition_inside_a_part_is_free() -> None:
    new = changed(
        lambda schema: schema["$defs"]["Wheel"]["properties"].update(size={"type": "integer"})
    )
    assert breaks(BICYCLE, new) == []


def test_other_words_in_descriptions_and_titles_are_free() -> None:
    new = changed(lambda schema: schema.update(title="Bike", description="Two wheels."))
    assert breaks(BICYCLE, new) == []


def test_another_member_of_an_enumeration_is_free() -> None:
    new = changed(lambda schema: schema["$defs"]["Colour"]["enum"].append("green"))
    assert breaks(BICYCLE, new) == []


def test_definition_under_another_name_is_free() -> None:
    def rename(schema: Schema) -> None:
        schema["$defs"]["Rim"] = schema["$defs"].pop("Wheel")
        schema["properties"]["wheels"]["items"]["$ref"] = "#/$defs/Rim"

    assert breaks(BICYCLE, changed(rename)) == []


def properties(schema: Schema) -> Schema:
    found: Schema = schema["properties"]
    return found


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: properties(s).pop("bell"), "$.bell: removed or renamed"),
        (
            lambda s: properties(s).update(ring=properties(s).pop("bell")),
            "$.bell: removed or renamed",
        ),
        (
            lambda s: s["$defs"]["Wheel"]["properties"].pop("spokes"),
            "$.wheels[].spokes: removed or renamed",
        ),
        (
            lambda s: s["required"].append("bell"),
            "$.bell: required now, and older events may lack it",
        ),
        (
            lambda s: s["required"].remove("colour"),
            "$.colour: optional now, and older readers need it",
        ),
        (lambda s: properties(s)["bell"].update(type="string"), "$.bell: no longer boolean"),
        (
            lambda s: properties(s)["bell"].update(type="string"),
            "$.bell: may now be string, which older readers refuse",
        ),
        (lambda s: properties(s)["weight"]["anyOf"].pop(), "$.weight: no longer null"),
        (
            lambda s: properties(s).update(bell={"anyOf": [{"type": "boolean"}, {"type": "null"}]}),
            "$.bell: may now be null, which older readers refuse",
        ),
        (
            lambda s: properties(s).update(weight={"type": "integer", "default": None}),
            "$.weight: no longer number",
        ),
        (lambda s: s["$defs"]["Colour"]["enum"].remove("red"), "$.colour: no longer 'red'"),
        (
            lambda s: s["$defs"]["Colour"].pop("enum"),
            "$.colour: enum was ['red', 'blue'], is None",
        ),
        (lambda s: properties(s)["kind"]["enum"].remove("road"), "$.kind: no longer 'road'"),
        (lambda s: properties(s)["name"].update(maxLength=40), "$.name: maxLength was 50, is 40"),
        (lambda s: properties(s)["name"].update(maxLength=60), "$.name: maxLength was 50, is 60"),
        (lambda s: properties(s)["name"].pop("minLength"), "$.name: minLength was 1, is None"),
        (
            lambda s: properties(s)["serial"].update(pattern="^[0-9]{8}$"),
            r"$.serial: pattern was '^\\d+$', is '^[0-9]{8}$'",
        ),
        (lambda s: properties(s)["wheels"].update(maxItems=2), "$.wheels: maxItems was 3, is 2"),
        (
            lambda s: s["$defs"]["Wheel"]["properties"]["spokes"].update(maximum=30),
            "$.wheels[].spokes: maximum was 36, is 30",
        ),
        (
            lambda s: properties(s)["wheels"].update(items={"type": "string"}),
            "$.wheels[]: no longer object",
        ),
        (
            lambda s: properties(s)["bell"].update(default=False),
            "$.bell: default was True, is False",
        ),
        (
            lambda s: properties(s)["weight"].update(default=12.5),
            "$.weight: default was None, is 12.5",
        ),
    ],
)
def test_every_other_change_is_named(change: Callable[[Schema], Any], told: str) -> None:
    assert told in breaks(BICYCLE, changed(change))


def test_new_required_field_is_named() -> None:
    assert breaks(BICYCLE, with_field(gears=(int, ...))) == ["$.gears: new and required"]


def test_what_it_cannot_compare_it_refuses() -> None:
    unknown = changed(lambda schema: properties(schema).update(bell={"oneOf": []}))
    with pytest.raises(ValueError, match="oneOf"):
        breaks(unknown, unknown)
    twice = {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "string", "minLength": 9}]}
    with pytest.raises(ValueError, match="one alternative"):
        breaks(twice, twice)
