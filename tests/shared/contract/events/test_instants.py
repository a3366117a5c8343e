"""A moment or a day is a text that means one instant or day to everybody; all else is refused."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.contract.events.bodies import read_body
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.instants import Day, Moment
from shared.contract.topics import ALL

MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
DAY: TypeAdapter[date] = TypeAdapter(Day)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
digits = st.integers(0, 10**18).map(str)
rfc_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d(:?\d\d)?)", re.ASCII
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-03-03T08:00:00Z", datetime(2025, 3, 3, 8, tzinfo=UTC)),
        ("2025-03-03t08:00:00z", datetime(2025, 3, 3, 8, tzinfo=UTC)),
        ("2025-03-03 08:00:00Z", datetime(2025, 3, 3, 8, tzinfo=UTC)),
        ("2025-03-03T08:00:00.123456789Z", datetime(2025, 3, 3, 8, 0, 0, 123456, tzinfo=UTC)),
        ("2025-03-03T10:00:00+02:00", datetime(2025, 3, 3, 8, tzinfo=UTC)),
        ("2025-03-03T08:00:00+0000", datetime(2025, 3, 3, 8, tzinfo=UTC)),
        ("2025-03-03 08:00:00+00", datetime(2025, 3, 3, 8, tzinfo=UTC)),
        ("2025-03-03T08:00Z", datetime(2025, 3, 3, 8, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_the_instant_that_it_names(written: str, meant: datetime) -> None:
    assert MOMENT.validate_json(json.dumps(written)) == meant


@pytest.mark.parametrize(
    "given",
    [
        *(0, 45719, 45719.5, 1740992851, 1740992851000, 20250303, True, [], {}, None),
        *("", "-", "0", "45719", "20250303", "1740992851", "1740992851000", "2025", "2025-03"),
        *("2025-03-03", "2025-3-3", "03/03/2025", "Mar 3, 2025", "2025-W10-1", "2025-062"),
        *("20250303T080000Z", "2025-03-03T08:00:00", "2025-03-03T08:00:00GMT", "today"),
        *("2025-03-03T08:00:60Z", "2025-03-03T24:00:01Z", "2025-02-30T08:00:00Z", "2025-03-03T08Z"),
        *("2025-03-03T08:00", "2025-03-03T08:00:00,5Z"),
        *("2025-03-03X08:00:00Z", "2025-W10-1T08:00:00Z", "2025-03-03T080000Z"),
        *("２０２５-03-03T08:00:00Z", "2025-03-03T08:00:00Z\n", " 2025-03-03T08:00:00Z"),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2200-01-01T00:00:00Z"),
    ],
    ids=repr,
)
def test_what_could_be_another_instant_is_no_moment(given: Any) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_json(json.dumps(given))


@given(given=json_values | digits | st.dates().map(date.isoformat))
def test_no_value_but_such_a_text_is_ever_a_moment(given: Any) -> None:
    try:
        MOMENT.validate_json(json.dumps(given))
    except ValidationError:
        return
    assert isinstance(given, str)
    assert rfc_3339.fullmatch(given)


@given(given=json_values | digits)
def test_no_value_but_a_full_date_is_ever_a_day(given: Any) -> None:
    try:
        DAY.validate_json(json.dumps(given))
    except ValidationError:
        return
    assert isinstance(given, str)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", given, re.ASCII)


@given(st.integers(-(2**31), 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_every_moment_is_read_as_it_is_written(moment: datetime) -> None:
    assert MOMENT.validate_json(MOMENT.dump_json(moment)) == moment
    assert DAY.validate_json(DAY.dump_json(moment.date())) == moment.date()


def moments_in(model: type[BaseModel]) -> list[str]:
    schema = model.model_json_schema(by_alias=True)
    return [
        name
        for name, field in schema["properties"].items()
        if "date-time" in json.dumps(field) and name in schema.get("required", ())
    ]


EVENTS = [event for topic in ALL for event in topic.events]
FIELDS = [(event, field) for event in EVENTS for field in moments_in(event)]


@pytest.mark.parametrize(("event", "field"), FIELDS, ids=lambda it: getattr(it, "type", it))
@pytest.mark.parametrize("given", [1740992851000, "2025-03-03", "20250303"])
def test_every_field_for_a_moment_refuses_numbers_and_bare_dates(
    event: type[Any], field: str, given: Any
) -> None:
    with pytest.raises(Unreadable, match=f"{field}: write a moment as RFC 3339"):
        read_body(json.dumps({field: given}).encode(), event)


def test_no_field_of_the_contract_takes_a_moment_or_a_day_of_another_kind() -> None:
    """A bare `datetime` would read numbers; one of ours has a validator before it."""
    for event in EVENTS:
        for model in models_in(event):
            for name, field in model.model_fields.items():
                kinds = re.findall(r"datetime\.date(?:time)?\b", repr(field.annotation))
                assert not kinds or "BeforeValidator" in repr(field), f"{model.__name__}.{name}"


def models_in(model: type[BaseModel]) -> set[type[BaseModel]]:
    found, waiting = {model}, [model]
    while waiting:
        for field in waiting.pop().model_fields.values():
            for each in parts_of(field.annotation):
                if isinstance(each, type) and issubclass(each, BaseModel) and each not in found:
                    found.add(each)
                    waiting.append(each)
    return found


def parts_of(annotation: Any) -> list[Any]:
    inner = getattr(annotation, "__args__", ())
    return [annotation, *(part for each in inner for part in parts_of(each))]
