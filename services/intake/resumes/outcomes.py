"""What comes of reading one file."""

from enum import StrEnum

MOST_BYTES = 10 * 1024 * 1024
"""Of one file."""
MOST_PAGES = 50
MOST_CHARACTERS = 60_000
"""Of its text: as many as a profile holds."""


class Problem(StrEnum):
    """Why a résumé could not be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    OLD_WORD = "old_word"
    PROTECTED = "protected"
    NO_TEXT = "no_text"
    DAMAGED = "damaged"
    TOO_MUCH_WORK = "too_much_work"

    @property
    def words(self) -> str:
        """What operators read."""
        return _WORDS[self]


_WORDS = {
    Problem.EMPTY: "the file is empty",
    Problem.TOO_LARGE: f"the file has more than {MOST_BYTES // 1024**2} MiB",
    Problem.UNKNOWN_KIND: "it is no PDF, no Word file without macros (.docx) and no plain text",
    Problem.OLD_WORD: "it is an old Word file (.doc), or a Word file with a password",
    Problem.PROTECTED: "it is protected by a password",
    Problem.NO_TEXT: "there is no text in it, as in a scan",
    Problem.DAMAGED: "the file is damaged",
    Problem.TOO_MUCH_WORK: "it takes more time or memory than a résumé may",
}


class More(Exception):
    """There is more in a file than is read of it."""


class Unread(Exception):
    """A file whose text cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem
