"""Writes what became of applicants into the systems that told us of them, where they take notes."""

from datetime import tzinfo

import asyncpg

from services.intake.deliveries.api_client import REST, Away, Busy, Refused, Wrong
from services.intake.deliveries.apis import Apis
from services.intake.outgoing.domain import Hopeless, Kept, Unheard
from services.intake.outgoing.tags import write_tags
from services.intake.pages.wording import texts
from services.intake.sources.store import Registered
from services.intake.webhooks.notes import NoteOn, Notes, Post
from services.intake.webhooks.systems import NOTES
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.responses import Notable


class NoteWriter:
    """Writes the notes of all sources."""

    def __init__(self, apis: Apis, zone: tzinfo) -> None:
        self._apis = apis
        self._zone = zone

    async def write(self, registered: Registered | None, row: asyncpg.Record) -> None:
        """Writes one note.

        Raises Unheard if it is not taken, Hopeless if it never will be, and Kept if the source is
        to be left alone.
        """
        notes = NOTES.get(registered.source.system) if registered else None
        if registered is None or notes is None:
            raise Hopeless("this version writes no notes there")
        try:
            await self._write(registered, notes, row)
        except Busy as busy:
            await self._apis.rest(registered.source.name, busy.seconds)
            raise Kept from None
        except Refused:
            if not self._apis.closed(registered):
                await self._apis.refused(registered)
            raise Kept from None
        except Away:
            raise Unheard("its API does not answer", REST) from None
        except Wrong as wrong:
            raise Unheard(str(wrong)) from None

    async def _write(self, registered: Registered, notes: Notes, row: asyncpg.Record) -> None:
        on = NoteOn(row["source_applicant_id"], row["source_application_id"])
        post = self._post(notes, on, self._apis.token(registered), row)
        api = await self._apis.opened(registered, notes)
        # A tag may be put again, and a note may not: so the note is written last.
        await write_tags(api, registered.source, notes, on, row["what"])
        answer = await api.write(post)
        if answer is None:
            raise Hopeless("there is nobody of that id there any more")
        if problem := notes.problem(answer):
            raise Wrong(problem)

    def _post(self, notes: Notes, on: NoteOn, token: str, row: asyncpg.Record) -> Post:
        try:
            post = notes.post(on, self._words(row), token)
        except Unreadable:
            post = None
        if post is None:
            raise Hopeless("its ids lead to nobody there")
        return post

    def _words(self, row: asyncpg.Record) -> str:
        """Returns what a note says; of what this version has no words for, its code.

        Nobody says what language is read in a source's system, so notes are in the default one.
        """
        words, what = texts(), row["what"]
        said = words.find("noted.said", what) or what
        if what == Notable.STOPPED and len(row["channels"]) == 1:
            said = words.find("noted.stopped_only", row["channels"][0]) or said
        day = row["at"].astimezone(self._zone).date()
        return words.say("noted.note", day=day.isoformat(), said=said).unescape()
