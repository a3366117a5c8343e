"""Which kind of file it is: by how it begins, for names and declared types are often wrong."""

import codecs
import re

from services.intake.resumes.outcomes import Problem, Unread

PDF, WORD, PLAIN = "pdf", "word", "plain"

_SEARCHED = 1024
"""A PDF may have some bytes before its first line."""
_OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1")
_NO_PLAIN_TEXT = re.compile(rb"\s*(<(!doctype|html|\?xml)|\{\\rtf)", re.IGNORECASE)
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def kind_of(file: bytes) -> str:
    """Returns which of the three it is; raises Unread for any other."""
    if not file.strip():
        raise Unread(Problem.EMPTY)
    if file.startswith(b"PK\x03\x04"):
        return WORD
    if file.startswith(_OLD_WORD):
        raise Unread(Problem.OLD_WORD)
    if b"%PDF-" in file[:_SEARCHED]:
        return PDF
    is_binary = b"\0" in file and not file.startswith(_WIDE)
    if is_binary or _NO_PLAIN_TEXT.match(file):
        raise Unread(Problem.UNKNOWN_KIND)
    return PLAIN
