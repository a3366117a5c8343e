"""Where Teamtailor has résumés: at an address in its candidate, which holds for minutes alone.

So the candidate is read once more. Source: Teamtailor's "API documentation", as its users describe
it (2026).
"""

from collections.abc import Sequence
from typing import Final

from pydantic import Field

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.resume_files import Found
from services.intake.webhooks.saying import Read
from services.intake.webhooks.teamtailor.api import Asked, TeamtailorApi
from shared.contract.events.bodies import read_body


class _Files(Read):
    sent: str | None = Field(alias="original-resume", default=None)
    made: str | None = Field(alias="resume", default=None)
    """The same as a PDF."""


class _Candidate(Read):
    attributes: _Files = _Files()


class _Answer(Read):
    data: _Candidate | None = None


class TeamtailorResumes:
    """Teamtailor's résumés."""

    api: Final = TeamtailorApi()

    def find(self, delivery: Delivery, answers: Sequence[bytes | None]) -> str | Found | None:
        """Returns what the candidate sent, or else what Teamtailor made of it."""
        path = Asked(delivery).candidate_path
        if _file(delivery.answers.get(path)) is None:
            return None
        return Found(_file(answers[0])) if answers else path


def _file(answer: bytes | None) -> str | None:
    candidate = read_body(answer or b"{}", _Answer).data
    files = candidate.attributes if candidate else _Files()
    return files.sent or files.made
