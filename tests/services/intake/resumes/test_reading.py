"""What is read in the files of résumés, and what in files that were made to do harm."""

import errno
import subprocess
import sys
import zlib
from typing import Any

import pytest

from services.intake.resumes import child, reading
from services.intake.resumes.outcomes import MOST_BYTES, MOST_CHARACTERS, MOST_PAGES, Problem
from tests.services.intake.resumes.made_up import (
    LINES,
    MACRO_TYPES,
    docx,
    pdf,
    pdf_of,
    protected,
    table,
    written,
    zipped,
)

TEXT = "\n".join(LINES)
TEXT_BOX = (
    '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility'
    '/2006"><mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p>'
    "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r>"
    "</w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)


def found(file: bytes) -> dict[str, Any]:
    """Reads a file in this process, which goes on opening others."""
    return child.found(file, lambda: None)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (pdf(*LINES), TEXT),
        (b"\r\n" + pdf(*LINES), TEXT),
        (protected(""), TEXT),
        (docx(*LINES), TEXT),
        (docx("Jobs", body=table([["2022", "Picker"], ["2019", "Clerk"]])), "Jobs\n2022\nPicker"),
        (docx("Above", body=TEXT_BOX), "Above\nIn a box"),
        (docx("A", body="<w:p><w:r><w:t>B</w:t><w:tab/><w:t>C</w:t></w:r></w:p>"), "A\nB\tC"),
        (TEXT.encode(), TEXT),
        (TEXT.replace("Mira", "Mïra").encode("cp1252"), TEXT.replace("Mira", "Mïra")),
        (TEXT.encode("utf-8-sig"), TEXT),
        (TEXT.encode("utf-16"), TEXT),
        (b"Kept\x07 st\xc2\xadill\r\non\rand on", "Kept  still\non\nand on"),
    ],
)
def test_the_text_of_a_resume_is_read(file: bytes, text: str) -> None:
    read = found(file)
    assert read["is_cut"] is False
    assert [line.strip() for line in read["text"].splitlines()][: len(text.splitlines())] == (
        text.splitlines()
    )


def test_what_stands_in_a_text_box_is_read_once() -> None:
    assert found(docx(body=TEXT_BOX))["text"] == "In a box"


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (b"", Problem.EMPTY),
        (b" \r\n", Problem.EMPTY),
        (bytes(MOST_BYTES + 1), Problem.TOO_LARGE),
        (b"\x89PNG\r\n\x1a\n\0\0", Problem.UNKNOWN_KIND),
        (b"<!DOCTYPE html><p>Sign in", Problem.UNKNOWN_KIND),
        (b"{\\rtf1 Mira}", Problem.UNKNOWN_KIND),
        (zipped({"sheet.xml": "<a/>"}), Problem.UNKNOWN_KIND),
        (docx(*LINES, types=MACRO_TYPES), Problem.UNKNOWN_KIND),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"old", Problem.OLD_WORD),
        (protected("secret"), Problem.PROTECTED),
        (pdf(), Problem.NO_TEXT),
        (pdf("2019 - 2022"), Problem.NO_TEXT),
        (docx(), Problem.NO_TEXT),
        (b"%PDF-1.7 and nothing else", Problem.DAMAGED),
        (pdf(*LINES)[:200], Problem.DAMAGED),
        (docx(*LINES)[:200], Problem.DAMAGED),
        (docx(body="<w:p>", prologue="<"), Problem.DAMAGED),
        (zipped({f"{number}": "" for number in range(2001)}), Problem.TOO_MUCH_WORK),
        (zipped({"word/document.xml": bytes(51 * 1024**2)}), Problem.TOO_MUCH_WORK),
    ],
)
def test_what_cannot_be_read_is_told_by_its_kind(file: bytes, problem: Problem) -> None:
    assert found(file) == {"problem": problem}


def test_a_long_resume_is_cut_where_a_profile_ends() -> None:
    assert found(b"word " * MOST_CHARACTERS) == {
        "text": ("word " * MOST_CHARACTERS)[:MOST_CHARACTERS].strip(),
        "is_cut": True,
    }
    pages = found(pdf("page", pages=MOST_PAGES + 1))
    assert pages == {"text": "\n".join(["page"] * MOST_PAGES), "is_cut": True}


def test_entities_of_a_word_file_are_not_expanded_and_lead_nowhere() -> None:
    secret = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    laughs = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    for prologue, name in ((secret, "x"), (f"<!DOCTYPE d [{laughs}]>", "a9")):
        entity = f"<w:p><w:r><w:t>after &{name};</w:t></w:r></w:p>"
        read = found(docx("Mira", body=entity, prologue=prologue))
        assert read.get("text", "Mira").startswith("Mira")
        assert len(read.get("text", "")) < 20
        assert "root:" not in read.get("text", "")


def test_a_pdf_that_refers_to_itself_ends() -> None:
    loop = written(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>")
    assert "problem" in found(loop)
    nested = pdf_of(b"[" * 100_000 + b"(deep) Tj")
    assert found(nested)["problem"] in (Problem.TOO_MUCH_WORK, Problem.DAMAGED, Problem.NO_TEXT)


async def test_a_file_is_read_in_a_process_of_its_own() -> None:
    assert await reading.read(pdf(*LINES)) == reading.Read(text=TEXT)
    assert await reading.read(docx(*LINES)) == reading.Read(text=TEXT)
    assert await reading.read(TEXT.encode("utf-16")) == reading.Read(text=TEXT)


async def test_a_small_file_that_unpacks_to_a_large_one_costs_only_itself() -> None:
    bomb = pdf_of(zlib.compress(bytes(100 * 1024**2), 1), filters="/Filter/FlateDecode")
    tree = docx(body="<w:p/>" * 3_000_000)
    for file in (bomb, tree):
        assert len(file) < 1024**2
        read = await reading.read(file)
        assert read.text is None
        assert read.problem in (Problem.TOO_MUCH_WORK, Problem.DAMAGED)


async def test_whoever_is_ended_before_it_has_read_is_no_word_on_the_file() -> None:
    with pytest.raises(reading.Ended):
        await reading.read(pdf(*LINES), seconds=0.001)


BUSY = """
from services.intake.resumes import child
child.CPU_SECONDS = 1
child.bound()
while True: pass
"""


async def test_a_file_that_keeps_its_reader_busy_is_ended_by_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "_COMMAND", (sys.executable, "-c", BUSY))
    assert (await reading.read(b"")).problem is Problem.TOO_MUCH_WORK


BOUND = """
import os, socket
from services.intake.resumes import child
child.bound()
child.open_nothing_more()
assert set(os.environ) <= {"LC_CTYPE"}, os.environ
for attempt in (lambda: open("/etc/passwd"), socket.socket, os.pipe, lambda: os.open("/", 0)):
    try:
        attempt()
    except OSError as error:
        print(error.errno)
"""


def test_whoever_reads_a_file_can_open_nothing_and_knows_no_secret() -> None:
    said = subprocess.run(
        [sys.executable, "-E", "-s", "-c", BOUND],
        env={},
        capture_output=True,
        check=True,
    )
    assert said.stdout.split() == [str(errno.EMFILE).encode()] * 4
