"""How notes and tags are written in Ashby.

Source: Ashby's "API reference", candidate.createNote, addTag and removeTag (2026). It answers 200
to what went wrong too.
"""

from collections.abc import Mapping
from typing import Final

from pydantic_core import from_json

from services.intake.webhooks.hints import basic
from services.intake.webhooks.notes import NoteOn, Post, UsualNotes


class AshbyNotes(UsualNotes):
    """Ashby's notes."""

    url: Final = "https://api.ashbyhq.com"
    per_second: Final = 4.0
    key: Final = "an API key that may write candidates"

    def headers(self, access: str) -> Mapping[str, str]:
        """Returns the key as the name of a user without a password."""
        return basic(access)

    def post(self, on: NoteOn, words: str, key: str) -> Post | None:
        """Returns a note on a candidate, of which nobody gets mail."""
        note = {"type": "text/plain", "value": words}
        body = {"candidateId": on.applicant_id, "note": note, "sendNotifications": False}
        return Post("/candidate.createNote", body)

    def tag(self, on: NoteOn, tag: str, *, is_on: bool) -> Post | None:
        """Returns a tag of a candidate, by its id."""
        call = "addTag" if is_on else "removeTag"
        return Post(f"/candidate.{call}", {"candidateId": on.applicant_id, "tagId": tag})

    def problem(self, answer: bytes) -> str | None:
        """Returns that it was not taken, where the answer does not say so."""
        try:
            said = from_json(answer)
        except ValueError:
            said = None
        is_taken = isinstance(said, dict) and said.get("success") is True
        return None if is_taken else "its API did not take it: its key may have to write candidates"
