"""What stands in the fields of a form that a browser sent."""

from collections.abc import Mapping, Sequence

from shared.contract.events.blank_text import is_blank

Form = Mapping[str, Sequence[str]]
"""Every value of every field."""


def one(form: Form, field: str) -> str:
    """Returns the first value of a field; an empty text where there is none that can be seen."""
    value = next(iter(form.get(field, ())), "")
    return "" if is_blank(value) else value
