"""Reads Word's .docx by python-docx, which follows no reference and runs nothing.

A file with macros is of another type, and is not read.
"""

import io
import zipfile
from collections.abc import Iterator
from itertools import groupby

from docx import Document
from docx.oxml.ns import qn

from services.intake.resumes.outcomes import Problem, Unread

MOST_BYTES_UNPACKED = 50 * 1024 * 1024
MOST_FILES = 2000
"""Inside of it."""
_COPIES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What stands there again for older programs."""


def parts(file: bytes) -> Iterator[str]:
    """Yields the text of each paragraph, those in tables and text boxes where they stand."""
    _check_size(file)
    try:
        body = Document(io.BytesIO(file)).element.body
    except (KeyError, ValueError):
        raise Unread(Problem.UNKNOWN_KIND) from None
    for _, runs in groupby(body.iter(qn("w:r")), lambda run: next(run.iterancestors(qn("w:p")))):
        own = (run.text for run in runs if next(run.iterancestors(_COPIES), None) is None)
        if text := "".join(own):
            yield text


def _check_size(file: bytes) -> None:
    """Refuses what is small only as long as it is packed; no more is unpacked than it says."""
    try:
        inside = zipfile.ZipFile(io.BytesIO(file)).infolist()
    except zipfile.BadZipFile:
        raise Unread(Problem.DAMAGED) from None
    unpacked = sum(each.file_size for each in inside)
    if unpacked > MOST_BYTES_UNPACKED or len(inside) > MOST_FILES:
        raise Unread(Problem.TOO_MUCH_WORK)
