"""A member that a newer producer added is read as unknown, kept, and refused at a public door."""

import copy
import importlib
import pickle
import pkgutil
from enum import StrEnum

import pytest
from pydantic import BaseModel, ValidationError

from shared.contract import events
from shared.contract.events.bodies import read_body
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.open_enum import OpenEnum


class Colour(OpenEnum):
    RED = "red"
    BLUE = "blue"


class NewerColour(OpenEnum):
    RED = "red"
    BLUE = "blue"
    GREEN = "green"


class Bicycle(BaseModel):
    colour: Colour
    spare: list[Colour] = []


class NewerBicycle(BaseModel):
    colour: NewerColour


def test_known_members_are_themselves() -> None:
    bicycle = read_body(b'{"colour": "red", "spare": ["blue"]}', Bicycle)
    assert bicycle.colour is Colour.RED
    assert bicycle.spare == [Colour.BLUE]
    assert bicycle.colour.is_known


def test_unknown_member_is_read_as_unknown_beside_the_known() -> None:
    bicycle = read_body(b'{"colour": "red", "spare": ["green", "blue"]}', Bicycle)
    assert [colour.is_known for colour in bicycle.spare] == [False, True]
    assert bicycle.spare[0] not in set(Colour)
    assert list(Colour) == [Colour.RED, Colour.BLUE]


def test_what_was_stored_of_an_unknown_member_is_understood_after_the_upgrade() -> None:
    stored = read_body(b'{"colour": "green"}', Bicycle).model_dump_json()
    assert NewerBicycle.model_validate_json(stored).colour is NewerColour.GREEN


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_unknown_member_survives_being_copied(copied: type) -> None:
    bicycle = read_body(b'{"colour": "green"}', Bicycle)
    assert copied(bicycle) == bicycle


@pytest.mark.parametrize("body", [b'{"colour": 3}', b'{"colour": ""}', b'{"colour": null}'])
def test_what_cannot_name_a_member_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable, match="colour"):
        read_body(body, Bicycle)


def test_text_too_long_for_a_member_is_refused() -> None:
    with pytest.raises(ValidationError):
        Bicycle.model_validate({"colour": "g" * 101})


def test_public_door_refuses_an_unknown_member_and_names_those_it_knows() -> None:
    with pytest.raises(Unreadable, match=r"spare\.0: Input should be one of 'red', 'blue'"):
        read_body(b'{"colour": "red", "spare": ["green"]}', Bicycle, extra="forbid")


def test_every_enumeration_of_the_events_is_open() -> None:
    names = [module.name for module in pkgutil.iter_modules(events.__path__)]
    modules = [importlib.import_module(f"{events.__name__}.{name}") for name in names]
    spoken = [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, StrEnum) and len(thing)
    ]
    assert [thing.__name__ for thing in spoken if not issubclass(thing, OpenEnum)] == []
    assert len(spoken) > 10
