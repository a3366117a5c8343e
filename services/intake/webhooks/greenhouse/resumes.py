"""Where Greenhouse has résumés: at an address in each web hook, which holds for seven days.

Source: Greenhouse's "Recruiting webhooks", attachments (2026).
"""

from collections.abc import Sequence
from typing import Final

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.greenhouse.payloads import HookWith
from services.intake.webhooks.resume_files import Found
from services.intake.webhooks.saying import Read, body_of

_RESUME = "resume"


class _Attachment(Read):
    url: str | None = None
    type: str | None = None


class _Person(Read):
    is_private: bool = False
    attachments: list[_Attachment] = []


class _OfPerson(Read):
    candidate: _Person = _Person()


class _Whoever(_OfPerson):
    """What a web hook of a person holds, and one of an application within that."""

    application: _OfPerson | None = None


class GreenhouseResumes:
    """Greenhouse's résumés."""

    api: Final = None

    def find(self, delivery: Delivery, answers: Sequence[bytes | None]) -> Found | None:
        """Returns the last that was attached; nobody reads of a private candidate."""
        whoever = body_of(delivery, HookWith[_Whoever]).payload
        person = (whoever.application or whoever).candidate
        if person.is_private:
            return None
        urls = [each.url for each in person.attachments if each.type == _RESUME and each.url]
        return Found(urls[-1]) if urls else None
