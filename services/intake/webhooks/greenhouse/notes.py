"""How notes are written in Greenhouse.

Source: Greenhouse's "Harvest API", version 3 (2026), as its users call it: the versions before it
are no more. A key is exchanged for what opens the API within the hour; notes have an author.
"""

from collections.abc import Mapping
from typing import Final

from services.intake.webhooks.hints import basic
from services.intake.webhooks.notes import Login, NoteOn, Post, UsualNotes

_LOGIN: Final = "https://auth.greenhouse.io"
_PARTS: Final = 3


class GreenhouseNotes(UsualNotes):
    """Greenhouse's notes."""

    url: Final = "https://harvest.greenhouse.io/v3"
    per_second: Final = 4.0
    key: Final = (
        "a client's id, its secret, and the number of the user who writes the notes, with blanks"
        " between; the client may do harvest:notes:create"
    )

    def login(self, key: str, url: str | None) -> Login | None:
        """Returns how a client shows who it is."""
        id, secret, _ = _parts(key)
        form = {"grant_type": "client_credentials"}
        return Login(f"{url or _LOGIN}/token", basic(id, secret), form)

    def headers(self, access: str) -> Mapping[str, str]:
        """Returns the access token as its bearer's."""
        return {"authorization": f"Bearer {access}"}

    def post(self, on: NoteOn, words: str, key: str) -> Post | None:
        """Returns a note on a candidate, which everybody reads who sees the candidate."""
        _, _, user = _parts(key)
        if not (_is_number(on.applicant_id) and _is_number(user)):
            return None
        body = {
            "candidate_id": int(on.applicant_id),
            "user_id": int(user),
            "body": words,
            "visibility": "public",
            "note_type": "NOTE",
        }
        return Post("/notes", body)


def _parts(key: str) -> list[str]:
    return (key.split() + [""] * _PARTS)[:_PARTS]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
