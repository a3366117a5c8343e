"""The mark that a mail carries to its provider, which hands it back with what became of the mail.

Each provider takes it in a header of its own; a provider may write the `Message-ID` anew.
"""

import json
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

NAME = "notyet-message"
HEADER = "X-Notyet-Message"
LONGEST = 200
"""Of an id, in characters."""

MailProvider = Literal["ses", "sendgrid", "mailgun", "postmark"]


class Mark(NamedTuple):
    """Which mail it is, and whom it went to."""

    message_id: str
    recipient_id: str

    @property
    def written(self) -> str:
        return f"{self.message_id}.{self.recipient_id}"


FIELDS: Mapping[MailProvider, Callable[[str], tuple[str, str]]] = {
    "ses": lambda mark: (HEADER, mark),
    "sendgrid": lambda mark: ("X-SMTPAPI", json.dumps({"unique_args": {NAME: mark}})),
    "mailgun": lambda mark: ("X-Mailgun-Variables", json.dumps({NAME: mark})),
    "postmark": lambda mark: (f"X-PM-Metadata-{NAME}", mark),
}
"""The header that carries a mark, by who carries the mail."""


def read_mark(written: object) -> Mark | None:
    """Returns what a mark says, or None for what is none of ours."""
    if not (isinstance(written, str) and written.isprintable()):
        return None
    message_id, _, recipient_id = written.strip().rpartition(".")
    is_one = all(1 <= len(each) <= LONGEST for each in (message_id, recipient_id))
    return Mark(message_id, recipient_id) if is_one else None
