"""The `openings` stream: every vacancy as intake has recorded it, for whoever searches for it."""

from typing import ClassVar

from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import Line, StatePayload, Version
from shared.contract.events.vacancies import Vacancy


class OpeningState(OpenEnum):
    """What was heard of the vacancy last."""

    OPENED = "opened"
    UPDATED = "updated"
    REOPENED = "reopened"
    CLOSED = "closed"


class OpeningChanged(StatePayload, Vacancy):
    """A vacancy without its recruiters, under an id that no other source's vacancy has."""

    type: ClassVar[str] = "dev.notyet.opening.changed.v1"

    version: Version
    state: OpeningState
    source: Line
    """The system whose vacancy it is."""
    searches_pool: bool = False
    """Whether everybody may be listed for it, or only those whom its source has turned down."""

    @property
    def entity_id(self) -> str:
        return self.vacancy_id
