"""Reads plain text in the encodings that people's programs write."""

import codecs
from collections.abc import Iterator

_BY_MARK = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def parts(file: bytes) -> Iterator[str]:
    """Yields all of it at once: by its mark, else as UTF-8, else as Western Windows writes."""
    marked = next((name for mark, name in _BY_MARK.items() if file.startswith(mark)), None)
    if marked:
        yield file.decode(marked, "replace")
        return
    try:
        yield file.decode()
    except UnicodeDecodeError:
        yield file.decode("cp1252", "replace")
