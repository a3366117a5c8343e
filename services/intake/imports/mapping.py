"""Turns the rows of a file into rejections, and what is refused back into columns."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from services.intake.applicants.domain.agreement import could_be_one, name_words
from services.intake.applicants.domain.grouping import MOST_NEAR
from services.intake.imports.fields import FIELDS, as_text, as_word, telephone
from services.intake.imports.files import Line, Row, Source
from services.intake.imports.tables import clean
from shared.contract.events.details import Fault
from shared.contract.events.payload import stable_id
from shared.contract.events.people import Channel
from shared.contract.events.placeholders import (
    lost_digits,
    names_nothing,
    says_nothing,
    stands_for_none,
)

_DIGITS_OF_A_DAY = 5
_DIGITS_OF_AN_INDEX = 9
_PATHS_SHOWN = 30
_DEEPEST = 10
_WHO = ("applicant_id", "email", "phone")
_WHICH = ("vacancy_title", "vacancy_id")
_IDS = frozenset({"applicant_id", "application_id", "vacancy_id"})
_NAMES = frozenset({"name", "given_name", "family_name"})
_NAMING = _NAMES.union(_WHO, _WHICH, ["application_id"])
"""What tells whom and what a row is about: nobody is called nan."""
_NOBODY = "add an email address, a telephone or an applicant id: this could be anybody"
_NOWHERE = "name the vacancy"
_SINCE_WHEN = "say from when to when they agreed, in agreed_since and agreed_until"
_OWN_WORD = "--word WORD=MEANING says what a word of the file stands for"
_EMPTY = "this says that nothing is known here, so it counts as empty"


_API = "applicant"
"""Where a rejection as the API has it says whom it is about."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


class Unmappable(Exception):
    """The columns do not say enough; the text is one line that says what to do."""


