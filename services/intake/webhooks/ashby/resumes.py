"""Where Ashby has résumés: behind a handle, for which it tells an address that holds for a while.

Source: Ashby's "API reference", candidate.info and file.info (2026). It answers 200 to what went
wrong too.
"""

from collections.abc import Sequence
from typing import Final

from pydantic import Field

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.ashby.notes import AshbyNotes
from services.intake.webhooks.ashby.translation import application_of
from services.intake.webhooks.notes import Post
from services.intake.webhooks.resume_files import Found
from services.intake.webhooks.saying import Read
from shared.contract.events.bodies import read_body
from shared.contract.events.cloudevents import Unreadable


class _Handle(Read):
    handle: str


class _Results(Read):
    resume: _Handle | None = Field(alias="resumeFileHandle", default=None)
    url: str | None = None


class _Answer(Read):
    success: bool
    results: _Results = _Results()


class AshbyResumes:
    """Ashby's résumés."""

    api: Final = AshbyNotes()

    def find(self, delivery: Delivery, answers: Sequence[bytes | None]) -> Post | Found | None:
        """Returns the candidate's."""
        application = application_of(delivery)
        if application is None:
            return None
        if not answers:
            return Post("/candidate.info", {"id": application.candidate.id})
        told = [_results(answer) for answer in answers]
        if (resume := told[0].resume) is None:
            return Found(None)
        return Found(told[1].url) if told[1:] else Post("/file.info", {"fileHandle": resume.handle})


def _results(answer: bytes | None) -> _Results:
    said = read_body(answer or b'{"success": false}', _Answer)
    if not said.success:
        raise Unreadable("refused", "its API did not tell: its key may have to read candidates")
    return said.results
