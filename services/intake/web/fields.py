"""What stands in the fields of a form that a browser sent."""

from collections.abc import Mapping, Sequence

Form = Mapping[str, Sequence[str]]
"""Every value of every field."""


def one(form: Form, field: str) -> str:
    """Returns the first value of a field; an empty text where there is none."""
    return next(iter(form.get(field, ())), "")
