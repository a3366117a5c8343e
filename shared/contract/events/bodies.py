"""JSON bodies, read by the model of what they say."""

from collections.abc import Sequence
from typing import Literal, TypeVar

from pydantic import BaseModel, ValidationError

from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.details import MOST_TOLD, Fault, faults_of, read_without_details
from shared.contract.events.legible import read_legibly
from shared.contract.events.open_enum import KNOWN_MEMBERS_ONLY

Model = TypeVar("Model", bound=BaseModel)

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_body(
    body: bytes, model: type[Model], *, extra: Literal["ignore", "forbid"] = "ignore"
) -> Model:
    """Validates a JSON body of which nothing may be left out.

    Raises Unreadable naming up to ten fields at fault.
    """
    read, left_out = take_body(body, model, extra=extra)
    if left_out:
        raise Unreadable("invalid_body", explain(left_out))
    return read


def take_body(
    body: bytes, model: type[Model], *, extra: Literal["ignore", "forbid"] = "ignore"
) -> tuple[Model, tuple[Fault, ...]]:
    """Validates a JSON body, and returns the details at fault that were left out of it.

    A public door forbids fields and members that nobody would read. Raises Unreadable naming up to
    ten fields at fault where the rest would not say what it has to.
    """
    try:
        return valid_body(body, model, extra=extra, known_members_only=extra == "forbid")
    except ValidationError as error:
        raise Unreadable("invalid_body", explain(faults_of(error))) from None


def valid_body(
    body: bytes,
    model: type[Model],
    *,
    extra: Literal["ignore", "forbid"],
    known_members_only: bool,
) -> tuple[Model, tuple[Fault, ...]]:
    """Does the same, but raises ValidationError for fields at fault."""
    body = body.removeprefix(BYTE_ORDER_MARK)
    context = KNOWN_MEMBERS_ONLY if known_members_only else None
    (read, left_out), illegible = read_legibly(
        body, lambda legible: read_without_details(legible, model, extra=extra, context=context)
    )
    return read, (*illegible[:MOST_TOLD], *left_out)


def explain(faults: Sequence[Fault]) -> str:
    """Says in one line which fields are wrong and why, up to ten of them."""
    lines = [f"{fault.field}: {fault.problem}" for fault in faults[:10]]
    if len(faults) > len(lines):
        lines.append(f"and {len(faults) - len(lines)} more")
    return "; ".join(lines)
