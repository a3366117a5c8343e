import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contract.events.payload import SourceId
from shared.contract.events.placeholders import names_nothing, says_nothing
from shared.contract.events.vacancies import Vacancy

NO_ID = [
    *("null", "NULL", "None", "nil", "NaN", "N/A", "na", "undefined", "unknown", "TBD", "(null)"),
    *("-", "--", "?", ".", "*", "…", "–", "0", "00", "-1", "00000000-0000-0000-0000-000000000000"),
    *("#N/A", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#DIV/0!", "[object Object]"),
    *("{{candidate.id}}", "${id}", "<%= id %>", "<applicant_id>", "{% id %}"),
    *("#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "#VALEUR!", "#NOM?", "#N/D", "#¡VALOR!", "#¿NOMBRE?"),
    *("#¡DIV/0!", "#ÜBERLAUF!", "#ССЫЛКА!", "#Н/Д", "#N/B", "#ERROR!", "Err:502", "#######"),
    *("WAHR", "TRUE", "False", "FALSCH", "VRAI", "FAUX", "VERDADERO", "FALSO"),
    *("1,23457E+14", "1.23457E+14", "1.23457e+14", "1E+14", "-1,2E+05", "1.23457E14"),
    *("[[id]]", "{id}", "{applicant_id}", "[id]", "%s", "%d", ":id", "@{id}", "%APPLICANT_ID%"),
    *("%(id)s", "#{applicant.id}", "{Bewerber-Nr}", "{0}", "*|ID|*", "__ID__", "«ID»", "$(id)"),
    *("\\N", "n.a.", "k.A.", "k. A.", "(blank)", "(leer)", "(none)", "not set", "NaT"),
    *("0.0", "0,00", "-1.0", "0x0", "0000-00-00", "1.#QNAN"),
    *("ffffffff-ffff-ffff-ffff-ffffffffffff", "{00000000-0000-0000-0000-000000000000}", "F" * 32),
]
AN_ID = ["p-1", "7", "10", "0007", "A0", "Nullius", "n-a", "#12", "unknown-7", "李", "🙂", "-7"]
AN_ID += [
    "#A-17",
    "#12345",
    "A:12",
    "urn:uuid:3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "a%20b",
    "%41",
]
AN_ID += ["0-0", "0-00", "0-7", "deadbeef", "ffff", "1E14", "12e5", "1E-05", "YQ==", "MTIz+g=="]
AN_ID += ["{F9168C5E-CEB2-4faa-B6BF-329BF39FA1E4}", "1.5E+1", "@maria", "nat", "1.0", "0.1", "10.0"]


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


@pytest.mark.parametrize("name", ["True", "Nat", "K.A.", "Blank", "Faux"])
def test_what_tells_no_two_apart_may_be_a_name(name: str) -> None:
    assert not says_nothing(name)


@pytest.mark.parametrize("title", ["#NV", "#BEZUG!", "{title}", "null", "-", "TBD", "#¡VALOR!"])
def test_a_vacancy_has_a_title_that_somebody_gave_it(title: str) -> None:
    with pytest.raises(ValidationError, match="stands for none"):
        Vacancy.model_validate({"vacancyId": "v-1", "title": title})


@pytest.mark.parametrize("title", ["Cook", "Koch (m/w/d)", "#1 Cook!", "C#", "7", "Cook {nights}"])
def test_a_title_may_be_an_odd_one(title: str) -> None:
    assert Vacancy.model_validate({"vacancyId": "v-1", "title": title}).title == title
