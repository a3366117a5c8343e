"""An answer without what it answers: lines that are quoted, and all below what begins a quote."""

import re
from collections.abc import Sequence
from itertools import dropwhile, islice, takewhile

from services.intake.understanding.phrases import Table, as_written

MOST_LINES = 2000
_ATTRIBUTION_LINES = 3
"""Over so many lines mail programs break `On … somebody wrote:`."""
_LONGEST_ATTRIBUTION = 400
_BY_PROGRAM = re.compile(
    r"<[^<>@ ]{1,200}@[^<>@ ]{1,200}>"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b.{1,20}\b\d{1,2}[:.h]\d\d\b"
    r"|\b\d{4}\b.{1,20}\b\d{1,2}[:.h]\d\d\b"
)
"""An address in brackets, or a date with its year before a time of day."""
_OUR_LETTER = _LINK, _UNSUBSCRIBE = ("://", "unsubscribe")
"""What a letter of ours has in it, and what somebody says of one has not."""
_OPENERS, _WROTE, _ORIGINALS, _FROM, _OTHERS = (
    as_written(Table.QUOTING, kind) for kind in ("opens", "wrote", "originals", "senders", "fields")
)
_HEADER_LINES = 6


def own_words(text: str) -> str:
    """Returns what somebody wrote themself, also where it stands between what they quote."""
    return _parted(text)[0]


def words_below(text: str) -> str:
    """Returns what follows our letter where it is quoted without marks, for those who answer there.

    Where nothing tells the end of the letter all of it is returned.
    """
    head, *lines = _parted(text)[1] or [""]
    heads = takewhile(lambda line: not line or _is_head(line), lines)
    said = [head, *heads]
    rest = [line for line in lines[len(said) - 1 :] if not line.startswith(">")]
    end = _end_of_letter(rest)
    rest = rest[end:]
    sender = next((name for line in said if (name := _sender(line))), "")
    first = list(takewhile(bool, dropwhile(_is_blank, rest)))
    if end and sender and any(line.lower().startswith(sender) for line in first):
        rest = list(dropwhile(_is_blank, rest))[len(first) :]
    return "\n".join(rest).strip()


def _end_of_letter(lines: Sequence[str]) -> int:
    """Returns where our letter is over: after its last link, which is that to unsubscribe.

    Whoever answers may write that word, or a link, as well.
    """
    links = [at for at, line in enumerate(lines) if _LINK in line]
    by_name = [at for at in links if any(map(_says_unsubscribe, lines[max(0, at - 2) : at + 1]))]
    return (by_name or links or [-1])[-1] + 1


def _says_unsubscribe(line: str) -> bool:
    return _UNSUBSCRIBE in line.lower()


def _parted(text: str) -> tuple[str, list[str]]:
    """Returns somebody's own words, and the lines from that on which begins a quote without marks.

    A signature, which ends them too, is no quote.
    """
    lines = [line.strip() for line in islice(text.splitlines(), MOST_LINES)]
    while lines and not lines[-1]:
        lines.pop()
    letter = max((at for at, line in enumerate(lines) if _is_of_letter(line)), default=0)
    kept: list[str] = []
    below: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line == "--":
            break
        if _begins_original(lines, at):
            below = lines[at:]
            break
        if spans := _attribution(lines, at):
            if _next(lines, at + spans).startswith(">"):
                at += spans
                continue
            if _ends_own(lines, at, spans, letter):
                below = lines[at + spans - 1 :]
                break
        is_own = not line.startswith(">") and set(line) != {"_"}
        if is_own and (line or (kept and kept[-1])):
            kept.append(line)
        at += 1
    return "\n".join(kept).strip(), below


def _attribution(lines: Sequence[str], at: int) -> int:
    """Returns over how many lines it is said who wrote what follows; 0 where it is not."""
    may_break = lines[at].lower().startswith(_OPENERS)
    for spans in range(1, 1 + (_ATTRIBUTION_LINES if may_break else 1)):
        said = " ".join(lines[at : at + spans])[:_LONGEST_ATTRIBUTION].lower()
        named = any(mark in said for mark in "@0123456789")
        if said.endswith(":") and named and any(word in said for word in _WROTE):
            return spans
    return 0


def _is_of_letter(line: str) -> bool:
    return any(mark in line.lower() for mark in _OUR_LETTER)


def _ends_own(lines: Sequence[str], at: int, spans: int, letter: int) -> bool:
    """Tells whether nothing but our letter follows what says who wrote, though it has no marks.

    People too say who wrote something, and go on in their own words: only programs say it to the
    minute, or with an address in brackets. `letter` is the last line that a letter may have.
    """
    said = " ".join(lines[at : at + spans])[:_LONGEST_ATTRIBUTION].lower()
    by_program = bool(_BY_PROGRAM.search(said))
    if at + spans == len(lines):
        return by_program or said.startswith(_OPENERS)
    return by_program and letter >= at + spans


def _begins_original(lines: Sequence[str], at: int) -> bool:
    line = lines[at].lower()
    if line.startswith("--") and any(words in line for words in _ORIGINALS):
        return True
    if not line.lstrip("> ").startswith(_FROM):
        return False
    block = (other.lower().strip("*> ") for other in lines[at + 1 : at + _HEADER_LINES])
    return sum(other.startswith(_OTHERS) for other in block) >= 2


def _is_head(line: str) -> bool:
    return line.lower().strip("*> ").startswith((*_OTHERS, *_FROM))


def _sender(line: str) -> str:
    """Returns the name in a line that says from whom the quoted mail is."""
    said = line.lower().strip("*> ")
    return said.partition(":")[2].partition("<")[0].strip(' *"') if said.startswith(_FROM) else ""


def _is_blank(line: str) -> bool:
    return not line


def _next(lines: Sequence[str], at: int) -> str:
    """Returns the next line that says anything, of the few that follow."""
    return next((line for line in lines[at : at + 4] if line), "")
