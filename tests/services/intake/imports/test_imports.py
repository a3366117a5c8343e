"""Rejections from files: found out how to read, mapped, sent, and reported line by line."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stamina.instrumentation import RetryDetails, get_on_retry_hooks, set_on_retry_hooks
from typer.testing import CliRunner

from services.intake.__main__ import app
from services.intake.api.parsing import ApiClient, RejectionPosted, tried
from services.intake.imports.client import BatchClient
from services.intake.imports.files import Line, open_file
from services.intake.imports.mapping import Mapped, Unmappable, mapped_by
from services.intake.imports.report import Report
from services.intake.imports.run import NotAccepted, RowOutcome, run
from services.intake.imports.text import Illegible
from tests.services.intake.front import a_rejection
from tests.services.intake.upstream import NOW, RECEIVING

COLUMNS = ["Vorname", "E-Mail", "Stelle", "decided at", "Reason"]
WANTED = {"given_name": "Vorname", "email": "E-Mail", "vacancy_title": "Stelle"}


def write(path: Path, *rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([COLUMNS, *rows])
    return path


def row(number: int = 1, **cells: str) -> list[str]:
    known = {
        "Vorname": "Jürgen",
        "E-Mail": f"j{number}@mail.example",
        "Stelle": "Köchin; Koch",
        "decided at": "2026-02-25",
        "Reason": "Experience too short",
    }
    return list((known | {name.replace("_", " "): cell for name, cell in cells.items()}).values())


def imported(
    path: Path,
    wanted: dict[str, str] = WANTED,
    words: Mapping[str, str] = {},
    *,
    already_told: bool = False,
) -> tuple[Report, list[dict[str, Any]]]:
    """Imports a file into a door that refuses what the real one would."""
    sent: list[dict[str, Any]] = []
    sender = ApiClient("hr", RECEIVING)

    def send(batch: Sequence[dict[str, Any]]) -> list[RowOutcome]:
        answers = [RowOutcome("", *tried(item, sender, NOW)) for item in batch]
        sent.extend(item for item, found in zip(batch, answers, strict=True) if not found.faults)
        return answers

    source = open_file(path)
    mapped = mapped_by(source, wanted, "hr", "DE", words)
    with Report(path.with_suffix(".refused.csv")) as report:
        run(source, mapped, send, report, lambda _: None, already_told=already_told)
    assert report.taken[""] == len(sent)
    return report, sent


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_in_its_encoding_and_with_its_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = write(tmp_path / "a.csv", row(), encoding=encoding, delimiter=delimiter)
    report, [sent] = imported(path)
    assert (report.rows, report.refused) == (1, 0)
    posted = RejectionPosted.model_validate(sent, extra="forbid")
    assert posted.applicant.name.given_name == "Jürgen"
    assert posted.vacancy.title == "Köchin; Koch"
    assert posted.reason.code == "experience_too_short"
    assert posted.decided_at.isoformat() == "2026-02-25T12:00:00+00:00"


def test_a_word_of_the_file_stands_for_what_the_operator_says(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        row(1, Reason="Zu wenig  Praxis"),
        row(2, Reason="zu wenig praxis"),
        row(3, Reason="Location mismatch"),
        row(4, Reason="Bauchgefühl"),
    )
    report, sent = imported(path, words={"Zu wenig Praxis": "experience_too_short"})
    codes = [item["reason"]["code"] for item in sent]
    assert codes == ["experience_too_short", "experience_too_short", "location_mismatch"]
    [refused] = report.shown
    assert (refused.line, refused.field) == (5, "Reason")
    assert "--word WORD=MEANING" in refused.problem


def test_it_is_said_how_many_letters_are_to_leave_and_how_old_the_eldest_no_is(
    tmp_path: Path,
) -> None:
    rows = [row(1, decided_at="2026-02-25"), row(2, decided_at="2025-06-30"), row(3)]
    head = [*COLUMNS, "already told"]
    path = tmp_path / "a.csv"
    told = [[*cells, said] for cells, said in zip(rows, ("", "no", "yes"), strict=True)]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head, *told])
    report, _ = imported(path)
    assert (report.letters, f"{report.eldest:%F}") == (2, "2025-06-30")
    report, sent = imported(path, already_told=True)
    assert (report.letters, report.eldest) == (0, None)
    assert [item["alreadyTold"] for item in sent] == [True] * 3


def test_the_same_line_has_the_same_ids_in_every_import(tmp_path: Path) -> None:
    _, first = imported(write(tmp_path / "a.csv", row(1), row(2)))
    _, again = imported(write(tmp_path / "b.csv", row(3), row(2), row(1), delimiter=";"))
    assert first == [again[2], again[1]]
    assert len({item["applicationId"] for item in again}) == 3


def test_each_refused_line_is_named_with_its_column_and_what_to_do(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        row(1),
        row(2, **{"E-Mail": "nobody"}),
        row(3, decided_at="yesterday"),
        row(4, Reason="a feeling"),
        row(5)[:3],
        ["", "", "", "", ""],
        row(6),
        row(7, Stelle="Ko\0ch"),
    )
    report, sent = imported(path)
    assert (report.rows, report.refused, len(sent)) == (7, 5, 2)
    assert {(it.line, it.field) for it in report.shown} == {
        (3, "E-Mail"),
        (4, "decided at"),
        (5, "Reason"),
        (6, "decided at"),
        (9, "Stelle"),
    }
    assert all("nobody" not in it.problem for it in report.shown)


def reported(path: Path) -> list[list[str]]:
    with path.with_suffix(".refused.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_the_report_holds_each_refused_row_itself_for_its_owner_alone(tmp_path: Path) -> None:
    late, long = row(2, decided_at="yesterday", Stelle="=Koch"), [*row(3), "one too many"]
    path = write(tmp_path / "a.csv", row(1), late, long)
    imported(path)
    heading, *refused = reported(path)
    assert heading == ["line", "field", "what to do", *COLUMNS]
    assert [(line[:2], line[3:]) for line in refused] == [
        (["3", "decided at"], ["Jürgen", "j2@mail.example", "'=Koch", "yesterday", late[-1]]),
        (["4", "line"], long),
    ]
    assert path.with_suffix(".refused.csv").stat().st_mode & 0o077 == 0


def test_the_report_holds_each_refused_object_of_json(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", a_rejection(), "{broken", {"é": [1]})
    imported(path, {})
    heading, broken, *refused = reported(path)
    assert (heading[3:], broken[3:]) == (["row"], [])
    assert {tuple(line[3:]) for line in refused} == {('{"é": [1]}',)}


def test_a_cell_may_hold_several_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", row(1, Stelle="Koch\nKantine"), row(2, Reason="?"))
    report, _ = imported(path)
    assert [it.line for it in report.shown] == [4]


@pytest.mark.parametrize(
    ("wanted", "what_to_do"),
    [
        ({}, "Add --map vacancy_title=COLUMN"),
        (WANTED | {"hat": "Stelle"}, "There is no field hat; choose from: applicant_id"),
        (WANTED | {"name": "Nachname"}, "The file has no column Nachname; it has: Vorname"),
    ],
)
def test_columns_that_do_not_fit_are_one_clear_line(
    tmp_path: Path, wanted: dict[str, str], what_to_do: str
) -> None:
    source = open_file(write(tmp_path / "a.csv", row()))
    with pytest.raises(Unmappable) as refused:
        Mapped(source.columns, wanted, "hr")
    assert str(refused.value).startswith(what_to_do)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "what_to_do"),
    [
        (b"", "must name the columns"),
        (b"a,a\n1,2\n", "Name each column differently"),
        (b"\x81\x8d\x8f", "save the file as UTF-8"),
        ("a,b\n1,2".encode("utf-16"), "save it as UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(
    tmp_path: Path, content: bytes, what_to_do: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(Illegible, match=what_to_do):
        open_file(path)


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Illegible, match="There is no file"):
        open_file(tmp_path / "nothing.csv")


def lines(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(it if isinstance(it, str) else json.dumps(it) for it in rows))
    return path


def test_lines_of_json_are_taken_as_they_are(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", a_rejection(), "{broken", "[1]", "", {"a": 1})
    report, [sent] = imported(path, {})
    assert sent == a_rejection()
    assert {it.line for it in report.shown} == {2, 3, 5}


def test_lines_of_json_can_be_mapped_by_path(tmp_path: Path) -> None:
    line = {"who": {"mail": ["a@x.example", "b@x.example"]}, "job": "Cook", "on": "2026-02-25"}
    wanted = {"email": "who.mail", "vacancy_title": "job", "decided_at": "on"}
    _, [sent] = imported(lines(tmp_path / "a.jsonl", line), wanted)
    assert sent["applicant"]["emails"] == ["a@x.example", "b@x.example"]


def test_gaps_are_read_from_their_columns() -> None:
    columns = {
        "email": "a@x.example",
        "vacancy_title": "Driver",
        "decided_at": "2026-02-25",
        "required_months": "36",
        "observed_months": "20",
        "missing_licence": "Licence C",
        "expected_at": "2027-01-01",
        "skills": "SAP; Stapler | Excel",
        "already_told": "ja",
    }
    posted, faults = Mapped(list(columns), {}, "hr").rejection(Line(2, row=columns))
    assert faults == []
    valid = RejectionPosted.model_validate(posted, extra="forbid")
    gaps = {str(gap.kind): gap for gap in valid.shortfalls}
    assert gaps["experience"].required_months == 36
    assert str(gaps["licence"].expected_at) == "2027-01-01"
    assert [skill.name for skill in valid.profile.skills] == ["SAP", "Stapler", "Excel"]
    assert valid.already_told


def test_what_logs_a_retry_is_not_told_whom_it_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[RetryDetails] = []
    monkeypatch.setattr("services.intake.imports.client.TRIES", 2)
    hooks = get_on_retry_hooks()

    def note(details: RetryDetails) -> None:
        told.append(details)

    set_on_retry_hooks([note])
    try:
        with pytest.raises(NotAccepted, match="does not answer"):
            BatchClient("http://127.0.0.1:9", "a key").send([a_rejection()])
    finally:
        set_on_retry_hooks(hooks)
    assert [(it.args, it.kwargs) for it in told] == [((), {})]


def test_an_empty_table_is_no_trouble(tmp_path: Path) -> None:
    report, sent = imported(write(tmp_path / "a.csv"))
    assert (report.rows, sent) == (0, [])


AGREED = {
    "decided at": "2026-02-25",
    "email": "ada@mail.example",
    "vacancy title": "Cook",
    "agreed": "Similar opening; now_and_then",
    "agreed since": "2026-02-01",
    "agreed until": "2027-02-01",
}


def agreed(tmp_path: Path, **cells: str) -> tuple[Report, list[dict[str, Any]]]:
    (tmp_path / "a.jsonl").write_text(json.dumps(AGREED | cells))
    return imported(tmp_path / "a.jsonl", {name.replace(" ", "_"): name for name in AGREED})


def test_what_somebody_agreed_to_there_is_the_sources_word_and_for_email_alone(
    tmp_path: Path,
) -> None:
    _, [sent] = agreed(tmp_path)
    said = RejectionPosted.model_validate(sent, extra="forbid").applicant.agreed
    assert [(each.purpose, each.channel) for each in said] == [
        ("similar_opening", "email"),
        ("now_and_then", "email"),
    ]
    assert {(each.since.date(), each.until.date()) for each in said} == {
        (date(2026, 2, 1), date(2027, 2, 1))
    }
    _, [sent] = agreed(tmp_path, agreed="")
    assert "agreed" not in sent["applicant"]


@pytest.mark.parametrize(
    ("cells", "column", "what"),
    [
        ({"agreed": "yes"}, "agreed", "write similar_opening, when_qualified, now_and_then"),
        ({"agreed": "similar_opening; sms"}, "agreed", "write similar_opening"),
        ({"agreed until": ""}, "agreed", "agreed_since and agreed_until"),
        ({"agreed until": "2026-01-01"}, "agreed", "agreed_since and agreed_until"),
        ({"agreed since": "in spring"}, "agreed since", "write a day"),
    ],
)
def test_what_nobody_can_have_agreed_to_is_refused(
    tmp_path: Path, cells: dict[str, str], column: str, what: str
) -> None:
    report, _ = agreed(tmp_path, **cells)
    [cell] = report.shown
    assert (cell.field, what in cell.problem) == (column, True), cell.problem


def test_a_second_address_that_is_none_is_left_out_and_named_and_the_row_is_taken(
    tmp_path: Path,
) -> None:
    addresses = "jan@mail.example; jan at home"
    report, [sent] = imported(write(tmp_path / "a.csv", row(1, **{"E-Mail": addresses})))
    assert (report.rows, report.refused) == (1, 0)
    [cell] = report.shown
    assert (cell.line, cell.field) == (2, "E-Mail")
    assert cell.problem.startswith("left out: write an email address")
    assert sent["applicant"]["emails"][0] == "jan@mail.example"


@pytest.mark.parametrize(
    "nothing", ["nan", "NaN", "null", "None", "N/A", "#NV", "#BEZUG!", " nan "]
)
def test_what_programs_write_where_they_know_nothing_is_empty_and_said_to_be(
    tmp_path: Path, nothing: str
) -> None:
    nameless = row(1, Vorname=nothing)
    table = write(
        tmp_path / "a.csv", nameless, row(2, Stelle=nothing), row(3, **{"E-Mail": nothing})
    )
    report, [sent] = imported(table)
    assert "name" not in sent["applicant"] or not any(sent["applicant"]["name"].values())
    told = {(cell.line, cell.field): cell.problem for cell in report.shown}
    assert told[2, "Vorname"].startswith("left out: this says that nothing is known")
    assert told[3, "Stelle"] == "name the vacancy"
    assert "this could be anybody" in told[4, "E-Mail"]


@pytest.mark.parametrize("nobody", ["-", "0", "unknown", "#NV", "{{id}}", "TRUE", "1.2E+14"])
def test_an_id_that_many_have_in_common_is_none(tmp_path: Path, nobody: str) -> None:
    path = tmp_path / "a.csv"
    head = "applicant_id,application_id,name,email,vacancy_id,vacancy_title,decided_at"
    people = [("Ann Bee", "a"), ("Bo Dee", "b"), ("Cy Eff", "c")]
    lines = [
        f"{nobody},{nobody},{name},{at}@x.example,{nobody},Cook,2026-02-25" for name, at in people
    ]
    untitled = f"{nobody},{nobody},Di Gee,d@x.example,v-4,{nobody},2026-02-25"
    path.write_text("\n".join([head, *lines, untitled]))
    report, sent = imported(path, {})
    assert (report.rows, report.refused) == (4, 0)
    assert len({each["applicant"]["applicantId"] for each in sent}) == 4
    assert len({each["applicationId"] for each in sent}) == 4
    assert {each["vacancy"]["title"] for each in sent} == {"Cook", "v-4"}
    assert {(cell.line, cell.field) for cell in report.shown} >= {(2, "applicant_id")}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_json_does_not_have_is_a_missing_value(tmp_path: Path, number: str) -> None:
    known = '{"email": "a@x.example", "decided_at": "2026-02-25", "vacancy_title": '
    path = tmp_path / "a.jsonl"
    path.write_text(f'{known}{number}}}\n{known}"Cook", "finishing_place": {number}}}\n')
    report, [sent] = imported(path, {})
    assert [(cell.line, cell.problem) for cell in report.shown] == [(1, "name the vacancy")]
    assert "finishingPlace" not in sent


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        *(("2017-05-02", "24 months"), ("2026-11-03", "still to come"), ("45719", "2026-02-25")),
        *(
            ("1772010000000", ""),
            ("03/03/2026", ""),
            ("Mar 3, 2026", ""),
            ("2026-03-01 09:07", "offset"),
        ),
        *((day, "write a day as 2026-02-25") for day in ("20260225", "2026-W09-3", "2026-056")),
        *(
            (moment, "write a day as 2026-02-25")
            for moment in ("2026-02-25X10:00+01:00", "20260225T100000Z")
        ),
    ],
)
def test_a_row_decided_too_long_ago_or_not_yet_or_nobody_knows_when_is_refused(
    tmp_path: Path, cell: str, why: str
) -> None:
    report, sent = imported(write(tmp_path / "a.csv", row(1, decided_at=cell), row(2)))
    assert (report.refused, len(sent)) == (1, 1)
    assert why in report.shown[0].problem


@pytest.mark.parametrize("cell", ["2026-02-25", "2026-02-25T09:07Z", "2026-02-25 09:07:31+01:00"])
def test_a_day_or_an_instant_with_its_offset_is_read(tmp_path: Path, cell: str) -> None:
    _, [sent] = imported(write(tmp_path / "a.csv", row(1, decided_at=cell)))
    assert sent["decidedAt"].startswith("2026-02-25T")


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        *((day, True) for day in ("2026-08-01", "2026-08-01 00:00:00", "2026-08-01T00:00:00Z")),
        *((day, False) for day in ("20260801", "2026-W31-6", "2026-08-01X00:00", "01.08.2026")),
    ],
)
def test_a_day_is_one_that_everybody_reads_alike(tmp_path: Path, cell: str, read: bool) -> None:
    path = tmp_path / "a.csv"
    head = "email,vacancy_title,decided_at,missing_licence,expected_at"
    path.write_text(f"{head}\na@x.example,Driver,2026-02-25,Licence C,{cell}\n")
    report, sent = imported(path, {})
    assert [it["shortfalls"][0]["expectedAt"] for it in sent] == ["2026-08-01"] * read
    assert all("write a day as 2026-02-25" in it.problem for it in report.shown)


def test_a_dry_run_tells_of_two_people_by_one_id(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "applicant_id,name,email,vacancy_title,decided_at\n"
        "7,Ann Able,ann@x.example,Cook,2026-02-25\n"
        "7,Bob Best,bob@x.example,Cook,2026-02-25\n"
        "8,Bob Best,bob@x.example,Cook,2026-02-25\n"
        "7,Ann Brown,ann@x.example,Baker,2026-02-26\n"
    )
    done = CliRunner().invoke(app, ["import", str(path), "--dry-run"])
    assert (done.exit_code, "3 could be recorded, 1 refused" in done.output) == (1, True)
    refused = path.with_name("people.csv.refused.csv").read_text()
    assert '3,applicant_id,"this source knows somebody else by this applicantId' in refused


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--source", ""], "Name the source"),
        (["--source", "a\nb"], "Name the source"),
        (["--retention-months", "99999999"], "1200"),
        (["--report", "again.csv"], "Write the report to another file"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_read_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    people = "name,email,vacancy_title,decided_at\nAda,ada@x.example,Cook,2026-02-25\n"
    Path("people.csv").write_text(people)
    Path("again.csv").hardlink_to("people.csv")
    done = CliRunner().invoke(app, ["import", "people.csv", "--dry-run", *options])
    assert done.exit_code == 2
    assert told in done.output
    assert Path("people.csv").read_text() == people
