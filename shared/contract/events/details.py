"""What an event can do without: a detail that is at fault is left out, and the rest counts.

A field marked with a `Detail` is one, and so is whatever is optional inside it. What has to be
there has to be right: where it is not, the smallest optional part around it is left out, and where
there is none the event as a whole is at fault.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, from_json, to_json

from shared.contract.events.payload import COUNTRY

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]

MOST_TOLD = 50
"""How many parts that were left out are named; the others are counted."""

MOST_FAULTS = 2000
"""Where more is wrong, no part is looked at by itself: that would take longer than it is worth."""

_ROUNDS = 4
"""A list that was too long shows what is wrong inside only once it has been cut."""
_SHORTEST_CUT = 1000
"""A text with a greater limit still says something when it is cut; an address does not."""
_LONGEST_NAME = 40

_UNREAD = "nobody reads this field"
_EMPTY = "nothing in it can be seen: write what belongs here"
_REMEDIES = {
    "missing": "add this field",
    "extra_forbidden": "remove it, or correct its name: nobody would read it",
    "too_short": _EMPTY,
    "string_too_short": _EMPTY,
    "timezone_aware": "add the offset, such as Z or +01:00",
}
_FORMS = {COUNTRY: "write the two capital letters of ISO 3166, such as DE"}
"""What a text has to look like, said of its pattern."""
_GONE = object()


@dataclass(frozen=True, slots=True)
class Detail:
    """Marks a field without whose optional parts an event still says what it has to say."""

    takes_unknown: bool = True
    """Whether a field inside that nobody reads is left out too; else it may be a misspelt one."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Marks a field whose absence has a meaning of its own: another tells that it was unread."""

    told_by: str


class Fault(NamedTuple):
    """One field that is wrong."""

    field: str
    """Its path, such as `applicant.emails.0`."""
    problem: str
    """What to do about it; never what stood there."""


class _Place(NamedTuple):
    """The part of an event that a fault can be taken out with."""

    depth: int
    """How far into the fault's location it is."""
    marks: tuple[Any, ...]
    """What its field is marked with."""


def read_without_details(
    body: bytes,
    model: type[Model],
    *,
    extra: Literal["ignore", "forbid"],
    context: Any,
) -> tuple[Model, tuple[Fault, ...]]:
    """Validates a JSON body, and returns what was left out of it.

    Raises ValidationError where something is at fault that is no detail.
    """
    left_out: dict[Location, Fault] = {}
    for _ in range(_ROUNDS):
        try:
            read = model.model_validate_json(body, extra=extra, context=context)
        except ValidationError as error:
            given = _without(body, model, error, left_out)
        else:
            return read, _told(left_out.values())
        body = to_json(given)
    return model.model_validate_json(body, extra=extra, context=context), _told(left_out.values())


def faults_of(error: ValidationError) -> list[Fault]:
    """Lists the fields that are wrong and why, without repeating any value."""
    return [Fault(".".join(map(str, each["loc"])) or "body", _remedy(each)) for each in _all(error)]


def _without(
    body: bytes, model: type[BaseModel], error: ValidationError, left_out: dict[Location, Fault]
) -> Any:
    """Returns what a body says without the details at fault; raises the error if there is more."""
    if error.error_count() > MOST_FAULTS:
        return _without_all(body, model, error, left_out)
    errors = _all(error)
    places = [place for each in errors if (place := _place(model, each["loc"]))]
    if len(places) < len(errors):
        raise error
    given = from_json(body)
    lists: dict[int, list[Any]] = {}
    for place, each in zip(places, errors, strict=True):
        location = each["loc"][: place.depth]
        holder = _at(given, location[:-1])
        if holder is None or location in left_out:
            continue
        left_out[location] = _take_out(holder, location, place.marks, each)
        if isinstance(holder, list):
            lists[id(holder)] = holder
    for some in lists.values():
        some[:] = [item for item in some if item is not _GONE]
    return given


