import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contract.events.payload import SourceId
from shared.contract.events.placeholders import names_nothing, says_nothing

NO_ID = [
    *("null", "NULL", "None", "nil", "NaN", "N/A", "na", "undefined", "unknown", "TBD", "(null)"),
    *("-", "--", "?", ".", "*", "…", "–", "0", "00", "-1", "00000000-0000-0000-0000-000000000000"),
    *("#N/A", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#DIV/0!", "[object Object]"),
    *("{{candidate.id}}", "${id}", "<%= id %>", "<applicant_id>", "{% id %}"),
]
AN_ID = ["p-1", "7", "10", "0007", "A0", "Nullius", "n-a", "#12", "unknown-7", "李", "🙂", "-7"]


@pytest.mark.parametrize("text", NO_ID)
def test_what_many_would_have_in_common_names_nobody(text: str) -> None:
    assert names_nothing(text)
    with pytest.raises(ValidationError, match="stands for none"):
        TypeAdapter(SourceId).validate_python(text)


@pytest.mark.parametrize("text", AN_ID)
def test_what_a_system_chose_names_somebody(text: str) -> None:
    assert not names_nothing(text)
    assert TypeAdapter(SourceId).validate_python(text) == text


@pytest.mark.parametrize("name", ["Na", "Nil", "Unknown", "Zero"])
def test_what_may_be_a_part_of_a_name_is_something(name: str) -> None:
    assert not says_nothing(name)
