"""What systems send where a template, or one part of an id, was never filled in."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contract.events.payload import SourceId
from shared.contract.events.people import PersonName
from shared.contract.events.placeholders import names_nothing
from shared.contract.events.vacancies import Vacancy

UNFILLED = [
    *("cand-undefined", "candidate_None", "gh:null", "greenhouse/None", "acme:null", "42:null"),
    *("candidateNull", "APP-NULL", "cand-", "gh:", "cand-N/A", "person.none", "job7-null"),
    *("cand-{{id}}", "cand-${id}", "gh/{id}", "cand-<id>", "cand-%s", "cand-#REF!", "a-{b.c}"),
    *("null-null", "None None", "undefined undefined", "NaN-NaN", "null,null", "nullnull"),
    *('"null"', "'N/A'", "«null»", "“null”", "{ applicantId }", "<<id>>", "[Candidate ID]"),
    *("Loading...", "Lädt…", "#ERROR", "#VALUE", "Error 2042", "Fehler 2042", "1900-01-00"),
    *("1899-12-30", "1970-01-01T00:00:00Z", "1/0/1900", "missing", "No ID", "keine ID"),
    *("xxx", "string", "YOUR_ID_HERE", "kein Wert", "01.01.1970", "bullhorn-null"),
    *("not provided", "Not_Provided", "TBC", "N / A", "test", "\ufffd", "applicantId"),
    *("cand-00000000-0000-0000-0000-000000000000", "cand-1.23457E+14", "id missing"),
    *("N.N.", "Vorname", "Vorname Nachname", "firstname.lastname", "Max Mustermann", "your name"),
    *("#N/A_1", "P-#REF!", "%!s(<nil>)", "%!d(string=)", "cand_<nil>", "<no value>", "NotFound"),
    *("System.Object", "System.Data.DataRow", "ObjectId(null)", 'ObjectId("")', "UUID()"),
    *("urn:candidate:", "urn:li:person:", "https://ats.example/candidates/", "/c?candidate="),
    *("https://ats.example/c/undefined/profile", "=VLOOKUP(A2,B:C,2,0)", "noEmail", "keinWert"),
    *("=A2", "='Sheet1'!A1", "-- Select --", "Choose an item."),
    *("4294967295", "9223372036854775807", "-2147483648", "cand-2147483647"),
    *("3fa85f64-5717-4562-b3fc-2c963f66afa6", "Please select", "-- Bitte wählen --"),
    *("Click here to enter text.", "Klicken Sie hier, um Text einzugeben."),
]
FILLED = [
    *("unknown-7", "null-17", "none-7", "nan-42", "undefined-42", "cand-7", "cand-0", "row-00"),
    *("li.nan", "zhao-nan", "jennifer-null", "Jennifer Null", "Manan", "hernan", "annull"),
    *(
        "nonesuch",
        "tester",
        "no-vacancy",
        "test-job",
        "test-17",
        "emp-maria",
        "hr-anna",
        "MA",
        "NO-17",
        "Error 17",
    ),
    *("user@null.example", "jobs-anna", "no-name-7", "error-log-anna", "personal", "undefinable"),
    *("max", "first.last", "james.last", "system.anna", "Erika", "no.kim", "John Doe", "nn"),
    *(
        "https://linkedin.com/in/ann-able/",
        "https://ats.example/candidates/17/",
        "urn:candidate:17",
    ),
    *("2147483646", "ann(hr)", 'ObjectId("5f1")', "mail-anna", "beset", "nonna", "YQ=="),
    *("1900-01-00-7", "2026-01-01", "missing-17", "abc-", "a%20b", "anna none", "lead-7"),
]


@pytest.mark.parametrize("text", UNFILLED)
def test_an_id_that_was_never_filled_in_names_nobody(text: str) -> None:
    assert names_nothing(text)
    with pytest.raises(ValidationError, match="stands for none"):
        TypeAdapter(SourceId).validate_python(text)


@pytest.mark.parametrize("text", FILLED)
def test_an_id_that_tells_one_from_others_names_somebody(text: str) -> None:
    assert not names_nothing(text)


@pytest.mark.parametrize(
    "title",
    [
        *("{{job.title}} (m/w/d)", "{job_title} - Wien", "[Job Title] (m/w/d)", "Nurse ${city}"),
        *("Nurse #REF!", "Nurse #N/A", "Koch #WERT!", "Nurse (Err:502)", "Error 2042", "#ERROR"),
        *("Miner undefined", "undefined Miner", "Nurse undefined (m/w/d)", "Nurse undefined Wien"),
        *("Nurse - null", "Nurse (null)", "Nurse, None", "null Nurse", "nan Nurse", "Nurse | N/A"),
        *("undefined undefined", "null null", "TBC", "not provided", "Loading...", "Loading… (w)"),
        *(
            "Nurse/null",
            "Nurse {0}",
            "Nurse in [City]",
            "%title% (m/w)",
            "«Job_Title» (w)",
            "Nurse NaN%",
        ),
        *("Nurse [object Object]", "Nurse - %CITY%", "Nurse %s", 'Nurse "null"'),
        *("(m/w/d)", "H/F", "Titel", "Titel (m/w/d)", "jobTitle", "Titel der Stelle", "Untitled"),
        *(
            "Kein Titel",
            "[Intitulé du poste] H/F",
            "Nurse bei [Firma]",
            "Nurse - TBD",
            "TBA | Cook",
        ),
        *("Nurse: not specified", "Nurse/None", "None/Nurse", "Nurse %!s(<nil>)", "Nurse <nil>"),
        *("Nurse (no value)", "<?= $title ?>", "=VLOOKUP(A2;Jobs!A:B;2)", "Nurse #FEHLER!"),
        *("translation missing: en.job.title", "Nurse <!-- x", "K\ufffdchin", "Nurse\\n"),
        *("Nurse ()", "Nurse []", "='Jobs'!B2", "=A1", "Choose an item.", "-- Select --"),
        *("&lt;b&gt;null&lt;/b&gt;", "Click here to enter text."),
    ],
)
def test_a_title_of_which_a_part_was_never_filled_in_is_none(title: str) -> None:
    with pytest.raises(ValidationError, match="stands for none"):
        Vacancy.model_validate({"vacancyId": "v-1", "title": title})


@pytest.mark.parametrize(
    "title",
    [
        *("Null Defect Engineer", "Test Engineer", "Test", "NaN-Materials Scientist", "Nan Baker"),
        *("Undefined Behaviour Analyst", "undefined behavior engineer", "Kotlin Null Safety Dev"),
        *("Second to None", "None-stop Driver", "Manager Netto null", "Trainer für null Fehler"),
        *("Truck loading...", "Loading Supervisor", "Error 404 Engineer", "#NOW HIRING! Nurse"),
        *("Nurse (TBD)", "Sales (NA)", "80%-100% Koch", "[Remote] Nurse", "Chef « Bistro »"),
        *("« Bistro »", "$ Trader", "# Nurse #", "SQL/NULL expert", "Leiter Null-Toleranz"),
        *("Job title clerk", "C#/.NET", "NULL Handling Engineer", "Missing Persons Officer"),
        *("Sales Manager - NA", "Director, Unknown Worlds", "Title Clerk", "M.D.", "A/V", "R/D"),
        *("Nurse (f/m/x) all genders", "Dev <remote>", "C:\\new", "Nurse <3", "Nurse -- Nights"),
        *("Sales Director, N.A.", "Relationship Banker, First Bank, N.A."),
        *("Head of Titles", "Nurse [Firma Huber]", "Koch? Ja!", "Named Account Manager"),
    ],
)
def test_words_that_only_look_unfilled_are_a_title(title: str) -> None:
    assert Vacancy.model_validate({"vacancyId": "v-1", "title": title}).title == title


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        *(
            ("<b>Nurse</b>", "Nurse"),
            ("&lt;b&gt;Nurse&lt;/b&gt;", "Nurse"),
            ("N<i>ur</i>se", "Nurse"),
        ),
        *(("Nurse<br/>Wien", "Nurse Wien"), ("Nurse <!-- not Ann -->", "Nurse")),
        ("<h1 class='x'>Nurse &amp; Cook</h1>", "Nurse & Cook"),
    ],
)
def test_a_title_in_html_is_the_text_that_it_shows(title: str, shown: str) -> None:
    assert Vacancy.model_validate({"vacancyId": "v-1", "title": title}).title == shown


def test_a_title_of_tags_alone_is_none() -> None:
    with pytest.raises(ValidationError, match="at least 1"):
        Vacancy.model_validate({"vacancyId": "v-1", "title": "<b></b> <!-- x -->"})


@pytest.mark.parametrize(
    "name", ["Loading...", "Loading… Huber", "#ERROR", "Error 2042", "not provided", "TBC"]
)
def test_nobody_is_greeted_as_what_was_never_filled_in(name: str) -> None:
    assert not PersonName(full_name=name).display


@pytest.mark.parametrize("name", ["Anna Null", "Nan Li", "Anna None", "Na Li", "Tba Huber"])
def test_a_name_that_a_program_might_write_is_one_beside_another(name: str) -> None:
    assert PersonName(full_name=name).display == name