def _without_all(
    body: bytes, model: type[BaseModel], error: ValidationError, left_out: dict[Location, Fault]
) -> Any:
    """Returns what a body says without any detail that can be left out as a whole."""
    given = from_json(body)
    names = [name for name in given if (place := _place(model, (name,))) and place.depth == 1]
    if not names:
        raise error
    for name in names:
        del given[name]
        why = f"more than {MOST_FAULTS:,} things in it cannot be read: nothing of it is kept"
        left_out[(name,)] = Fault(name, why)
    return given


def _take_out(holder: Any, location: Location, marks: Sequence[Any], fault: ErrorDetails) -> Fault:
    """Takes one part out of what holds it, or cuts it, and says why."""
    last = location[-1]
    limit = fault.get("ctx", {}).get("max_length", 0)
    is_text = fault["type"] == "string_too_long" and limit >= _SHORTEST_CUT
    if location == fault["loc"] and (is_text or fault["type"] == "too_long"):
        holder[last] = holder[last][:limit]
        what = "characters are" if is_text else "of them are"
        return Fault(path_of(location), f"too long: only the first {limit:,} {what} kept")
    if isinstance(holder, list) and isinstance(last, int):
        holder[last] = _GONE
    else:
        del holder[last]
    for unread in (mark for mark in marks if isinstance(mark, Unread)):
        holder[unread.told_by] = True
    why = _UNREAD if fault["type"] == "extra_forbidden" else _remedy(fault)
    return Fault(path_of(location), why)


def _place(model: type[BaseModel], location: Location) -> _Place | None:
    """Returns the smallest part around a fault that can be left out; None where none can."""
    return _place_like(model, tuple(0 if isinstance(step, int) else step for step in location))


@lru_cache(maxsize=5000)
def _place_like(model: type[BaseModel], location: Location) -> _Place | None:
    """Returns the same for all faults whose locations differ by their places in lists alone."""
    found: _Place | None = None
    detail: Detail | None = None
    here: Any = model
    for depth, step in enumerate(location, 1):
        field = None if isinstance(step, int) else _field(here, step)
        detail = detail or next((m for m in _marks(field) if isinstance(m, Detail)), None)
        if field:
            optional, here = not field.is_required(), field.annotation
        elif isinstance(step, int):
            optional, here = True, _items(here)
        elif detail is None or not detail.takes_unknown:
            return None
        else:
            optional, here = True, None
        if detail and optional:
            found = _Place(depth, tuple(_marks(field)))
    return found


def _field(annotation: Any, name: str) -> FieldInfo | None:
    bare = _bare(annotation)
    if not (isinstance(bare, type) and issubclass(bare, BaseModel)):
        return None
    fields = bare.model_fields
    return next((it for key, it in fields.items() if name in (key, it.alias)), None)


def _items(annotation: Any) -> Any:
    return next(iter(get_args(_bare(annotation))), None)


def _bare(annotation: Any) -> Any:
    """Returns a type without what says that it may be None, or more about it."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    return annotation


def _marks(field: FieldInfo | None) -> Sequence[Any]:
    return field.metadata if field else ()


def _at(given: Any, location: Location) -> Any:
    """Returns what stands at a place, or None where it was taken out before."""
    for step in location:
        if isinstance(given, dict):
            given = given.get(step)
        elif isinstance(given, list) and isinstance(step, int):
            given = given[step]
        else:
            return None
    return None if given is _GONE else given


def _all(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_input=False)


def _remedy(fault: ErrorDetails) -> str:
    """Says what to do, where the library only says what is wrong."""
    form = _FORMS.get(fault.get("ctx", {}).get("pattern", ""))
    return form or _REMEDIES.get(fault["type"], fault["msg"].removeprefix("Value error, "))


def path_of(location: Location) -> str:
    """Names a place; a name that is no name of a field could be anybody's words."""
    return ".".join(
        str(step) if isinstance(step, int) or _is_plain(step) else "?" for step in location
    )


def _is_plain(name: str) -> bool:
    return name.isascii() and name.isidentifier() and len(name) <= _LONGEST_NAME


def _told(left_out: Iterable[Fault]) -> tuple[Fault, ...]:
    found = tuple(left_out)
    if len(found) <= MOST_TOLD:
        return found
    return (*found[:MOST_TOLD], Fault("body", f"and {len(found) - MOST_TOLD} parts more"))
