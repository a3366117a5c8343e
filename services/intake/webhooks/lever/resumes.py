"""Where Lever has résumés: each of an opportunity, with what Lever has read in it.

Source: Lever's "List all resumes" and "Download resume file", API v1 (2026).
"""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import Field

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import segment
from services.intake.webhooks.lever.api import Asked, LeverApi
from services.intake.webhooks.lever.payloads import Milliseconds
from services.intake.webhooks.resume import job, resume, studies
from services.intake.webhooks.resume_files import Found
from services.intake.webhooks.saying import Read
from shared.contract.events.bodies import read_body
from shared.contract.events.payload import Id


class _Month(Read):
    year: int | None = None
    month: int | None = None

    def __str__(self) -> str:
        parts = [f"{self.year:04}"] if self.year else []
        return "-".join([*parts, f"{self.month:02}"] if parts and self.month else parts)


class _Time(Read):
    """At one place, a job or a school."""

    org: str | None = None
    start: _Month = _Month()
    end: _Month = _Month()


class _Position(_Time):
    title: str | None = None
    summary: str | None = None


class _School(_Time):
    degree: str | None = None
    field: str | None = None


class _Parsed(Read):
    positions: list[_Position] = []
    schools: list[_School] = []


class _Resume(Read):
    id: Id
    created_at: Milliseconds = Field(alias="createdAt")
    parsed: _Parsed = Field(alias="parsedData", default=_Parsed())


class _Listed(Read):
    data: list[_Resume] = []


class LeverResumes:
    """Lever's résumés."""

    api: Final = LeverApi()

    def find(self, delivery: Delivery, answers: Sequence[bytes | None]) -> str | Found | None:
        """Returns the latest of the opportunity that was archived."""
        opportunity = Asked(delivery).opportunity
        if opportunity is None:
            return None
        path = f"/opportunities/{segment(opportunity.id)}/resumes"
        if not answers:
            return path
        listed = read_body(answers[0] or b"{}", _Listed).data
        last = max(listed, key=lambda each: each.created_at, default=None)
        if last is None:
            return Found(None)
        return Found(f"{path}/{segment(last.id)}/download", _profile(last.parsed))


def _profile(parsed: _Parsed) -> dict[str, Any]:
    return resume(
        [
            job(each.org, each.title, str(each.start), str(each.end), each.summary)
            for each in parsed.positions
        ],
        [
            studies(each.org, each.degree, each.field, str(each.start), str(each.end))
            for each in parsed.schools
        ],
    )
