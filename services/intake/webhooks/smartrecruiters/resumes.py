"""Where SmartRecruiters has résumés: among what is attached to a candidate.

Source: SmartRecruiters' "Candidate API", attachments (2026).
"""

from collections.abc import Sequence
from typing import Final

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import segment
from services.intake.webhooks.resume_files import Found
from services.intake.webhooks.saying import Read
from services.intake.webhooks.smartrecruiters.api import Asked, SmartRecruitersApi
from shared.contract.events.bodies import read_body
from shared.contract.events.payload import Id

_RESUME = "RESUME"


class _Attachment(Read):
    id: Id
    type: str | None = None


class _Listed(Read):
    content: list[_Attachment] = []


class SmartRecruitersResumes:
    """SmartRecruiters' résumés."""

    api: Final = SmartRecruitersApi()

    def find(self, delivery: Delivery, answers: Sequence[bytes | None]) -> str | Found:
        """Returns the last that was attached."""
        path = f"/candidates/{segment(Asked(delivery).candidate_id)}/attachments"
        if not answers:
            return path
        attached = read_body(answers[0] or b"{}", _Listed).content
        ids = [each.id for each in attached if each.type == _RESUME]
        return Found(f"{path}/{segment(ids[-1])}" if ids else None)
