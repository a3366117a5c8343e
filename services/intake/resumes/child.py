"""The program that reads one file: `python -m services.intake.resumes.child < FILE`.

Intake starts one for each. It gets the file and nothing besides: no setting and no secret, for its
environment is empty. Before it looks inside, it has given up opening anything: no file, and no
connection to anywhere. It ends by itself when its time or its memory is over, whatever has become
of who started it, and writes what it found as one line of JSON.
"""

import codecs
import json
import os
import resource
import signal
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from services.intake.resumes.kinds import PDF, WORD, kind_of
from services.intake.resumes.outcomes import MOST_BYTES, MOST_CHARACTERS, More, Problem, Unread

CPU_SECONDS = 10
SECONDS = 60
"""Until it ends itself, by the clock on the wall."""
MEMORY = 256 * 1024 * 1024
"""In bytes of addresses, of which Python and the libraries take a quarter."""

_ENCODINGS = (
    *("cp437", "cp1252", "cp932", "cp950", "gb18030", "gb2312", "gbk"),
    *("utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"),
)
"""That files, and the names inside of them, may be in."""


def main() -> None:
    """Reads what comes in, and says what it found."""
    bound()
    json.dump(found(sys.stdin.buffer.read(MOST_BYTES + 1), open_nothing_more), sys.stdout)


def found(file: bytes, close: Callable[[], None]) -> dict[str, object]:
    """Returns the text of a file and whether there is more, or why it cannot be read.

    Before it looks inside it calls `close`.
    """
    try:
        if len(file) > MOST_BYTES:
            raise Unread(Problem.TOO_LARGE)
        parts = _reader(kind_of(file))
        close()
        text, is_cut = _joined(map(_plain, parts(file)))
    except Unread as why:
        return {"problem": why.problem}
    except (MemoryError, RecursionError):
        return {"problem": Problem.TOO_MUCH_WORK}
    except Exception:  # noqa: BLE001 - a file costs itself alone, and what is said may quote it
        return {"problem": Problem.DAMAGED}
    if not any(map(str.isalpha, text)):
        return {"problem": Problem.NO_TEXT}
    return {"text": text, "is_cut": is_cut}


def bound() -> None:
    """Sets the limits, which nothing lifts again."""
    os.nice(5)
    signal.alarm(SECONDS)
    # Of computing there is a second more, so that it ends by a signal that tells why.
    for limit, most, at_last in (
        (resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 1),
        (resource.RLIMIT_AS, MEMORY, MEMORY),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(limit, (most, at_last))


def open_nothing_more() -> None:
    """Leaves what is open already, and what Python reads from its files only when it is needed."""
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _reader(kind: str) -> Callable[[bytes], Iterator[str]]:
    """Returns what reads a kind of file, with all that it imports."""
    if kind == PDF:
        from services.intake.resumes import pdf

        return pdf.parts
    if kind == WORD:
        from services.intake.resumes import word

        return word.parts
    from services.intake.resumes import plain

    return plain.parts


def _plain(text: str) -> str:
    """Returns a text as any table can hold it, its lines and words whole."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\N{SOFT HYPHEN}", "")
    return "".join(
        " " if unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t" else each
        for each in lines
    )


def _joined(parts: Iterable[str]) -> tuple[str, bool]:
    """Joins the parts, a line each, as far as they may go."""
    lines: list[str] = []
    left = MOST_CHARACTERS
    is_cut = False
    try:
        for part in parts:
            lines.append(part[:left])
            if len(part) > left:
                raise More
            left -= len(part) + 1
    except More:
        is_cut = True
    return "\n".join(lines).strip(), is_cut


if __name__ == "__main__":
    main()
