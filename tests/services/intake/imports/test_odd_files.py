"""Files as exports write them: each row is taken or refused with its line, and none is lost."""

import csv
import json
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.intake.__main__ import app
from services.intake.imports.files import Line, open_file
from services.intake.imports.mapping import Unmappable
from services.intake.imports.report import Report
from services.intake.imports.text import Illegible
from shared.contract.events.details import Fault
from shared.runtime.terminal import Terminal
from tests.services.intake.imports.test_imports import imported

HEAD = "name,email,vacancy_title,decided_at,note\n"


def row(number: int, note: str = "") -> str:
    return f"N{number},n{number}@x.example,Cook,2026-02-25,{note}\n"


def table(
    folder: Path, text: str | bytes, wanted: dict[str, str] | None = None, name: str = "a.csv"
) -> tuple[Report, list[dict[str, Any]]]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return imported(path, wanted or {})


def refused(report: Report) -> list[tuple[int, str]]:
    return [(each.line, each.field) for each in report.shown]


@pytest.mark.parametrize(
    ("notes", "bad"),
    [
        (("", '"kind', "", "x"), {3}),
        (('"kind', '"slow', "", '"both'), {2, 3, 5}),
        (('"kind', "", "", 'x"'), {2}),
        (('"kind', "", 'x"', ""), {2}),
        (('"kind', '"a ""b"" c"', 'x"', ""), {2}),
        (('"Golden" spoon', "", "", ""), {2}),
        (('5" pipe', "", "", ""), set()),
        (('"one\ntwo, three\n""four"" and 2019"', "", "", ""), set()),
        (("", "", "", '"last'), {5}),
    ],
)
def test_a_stray_quote_costs_its_own_line(
    tmp_path: Path, notes: tuple[str, ...], bad: set[int]
) -> None:
    text = HEAD + "".join(row(number, note) for number, note in enumerate(notes))
    report, sent = table(tmp_path, text)
    assert {line for line, _ in refused(report)} == bad
    assert len(sent) == 4 - len(bad)


def test_a_row_may_go_on_over_lines_in_several_of_its_cells(tmp_path: Path) -> None:
    report, sent = table(tmp_path, HEAD + '"\nNoor",n@x.example,Cook,2026-02-25,"\n"\n' + row(1))
    assert (report.rows, refused(report)) == (2, [])
    assert [item["applicant"]["emails"] for item in sent] == [["n@x.example"], ["n1@x.example"]]


def test_a_quote_before_the_other_columns_joins_no_rows(tmp_path: Path) -> None:
    text = "email,note,vacancy_title,decided_at\n" + "".join(
        f"n{number}@x.example,{note},Cook,2026-02-25\n"
        for number, note in enumerate(("fine", '"a bit slow', "fine", 'fine"', "fine"))
    )
    report, sent = table(tmp_path, text)
    assert refused(report) == [(3, "line")]
    assert len(sent) == 4


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_of_another_encoding_costs_its_own_line(tmp_path: Path, mark: bytes) -> None:
    text = HEAD.encode() + row(1, "Zoë").encode() + row(2, "José").encode("latin-1")
    report, sent = table(tmp_path, mark + text)
    assert refused(report) == [(3, "line")]
    assert [item["reason"]["note"] for item in sent] == ["Zoë"]


@pytest.mark.parametrize(
    ("name", "encoding", "called"),
    [
        ("Jürgen", "cp1252", "windows-1252"),
        ("Łukasz", "cp1250", "windows-1250"),
        ("Иван", "cp1251", "windows-1251"),
        ("Ayşe", "cp1254", "Windows-1254"),
        ("Bērziņš", "cp1257", "windows-1257"),
        ("René", "cp850", "ibm850"),
        ("Zoë", "mac_roman", "macintosh"),
    ],
)
def test_what_is_not_utf_8_is_read_once_its_encoding_is_named(
    tmp_path: Path, name: str, encoding: str, called: str
) -> None:
    text = (HEAD + row(1) + row(2, name)).encode(encoding)
    with pytest.raises(Illegible, match=r"is not UTF-8: save the file as UTF-8 \(in Excel"):
        table(tmp_path, text)
    source = open_file(tmp_path / "a.csv", called)
    assert [each.cells[-1] for each in source.rows(bool)][1] == name
    assert source.samples == f"Words in it are read as: {name}"


