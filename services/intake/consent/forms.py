"""The forms of the candidate's page, as a browser sends them."""

from collections.abc import Mapping, Sequence
from typing import Literal

Form = Mapping[str, Sequence[str]]
"""What a browser sent: every value of every field."""

Fault = Literal[
    "purpose",
    "channel",
    "months",
    "confirm",
    "gap",
    "closed",
    "news",
    "too_long",
    "correction",
    "address",
    "unknown",
    "unreadable",
]


class InvalidAnswer(Exception):
    """Nothing was said that can be acted on; `fault` names the text that helps."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def one(form: Form, field: str) -> str:
    """Returns the first value of a field; an empty text where there is none."""
    return next(iter(form.get(field, ())), "")
