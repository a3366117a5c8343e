"""Reads PDF by pypdf, which is Python throughout: a crafted file finds no memory to overwrite."""

import contextlib
import importlib
import io
import logging
import pkgutil
from collections.abc import Iterator

import pypdf
from pypdf import PasswordType, PdfReader

from services.intake.resumes.outcomes import MOST_PAGES, More, Problem, Unread

for _each in pkgutil.walk_packages(pypdf.__path__, "pypdf."):
    # Of some it imports parts only when a file needs them: then none can be opened any more.
    with contextlib.suppress(ImportError):
        importlib.import_module(_each.name)

# What it says of a file goes nowhere: it may quote it.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


def parts(file: bytes) -> Iterator[str]:
    """Yields the text of each page; raises More after the last that is read."""
    reader = PdfReader(io.BytesIO(file), strict=False)
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise Unread(Problem.PROTECTED)
    for number, page in enumerate(reader.pages):
        if number == MOST_PAGES:
            raise More
        yield page.extract_text().strip()
