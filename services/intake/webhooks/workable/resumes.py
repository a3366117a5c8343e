"""Where Workable has résumés: at an address in each web hook, as in its candidate's details.

Source: Workable's "Candidate events", as its users describe them (2026).
"""

from collections.abc import Sequence
from typing import Final

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.resume_files import Found
from services.intake.webhooks.saying import Read, body_of
from services.intake.webhooks.workable.payloads import HookWith


class _Candidate(Read):
    resume_url: str | None = None


class WorkableResumes:
    """Workable's résumés."""

    api: Final = None

    def find(self, delivery: Delivery, answers: Sequence[bytes | None]) -> Found | None:
        """Returns the one that is named."""
        url = body_of(delivery, HookWith[_Candidate]).data.resume_url
        return Found(url) if url else None