class Mapped:
    """Which column holds which field; columns named like a field need not be mapped."""

    def __init__(
        self,
        columns: Sequence[str],
        wanted: Mapping[str, str],
        source: str,
        *,
        country: str = "DE",
        nested: bool = False,
        words: Mapping[str, str] = {},
    ) -> None:
        """Takes the file's columns, and fields with their columns; an empty one leaves a field out.

        `words` are the file's own for a reason, a stage or a tier, with what they stand for.
        With `nested` columns are paths into JSON, such as `person.emails.0`. Raises Unmappable for
        a field or column that does not exist, for one that is missing, and for two for one field.
        """
        self._source = source
        self._country = country
        self._words = {as_word(word): meaning for word, meaning in words.items()}
        self._named: dict[str, set[tuple[str, ...]]] = {}
        """The names that share an application, as their words."""
        self._wanted = {field: column for field, column in wanted.items() if column}
        for field, column in wanted.items():
            if field not in FIELDS:
                raise Unmappable(f"There is no field {field}; choose from: {', '.join(FIELDS)}")
            if column and not nested and column not in columns:
                raise Unmappable(f"The file has no column {column}; it has: {', '.join(columns)}")
        self._columns = _by_name(columns, wanted) | self._wanted
        for fields in (("decided_at",), _WHICH, _WHO):
            if not any(field in self._columns for field in fields):
                raise Unmappable(
                    f"Add --map {fields[0]}=COLUMN: the file has no column for "
                    f"{' or '.join(fields)}; it has: {', '.join(columns)}"
                )

    def rejection(self, line: Line) -> tuple[dict[str, Any], list[Fault]]:
        """Returns a row as a rejection would be posted, and the cells that cannot be read."""
        row = line.row or {}
        posted: dict[str, Any] = {}
        faults = []
        for field, column in self._columns.items():
            try:
                if cell := _cell(row, field, column):
                    value = FIELDS[field].convert(cell)
                    if FIELDS[field].convert is as_word:
                        value = self._words.get(value, value)
                    _put(posted, FIELDS[field].path, value)
            except ValueError as problem:
                faults.append(Fault(column, self._with_way_out(field, str(problem))))
        return posted, faults or self._complete(posted)

    def empty(self, line: Line) -> Iterator[Fault]:
        """Yields the cells that count as empty though something stands in them."""
        for field in _NAMING & self._columns.keys():
            column = self._columns[field]
            cells = map(clean, map(str, _values(line.row, column)))
            if any(cell and _is_empty(field, cell) for cell in cells):
                yield Fault(column, _EMPTY)

    def located(self, fault: Fault) -> Fault:
        """Names the column that a refused field came from, or the field if from none."""
        for field, column in self._columns.items():
            path = ".".join(FIELDS[field].path)
            if fault.field == path or fault.field.startswith(f"{path}."):
                return Fault(column, self._with_way_out(field, fault.problem))
        return fault

    def could_be_row(self, row: Row) -> bool:
        """Tells whether this is a row of the table, and not text out of a cell with delimiters."""
        if sum(map(str.isdigit, self._text(row, "decided_at"))) < _DIGITS_OF_A_DAY:
            return False
        email = self._text(row, "email")
        return "@" in email if email else any(self._text(row, field) for field in _WHO)

    def require_paths(self, lines: Iterable[Line]) -> None:
        """Raises Unmappable for a path of JSON that no line has."""
        missing = dict(self._wanted)
        first: Row = {}
        for line in lines:
            first = first or line.row or {}
            missing = {
                field: path
                for field, path in missing.items()
                if not any(True for _ in _values(line.row or {}, path))
            }
            if not missing:
                return
        if first:
            has = ", ".join(islice(_paths(first), _PATHS_SHOWN))
            raise Unmappable(f"No line has {', '.join(missing.values())}; the first has: {has}")

    def _complete(self, posted: dict[str, Any]) -> list[Fault]:
        """Adds the ids and the rest that a rejection cannot be without; returns what is missing."""
        person = posted.setdefault("applicant", {})
        vacancy = posted.setdefault("vacancy", {})
        faults = [
            *self._telephone(person),
            *self._missing(person, vacancy),
            *self._agreed(person, posted),
        ]
        if faults:
            return faults
        name = " ".join(person.setdefault("name", {}).values())
        address = person["emails"][0].lower() if person.get("emails") else person.get("phone", "")
        vacancy.setdefault("title", vacancy.get("vacancyId", ""))
        vacancy.setdefault("vacancyId", stable_id(self._source, vacancy["title"].lower()))
        posted.setdefault("reason", {}).setdefault("code", "other")
        of = (address or person["applicantId"], vacancy["vacancyId"], posted.get("decidedAt", ""))
        if "applicationId" not in posted:
            posted["applicationId"] = self._application_id(name, *of)
        if "applicantId" not in person:
            which = (posted["applicationId"],) if person.get("emails") else ()
            person["applicantId"] = stable_id(self._source, address, *which, *name_words(name))
        posted["shortfalls"] = _shortfalls(posted)
        return []

    def _application_id(self, name: str, *of: str) -> str:
        """Returns the same id for a row that was mended.

        Intake takes those of one application for one person whose names differ by a slip alone. In
        one file nobody stands twice: there they are two people, who use one address.
        """
        made, words = stable_id(self._source, *of), name_words(name)
        sharing = self._named.setdefault(made, set())
        if not words or words in sharing or len(sharing) == MOST_NEAR:
            return made
        if any(could_be_one(words, others) for others in sharing):
            return stable_id(made, *words)
        sharing.add(words)
        return made

    def _telephone(self, person: dict[str, Any]) -> Iterator[Fault]:
        if phone := person.get("phone"):
            try:
                person["phone"] = telephone(phone, person.get("country", self._country))
            except ValueError as problem:
                yield Fault(self._columns["phone"], self._with_way_out("phone", str(problem)))

    def _agreed(self, person: dict[str, Any], posted: dict[str, Any]) -> Iterator[Fault]:
        """Completes what somebody agreed to: by e-mail, and by what else only they can say."""
        since, until = posted.pop("agreedSince", None), posted.pop("agreedUntil", None)
        if not (purposes := person.pop("agreed", [])):
            return
        if not (since and until) or datetime.fromisoformat(until) <= datetime.fromisoformat(since):
            yield Fault(self._columns["agreed"], self._with_way_out("agreed", _SINCE_WHEN))
            return
        person["agreed"] = [
            {"purpose": purpose, "channel": Channel.EMAIL, "since": since, "until": until}
            for purpose in purposes
        ]

    def _missing(self, person: Row, vacancy: Row) -> Iterator[Fault]:
        if not (person.get("applicantId") or person.get("emails") or person.get("phone")):
            yield Fault(self._first(_WHO), _NOBODY)
        if not (vacancy.get("title") or vacancy.get("vacancyId")):
            yield Fault(self._first(_WHICH), _NOWHERE)

    def _first(self, fields: Sequence[str]) -> str:
        return next(self._columns[field] for field in fields if field in self._columns)

    def _text(self, row: Row, field: str) -> str:
        text = str(row.get(self._columns.get(field, ""), ""))
        return "" if _is_empty(field, clean(text)) else text

    def _with_way_out(self, field: str, problem: str) -> str:
        """Says how a word of the file is understood, and how to do without an unmapped column."""
        if FIELDS[field].convert is as_word:
            problem = f"{problem}; {_OWN_WORD}"
        if field in self._wanted or field in (*_WHO, *_WHICH, "decided_at"):
            return problem
        return f"{problem}; --map {field}= leaves this column out"


