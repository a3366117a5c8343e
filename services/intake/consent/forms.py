"""What can be wrong with a form of the candidate's pages."""

from typing import Literal

Fault = Literal[
    "purpose",
    "channel",
    "months",
    "confirm",
    "elsewhere",
    "gap",
    "closed",
    "news",
    "too_long",
    "correction",
    "bad_name",
    "bad_phone",
    "bad_zone",
    "number",
    "no_texts",
    "address",
    "too_often",
    "too_many",
    "unknown",
    "unreadable",
]


class InvalidAnswer(Exception):
    """Nothing was said that can be acted on; `fault` names the text that helps."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault
