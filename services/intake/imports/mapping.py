"""Turns the rows of a file into rejections, and what is refused back into columns."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from services.intake.imports.fields import FIELDS
from shared.contract.events.cloudevents import Fault
from shared.contract.events.payload import stable_id

Row = Mapping[str, Any]


class Unmappable(Exception):
    """The columns do not say enough; the text is one line that says what to do."""


class Mapped:
    """Which column holds which field; columns named like a field need not be mapped."""

    def __init__(
        self, columns: Sequence[str] | None, wanted: Mapping[str, str], source: str
    ) -> None:
        """Takes the file's columns, if all lines have the same, and fields with their columns.

        Raises Unmappable for a field or column that does not exist, or one that is missing.
        """
        self._source = source
        named = {_plain(column): column for column in columns or ()}
        self._columns = {field: named[field] for field in FIELDS if field in named}
        for field, column in wanted.items():
            if field not in FIELDS:
                raise Unmappable(f"There is no field {field}; choose from: {', '.join(FIELDS)}")
            if columns is not None and column not in columns:
                raise Unmappable(f"The file has no column {column}; it has: {', '.join(columns)}")
            self._columns[field] = column
        self._require("decided_at")
        self._require("vacancy_title", "vacancy_id")
        self._require("applicant_id", "email", "phone")

    def rejection(self, row: Row) -> tuple[dict[str, Any], list[Fault]]:
        """Returns a row as a rejection would be posted, and the cells that cannot be read."""
        posted: dict[str, Any] = {}
        faults = []
        for field, column in self._columns.items():
            cell = _cell(row, column)
            if not cell:
                continue
            if "\0" in cell:
                faults.append(Fault(column, "remove the NUL character"))
                continue
            try:
                _put(posted, FIELDS[field].path, FIELDS[field].convert(cell))
            except ValueError as problem:
                faults.append(Fault(column, str(problem)))
        return self._completed(posted), faults

    def column(self, path: str) -> str:
        """Returns the column that a refused field came from, or the field if from none."""
        for field, column in self._columns.items():
            if path.startswith(".".join(FIELDS[field].path)):
                return column
        return path

    def _require(self, *fields: str) -> None:
        if not any(field in self._columns for field in fields):
            raise Unmappable(
                f"Add --map {fields[0]}=COLUMN: the file has no column for {' or '.join(fields)}"
            )

    def _completed(self, posted: dict[str, Any]) -> dict[str, Any]:
        """Adds the ids and the rest that a rejection cannot be without."""
        person = posted.setdefault("applicant", {})
        vacancy = posted.setdefault("vacancy", {})
        person.setdefault("name", {})
        who = person.get("emails", [""])[0].lower() or person.get("phone", "")
        person.setdefault("applicantId", stable_id(self._source, who))
        vacancy.setdefault("title", vacancy.get("vacancyId", ""))
        vacancy.setdefault("vacancyId", stable_id(self._source, vacancy["title"].lower()))
        posted.setdefault("reason", {}).setdefault("code", "other")
        of = (person["applicantId"], vacancy["vacancyId"], posted.get("decidedAt", ""))
        posted.setdefault("applicationId", stable_id(self._source, *of))
        return posted | {"shortfalls": _shortfalls(posted)}


def _shortfalls(posted: dict[str, Any]) -> list[dict[str, Any]]:
    expected_at = posted.pop("expectedAt", None)
    gaps = []
    for kind, gap in posted.get("shortfalls", {}).items():
        name = gap.get("name", kind)
        found = {"requirementId": f"{kind}-{_plain(name)}"[:200], "kind": kind, "name": name, **gap}
        if expected_at and kind != "experience":
            found["expectedAt"] = expected_at
        gaps.append(found)
    return gaps


def _cell(row: Row, column: str) -> str:
    """Returns what stands under a column, or in JSON under a path such as `person.email`."""
    value: Any = row
    for name in [column] if column in row else column.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    return "" if value is None else str(value).strip()


def _put(target: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *above, last = path
    for name in above:
        target = target.setdefault(name, {})
    target[last] = value


def _plain(column: str) -> str:
    """Reads "Decided at" and `decidedAt` as `decided_at`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column.strip())
    return re.sub(r"[\W_]+", "_", words).strip("_").lower()
