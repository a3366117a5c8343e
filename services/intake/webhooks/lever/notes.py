"""How notes and tags are written in Lever.

Source: Lever's "Developer documentation", API v1 (2026).
"""

from collections.abc import Mapping
from typing import Final

from services.intake.webhooks.hints import basic, segment
from services.intake.webhooks.lever.api import LeverApi
from services.intake.webhooks.notes import NoteOn, Post, UsualNotes


class LeverNotes(UsualNotes):
    """Lever's notes."""

    url: Final = LeverApi.url
    per_second: Final = 2.0
    """Of the ten that Lever allows, most of which are for reading."""
    key: Final = "the API key by which it is read, which may write notes too"

    def headers(self, access: str) -> Mapping[str, str]:
        """Returns the key as the name of a user without a password."""
        return basic(access)

    def post(self, on: NoteOn, words: str, key: str) -> Post | None:
        """Returns a note on an opportunity, which is what an application is there."""
        if on.application_id is None:
            return None
        return Post(f"/opportunities/{segment(on.application_id)}/notes", {"value": words})

    def tag(self, on: NoteOn, tag: str, *, is_on: bool) -> Post | None:
        """Returns a tag of an opportunity, by its text."""
        if on.application_id is None:
            return None
        call = "addTags" if is_on else "removeTags"
        return Post(f"/opportunities/{segment(on.application_id)}/{call}", {"tags": [tag]})