def mapped_by(
    opened: Source,
    wanted: Mapping[str, str],
    source: str,
    country: str,
    words: Mapping[str, str] = {},
) -> Mapped | None:
    """Returns how rows become rejections; None if they are written as the API has them."""
    if opened.table is None and not wanted and (not opened.columns or _API in opened.columns):
        return None
    nested = opened.table is None
    mapped = Mapped(opened.columns, wanted, source, country=country, nested=nested, words=words)
    if nested:
        mapped.require_paths(opened.rows(mapped.could_be_row))
    return mapped


def _by_name(columns: Sequence[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Finds the fields that columns are named like; raises Unmappable where two are."""
    named: dict[str, list[str]] = {}
    for column in columns:
        named.setdefault(_plain(column), []).append(column)
    found = {field: named[field] for field in FIELDS if field in named and field not in wanted}
    for field, several in found.items():
        if len(several) > 1:
            raise Unmappable(
                f"{len(several)} columns hold {field}: {', '.join(several)}; "
                f"choose one with --map {field}=COLUMN"
            )
    return {field: several[0] for field, several in found.items()}


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


def _cell(row: Row, field: str, column: str) -> str:
    """Returns what stands under a field's column, without what a spreadsheet puts around it.

    An apostrophe before =, +, - or @ keeps a spreadsheet from calculating; before what is no text
    it can be nothing else either.
    """
    values = [clean(_written(value)) for value in _values(row, column)]
    if field in _NAMING:
        values = [value for value in values if not _is_empty(field, value)]
    cell = "; ".join(value for value in values if value)
    is_text = FIELDS[field].convert is as_text
    if "\0" in cell:
        raise ValueError("remove the NUL character")
    guarded = cell[:1] == "'" and (not is_text or cell[1:2] in ("=", "+", "-", "@"))
    return clean(cell[1:]) if guarded else cell


def _is_empty(field: str, cell: str) -> bool:
    """Tells whether nothing is known here; a telephone that was ruined is known, and refused."""
    if field in _NAMES or (field == "phone" and lost_digits(cell)):
        return says_nothing(cell)
    return (names_nothing if field in _IDS else stands_for_none)(cell)


def _written(value: Any) -> str:
    if isinstance(value, dict):
        raise ValueError("an object stands here: map a field inside it, as PATH.FIELD")
    return "" if value is None else str(value)


def _values(row: Any, column: str) -> Iterator[Any]:
    """Returns what stands under a column, or at the end of a path such as `person.emails.0`."""
    names = [column] if isinstance(row, dict) and column in row else column.split(".")
    yield from _at(row, names)


def _at(value: Any, names: Sequence[str]) -> Iterator[Any]:
    if isinstance(value, list):
        if names and names[0].isdecimal():
            for each in value[int(names[0]) :][:1] if len(names[0]) <= _DIGITS_OF_AN_INDEX else ():
                yield from _at(each, names[1:])
        else:
            for each in value:
                yield from _at(each, names)
    elif not names:
        yield value
    elif isinstance(value, dict) and names[0] in value:
        yield from _at(value[names[0]], names[1:])


def _paths(value: Any, path: str = "") -> Iterator[str]:
    """Returns the paths that can be mapped."""
    inside = value.items() if isinstance(value, dict) else enumerate(value[:1])
    for name, each in inside:
        here = f"{path}{name}"
        if path.count(".") < _DEEPEST and isinstance(each, dict | list) and each:
            yield from _paths(each, f"{here}.")
        else:
            yield here


def _put(target: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *above, last = path
    for name in above:
        target = target.setdefault(name, {})
    target[last] = value


def _plain(column: str) -> str:
    """Reads "Decided at" and `decidedAt` as `decided_at`."""
    words = _HUMP.sub("_", column.strip())
    return _BETWEEN_WORDS.sub("_", words).strip("_").lower()