def test_words_are_shown_by_which_a_human_sees_whether_a_file_is_read_rightly(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((HEAD + row(1, "García") * 9 + row(2, "Zoë")).encode("cp1252"))

    def dry_run(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["import", str(path), "--dry-run", *options])
        return done.exit_code, done.output

    status, told = dry_run()
    assert (status, "it holds the words García, Zoë" in told) == (2, True)
    status, told = dry_run("--encoding", "windows-1252")
    assert (status, "Words in it are read as: García, Zoë" in told) == (0, True)
    status, told = dry_run("--encoding", "morse")
    assert (status, "choose from: utf-8, windows-1252" in told) == (2, True)


def test_utf_8_is_read_as_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for stray in (b"", b"\xfc"):
        path.write_bytes((HEAD + row(1, "Jürgen Dvořák")).encode() + stray)
        with pytest.raises(Illegible, match="is UTF-8: leave --encoding out"):
            open_file(path, "windows-1252")
    path.write_text(HEAD + row(1, "Jürgen Dvořák"), encoding="utf-8")
    assert [each.cells[-1] for each in open_file(path, "utf-8").rows(bool)] == ["Jürgen Dvořák"]
    path.write_text(HEAD + row(1, "Jurgen"), encoding="ascii")
    assert [each.cells[-1] for each in open_file(path, "ibm850").rows(bool)] == ["Jurgen"]


def test_blanks_behind_a_closing_quote_are_passed_over(tmp_path: Path) -> None:
    head = '"name" ,"email" ,"vacancy_title","decided_at" \n'
    rows = '"Ana" ,a@x.example,"Cook" , 2026-02-25\n"Bo ""B"" ",b@x.example,Cook,2026-02-25 \n'
    report, sent = table(tmp_path, head + rows)
    assert refused(report) == []
    assert [it["applicant"]["name"]["fullName"] for it in sent] == ["Ana", 'Bo "B"']


def test_people_without_an_address_are_nobody_that_could_be_told_apart(tmp_path: Path) -> None:
    head = "name,email,phone,vacancy_title,decided_at\n"
    rows = "Sara,,,Cook,2026-02-25\nTom,;,,Cook,2026-02-25\nMei,,0151 23456789,Cook,2026-02-25\n"
    report, sent = table(tmp_path, head + rows)
    assert refused(report) == [(2, "email"), (3, "email")]
    assert sent[0]["applicant"]["phone"] == "+4915123456789"


def test_two_people_with_one_mailbox_or_telephone_are_not_joined(tmp_path: Path) -> None:
    head = "name,email,phone,vacancy_title,decided_at\n"
    people = ("Ana,a@x.example,", "Bo,a@x.example,", "Cy,,0151 23456789", "Di,,0151 23456789")
    _, sent = table(tmp_path, head + "".join(f"{it},Cook,2026-02-25\n" for it in people))
    assert len({item["applicant"]["applicantId"] for item in sent}) == 4


HEAD = "name,email,vacancy_title,decided_at,note\n"
ROW = "Ana Silva,a@x.example,Cook,2026-02-25,late\n"


@pytest.mark.parametrize(
    "mended",
    [ROW.replace("late", "early"), ROW.replace("Ana S", "ÁNA s"), ROW.replace("a@", "A@")],
)
def test_a_row_that_was_mended_is_of_the_same_applicant(tmp_path: Path, mended: str) -> None:
    _, [first] = table(tmp_path, HEAD + ROW)
    _, [again] = table(tmp_path, HEAD + mended)
    assert first != again
    for of in (first, again):
        assert of["applicationId"] == first["applicationId"]
        assert of["applicant"]["applicantId"] == first["applicant"]["applicantId"]


def test_two_people_with_one_mailbox_are_two_in_one_file_and_in_several(tmp_path: Path) -> None:
    people = [ROW.replace("Ana", name) for name in ("Ana", "Alma", "Bo", "Anna", "A.", "Ana Eva")]
    _, in_one = table(tmp_path, HEAD + "".join(people))
    in_several = [table(tmp_path, HEAD + row)[1][0] for row in people]
    for sent in (in_one, in_several):
        assert len({item["applicant"]["applicantId"] for item in sent}) == len(sent)


@pytest.mark.parametrize(
    ("names", "applications"),
    [
        (("Ana Silva", "Ana Sylva"), 2),
        (("Ana Silva", "A. Silva"), 2),
        (("Ana Silva", "Ana Eva Silva"), 2),
        (("Ana Silva", "Alma Silva"), 1),
        (("Ana Silva", "silva ána"), 1),
        (("Ana Silva", ""), 1),
    ],
)
def test_names_that_intake_would_take_for_one_are_two_in_one_file_alone(
    tmp_path: Path, names: tuple[str, ...], applications: int
) -> None:
    named = [ROW.replace("Ana Silva", name) for name in names]
    _, in_one = table(tmp_path, HEAD + "".join(named))
    in_several = [table(tmp_path, HEAD + row)[1][0] for row in named]
    assert len({item["applicationId"] for item in in_one}) == applications
    assert len({item["applicationId"] for item in in_several}) == 1


def test_a_better_mapping_says_another_thing_of_the_same_application(tmp_path: Path) -> None:
    text = "Who,email,vacancy_title,decided_at\nAna,a@x.example,Cook,2026-02-25\n"
    _, [first] = table(tmp_path, text)
    _, [again] = table(tmp_path, text, {"name": "Who"})
    assert first["applicationId"] == again["applicationId"]
    assert first != again


@pytest.mark.parametrize(
    "text",
    [
        "name,email,vacancy_title,decided_at,note,,\nN,n@x.example,Cook,2026-02-25,,,\n",
        "name,email,vacancy_title,decided_at,note,tier\nN,n@x.example,Cook,2026-02-25\n",
        "sep=;\nname;email;vacancy_title;decided_at\nN;n@x.example;Cook;2026-02-25\n",
        "Rejected in 2026\n\nname,email,vacancy_title,decided_at\nN,n@x.example,Cook,2026-02-25\n",
        "name,email,vacancy_title,decided_at\rN,n@x.example,Cook,2026-02-25\r",
        'name, email, vacancy_title, decided_at\n"N", "n@x.example", "Cook", 2026-02-25\n',
        'email;"Skills (A, B, C, D)";vacancy_title;decided_at\nn@x.example;B;Cook;2026-02-25\n',
        "\ufeffemail,vacancy_title,decided_at\n\u200bn@x.example\u00a0,Cook,2026-02-25\n",
        "email,vacancy_title,decided_at\n'n@x.example,Cook,'2026-02-25\n",
        "email,vacancy_title,decided_at,finishing_place\nn@x.example,Cook,2026-02-25,2.0\n",
    ],
)
def test_a_table_is_read_as_exports_lay_it_out(tmp_path: Path, text: str) -> None:
    report, [sent] = table(tmp_path, text)
    assert report.refused == 0
    assert sent["applicant"]["emails"] == ["n@x.example"]
    assert sent["vacancy"]["title"] == "Cook"


@pytest.mark.parametrize(
    ("text", "what_to_do"),
    [
        (
            "email,vacancy_title,Decided at,decided_at\n",
            "2 columns hold decided_at: Decided at, decided_at; choose one",
        ),
        ("Rejected, in 2026\nemail,vacancy_title,decided_at\n", "it has: Rejected, in 2026"),
    ],
)
def test_headings_that_mean_no_or_two_things_are_named(
    tmp_path: Path, text: str, what_to_do: str
) -> None:
    with pytest.raises(Unmappable, match=what_to_do):
        table(tmp_path, text)


def test_a_column_is_left_out_where_its_words_are_others(tmp_path: Path) -> None:
    text = "email,vacancy_title,decided_at,stage\na@x.example,Cook,2026-02-25,Phone Screen\n"
    report, _ = table(tmp_path, text)
    assert "--map stage= leaves this column out" in report.shown[0].problem
    report, [sent] = table(tmp_path, text, {"stage": ""})
    assert "stage" not in sent


def test_cells_that_stand_under_no_heading_are_refused(tmp_path: Path) -> None:
    text = "email,vacancy_title,decided_at,,\na@x.example,Cook,2026-02-25,,lost\n"
    assert refused(table(tmp_path, text)[0]) == [(2, "line")]


@pytest.mark.parametrize(
    ("phone", "taken"),
    [
        ("15123456789", "+4915123456789"),
        ("'+49 1512 3456789", "+4915123456789"),
        ("+49 (0)1512 3456789", "+4915123456789"),
        ("4915123456789", None),
        ("4915123456789.0", None),
        ("4.91512E+12", None),
        ("+49 1", None),
        ("ask her", None),
    ],
)
def test_a_telephone_is_one_of_its_countrys_number_plan(
    tmp_path: Path, phone: str, taken: str | None
) -> None:
    text = f"email,phone,vacancy_title,decided_at\na@x.example,{phone},Cook,2026-02-25\n"
    report, sent = table(tmp_path, text)
    assert [item["applicant"]["phone"] for item in sent] == ([taken] if taken else [])
    assert refused(report) == ([] if taken else [(2, "phone")])


@pytest.mark.parametrize(
    ("column", "cell", "taken"),
    [
        *(
            ("finishing_place", "3.0", 3),
            ("finishing_place", "3", 3),
            ("finishing_place", "", None),
        ),
        *(
            ("finishing_place", cell, False)
            for cell in ("3.5", "3e0", "nan", "None", "-3", "third")
        ),
        *(("already_told", "ja", True), ("already_told", "FALSE", None)),
        *(("already_told", cell, False) for cell in ("WAHR", "1.0", "nan", "None", "<NA>")),
    ],
)
def test_a_number_or_a_yes_is_read_or_refused_with_its_column(
    tmp_path: Path, column: str, cell: str, taken: object
) -> None:
    """False stands for a refusal; what is left to the default may be said or not."""
    text = f"email,vacancy_title,decided_at,{column}\na@x.example,Cook,2026-02-25,{cell}\n"
    report, sent = table(tmp_path, text)
    assert refused(report) == ([(2, column)] if taken is False else [])
    name = {"finishing_place": "finishingPlace", "already_told": "alreadyTold"}[column]
    assert [item.get(name) or None for item in sent] == ([] if taken is False else [taken])


PERSON = {"who": {"mails": [{"at": "a@x.example"}]}, "job": "Cook", "on": "2026-02-25"}
PATHS = {"email": "who.mails.0.at", "vacancy_title": "job", "decided_at": "on"}


@pytest.mark.parametrize("path", ["who.mails.0.at", "who.mails.at"])
def test_a_path_goes_into_lists(tmp_path: Path, path: str) -> None:
    text = json.dumps(PERSON)
    _, [sent] = table(tmp_path, text, PATHS | {"email": path}, "a.jsonl")
    assert sent["applicant"]["emails"] == ["a@x.example"]


def test_a_path_that_no_line_has_is_named_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(Unmappable, match=r"No line has who\.mail; the first has: who\.mails\.0"):
        table(tmp_path, json.dumps(PERSON), PATHS | {"email": "who.mail"}, "a.jsonl")


def test_a_path_of_very_many_digits_leads_nowhere(tmp_path: Path) -> None:
    path = f"who.mails.{'9' * 5_000}"
    with pytest.raises(Unmappable, match="No line has"):
        table(tmp_path, json.dumps(PERSON), PATHS | {"email": path}, "a.jsonl")


@pytest.mark.parametrize("layout", [{}, {"indent": 1}, {"separators": (",", ":")}])
def test_an_array_is_read_element_by_element(tmp_path: Path, layout: Any) -> None:
    fields = {"vacancy_title": 'Cook [a] "b", \\', "decided_at": "2026-02-25"}
    people = [{"email": f"n{number}@x.example", **fields} for number in range(3)]
    report, sent = table(tmp_path, json.dumps([*people, 7, []], **layout), None, "a.json")
    assert [item["applicant"]["emails"][0] for item in sent] == [it["email"] for it in people]
    assert (report.rows, report.refused) == (5, 2)


def test_an_array_that_breaks_off_says_so(tmp_path: Path) -> None:
    whole = {"email": "a@x.example", "vacancy_title": "Cook", "decided_at": "2026-02-25"}
    report, sent = table(tmp_path, f'[\n{json.dumps(whole)},\n{{"email": "b', None, "a.json")
    assert (len(sent), report.rows, report.refused) == (1, 2, 1)
    assert any("cut off" in each.problem for each in report.shown)
    report, _ = table(tmp_path, f"[{json.dumps(whole)},{json.dumps(whole)}", None, "a.json")
    assert (report.rows, report.refused) == (2, 1)


def test_a_json_file_that_is_neither_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Illegible, match="as a JSON array of objects"):
        table(tmp_path, '{\n "email": "a@x.example"\n}', None, "a.json")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("＝1", "'＝1"),
        ("\t=1+1", " '=1+1"),
        ("\r@x", " '@x"),
        ("  =1+1", "  '=1+1"),
        # What parts cells where numbers have a comma, and what ends a quoted one there.
        ("a;=1+1", "a;'=1+1"),
        ('a";=1+1', "a\";'=1+1"),
        ("a|=1+1", "a|'=1+1"),
        ("a - b = c", "a - b = c"),
        ("a@x.example", "a@x.example"),
    ],
)
def test_a_spreadsheet_calculates_nothing_of_the_report(
    tmp_path: Path, cell: str, written: str
) -> None:
    with Report(tmp_path / "report.csv") as report:
        report.refuse(Line(2, cells=[cell]), [Fault(cell, cell)])
    with (tmp_path / "report.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file))[1:] == [["2", written, written, written]]


def test_what_an_import_shows_of_a_file_is_text_on_its_own_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Report(tmp_path / "report.csv") as report:
        report.refuse(Line(2), [Fault("[red]E-Mail[/]\x1b[2J\u202e", "a\r\n2 rows: 2 new :smile:")])
    report.tell(Terminal(), dry_run=False)
    printed = capsys.readouterr().out
    assert "[red]E-Mail[/]�[2J�" in printed
    assert ":smile:" in printed
    assert all(line.isprintable() for line in printed.split("\n"))
    assert not any(line.startswith("2 rows") for line in printed.split("\n"))


@pytest.mark.parametrize(
    "line",
    [
        row(1),
        row(1, '"never closed'),
        row(1, 'a" b'),
        row(1, '"one\ntwo"'),
        '"\n',
        '"",' * 9 + "\n",
    ],
)
def test_the_time_grows_with_the_rows_and_not_with_their_square(tmp_path: Path, line: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        table(tmp_path, HEAD + line * count)
        return time.process_time() - start

    seconds(100)
    few, many = (min(seconds(count) for _ in range(3)) for count in (250, 2000))
    assert many < 3 * 8 * few  # another load on the machine must not fail it; a square is 8 * 8
