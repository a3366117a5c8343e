"""JSON with something in it that no reader takes, or no database keeps, read without that part.

Text out of other systems holds NUL and halves of characters, such as an emoji that was cut. Words
are kept without them; an id or an address is not what it was without them, and is left out.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from shared.contract.events.details import Fault, path_of

Read = TypeVar("Read")

MOST_DEEP = 100
_MOST_DIGITS = 400
_NO_CHARACTER = re.compile(r"[\0\ud800-\udfff]")
_EXACT = re.compile(r"(?:.*Id|id|source|type|code|e?mails?|phone|mobile|url)")
"""The members that name something, which a changed one would not."""

_WITHOUT = "kept without a character that is none: NUL, or half of one"
_INEXACT = "it holds a character that is none: NUL, or half of one"
_TOO_DEEP = f"nested more than {MOST_DEEP} deep: nobody reads it"
_TOO_LONG = f"a number of more than {_MOST_DIGITS} digits: nobody reads it"

Place = tuple[int | str, ...]


class _Unread(NamedTuple):
    """A part that is left out as a whole, and why."""

    why: str


def read_legibly(body: bytes, read: Callable[[bytes], Read]) -> tuple[Read, tuple[Fault, ...]]:
    """Reads a body, without what of it nobody could read, which is named.

    Raises ValidationError where the rest does not say what it has to, or is no JSON at all.
    """
    if not _holds_nul(body):
        try:
            return read(body), ()
        except ValidationError as error:
            if error.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid":
                raise
    found: list[Fault] = []
    try:
        given = json.loads(body.decode(), parse_int=_whole)
    except (ValueError, RecursionError):
        return read(body), ()
    return read(json.dumps(_legible(given, (), found)).encode()), tuple(found)


def of_data(illegible: Sequence[Fault]) -> tuple[Fault, ...]:
    """Names parts of an envelope as they are found in its data."""
    return tuple(Fault(it.field.removeprefix("data."), it.problem) for it in illegible)


def _holds_nul(body: bytes) -> bool:
    return b"\\u0000" in body.replace(b"\\\\", b"")


def _whole(digits: str) -> int | _Unread:
    return int(digits) if len(digits) <= _MOST_DIGITS else _Unread(_TOO_LONG)


def _legible(given: Any, place: Place, found: list[Fault]) -> Any:
    """Returns a part as it can be read, and adds what of it cannot."""
    match given:
        case str() if _NO_CHARACTER.search(given):
            exact = any(isinstance(each, str) and _EXACT.fullmatch(each) for each in place[-2:])
            if exact:
                return _Unread(_INEXACT)
            found.append(Fault(path_of(place), _WITHOUT))
            return _NO_CHARACTER.sub("", given)
        case dict() | list() if len(place) > MOST_DEEP:
            return _Unread(_TOO_DEEP)
        case dict():
            named = ((_NO_CHARACTER.sub("", name), each) for name, each in given.items())
            return dict(_kept(named, place, found))
        case list():
            return [each for _, each in _kept(enumerate(given), place, found)]
    return given


def _kept(members: Any, place: Place, found: list[Fault]) -> Iterator[tuple[Any, Any]]:
    for name, each in members:
        legible = _legible(each, (*place, name), found)
        if isinstance(legible, _Unread):
            found.append(Fault(path_of((*place, name)), legible.why))
        else:
            yield name, legible
